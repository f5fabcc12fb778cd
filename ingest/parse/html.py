"""HTML pages: bytes to visible text, with tables, meta tags and the page's main column.

Belongs here: blocks, line breaks, tables, what is hidden, which part of a page is the report.
Not here: what a line means (`fields`, `asides`, `title`); it is the same for every format.

The text holds each visible block on a line of its own. A cell stands once, at its first row and column, whatever it
spans; `TableCell` keeps its spans.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html
from readability import Document as MainText
from readability.readability import Unparseable

from ingest.model import Table, TableCell
from ingest.parse.encoding import UndecodableError, decode
from ingest.parse.visible import ParseError, Visible
from ingest.text.normalise import normalise
from ingest.text.words import field_words

HIDDEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "button",
        "select",
        "option",
        "textarea",
        "input",
        "iframe",
        "object",
        "svg",
    ]
)
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
MENUS = frozenset(["nav", "footer", "aside"])
INVISIBLE_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
BLANKS = re.compile(r"[ \t\r\n\f]+")
LARGEST_FOR_READABILITY = 1_000_000
LONGEST_CELL = 200
PROSE = re.compile("[。；]")
PROSE_AT_LEAST = 30
SEPARATOR = " | "
MOST_SPANNED = 200
MOST_COLUMNS = 400

logger = logging.getLogger("ingest.parse")


@dataclass(slots=True)
class _Block:
    """A line in the making: its text, and whether it stands in a menu or footer element."""

    parts: list[str] = field(default_factory=list)
    is_menu: bool = False
    is_kept: bool = False  # blanks and line ends as written (pre)

    @property
    def text(self) -> str:
        joined = normalise("".join(self.parts))
        return joined.strip("\n") if self.is_kept else BLANKS.sub(" ", joined).strip()


def read_html(data: bytes) -> Visible:
    """The visible text of a page.

    Raises:
        ParseError: the bytes are no text, or the page shows none.
    """
    try:
        decoded = decode(data, is_html=True)
    except UndecodableError as error:
        raise ParseError("undecodable", str(error)) from error
    source = XML_DECLARATION.sub("", decoded.text)
    root = _tree(source)
    if root is None:
        raise ParseError("no_text", "the page holds no elements")
    body = root.find("body")
    lines: list[tuple[str, bool]] = []
    tables: list[_PlacedTable] = []
    for item in _items(body if body is not None else root):
        if isinstance(item, _Block):
            lines.extend((line, item.is_menu) for line in item.text.split("\n") if line.strip())
        else:
            tables.append(_PlacedTable(item, len(lines)))
            lines.extend((row, False) for row in item.rows())
    if not lines:
        raise ParseError("no_text", "the page shows no text")
    starts, position = [], 0
    for line, _ in lines:
        starts.append(position)
        position += len(line) + 1
    text = "\n".join(line for line, _ in lines)
    first, last = _main_column(source, [line for line, _ in lines])
    outside = [
        (start, start + len(line))
        for index, (start, (line, is_menu)) in enumerate(zip(starts, lines, strict=True))
        if (is_menu and not _is_prose(line)) or not first <= index < last
    ]
    return Visible(
        text=text,
        tables=tuple(table.model(starts, lines) for table in tables),
        outside=tuple(outside),
        fields=_meta(root),
        titles=_titles(root),
        evidence={"encoding": decoded.evidence, "main_column": f"lines {first + 1} to {last} of {len(lines)}"},
    )


def _tree(source: str) -> etree._Element | None:
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return html.document_fromstring(source.encode("utf-8", errors="replace"), parser=parser)
    except etree.ParserError:
        return None


def _items(root: etree._Element) -> Iterator[_Block | _Grid]:
    """The blocks and data tables of a page in reading order, without recursion (pages nest hundreds of levels)."""
    block = _Block()
    skipped: etree._Element | None = None
    menus = 0
    kept = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if skipped is not None:
            if event == "end" and element is skipped:
                skipped = None
                block.parts.append(element.tail or "")
            continue
        if event == "start":
            if _is_hidden(element, tag):
                skipped = element
                if tag in BLOCKS:
                    yield block
                    block = _Block(is_menu=menus > 0, is_kept=kept > 0)
                continue
            menus += tag in MENUS
            kept += tag == "pre"
            grid = _Grid.of(element) if tag == "table" and _is_data_table(element) else None
            if grid is not None:
                yield block
                yield grid
                skipped = element
                block = _Block(is_menu=menus > 0, is_kept=kept > 0)
                continue
            if tag in BLOCKS or tag == "br":
                yield block
                block = _Block(is_menu=menus > 0, is_kept=kept > 0)
            block.parts.append(element.text or "")
        else:
            menus -= tag in MENUS
            kept -= tag == "pre"
            if tag in BLOCKS:
                yield block
                block = _Block(is_menu=menus > 0, is_kept=kept > 0)
            if element is not root:
                block.parts.append(element.tail or "")
    yield block


def _is_hidden(element: etree._Element, tag: str) -> bool:
    style = element.get("style")
    return (
        not tag
        or tag in HIDDEN
        or element.get("hidden") is not None
        or (style is not None and INVISIBLE_STYLE.search(style) is not None)
    )


def _is_data_table(table: etree._Element) -> bool:
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
class _GridCell:
    text: str
    row: int
    column: int
    row_span: int
    column_span: int
    is_header: bool


@dataclass(frozen=True, slots=True)
class _Grid:
    """A table's cells at the rows and columns where they begin once the spans of their neighbours are laid out."""

    caption: str
    cells: tuple[_GridCell, ...]

    @classmethod
    def of(cls, table: etree._Element) -> _Grid | None:
        """Lay out a table; None when its spans make it wider than any table of data."""
        free_from = [0] * MOST_COLUMNS  # by column, the first row that no cell above covers
        cells: list[_GridCell] = []
        for number, row in enumerate(table.iter("tr")):
            column = 0
            for element in row.iterchildren("td", "th"):
                while column < MOST_COLUMNS and free_from[column] > number:
                    column += 1
                row_span, column_span = _span(element, "rowspan"), _span(element, "colspan")
                if column + column_span > MOST_COLUMNS:
                    return None
                free_from[column : column + column_span] = [number + row_span] * column_span
                text = BLANKS.sub(" ", normalise(" ".join(_cell_texts(element)))).strip()
                cells.append(_GridCell(text, number, column, row_span, column_span, element.tag == "th"))
                column += column_span
        caption = table.find("caption")
        words = "" if caption is None else BLANKS.sub(" ", normalise("".join(caption.itertext()))).strip()
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
        grid = [[""] * self.columns() for _ in range(count)]
        for cell in self.cells:
            grid[cell.row][cell.column] = cell.text
        return [(number, row) for number, row in enumerate(grid) if any(row)]


@dataclass(frozen=True, slots=True)
class _PlacedTable:
    grid: _Grid
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


def _main_column(source: str, lines: list[str]) -> tuple[int, int]:
    """The first line of the page's main column and the line after its last.

    readability's choice, widened to all prose: a paragraph is never lost because a page is built oddly.
    """
    kept: set[str] = set()
    if len(source) <= LARGEST_FOR_READABILITY:
        readability_log = logging.getLogger("readability.readability")
        readability_log.setLevel(logging.CRITICAL)
        try:
            summary = _tree(MainText(source).summary())
        except (Unparseable, etree.LxmlError, ValueError, TypeError) as error:
            logger.info("readability found no main text: %s", error)
            summary = None
        if summary is not None:
            kept = {
                line
                for item in _items(summary)
                for line in (item.text.split("\n") if isinstance(item, _Block) else item.rows())
            }
            kept = {line for line in kept if len(line) >= 8}
    chosen = [index for index, line in enumerate(lines) if line in kept or _is_prose(line)]
    if not chosen:
        return 0, len(lines)
    return chosen[0], chosen[-1] + 1


def _is_prose(line: str) -> bool:
    return len(line) >= PROSE_AT_LEAST and PROSE.search(line) is not None


def _meta(root: etree._Element) -> dict[str, str]:
    """The fields that meta tags of portals name (ArticleTitle, PubDate, ContentSource)."""
    content: dict[str, str] = {}
    for element in root.iter("meta"):
        name, value = element.get("name") or element.get("property"), element.get("content")
        if name and value and value.strip():
            content.setdefault(name.strip().lower(), normalise(value).strip())
    fields = {}
    for field_name, names in field_words().meta.items():
        found = next((content[name.lower()] for name in names if name.lower() in content), "")
        if found:
            fields[field_name] = found
    return fields


def _titles(root: etree._Element) -> tuple[str, ...]:
    """Titles that the page marks: its meta tag, its first heading, its title element."""
    titles = [_meta(root).get("title", "")]
    for tag in ("h1", "h2", "title"):
        element = next(root.iter(tag), None)
        if element is not None:
            titles.append(BLANKS.sub(" ", normalise("".join(element.itertext()))).strip())
    return tuple(dict.fromkeys(title for title in titles if title))
