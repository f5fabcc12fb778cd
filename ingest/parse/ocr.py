"""Pictures of pages: scanned PDF and image files, read by rapidocr when the extra `ocr` is installed.

Belongs here: from pictures to lines with places, and how sure they are. Not here: what becomes a paragraph (`layout`),
PDF that holds text (`pdf`).

The recogniser's confidence, weighted by the characters of each line, stands in the evidence as `ocr_confidence`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import median
from typing import Any

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from ingest.model import RECOGNITION
from ingest.parse.flow import visible_of
from ingest.parse.layout import PrintedLine, PrintedPage, flow_of
from ingest.parse.pdf import open_pdf
from ingest.parse.visible import ParseError, Visible

MOST_PAGES = 60  # several seconds each
MOST_PIXELS = 60_000_000
LONG_SIDE = 2400  # pixels, 200 dots an inch on A4; more takes longer and finds no more
POINTS = 72
DOTS = 200
PER_MILLE = re.compile(r"(?<=\d)%[0oO](?![\d.%~～—\-至岁])")  # the recogniser knows no ‰ and writes %0
UNSTEADY = 0.3  # by which the heights of boxes around lines of one size differ
EXTRA = "install the extra `ocr` (uv sync --extra ocr, or pip install 'weijian[ocr]')"

Picture = np.ndarray[Any, np.dtype[np.uint8]]  # height, width, red-green-blue


def read_scan(data: bytes) -> Visible:
    """The visible text of a PDF whose pages are pictures.

    Raises:
        ParseError: `needs_ocr`, `too_many_pages`, `no_text`, or what `open_pdf` raises.
    """
    document = open_pdf(data)
    try:
        _check_pages(len(document))
        recogniser = _recogniser()
        pages = []
        for page in document:
            scale = min(DOTS / POINTS, LONG_SIDE / max(page.get_size()))
            picture = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3]
            pages.append(_read(recogniser, np.ascontiguousarray(picture)))
            page.close()
    finally:
        document.close()
    return _visible(pages)


def read_image(data: bytes) -> Visible:
    """The visible text of an image file; each frame of it is a page.

    Raises:
        ParseError: `needs_ocr`, `too_many_pages`, `too_large_image`, `broken_image`, `no_text`.
    """
    recogniser = _recogniser()
    try:
        with Image.open(io.BytesIO(data)) as image:
            _check_pages(getattr(image, "n_frames", 1))
            pages = [_read(recogniser, picture) for picture in _frames(image)]
    except Image.DecompressionBombError as error:
        raise ParseError("too_large_image", str(error)) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise ParseError("broken_image", f"the image is damaged ({error})") from error
    return _visible(pages)


def _check_pages(count: int) -> None:
    if count > MOST_PAGES:
        raise ParseError("too_many_pages", f"{count} pictures of pages are more than the limit of {MOST_PAGES}")


def _frames(image: Image.Image) -> Iterator[Picture]:
    for frame in ImageSequence.Iterator(image):
        if frame.width * frame.height > MOST_PIXELS:
            size = f"{frame.width} x {frame.height} pixels"
            raise ParseError("too_large_image", f"{size} are more than the limit of {MOST_PIXELS}")
        upright = ImageOps.exif_transpose(frame).convert("RGB")
        upright.thumbnail((LONG_SIDE * 2, LONG_SIDE * 2))
        yield np.asarray(upright)


@cache
def _recogniser() -> Any:
    try:
        from rapidocr_onnxruntime import RapidOCR
    except ImportError as error:
        raise ParseError(
            "needs_ocr", f"the file holds pictures of pages and no text; {EXTRA}", is_final=False
        ) from error
    return RapidOCR()


def _read(recogniser: Any, picture: Picture) -> tuple[PrintedPage, list[tuple[int, float]]]:
    """The lines of a picture, and for each its characters and how sure they are."""
    found, _ = recogniser(picture[:, :, ::-1])  # it expects blue first
    boxes = [([x for x, _ in corners], [y for _, y in corners], words, sure) for corners, words, sure in found or ()]
    usual = median(max(down) - min(down) for _, down, _, _ in boxes) if boxes else 0.0
    lines: list[PrintedLine] = []
    for across, down, words, _ in boxes:
        size = max(down) - min(down)
        if abs(size - usual) < UNSTEADY * usual:
            size = usual
        text = PER_MILLE.sub("‰", words.strip())
        lines.append(PrintedLine(text, min(across), min(down), max(across), max(down), size))
    sure = [(len(words), float(confidence)) for _, _, words, confidence in boxes]
    return PrintedPage(picture.shape[1], picture.shape[0], tuple(lines)), sure


def _visible(pages: Sequence[tuple[PrintedPage, list[tuple[int, float]]]]) -> Visible:
    items, left_out = flow_of([page for page, _ in pages])
    sure = [each for _, page in pages for each in page]
    characters = sum(count for count, _ in sure)
    confidence = sum(count * how_sure for count, how_sure in sure) / characters if characters else 0.0
    return visible_of(
        items,
        evidence={
            "layout": f"{len(pages)} pictures of pages, {left_out} running heads and page numbers left out",
            RECOGNITION: f"{confidence:.3f}",
        },
    )
