"""Word files (.docx): bytes to visible text in body order, with tables, merged cells and automatic numbers.

Belongs here: what of a Word file is shown. Not here: how its text is laid out (`flow`), numbers of paragraphs
(`numbering`), old Word files (`doc`).

Deleted and hidden words, field codes, running heads and notes are left out; text boxes stand after the paragraph that
holds them. Macros, embedded objects and external parts are never opened.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from ingest.parse.flow import visible_of
from ingest.parse.grid import LONGEST_CELL, MOST_COLUMNS, PROSE, Grid, GridCell, squeezed
from ingest.parse.numbering import Numbering
from ingest.parse.packages import open_package
from ingest.parse.visible import ParseError, Visible

PARAGRAPH, TABLE, ROW, CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
RUN, RUN_PROPERTIES = qn("w:r"), qn("w:rPr")
# Elements that only hold others.
HOLDERS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
INLINE = {*HOLDERS, RUN, qn("w:hyperlink"), qn("w:fldSimple"), qn("w:dir"), qn("w:bdo")}
WRITTEN = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
TEXT = qn("w:t")
MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
CHOICE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Choice"
TEXT_BOX = qn("w:txbxContent")
BOXED = {qn("w:pict"), qn("w:drawing"), qn("w:object")}
TITLE_STYLES = frozenset(["title", "标题"])
# What python-docx raises for a file that is damaged or no Word file.
BROKEN = (
    *(PackageNotFoundError, zipfile.BadZipFile, etree.LxmlError, zlib.error, KeyError, ValueError),
    *(AttributeError, NotImplementedError, OSError, EOFError),
)
XML_DECLARES = b"<!DOCTYPE"
DECLARATION_REACH = 2048


def read_docx(data: bytes) -> Visible:
    """The visible text of a Word file.

    Raises:
        ParseError: `broken_docx`, `no_text`, `unsafe_xml`, or what `open_package` raises.
    """
    with open_package(data) as package:
        check_declarations(package)
    try:
        document = docx.Document(io.BytesIO(data))
        body = document.element.body
        numbering = Numbering.of(document)
    except BROKEN as error:
        raise ParseError("broken_docx", f"the Word file is damaged ({type(error).__name__}: {error})") from error
    if body is None:
        raise ParseError("broken_docx", "the Word file holds no body")
    titles = [paragraph.text for paragraph in document.paragraphs[:20] if _style_of(paragraph) in TITLE_STYLES]
    return visible_of(_blocks(body, numbering), titles=titles, evidence={"layout": "body order of the Word file"})


def check_declarations(package: zipfile.ZipFile) -> None:
    """Refuse a container whose XML declares a document type: office programs write none, and entities grow.

    Raises:
        ParseError: `unsafe_xml`, `encrypted` or `broken_zip`.
    """
    for member in package.infolist():
        if member.filename.endswith((".xml", ".rels")):
            try:
                with package.open(member) as part:
                    head = part.read(DECLARATION_REACH)
            except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError) as error:
                raise ParseError("broken_zip", f"a part of the file is damaged ({error})") from error
            if XML_DECLARES in head.replace(b"\0", b""):
                raise ParseError("unsafe_xml", "a part of the file declares a document type, as no office program does")


def _style_of(paragraph: Paragraph) -> str:
    style = paragraph.style
    return (style.name or "").lower() if style is not None else ""


def _blocks(container: etree._Element, numbering: Numbering) -> Iterator[str | Grid]:
    """Paragraphs and tables of a container in order."""
    for child in container.iterchildren():
        if child.tag == PARAGRAPH:
            yield numbering.label(child) + _words(child)
            for box in _text_boxes(child):
                yield from _blocks(box, numbering)
        elif child.tag == TABLE:
            yield from _table(child, numbering)
        elif child.tag in HOLDERS:
            yield from _blocks(child, numbering)


def _words(element: etree._Element) -> str:
    """What a paragraph or run shows."""
    parts: list[str] = []
    for child in element.iterchildren():
        if child.tag == TEXT or child.tag == f"{MATHS}t":
            parts.append(child.text or "")
        elif child.tag in WRITTEN:
            parts.append(WRITTEN[child.tag])
        elif child.tag == RUN:
            parts.append("" if _is_hidden(child) else _words(child))
        elif child.tag in INLINE or (isinstance(child.tag, str) and child.tag.startswith(MATHS)):
            parts.append(_words(child))
    return "".join(parts)


def _is_hidden(run: etree._Element) -> bool:
    properties = run.find(RUN_PROPERTIES)
    hidden = None if properties is None else properties.find(qn("w:vanish"))
    return hidden is not None and hidden.get(qn("w:val")) not in {"0", "false", "off"}


def _text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The text boxes of a paragraph; of two renderings of one box, the newer."""
    for run in paragraph.iter(RUN):
        for child in run.iterchildren():
            shown = child.find(CHOICE) if child.tag == ALTERNATIVES else child if child.tag in BOXED else None
            if shown is not None:
                yield from shown.iter(TEXT_BOX)


# -- tables -----------------------------------------------------------------------------------------------------------


def _table(table: etree._Element, numbering: Numbering) -> Iterator[str | Grid]:
    """A table of data as a grid; one that lays out the page as its paragraphs."""
    grid = None if any(True for _ in table.iterdescendants(TABLE)) else _grid(table, numbering)
    if grid is not None:
        yield grid
        return
    for row in table.iter(ROW):
        if next(row.iterancestors(TABLE)) is table:
            for cell in _cells(row):
                yield from _blocks(cell, numbering)


def _grid(table: etree._Element, numbering: Numbering) -> Grid | None:
    """None for a table that holds paragraphs, or none that is wide enough."""
    cells: list[GridCell] = []
    open_above: dict[int, int] = {}  # column -> index of the cell that the next row's may continue
    rows = [row for holder in _held(table) for row in holder.iterchildren(ROW)]
    for number, row in enumerate(rows):
        is_header = _on(row, "w:trPr", "w:tblHeader")
        column = _number(row, "w:trPr", "w:gridBefore", 0)
        for cell in _cells(row):
            span = max(_number(cell, "w:tcPr", "w:gridSpan", 1), 1)
            if column + span > MOST_COLUMNS:
                return None
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            above = open_above.get(column)
            if merge is not None and merge.get(qn("w:val")) != "restart" and above is not None:
                first = cells[above]
                cells[above] = GridCell(
                    *(first.text, first.row, first.column, number - first.row + 1, first.column_span, first.is_header)
                )
            else:
                paragraphs = [words for words in (_cell_words(cell, numbering)) if words.strip()]
                text = squeezed(" ".join(paragraphs))
                if len(text) > LONGEST_CELL or (len(paragraphs) > 1 and PROSE.search(text)):
                    return None
                open_above[column] = len(cells)
                cells.append(GridCell(text, number, column, 1, span, is_header))
            column += span
    grid = Grid("", tuple(cells))
    return grid if grid.columns() > 1 else None


def _held(element: etree._Element) -> Iterator[etree._Element]:
    """An element and the holders in it that stand for their contents."""
    yield element
    for child in element.iterchildren():
        if child.tag in HOLDERS:
            yield from _held(child)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for holder in _held(row):
        yield from holder.iterchildren(CELL)


def _cell_words(cell: etree._Element, numbering: Numbering) -> Iterator[str]:
    for holder in _held(cell):
        for paragraph in holder.iterchildren(PARAGRAPH):
            yield numbering.label(paragraph) + _words(paragraph)


def _number(element: etree._Element, properties: str, name: str, default: int) -> int:
    found = element.find(f"{qn(properties)}/{qn(name)}")
    value = "" if found is None else found.get(qn("w:val")) or ""
    return int(value) if value.isdecimal() else default


def _on(element: etree._Element, properties: str, name: str) -> bool:
    found = element.find(f"{qn(properties)}/{qn(name)}")
    return found is not None and found.get(qn("w:val")) not in {"0", "false", "off"}
