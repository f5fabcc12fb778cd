"""PDF: bytes to visible text, in reading order, with ruled tables.

Belongs here: characters and rules of a page. Not here: what becomes a paragraph (`layout`), pictures of pages (`ocr`),
limits on time and memory (`limits`).

pypdfium2 gives the characters with their places; pdfplumber, which is slower, is asked for tables on the pages that
have ruling lines. Forms, scripts and attachments of a PDF are not read.
"""

from __future__ import annotations

import ctypes
import io
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pdfplumber
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pdfplumber.table import Table as RuledTable

from ingest.parse.encoding import is_plausible
from ingest.parse.flow import visible_of
from ingest.parse.grid import MOST_COLUMNS, Grid, GridCell, squeezed
from ingest.parse.layout import COLUMN_GAP, PrintedLine, PrintedPage, PrintedTable, flow_of, glued
from ingest.parse.visible import ParseError, Visible

MOST_PAGES = 600
RULES_AT_LEAST = 4  # a table of two rows and two columns
SOFT_HYPHENS = "\x02\ufffe\xad"
SAME_RULE = 3.0  # points between rules that are one
FORM_DEPTH = 4
LONGEST_CELL = 200
PAGE_WORDS = 8  # characters from which on a page has text of its own
SLACK = 1.0  # points by which a character may reach back over the one before it
# Gaps in heights of a character.
WIDE_GAP = 0.5
NARROW_GAP = 0.2
SAME_LINE = 0.3
PASSWORD_ERROR = pdfium_c.FPDF_ERR_PASSWORD

Box = tuple[float, float, float, float]  # left, bottom, right, top in the page's own coordinates


@dataclass(frozen=True, slots=True)
class _Char:
    """A character and its box in the page's own coordinates (origin below).

    `is_made` is a blank that the file does not hold and a gap suggests; `is_new_line` is where a line begins.
    """

    text: str
    left: float
    bottom: float
    right: float
    top: float
    is_made: bool
    is_new_line: bool


def read_pdf(data: bytes) -> Visible:
    """The visible text of a PDF.

    Raises:
        ParseError: `encrypted`, `broken_pdf`, `too_many_pages`, `needs_ocr` (pictures of pages and no text),
            `garbled_text` (the fonts do not say which characters they draw).
    """
    document = open_pdf(data)
    try:
        pages = [_Page(document[number]) for number in range(len(document))]
        with_text = [page.has_text for page in pages]
        if not any(with_text):
            raise ParseError("needs_ocr", f"the {len(pages)} pages are pictures and hold no text")
        text = "".join(char.text for page in pages for char in page.chars)
        if not is_plausible(text):
            raise ParseError("garbled_text", "the fonts of the file do not say which characters they draw")
        ruled = [number for number, page in enumerate(pages) if page.is_ruled]
        tables = _ruled_tables(data, ruled, pages)
        items, left_out = flow_of([page.printed(tables.get(number, [])) for number, page in enumerate(pages)])
    finally:
        document.close()
    unread = [str(number) for number, has_text in enumerate(with_text, start=1) if not has_text]
    evidence = {"layout": f"{len(pages)} pages, {left_out} running heads and page numbers left out"}
    if unread:
        evidence["pages_without_text"] = ", ".join(unread)
    return visible_of(items, evidence=evidence)


def open_pdf(data: bytes) -> pdfium.PdfDocument:
    """Open a PDF that is not larger than the limits.

    Raises:
        ParseError: `encrypted`, `broken_pdf`, `too_many_pages`.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == PASSWORD_ERROR:
            raise ParseError("encrypted", "the file asks for a password") from error
        raise ParseError("broken_pdf", f"the file is damaged or cut off ({error})") from error
    if not 0 < len(document) <= MOST_PAGES:
        pages = len(document)
        document.close()
        if not pages:
            raise ParseError("broken_pdf", "the file holds no pages")
        raise ParseError("too_many_pages", f"{pages} pages are more than the limit of {MOST_PAGES}")
    return document


class _Page:
    """What one page shows, read once; nothing of the open file is kept."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        left, bottom, right, top = page.get_bbox()
        self.left, self.top = left, top
        self.width, self.height = right - left, top - bottom
        text = page.get_textpage()
        self.chars = [char for char in _chars(text) if _is_in(char, (left, bottom, right, top))]
        self.cells: list[Box] = []  # of its tables
        text.close()
        self.has_text = sum(not char.text.isspace() for char in self.chars) >= PAGE_WORDS or not _has_picture(page)
        rules = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_PATH], max_depth=FORM_DEPTH)
        self.is_ruled = any(number >= RULES_AT_LEAST for number, _ in enumerate(rules, start=1))
        page.close()

    def printed(self, tables: Sequence[PrintedTable]) -> PrintedPage:
        """The page with its lines, those in tables left out."""
        chars = self.chars
        if tables:
            chars = [char for char in chars if not any(_is_in(char, box) for box in self.cells)]
        lines: list[PrintedLine] = []
        run: list[_Char] = []
        for char in chars:
            if char.is_new_line and run:
                lines.extend(self._line(run))
                run = []
            run.append(char)
        lines.extend(self._line(run))
        return PrintedPage(self.width, self.height, tuple(lines), tuple(tables))

    def _line(self, run: Sequence[_Char]) -> Iterator[PrintedLine]:
        inked = [char for char in run if not char.text.isspace()]
        if inked:
            yield PrintedLine(
                _words(run).strip(),
                min(char.left for char in inked) - self.left,
                self.top - max(char.top for char in inked),
                max(char.right for char in inked) - self.left,
                self.top - min(char.bottom for char in inked),
                max(char.top - char.bottom for char in inked),
            )

    def words_in(self, box: Box) -> str:
        """The words in a box, its lines joined without a blank between Han characters."""
        lines: list[list[_Char]] = []
        for char in self.chars:
            if _is_in(char, box):
                last = lines[-1][-1] if lines else None
                if last is None or char.top < last.bottom + SAME_LINE * (last.top - last.bottom):
                    lines.append([])
                lines[-1].append(char)
        words = ""
        for line in lines:
            words = glued(words, _words(line).strip())
        return squeezed(words)


def _words(run: Sequence[_Char]) -> str:
    """The characters of a line with blanks where its gaps are.

    Typesetters part Han characters from digits by a quarter of a character, which is no blank; and some draw the marks
    of another font after the rest of the line.
    """
    held = [char for char in run if not char.is_made]
    is_drawn_in_order = all(after.left > before.left - SLACK for before, after in pairwise(held))
    if not is_drawn_in_order:
        held.sort(key=lambda char: char.left)
    made = {id(after) for before, after in pairwise(run) if before.is_made} if is_drawn_in_order else set()
    words = ""
    last: _Char | None = None
    for char in held:
        if last is not None and not (last.text.isspace() or char.text.isspace()):
            gap = (char.left - last.right) / max(char.top - char.bottom, 1)
            is_narrow = last.text.isascii() and char.text.isascii()
            if gap > COLUMN_GAP:
                words += "  "
            elif gap > WIDE_GAP or (is_narrow and (id(char) in made or (not made and gap > NARROW_GAP))):
                words += " "
        words += char.text
        last = char
    return words


def _is_in(char: _Char, box: Box) -> bool:
    left, bottom, right, top = box
    return left <= (char.left + char.right) / 2 <= right and bottom <= (char.bottom + char.top) / 2 <= top


def _chars(text: pdfium.PdfTextPage) -> Iterator[_Char]:
    """The characters of a page in the file's order."""
    box = pdfium_c.FS_RECTF()
    is_new_line = True
    high = 0
    for index in range(text.count_chars()):
        code = pdfium_c.FPDFText_GetUnicode(text.raw, index)
        if code in (0x0A, 0x0D):
            is_new_line = True
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code, high = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00, 0
        if code == 0 or not pdfium_c.FPDFText_GetLooseCharBox(text.raw, index, ctypes.byref(box)):
            continue
        words = "\xad" if chr(code) in SOFT_HYPHENS else chr(code)
        is_made = pdfium_c.FPDFText_IsGenerated(text.raw, index) == 1
        yield _Char(words, box.left, box.bottom, box.right, box.top, is_made, is_new_line)
        is_new_line = False


def _has_picture(page: pdfium.PdfPage) -> bool:
    pictures = page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=FORM_DEPTH)
    return next(iter(pictures), None) is not None


# -- tables -----------------------------------------------------------------------------------------------------------


def _ruled_tables(data: bytes, numbers: Sequence[int], pages: Sequence[_Page]) -> dict[int, list[PrintedTable]]:
    """The tables of the pages that have rules, by the page's number."""
    if not numbers:
        return {}
    found: dict[int, list[PrintedTable]] = {}
    with pdfplumber.open(io.BytesIO(data), pages=[number + 1 for number in numbers]) as document:
        for number, page in zip(numbers, document.pages, strict=True):
            # pdfplumber counts from the media box's top left corner
            across, top = page.mediabox[0], page.mediabox[3]
            for ruled in page.find_tables():
                table = _printed_table(ruled, pages[number], across, top)
                if table is not None:
                    found.setdefault(number, []).append(table)
            page.close()
    return found


def _printed_table(ruled: RuledTable, page: _Page, across: float, top: float) -> PrintedTable | None:
    """A table of data as a grid; None for a frame around text."""
    columns = _rules(edge for cell in ruled.cells for edge in (cell[0], cell[2]))
    rows = _rules(edge for cell in ruled.cells for edge in (cell[1], cell[3]))
    if len(columns) < 3 or len(rows) < 3 or len(columns) > MOST_COLUMNS:
        return None
    cells: list[GridCell] = []
    boxes: list[Box] = []
    for x0, y0, x1, y1 in sorted(ruled.cells, key=lambda cell: (cell[1], cell[0])):
        column, row = _place(columns, x0), _place(rows, y0)
        boxes.append((across + x0, top - y1, across + x1, top - y0))
        words = page.words_in(boxes[-1]) or _undrawn(ruled, (x0, y0, x1, y1))
        if len(words) > LONGEST_CELL:
            return None
        row_span, column_span = max(_place(rows, y1) - row, 1), max(_place(columns, x1) - column, 1)
        cells.append(GridCell(words, row, column, row_span, column_span, is_header=False))
    page.cells += boxes
    offset = page.top - top
    return PrintedTable(Grid("", tuple(_apart(cells))), ruled.bbox[1] + offset, ruled.bbox[3] + offset)


def _undrawn(ruled: RuledTable, cell: Box) -> str:
    """The words of a cell that pdfium leaves empty.

    It drops a character that stands alone (张, 人) where the file holds no font and the machine has none to draw it;
    pdfplumber reads the codes without drawing.
    """
    x0, y0, x1, y1 = cell
    inside = [
        char
        for char in ruled.page.chars
        if x0 <= (char["x0"] + char["x1"]) / 2 <= x1 and y0 <= (char["top"] + char["bottom"]) / 2 <= y1
    ]
    return squeezed("".join(char["text"] for char in inside))


def _apart(cells: Sequence[GridCell]) -> Iterator[GridCell]:
    """Cells in reading order, one at each place."""
    taken: set[tuple[int, int]] = set()
    for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
        if (cell.row, cell.column) not in taken:
            taken.add((cell.row, cell.column))
            yield cell


def _rules(edges: Iterator[float]) -> list[float]:
    """The places of rules; those closer than the width of a thick one are one."""
    places = sorted(set(edges))
    return [places[0]] + [after for before, after in pairwise(places) if after - before > SAME_RULE] if places else []


def _place(rules: Sequence[float], edge: float) -> int:
    return max(bisect_left(rules, edge - SAME_RULE), 0) if edge <= rules[-1] else len(rules) - 1
