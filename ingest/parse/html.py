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

from ingest.parse.encoding import UndecodableError, decode
from ingest.parse.flow import captioned
from ingest.parse.grid import BLANKS, BLOCKS, HIDDEN, Grid, PlacedTable, is_data_table, squeezed
from ingest.parse.visible import ParseError, Visible
from ingest.text.normalise import normalise
from ingest.text.words import field_words

MENUS = frozenset(["nav", "footer", "aside"])
INVISIBLE_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
LARGEST_FOR_READABILITY = 1_000_000
PROSE = re.compile("[。；]")
PROSE_AT_LEAST = 30
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
    tables: list[PlacedTable] = []
    for item in _items(body if body is not None else root):
        if isinstance(item, _Block):
            lines.extend((line, item.is_menu) for line in item.text.split("\n") if line.strip())
        else:
            tables.append(PlacedTable(item, len(lines)))
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
        tables=tuple(captioned(table, starts, lines) for table in tables),
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


def _items(root: etree._Element) -> Iterator[_Block | Grid]:
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
            grid = Grid.of(element) if tag == "table" and is_data_table(element) else None
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
            titles.append(squeezed("".join(element.itertext())))
    return tuple(dict.fromkeys(title for title in titles if title))
