"""The registry of formats: which parser reads which media type.

Belongs here: one line a format. Not here: how a format is read; a new format is one module with a function from bytes
to `Visible`.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.parse.html import read_html
from ingest.parse.limits import Limits, limited
from ingest.parse.packages import open_package
from ingest.parse.text import read_text
from ingest.parse.visible import ParseError, Visible


def _encrypted(data: bytes) -> Visible:
    """An office file with a password: a container that shows nothing."""
    raise ParseError("encrypted", "the file asks for a password")


read_pdf = limited("ingest.parse.pdf:read_pdf", Limits(seconds=180))
# Several seconds a page; the recogniser's models take two gigabytes of address space.
OCR_LIMITS = Limits(seconds=1200, memory=6_000_000_000)
read_scan = limited("ingest.parse.ocr:read_scan", OCR_LIMITS)
read_image = limited("ingest.parse.ocr:read_image", OCR_LIMITS)


def _pdf(data: bytes) -> Visible:
    """A PDF by its text; one whose pages are pictures by what is recognised in them."""
    try:
        return read_pdf(data)
    except ParseError as error:
        if error.reason != "needs_ocr":
            raise
    return read_scan(data)


# Pages are small and many, and a child costs a copy of each; a larger one is no page that a person wrote.
LARGEST_PAGE_READ_HERE = 1_000_000  # bytes
read_large_html = limited("ingest.parse.html:read_html")


def _html(data: bytes) -> Visible:
    """A page, in this process where it is so small that no markup makes reading it long."""
    return read_html(data) if len(data) <= LARGEST_PAGE_READ_HERE else read_large_html(data)


def _nested(data: bytes) -> Visible:
    """A container that comes to be read was taken out of another one (see `ingest.unpack`)."""
    open_package(data).close()
    raise ParseError("nested_zip", "a ZIP inside a ZIP is not opened; take its files out and take them in")


IMAGES = ("image/png", "image/jpeg", "image/tiff", "image/bmp")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

READERS: dict[str, Callable[[bytes], Visible]] = {
    "text/plain": read_text,
    "text/html": _html,
    "application/pdf": _pdf,
    WORD: limited("ingest.parse.docx:read_docx"),
    "application/msword": limited("ingest.parse.doc:read_doc"),
    SHEET: limited("ingest.parse.sheet:read_xlsx"),
    "application/vnd.ms-excel": limited("ingest.parse.sheet:read_xls"),
    **dict.fromkeys(IMAGES, read_image),
    "application/zip": _nested,
    "application/vnd.ms-office.encrypted": _encrypted,
}


def supported_media_types() -> frozenset[str]:
    """The media types that have a parser."""
    return frozenset(READERS)


def read_visible(media_type: str, data: bytes) -> Visible:
    """The visible text of a file.

    Raises:
        ParseError: no parser for the media type, or the parser found nothing to read.
    """
    reader = READERS.get(media_type)
    if reader is None:
        raise ParseError("unsupported_format", f"{media_type or 'unknown bytes'}: no parser yet")
    return reader(data)
