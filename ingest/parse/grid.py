"""Tables of a page: which of them hold data, and the grid that their cells form.

Belongs here: cells, the rows and columns they span, a table's lines in the text. Not here: the rest of a page (`html`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.model import Table, TableCell
from ingest.text.normalise import normalise

HIDDEN = frozenset({
    "script", "style", "noscript", "template", "head", "button", "select", "option", "textarea", "input", "iframe",
    "object", "svg",
})  # fmt: skip
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend",
    "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul",
})  # fmt: skip
BLANKS = re.compile(r"[ \t\r\n\f]+")
LONGEST_CELL = 200
SEPARATOR = " | "
MOST_SPANNED = 200
MOST_COLUMNS = 400
PROSE = re.compile("[。；]")


def squeezed(words: str) -> str:
    """Words as a browser shows them: normalised, each run of blanks one blank, none around."""
    return BLANKS.sub(" ", normalise(words)).strip()


def is_data_table(table: etree._Element) -> bool:
    """A table of data or metadata, not one that only lays out the page."""
    if table.find(".//table") is not None:
        return False
    rows = list(table.iter("tr"))
    widths = [sum(1 for _ in row.iterchildren("td", "th")) for row in rows]
    if not widths or max(widths) < 2:
        return False
    return not any(_holds_paragraphs(cell) for row in rows for cell in row.iterchildren("td", "th"))


def _holds_paragraphs(cell: etree._Element) -> bool:
    """Whether a cell holds a column of the page: headings, or paragraphs longer than a cell of data ever is."""
    if next(cell.iter("h1", "h2", "h3", "h4", "h5", "h6"), None) is not None:
        return True
    words = "".join(cell.itertext()).strip()
    return len(words) > LONGEST_CELL or (PROSE.search(words) is not None and len(cell.findall(".//p")) > 1)


@dataclass(frozen=True, slots=True)
class GridCell:
    text: str
    row: int
    column: int
    row_span: int
    column_span: int
    is_header: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells at the rows and columns where they begin once the spans of their neighbours are laid out."""

    caption: str
    cells: tuple[GridCell, ...]

    @classmethod
    def of(cls, table: etree._Element) -> Grid | None:
        """Lay out a table; None when its spans make it wider than any table of data."""
        free_from = [0] * MOST_COLUMNS  # by column, the first row that no cell above covers
        cells: list[GridCell] = []
        for number, row in enumerate(table.iter("tr")):
            column = 0
            for element in row.iterchildren("td", "th"):
                while column < MOST_COLUMNS and free_from[column] > number:
                    column += 1
                row_span, column_span = _span(element, "rowspan"), _span(element, "colspan")
                if column + column_span > MOST_COLUMNS:
                    return None
                free_from[column : column + column_span] = [number + row_span] * column_span
                text = squeezed(" ".join(_cell_texts(element)))
                cells.append(GridCell(text, number, column, row_span, column_span, element.tag == "th"))
                column += column_span
        caption = table.find("caption")
        words = "" if caption is None else squeezed("".join(caption.itertext()))
        return cls(words, tuple(cells))

    def columns(self) -> int:
        return max((cell.column + cell.column_span for cell in self.cells), default=0)

    def rows(self) -> list[str]:
        """The caption and one line a row; a place that a span covers is empty."""
        lines = [self.caption] if self.caption else []
        return lines + [SEPARATOR.join(row) for _, row in self.filled()]

    def filled(self) -> list[tuple[int, list[str]]]:
        """The rows that hold anything, with their numbers."""
        count = max((cell.row for cell in self.cells), default=-1) + 1
        width = self.columns()
        grid = [[""] * width for _ in range(count)]
        for cell in self.cells:
            grid[cell.row][cell.column] = cell.text
        return [(number, row) for number, row in enumerate(grid) if any(row)]


@dataclass(frozen=True, slots=True)
class PlacedTable:
    grid: Grid
    line: int

    def model(self, starts: list[int], lines: list[tuple[str, bool]]) -> Table:
        """The table with spans into the text."""
        has_caption = bool(self.grid.caption)
        filled = self.grid.filled()
        offsets: dict[tuple[int, int], int] = {}
        for index, (number, row) in enumerate(filled):
            position = starts[self.line + has_caption + index]
            for column, words in enumerate(row):
                offsets[number, column] = position
                position += len(words) + len(SEPARATOR)
        cells = tuple(
            TableCell(
                start=offsets[cell.row, cell.column],
                end=offsets[cell.row, cell.column] + len(cell.text),
                row=cell.row,
                column=cell.column,
                row_span=cell.row_span,
                column_span=cell.column_span,
                is_header=cell.is_header,
            )
            for cell in self.grid.cells
            if (cell.row, cell.column) in offsets
        )
        last = self.line + has_caption + len(filled) - 1
        if last < self.line:
            return Table(start=0, end=0, caption="", cells=())
        return Table(starts[self.line], starts[last] + len(lines[last][0]), self.grid.caption, cells)


def _span(element: etree._Element, name: str) -> int:
    value = (element.get(name) or "1").strip()
    return min(max(int(value), 1), MOST_SPANNED) if value.isdecimal() else 1


def _cell_texts(element: etree._Element) -> Iterator[str]:
    for node in element.iter():
        if isinstance(node.tag, str) and node.tag not in HIDDEN:
            yield node.text or ""
            if node.tag in BLOCKS or node.tag == "br":
                yield " "
        if node is not element:
            yield node.tail or ""
