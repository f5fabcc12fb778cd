"""Tables in plain text: where they stand and what their cells are.

Belongs here: rows drawn with bars, columns kept apart by blanks or tabs, and tables whose cells a copy put one a line.
Not here: tables of a page's own markup (`parse.html`), what a cell means (`extract.tables`).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.lexicon import load_yaml
from ingest.model import Table, TableCell
from ingest.text.lines import Line, lines_of
from ingest.text.numbered_tables import numbered_table
from ingest.text.reading import Reading

Span = tuple[int, int]

BARS = "|｜│┃"
_BAR = re.compile(f"[{BARS}]")
_RULE = re.compile(rf"[\s{BARS}+:—─━=\-┌┬┐├┼┤└┴┘]{{3,}}$")
_GAP = re.compile(r"\t|\u3000[ \u3000\xa0]*| [ \u3000\xa0]+|\xa0[ \u3000\xa0]+")
_HAN = re.compile("[\u4e00-\u9fff]")
_ONE_BLANK = re.compile(r"[ \u3000]+")
_BLANK = re.compile(r"(?:[—–―－\-/／.…*＊]{0,3}|无|缺)$")
_YEAR = re.compile(r"(?:19|20)\d\d(?:年.{0,8})?$")
_NUMBER = re.compile(
    r"(?:[≥≤<>＜＞=＋+\-－−–↑↓约近超]|不低于|不高于|以上)?\s?\d[\d,，]*(?: \d{3})*(?:[.．]\s?\d+)?"
    r"(?:\s?[-—－~～至]\s?\d+(?:[.．]\d+)?)?\s?(?:[^\d\s,，.．、;；:：]{0,3}?(?:/1?\d*万?\S{0,2})?[^\d\s、;；:：]{0,6})(?:[(（][\d.．]+[%％‰]?[)）])?$"
)
_NO_QUANTITY = re.compile(
    r"\d+\s?(?:周?岁|月龄|个月)(?:及?以[上下内]|\S{2})|\d+\s?[-—－~～]\s?\d+周?岁|0\d{2}|\d{4}[-/.年]\d{1,2}[-/.月]|\d{1,2}月(?:\d{1,2}日)?$|\d{1,2}月(?:底|末|份|初|中|上旬|下旬)|\d{1,2}[-—－]\d{1,2}月|\d{1,2}[:：]\d\d|\d{1,3}[.．、]\D{2}"
)
_LABEL_UNIT = re.compile(r"[(（][^()（）]{1,12}[)）]$")
_PROSE = re.compile(r"[。；！？;!?]|[，,]\D[^\n]*?[，,]\D")
_CAPTION = re.compile(
    r"^(?:附?表|附件|附录)\s?[\d一二三四五六七八九十]*|表$|(?:情况|统计|明细|一览)(?:表)?(?:[(（].*[)）])?$|单位\s?[:：]"
)

_NUMBERED_CAPTION = re.compile(r"附?表\s?[\d一二三四五六七八九十]{1,3}(?:[-—.]\d{1,2})?\s")
_HALF_WIDTH = str.maketrans({"（": "(", "）": ")", "\u3000": None, " ": None})

LONGEST_CELL = 40
LONGEST_LINE_CELL = 24
LONGEST_CAPTION = 60
MOST_COLUMNS = 12
WIDEST_ROW = 30  # cells
MOST_TRIES = 4


def kind_of_cell(text: str) -> str:
    """`number`, `year` (2017, 2017年), `blank` (empty or a mark for nothing) or `text`."""
    words = text.strip()
    if _BLANK.match(words):
        return "blank"
    if _YEAR.match(words):
        return "year"
    if len(words) <= LONGEST_LINE_CELL and _NUMBER.match(words) and not _NO_QUANTITY.match(words):
        return "number"
    return "text"


def find_tables(text: str, skip: Sequence[Span]) -> list[Table]:
    """The tables of a text that carries no markup.

    Args:
        text: a document's text.
        skip: half-open spans that are not the report, sorted; no table reaches into one.

    Returns:
        Tables in order, apart from each other, each with the caption that stands above it. Empty cells are kept with
        an empty span where they stand.
    """
    page = _Page(text, skip)
    lines = page.lines
    tables: list[Table] = []
    failures: Counter[int] = Counter()  # by the end of the run of lines that made no table
    at = 0
    while at < len(lines):
        step = 1
        for read in (_barred, _spaced, _stacked, _numbered) if page.usable[at] else ():
            rows, size = read(page, at)
            if rows:
                first = next(span for row in rows for span in row.spans)
                tables.append(_table(rows, first[0], lines[at + size - 1].end, caption_above(page, at)))
                step = size
                break
            failures[at + size] += size > 1
            if failures[at + size] >= MOST_TRIES:  # a long run is not read again from each of its lines
                step = max(step, size)
        at += step
    return tables


def read_spans(table: Table, reading: Reading, text: str) -> list[Span]:
    """Where a table's cells and the unit in its caption stand in a reading.

    Cells that hold sentences are left out: they are read as sentences.
    """
    first = reading.from_document(table.start)
    above = text.rfind("单位", max(0, first - LONGEST_CAPTION), first)
    spans = [(above, first)] if above >= 0 and text.count("\n", above, first) <= 1 else []
    for cell in table.cells:
        start, end = reading.from_document(cell.start), reading.from_document(cell.end)
        if start < end and (end - start <= LONGEST_LINE_CELL or not _PROSE.search(text, start, end)):
            spans.append((start, end))
    return spans


def caption_above(page: _Page, at: int) -> str:
    """The caption of the table that begins at a line."""
    above: list[str] = []
    for index in range(at - 1, max(-1, at - 4), -1):
        if not page.usable[index]:
            break
        above.insert(0, page.lines[index].words)
    return caption_of(above)


def caption_of(above: Sequence[str]) -> str:
    """The short lines directly above a table that name it or its unit, joined by blanks.

    Args:
        above: the words of up to three lines above the table, the nearest last.
    """
    found: list[str] = []
    for words in reversed(above):
        if len(words) > LONGEST_CAPTION or words.endswith(("。", "；", "，")) or not _CAPTION.search(words):
            break
        found.append(words)
    return " ".join(reversed(found))


@dataclass(frozen=True, slots=True)
class _Row:
    spans: tuple[Span, ...]
    columns: tuple[int, ...]
    widths: tuple[int, ...]  # columns that each cell covers
    is_header: bool


def _table(rows: Sequence[_Row], start: int, end: int, caption: str) -> Table:
    cells = [
        TableCell(span[0], span[1], number, column, 1, width, row.is_header)
        for number, row in enumerate(rows)
        for span, column, width in zip(row.spans, row.columns, row.widths, strict=True)
    ]
    return Table(start, end, caption, tuple(cells))


def _outside(lines: Sequence[Line], skip: Sequence[Span]) -> list[bool]:
    result: list[bool] = []
    at = 0
    for line in lines:
        while at < len(skip) and skip[at][1] <= line.start:
            at += 1
        result.append(not (at < len(skip) and skip[at][0] < line.end))
    return result


class _Page:
    """A text's lines and what each of them is, found once for all."""

    def __init__(self, text: str, skip: Sequence[Span]) -> None:
        self.text = text
        self.lines = lines_of(text)
        self.words = [line.words for line in self.lines]
        self.usable = _outside(self.lines, skip)
        self.kinds: list[str] = []  # of a line that may be a cell; else ""
        self.is_head: list[bool] = []
        self.next_number: list[int] = []
        usable = self.usable
        for at in range(1, len(usable) - 1):  # the rule below a table's head may look like a page's ornament
            if not usable[at] and usable[at - 1] and usable[at + 1] and _RULE.match(self.lines[at].words):
                usable[at] = True
        for at, line in enumerate(self.lines):
            # a cell alone on its line may look like furniture of the page (注册护士, %)
            is_usable = usable[at] or (0 < at < len(usable) - 1 and usable[at - 1] and usable[at + 1])
            is_cell = is_usable and len(line.words) <= LONGEST_LINE_CELL and not _PROSE.search(line.words)
            kind = kind_of_cell(line.words) if is_cell else ""
            self.kinds.append(kind)
            self.is_head.append(usable[at] and kind in {"text", "year"} and not _GAP.search(line.words))
        following = len(self.lines)
        for at in reversed(range(len(self.lines))):
            following = at if self.kinds[at] == "number" else following
            self.next_number.append(following)
        self.next_number.reverse()

    def run(self, at: int) -> Iterator[int]:
        """The lines from one on that stand as far apart as the first two; a wider gap ends a table."""
        lines = self.lines
        gap = min(lines[at + 1].gap, 1) if at + 1 < len(lines) else 0
        for index in range(at, len(lines)):
            if not self.usable[index] or (index > at and lines[index].gap > gap):
                return
            yield index

    def cells(self, start: int, width: int) -> list[str]:
        """The kinds of the cells of one row of lines; fewer where a line is none or stands apart."""
        kinds = []
        for at in range(start, min(start + width, len(self.lines))):
            if not self.kinds[at] or self.lines[at].gap > 1:
                break
            kinds.append(self.kinds[at])
        return kinds

    def rows(self, start: int, width: int) -> int:
        """How many rows of the same shape follow."""
        shape: list[str] = []
        rows = 0
        while True:
            kinds = self.cells(start + rows * width, width)
            if len(kinds) < width:
                return rows
            if not shape:
                if "text" not in kinds or "number" not in kinds or kinds[-1] == "text":
                    return 0
                shape = kinds
            elif any(kind not in {shape[c], "blank"} and shape[c] != "blank" for c, kind in enumerate(kinds)):
                return rows
            rows += 1


# -- rows drawn with bars ---------------------------------------------------------------------------------------------


def _barred(page: _Page, at: int) -> tuple[list[_Row], int]:
    """A run of lines with bars: the rows and the number of lines."""
    text, lines = page.text, page.lines
    if not _BAR.search(lines[at].words) and not _RULE.match(lines[at].words):
        return [], 0
    raw: list[list[Span]] = []
    rules: list[int] = []
    size = 0
    for index in page.run(at):
        line = lines[index]
        if _RULE.match(line.words):
            if index > at or _BAR.search(line.words) or line.words[0] in "+┌":
                rules.append(len(raw))
                size += 1
                continue
            break
        cells = _cells_between_bars(text, line)
        if len(cells) < 2 or len(cells) > WIDEST_ROW or any(end - start > LONGEST_CELL * 2 for start, end in cells):
            break
        raw.append(cells)
        size += 1
    if len(raw) < 2:
        return [], size
    kinds = [[kind_of_cell(text[start:end]) for start, end in row] for row in raw]
    if not any("number" in row for row in kinds[1:]):
        return [], size
    header = rules[0] if rules and rules[0] > 0 and len(rules) <= 2 else _header_rows(kinds)
    raw = _behind_a_group(text, raw, header)
    rows = []
    for number, row in enumerate(raw):
        below = raw[number + 1] if number + 1 < header else []
        rows.append(_Row(tuple(row), tuple(range(len(row))), _covered(row, below), number < header))
    return rows, size


def _behind_a_group(text: str, raw: Sequence[list[Span]], header: int) -> list[list[Span]]:
    """Rows below the first of a group lack the group's cell: moved so that their numbers stand under 序号."""
    heads = [text[slice(*span)] for span in raw[header - 1]] if header else []
    at = next((column for column, head in enumerate(heads) if head in _number_heads()), 0)
    moved = []
    for number, row in enumerate(raw):
        is_short = len(row) == len(heads) - at
        rest = row if is_short else row[: len(row) - at]
        lacks = (
            number >= header
            and len(row) > at > 0
            and (is_short or all(start == end for start, end in row[-at:]))
            and text[slice(*row[0])].isdigit()
            and not text[slice(*row[at])].isdigit()
        )
        moved.append([(row[0][0], row[0][0])] * at + rest if lacks else row)
    return moved


def _covered(row: Sequence[Span], below: Sequence[Span]) -> tuple[int, ...]:
    """How many columns each cell of a head covers: the empty ones after it that have words in the head's next row."""
    widths = [1] * len(row)
    owner = -1
    for column, (start, end) in enumerate(row):
        if start < end:
            owner = column
        elif owner > 0 and column < len(below) and below[column][0] < below[column][1]:
            widths[owner] += 1
    return tuple(widths)


def _cells_between_bars(text: str, line: Line) -> list[Span]:
    bars = [match.start() + line.start for match in _BAR.finditer(line.words)]
    edges = [line.start - 1, *bars, line.end]
    cells = [_strip(text, left + 1, right) for left, right in itertools.pairwise(edges)]
    if bars and bars[0] == line.start:
        cells = cells[1:]
    if bars and bars[-1] == line.end - 1:
        cells = cells[:-1]
    return cells


def _header_rows(kinds: Sequence[Sequence[str]]) -> int:
    """How many rows stand above the first one that holds a number."""
    return next((index for index, row in enumerate(kinds) if "number" in row), 0)


# -- columns kept apart by blanks -------------------------------------------------------------------------------------


def _spaced(page: _Page, at: int) -> tuple[list[_Row], int]:
    """A run of lines whose cells are kept apart by tabs or two blanks, or by one under a head that names the rows."""
    text, lines = page.text, page.lines
    gap = _GAP
    if _NUMBERED_CAPTION.match(lines[at].words):  # 表1  主要指标完成情况 is no row of two cells
        return [], 0
    opening = lines[at].words
    if " " in opening and _names_rows(opening.split(" ", 1)[0]) and not _names_rows(gap.split(opening, maxsplit=1)[0]):
        gap = _ONE_BLANK
    elif not gap.search(opening):
        return [], 0
    raw: list[list[Span]] = []
    size = 0  # cells of a row of the body
    for index in page.run(at):
        line = lines[index]
        if _NUMBERED_CAPTION.match(line.words):  # the next table's
            break
        cells = _cells_between_gaps(text, line, gap)
        if len(cells) < 2 and raw and _names_rows(text[slice(*raw[0][0])]):
            # below a head with wide gaps a copy may have narrowed those of the rows
            narrow = _cells_between_gaps(text, line, _ONE_BLANK)
            if all(kind_of_cell(text[start:end]) in {"number", "blank"} for start, end in narrow[1:]):
                cells = narrow
        if gap is _ONE_BLANK and raw:
            if size and len(cells) != size:
                break
            if any(kind_of_cell(text[start:end]) == "number" for start, end in cells):
                size = len(cells)
        if len(cells) < 2 or len(cells) > WIDEST_ROW or any(end - start > LONGEST_CELL for start, end in cells):
            break
        if any(_PROSE.search(text[start:end]) for start, end in cells):
            break
        raw.append(cells)
    kinds = [[kind_of_cell(text[start:end]) for start, end in row] for row in raw]
    header = _header_rows(kinds)
    body = [row for row in kinds[header:] if "number" in row]
    is_named = len(raw) > 1 and len(raw[0]) > 2 and _names_rows(text[slice(*raw[0][0])])
    if not 0 < header <= 3 or len(body) < (1 if is_named else 2) or len(raw) < (2 if is_named else 3):
        return [], len(raw)
    width = Counter(len(row) for row in kinds[header:]).most_common(1)[0][0]
    if width < 2 or max(len(row) for row in raw) > width:
        return [], len(raw)
    if not is_named and not all(row[0] in {"text", "year"} or (row[0] == "number" and "text" in row) for row in body):
        return [], len(raw)
    # columns by where they stand on the screen
    places = [
        [_screen(text, lines[at + number].start, span, lines[at + number].indent) for span in row]
        for number, row in enumerate(raw)
    ]
    full = [row for row in places[header:] if len(row) == width]
    columns = [(min(row[c][0] for row in full), max(row[c][1] for row in full)) for c in range(width)]
    rows: list[_Row] = []
    below: list[str] = []  # the words of the head's next row, from its last column back
    for number in reversed(range(len(raw))):
        row = raw[number]
        is_head = number < header
        groups = _equal_groups(len(row), below, width) if is_head else 0
        if len(row) == width:
            at_columns, widths = list(range(width)), [1] * width
        elif groups:
            firsts = list(range(1, width, groups))
            at_columns = firsts if len(firsts) == len(row) else [0, *firsts]
            widths = [groups if column else 1 for column in at_columns]
        elif is_head and len(row) == width - 1:
            at_columns, widths = list(range(1, width)), [1] * len(row)
        else:
            at_columns, widths = _by_place(places[number], columns, spread=is_head)
        if is_head:
            below = [text[start:end] for start, end in row]
            if len(row) >= width - 1:  # the head's own places serve the rows above it better than the body's
                columns = [*columns[: width - len(row)], *places[number]]
        rows.append(_Row(tuple(row), tuple(at_columns), tuple(widths), is_head))
    rows.reverse()
    return rows, len(raw)


def _equal_groups(cells: int, below: Sequence[str], width: int) -> int:
    """How many columns each cell of a head covers when the words below it repeat; 0 when they do not.

    `below` are the words of the next row, with or without one above the labels.
    """
    words = list(below[-(width - 1) :])
    if len(words) != width - 1:
        return 0
    for count in (cells, cells - 1):
        size = (width - 1) // count if count > 1 and (width - 1) % count == 0 else 0
        if size > 1 and all(words[at] == words[at % size] for at in range(width - 1)):
            return size
    return 0


def _cells_between_gaps(text: str, line: Line, gap: re.Pattern[str]) -> list[Span]:
    cells: list[Span] = []
    start = line.start
    for match in gap.finditer(line.words):
        cells.append(_strip(text, start, line.start + match.start()))
        start = line.start + match.end()
    cells.append(_strip(text, start, line.end))
    return _spread_words(text, cells)


def _spread_words(text: str, cells: Sequence[Span]) -> list[Span]:
    """Cells with those put together that are one short word spread over its column (指　　标, 合　计)."""
    result: list[Span] = []
    for start, end in cells:
        if result and _HAN.fullmatch(text[start:end]) and _HAN.fullmatch(text[slice(*result[-1])]):
            result[-1] = result[-1][0], end
        else:
            result.append((start, end))
    return result


def _screen(text: str, line_start: int, span: Span, indent: int) -> Span:
    """Where a cell stands on the screen: a Han character takes two columns."""
    before = text[line_start : span[0]]
    left = indent + len(before) + sum(character > "\u2e7f" for character in before)
    words = text[span[0] : span[1]]
    return left, left + len(words) + sum(character > "\u2e7f" for character in words)


def _by_place(cells: Sequence[Span], columns: Sequence[Span], *, spread: bool) -> tuple[list[int], list[int]]:
    """Columns for a row that has too few cells: the nearest one each, in order; a head's cell may cover more."""
    middles = [(left + right) / 2 for left, right in columns]
    taken: list[int] = []
    for number, (left, right) in enumerate(cells):
        low = taken[-1] + 1 if taken else 0
        high = len(columns) - (len(cells) - number) + 1
        middle = (left + right) / 2
        taken.append(min(range(low, max(high, low + 1)), key=lambda column: abs(middles[column] - middle)))
    if not spread:
        return taken, [1] * len(taken)
    # every column above which no cell stands belongs to the nearest one; the label's column keeps its own
    owners = [
        min(range(len(cells)), key=lambda cell: abs((cells[cell][0] + cells[cell][1]) / 2 - middle))
        for middle in middles
    ]
    firsts, widths = [], []
    for cell, column in enumerate(taken):
        owned = [index for index, owner in enumerate(owners) if owner == cell] or [column]
        firsts.append(owned[0])
        widths.append(owned[-1] - owned[0] + 1)
    return firsts, widths


# -- one cell a line --------------------------------------------------------------------------------------------------


def _stacked(page: _Page, at: int) -> tuple[list[_Row], int]:
    """A head of k short lines that repeats as rows of k cells with words and numbers in the same places.

    Without a head, pairs of a label and a number count when label or number states the unit.
    """
    lines = page.lines
    if not page.is_head[at] or page.next_number[at] >= at + 2 * MOST_COLUMNS:
        return [], 0
    is_named = _names_rows(lines[at].words)
    for width in range(2, MOST_COLUMNS + 1):
        stop = at + width
        if stop > len(lines) or not page.is_head[stop - 1]:
            break
        if stop < len(lines) and page.next_number[stop] < stop + width:
            rows = page.rows(stop, width)
            if rows >= (2 if is_named or width > 2 else 3):
                return _stack(lines, at, rows + 1, width, has_head=True)
    rows = page.rows(at, 2)
    pairs = [(lines[at + 2 * row].words, lines[at + 2 * row + 1].words) for row in range(rows)]
    if rows >= 2 and all(_LABEL_UNIT.search(label) or not value[-1].isdigit() for label, value in pairs):
        return _stack(lines, at, rows, 2, has_head=False)
    return [], 2 * rows


def _numbered(page: _Page, at: int) -> tuple[list[_Row], int]:
    """One cell a line, with cells missing: rows by their running numbers."""
    lines = page.lines
    if not page.is_head[at]:
        return [], 0
    found = numbered_table(page.words, page.kinds, at)
    if found is None:
        return [], 0
    rows = []
    for number, row in enumerate(found.rows):
        spans = [
            (lines[first].start, lines[stop - 1].end) if first < stop else (lines[first].start, lines[first].start)
            for first, stop in row
        ]
        rows.append(_Row(tuple(spans), tuple(range(len(row))), (1,) * len(row), number < found.heads))
    return rows, found.stop - at


def _stack(lines: Sequence[Line], at: int, rows: int, width: int, *, has_head: bool) -> tuple[list[_Row], int]:
    cells = [(line.start, line.end) for line in lines[at : at + rows * width]]
    return [
        _Row(tuple(cells[row * width : (row + 1) * width]), tuple(range(width)), (1,) * width, has_head and row == 0)
        for row in range(rows)
    ], rows * width


def _strip(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    inner = words.strip()
    if not inner:
        return start, start
    begin = start + len(words) - len(words.lstrip())
    return begin, begin + len(inner)


def _names_rows(head: str) -> bool:
    """Whether a head is one of those that stand above the names of rows, whatever its bracket says."""
    plain = head.translate(_HALF_WIDTH)
    return plain in _label_heads() or _LABEL_UNIT.sub("", plain) in _label_heads()


@lru_cache(maxsize=1)
def _number_heads() -> frozenset[str]:
    return frozenset(str(word) for word in load_yaml("tables.yaml")["number_heads"])


@lru_cache(maxsize=1)
def _label_heads() -> frozenset[str]:
    return frozenset(str(word) for word in load_yaml("tables.yaml")["label_heads"])
