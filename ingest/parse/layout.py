"""Printed pages: lines with their places on the page become paragraphs in reading order.

Belongs here: fragments of one line, order, running heads and page numbers, lines joined into paragraphs, tables that go
on over a page. Not here: where the lines come from (`pdf`, `ocr`), what a paragraph means.

Places are in points (or pixels) from the page's top left corner.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ingest.parse.grid import Grid, GridCell
from ingest.text.cuts import PAGE_NUMBER
from ingest.text.headings import begins_item

MARGIN = 0.13  # of the page's height, above and below, in which running heads and page numbers stand
MARGIN_LINES = 3
BARE_PAGE_NUMBER = re.compile(
    r"\d{1,4}$|[IVXivx]{1,5}$|[Pp]age\s*\d+(?:\s*of\s*\d+)?$|[-—–－·•]\s*\d{1,4}\s*[-—–－·•]$"
)
DIGITS = re.compile(r"\d+")
UNBREAKABLE = re.compile(r"[0-9A-Za-z.,%％‰+/-]+[，。；：、）》”！？]?")
LATIN = re.compile(r"[A-Za-z]")
CLOSED = re.compile(r"[。！？；：!?;:][”’）)】》]?$")
FULL_WITHIN = 1.3  # characters that may be missing at the end of a full line
INDENT = 1.2  # characters from which on a first line is indented
OTHER_SIZE = 0.25
OTHER_PITCH = 1.6
WIDE = 0.4  # of the page's width: a line of running text, not of a table or a form
WRAPPED_SHARE = 0.3
WRAPPED_LINES = 3
COLUMN_GAP = 2.0  # characters between words that stand in columns
FRAGMENT_GAP = 0.7  # the same where the file parts them


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """Words on one line of a page, with the box around them and the height of their characters."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table between two heights of a page."""

    grid: Grid
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One page: its size, its lines in the file's order (those of tables left out), its tables."""

    width: float
    height: float
    lines: tuple[PrintedLine, ...]
    tables: tuple[PrintedTable, ...] = ()


def flow_of(pages: Sequence[PrintedPage]) -> tuple[list[str | Grid], int]:
    """Paragraphs and tables in reading order, and how many running heads and page numbers were left out."""
    ordered = [replace(page, lines=tuple(_in_order(page))) for page in pages]
    furniture = _furniture(ordered)
    left_out = sum(map(len, furniture))
    kept = [
        replace(page, lines=tuple(line for at, line in enumerate(page.lines) if at not in dropped))
        for page, dropped in zip(ordered, furniture, strict=True)
    ]
    return list(_paragraphs(_joined_tables(kept))), left_out


# -- order ------------------------------------------------------------------------------------------------------------


def _in_order(page: PrintedPage) -> list[PrintedLine]:
    """The lines of a page from top to bottom; a page of two columns keeps the file's order."""
    lines = _whole_lines(page.lines)
    if not _has_columns(lines):
        lines.sort(key=lambda line: line.middle)
    return lines


def _whole_lines(fragments: Sequence[PrintedLine]) -> list[PrintedLine]:
    """Fragments that stand side by side and follow each other in the file are one line; columns are kept apart."""
    lines: list[PrintedLine] = []
    for fragment in fragments:
        if lines and _is_beside(lines[-1], fragment):
            before = lines[-1]
            gap = fragment.left - before.right
            blanks = "  " if gap > FRAGMENT_GAP * before.size else " " if gap > 0.3 * before.size else ""
            lines[-1] = PrintedLine(
                before.text + blanks + fragment.text,
                min(before.left, fragment.left),
                min(before.top, fragment.top),
                max(before.right, fragment.right),
                max(before.bottom, fragment.bottom),
                max(before.size, fragment.size),
            )
        else:
            lines.append(fragment)
    return lines


def _is_beside(one: PrintedLine, other: PrintedLine) -> bool:
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    height = min(one.bottom - one.top, other.bottom - other.top)
    return shared > 0.5 * height and other.left > one.right - 0.5 * one.size


def _has_columns(lines: Sequence[PrintedLine]) -> bool:
    """Whether several lines stand beside others that are far from them in the file's order."""
    beside = 0
    for at, line in enumerate(lines):
        for other in lines[at + 2 :]:
            shared = min(line.bottom, other.bottom) - max(line.top, other.top)
            apart = other.left > line.right or other.right < line.left
            beside += apart and shared > 0.5 * min(line.bottom - line.top, other.bottom - other.top)
    return beside >= 4


# -- running heads and page numbers -----------------------------------------------------------------------------------


def _furniture(pages: Sequence[PrintedPage]) -> list[set[int]]:
    """By page, the lines in its margins that are page numbers or stand on most other pages too."""
    margins = [_margin_lines(page) for page in pages]
    counts = Counter(key for page in margins for key in set(page.values()))
    often = max(2, (len(pages) + 1) // 2)
    dropped = []
    for page, lines in zip(pages, margins, strict=True):
        words = {at: page.lines[at].text.strip() for at in lines}
        dropped.append(
            {
                at
                for at, key in lines.items()
                if counts[key] >= often or BARE_PAGE_NUMBER.match(words[at]) or PAGE_NUMBER.match(words[at])
            }
        )
    return dropped


def _margin_lines(page: PrintedPage) -> dict[int, str]:
    """The first and last lines of a page that stand in its margins, each with what it shares with other pages."""
    first, last = range(MARGIN_LINES), range(max(MARGIN_LINES, len(page.lines) - MARGIN_LINES), len(page.lines))
    margin = MARGIN * page.height
    found = {}
    for at, line in enumerate(page.lines):
        is_head = at in first and line.bottom < margin
        is_foot = (at in last or at == len(page.lines) - 1) and line.top > page.height - margin
        if is_head or is_foot:
            words = "".join(line.text.split())
            found[at] = ("head " if is_head else "foot ") + DIGITS.sub("#", words)
    return found


# -- paragraphs -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Column:
    """Where running text begins and ends on the page, and the usual distance of its lines."""

    left: float
    right: float
    pitch: float
    is_indented: bool


def _column(pages: Sequence[PrintedPage]) -> _Column:
    lines = [(page, line) for page in pages for line in page.lines]
    wide = [line for page, line in lines if line.right - line.left > WIDE * page.width]
    if not wide:
        return _Column(0, float("inf"), float("inf"), is_indented=False)
    size = median(line.size for line in wide)
    lefts = Counter(round(line.left / (0.5 * size)) for line in wide)
    margin = max(lefts.values()) * 0.2
    left = min(place for place, count in lefts.items() if count >= margin) * 0.5 * size
    rights = sorted(line.right for line in wide)
    right = rights[int(len(rights) * 0.9)]
    at_right = sum(abs(line.right - right) < size for line in wide)
    page = pages[0]
    if at_right < WRAPPED_LINES or at_right < WRAPPED_SHARE * len(wide):
        right = max(right, page.width - left - size)
    pitches = [
        after.middle - before.middle
        for page in pages
        for before, after in itertools.pairwise(page.lines)
        if after.middle > before.middle
    ]
    indented = sum(line.left > left + INDENT * size for line in wide)
    return _Column(left, right, median(pitches) if pitches else float("inf"), is_indented=indented >= 0.05 * len(wide))


def _paragraphs(pages: Sequence[PrintedPage]) -> Iterator[str | Grid]:
    column = _column(pages)
    words = ""
    before: PrintedLine | None = None
    for page in pages:
        tables = sorted(page.tables, key=lambda table: table.top)
        for line in page.lines:
            while tables and tables[0].top < line.middle:
                if words:
                    yield words
                words, before = "", None
                yield tables.pop(0).grid
            if before is not None and _goes_on(before, line, column):
                words = glued(words, line.text)
            else:
                if words:
                    yield words
                words = line.text
            before = line
        for table in tables:
            if words:
                yield words
            words, before = "", None
            yield table.grid
    if words:
        yield words


def _goes_on(line: PrintedLine, following: PrintedLine, column: _Column) -> bool:
    """Whether the paragraph of a line goes on in the next one."""
    size = line.size
    is_full = line.right + _first_word(following) > column.right - FULL_WITHIN * size
    if not is_full or abs(line.size - following.size) > OTHER_SIZE * size:
        return False
    if following.middle > line.middle and following.middle - line.middle > OTHER_PITCH * column.pitch:
        return False
    if following.left > column.left + INDENT * size and following.left > line.left - 0.5 * size:
        return False
    if CLOSED.search(line.text) and (not column.is_indented or begins_item(following.text)):
        return False
    return not (line.left > column.left + 3 * size and following.left > column.left + 3 * size)  # centred


def _first_word(line: PrintedLine) -> float:
    """The width of the number or word that a line begins with and that cannot be broken."""
    match = UNBREAKABLE.match(line.text)
    return 0 if match is None else (line.right - line.left) * match.end() / max(len(line.text), 1)


def glued(words: str, following: str) -> str:
    """Two lines of a paragraph as one: a blank between Latin words, none between Han characters or at a soft hyphen."""
    if words.endswith("\xad"):
        return words[:-1] + following
    return f"{words} {following}" if LATIN.match(words[-1:]) and LATIN.match(following[:1]) else words + following


# -- tables -----------------------------------------------------------------------------------------------------------


def _joined_tables(pages: Sequence[PrintedPage]) -> list[PrintedPage]:
    """A table at a page's end that goes on at the top of the next page is one table; its repeated head stands once."""
    joined: list[PrintedPage] = []
    holder = -1  # the page whose last table may go on
    for page in pages:
        tables = sorted(page.tables, key=lambda table: table.top)
        last_line = max((line.middle for line in page.lines), default=0.0)
        ends_with_table = bool(tables) and tables[-1].bottom > last_line
        above = joined[holder].tables[-1] if holder >= 0 else None
        if above is not None and _goes_on_at_top(above, page, tables):
            longer = replace(above, grid=_below(above.grid, tables.pop(0).grid))
            joined[holder] = replace(joined[holder], tables=(*joined[holder].tables[:-1], longer))
            if not tables and ends_with_table:
                joined.append(replace(page, tables=()))
                continue
        joined.append(replace(page, tables=tuple(tables)))
        holder = len(joined) - 1 if ends_with_table and tables else -1
    return joined


def _goes_on_at_top(above: PrintedTable, page: PrintedPage, tables: Sequence[PrintedTable]) -> bool:
    first_line = min((line.middle for line in page.lines), default=page.height)
    return bool(tables) and tables[0].top < first_line and tables[0].grid.columns() == above.grid.columns()


def _below(table: Grid, rest: Grid) -> Grid:
    heads = [row for _, row in table.filled()]
    repeated = 0
    for (number, row), head in zip(rest.filled(), heads, strict=False):
        if row != head:
            break
        repeated = number + 1
    height = max(cell.row + cell.row_span for cell in table.cells)
    cells = tuple(
        GridCell(cell.text, cell.row - repeated + height, cell.column, cell.row_span, cell.column_span, cell.is_header)
        for cell in rest.cells
        if cell.row >= repeated
    )
    return Grid(table.caption, table.cells + cells)
