"""Heads of tables: the grid of a table's cells, and what the heads above and beside a cell say.

Belongs here: which cells are heads, rows or columns of names; the thing, unit, time, role and place that a head names.
Not here: the indicator that heads name together (`table_links`), facts (`tables`), word lists (`table_words`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from ingest.extract.found import Found
from ingest.extract.groups import groups
from ingest.extract.mentions import Mention
from ingest.extract.table_words import HeadUnit, is_among, plain, read_unit, split_unit, table_words
from ingest.extract.times import Time
from ingest.extract.tries import longest_of
from ingest.model import Role, Table
from ingest.text.fold import fold
from ingest.text.tables import kind_of_cell

_BARE_YEAR = re.compile(r"(?:19|20)\d\d$")
_TIME_LEAD = 16  # characters; a time's match takes in the blanks before it
_CAPTION_ROWS = 3
_RATE_ENDINGS = ("率", "比", "比例", "水平")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in the reading: its words without blanks around, and what they are."""

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Head:
    """What one head cell says."""

    text: str
    words: str  # what is counted, without time, role and unit
    unit: HeadUnit | None
    times: tuple[Time, ...]
    role: Role | None
    place: str = ""  # code
    entity: str = ""
    is_total: bool = False
    is_share: bool = False
    is_among: bool = False


@dataclass(frozen=True, slots=True)
class Heads:
    """The heads above or beside a cell, the outermost first."""

    heads: tuple[Head, ...] = ()

    @property
    def words(self) -> list[str]:
        said = [head.words for head in self.heads if head.words]
        return [word for at, word in enumerate(said) if not any(word in inner for inner in said[at + 1 :])]

    @property
    def unit(self) -> HeadUnit | None:
        return next((head.unit for head in reversed(self.heads) if head.unit), None)

    @property
    def times(self) -> tuple[Time, ...]:
        return tuple(time for head in self.heads for time in head.times)

    @property
    def role(self) -> Role | None:
        return next((head.role for head in reversed(self.heads) if head.role), None)

    @property
    def text(self) -> str:
        return " / ".join(head.text for head in self.heads)

    def place(self) -> Head | None:
        return next((head for head in reversed(self.heads) if head.place or head.entity or head.is_total), None)


class TableGrid:
    """One table's cells by row and column, with the heads of each. Offsets are the reading's."""

    def __init__(self, found: Found, table: Table) -> None:
        self.found = found
        self.words = table_words()
        self.cells, self.header_rows, self.caption = self._lay_out(table)
        self.height = max((row for row, _ in self.cells), default=-1) + 1
        self.width = max((column for _, column in self.cells), default=-1) + 1
        self._heads: dict[tuple[int, str], Head] = {}
        self._columns: dict[int, Heads] = {}
        self._column_texts = [self._column_text(column) for column in range(self.width)]
        self.labels = [self._is_label_column(column) for column in range(self.width)]

    def _lay_out(self, table: Table) -> tuple[dict[tuple[int, int], Cell], set[int], str]:
        """Cells by row and column with spans filled in, the rows that are heads, and the caption."""
        grid: dict[tuple[int, int], Cell] = {}
        marked: set[int] = set()
        alone: dict[int, int] = {}
        for cell in table.cells:
            start = self.found.reading.from_document(cell.start)
            end = self.found.reading.from_document(cell.end)
            text = self.found.text[start:end].strip()
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    grid.setdefault((row, column), Cell(start, end, text, kind_of_cell(text)))
                if text:
                    alone[row] = alone.get(row, 0) + 1
            if cell.is_header:
                marked.add(cell.row)
        if marked:
            _count_years(grid, marked)
        by_row: dict[int, list[Cell]] = {}
        for (row, _), at in sorted(grid.items()):
            by_row.setdefault(row, []).append(at)
        caption = [table.caption]
        headers: set[int] = set()
        dropped: set[int] = set()
        for row, cells in by_row.items():
            kinds = [at.kind for at in cells]
            if not headers and alone.get(row, 0) == 1 and len(dropped) < _CAPTION_ROWS:  # one cell alone above the head
                caption += [at.text for at in cells if at.text][:1]
                dropped.add(row)
            elif "number" in kinds or (
                headers and row not in marked and "text" not in kinds[1:] and "year" not in kinds
            ):
                break
            else:
                headers.add(row)
        grid = {key: at for key, at in grid.items() if key[0] not in dropped}
        _count_years(grid, headers)
        return grid, headers, fold(" ".join(part for part in caption if part))

    def body(self) -> Iterator[int]:
        return (row for row in range(self.height) if row not in self.header_rows)

    def _is_label_column(self, column: int) -> bool:
        """A column of words, or one whose head says that its numbers only name the rows."""
        if self.is_no_fact(column):
            return False
        if self.words.holds("label_heads", split_unit(self._column_texts[column])[0]):
            return True
        below = [self.cells[row, column] for row in self.body() if (row, column) in self.cells]
        is_of_units = self.words.holds("unit_heads", self._column_texts[column])
        if is_of_units and any(read_unit(cell.text) is not None for cell in below):
            return True  # 1/10万 is a unit there, no number
        kinds = [cell.kind for cell in below]
        counted = [kind for kind in kinds if kind != "blank"]
        texts = sum(kind in {"text", "year"} for kind in counted)
        return bool(counted) and texts * 2 > len(counted)

    def is_no_fact(self, column: int) -> bool:
        head = self._column_texts[column]
        return self.words.holds("no_facts", head) or bool(self.words.mentions("no_facts_within", head))

    def _column_text(self, column: int) -> str:
        cells = [self.cells[row, column] for row in sorted(self.header_rows) if (row, column) in self.cells]
        return next((cell.text.replace(" ", "") for cell in reversed(cells) if cell.text), "")

    def _head(self, cell: Cell, above: str = "") -> Head:
        """What one head cell says, below the head of its own column."""
        key = cell.start, above
        if key not in self._heads:
            self._heads[key] = self._read_head(cell, above)
        return self._heads[key]

    def _read_head(self, cell: Cell, above: str) -> Head:
        found = self.found
        times = self._times_in(cell)
        text = cell.text
        if _BARE_YEAR.match(text):
            year = int(text)
            times = [Time(cell.start, cell.end, "year", date(year, 1, 1), date(year, 12, 31), text)]
        rest = found.text[cell.start : cell.end]
        for time in reversed(times):
            rest = rest[: max(0, time.start - cell.start)] + rest[max(0, time.end - cell.start) :]
        label = plain(rest.replace(" ", ""))
        words, unit = split_unit(label)
        role = self._role_of(text.replace(" ", ""))
        words = self._thing(words.strip(" :,、"), role)
        whole = plain(text.replace(" ", ""))
        if self.words.holds("totals", split_unit(whole)[0]):
            return Head(text, "", unit, tuple(times), role, is_total=True)
        place = self._place_of(cell, whole, above)
        if place is not None:
            return replace(place, times=tuple(times))
        is_share = self.words.holds("shares", words)
        words = self.words.expansions.get(words, words)
        if words[-1:].isdigit() and "岁" in above:
            words += "岁"
        if self.words.is_value(words) or is_share:
            words = ""
        return Head(text, words, unit, tuple(times), role, is_share=is_share, is_among=is_among(text))

    def _times_in(self, cell: Cell) -> list[Time]:
        """Times of a cell; a match may take in blanks before and after it that lie outside."""
        found = []
        for time in self.found.times_between(cell.start - _TIME_LEAD, cell.end):
            start = time.start + len(time.text) - len(time.text.lstrip())
            if cell.start <= start and start + len(time.text.strip()) <= cell.end:
                found.append(time)
        return found

    def _role_of(self, text: str) -> Role | None:
        words = self.words
        if words.mentions("changes", text) and not words.mentions("not_changes", text):
            return "change"
        if words.mentions("targets", text) and not words.mentions("not_targets", text):
            return "target"
        return "baseline" if words.mentions("earlier", text) else None

    def _thing(self, words: str, role: Role | None) -> str:
        """A head's words without those that say which value of the thing stands below."""
        if self.words.is_value(words):
            return words
        if role == "change":
            words = _change_words().sub("", words)
        beginning = next((word for word in self.words.longest("value_beginnings") if words.startswith(word)), "")
        if beginning and len(words) >= len(beginning) + 2:
            words = words[len(beginning) :]
        for ending in self.words.longest("value_endings"):
            if len(words) >= len(ending) + 2 and words.endswith(ending):
                return words[: -len(ending)].strip("的(): ")
        return words.strip("的: ")

    def _place_of(self, cell: Cell, label: str, above: str) -> Head | None:
        """The place or institution that a label names, when it names nothing else."""
        found = self.found
        for mention in _within(found.places, cell.start, cell.end):
            if mention.end - mention.start >= len(label):
                is_own = mention.code == found.document.ref_area
                return Head(cell.text, "", None, (), None, place="" if is_own else mention.code, is_total=is_own)
        for mention in _within(found.entities, cell.start, cell.end):
            if mention.end - mention.start >= len(label):
                return Head(cell.text, "", None, (), None, entity=mention.name)
        if label and self.words.holds("entity_heads", above) and cell.kind == "text":
            if above in self.words.sets["unit_heads"] and read_unit(label):
                return None
            if groups().mentions(label) and above in {"机构", "医疗机构"}:
                return None
            return Head(cell.text, "", None, (), None, entity=label)
        return None

    def column_heads(self, column: int) -> Heads:
        """The heads above a column, the outermost first."""
        if column not in self._columns:
            cells = []
            for above in sorted(self.header_rows):
                cell = self.cells.get((above, column))
                if cell is not None and cell.text and cell not in cells:
                    cells.append(cell)
            self._columns[column] = Heads(tuple(self._head(cell) for cell in cells))
        return self._columns[column]

    def row_heads(self, row: int, column: int) -> tuple[Heads, HeadUnit | None, Cell | None]:
        """The labels nearest to the left of a cell, the unit of a column of units, and the innermost label."""
        heads: list[Head] = []
        unit: HeadUnit | None = None
        last: Cell | None = None
        for at in range(column - 1, -1, -1):
            if not self.labels[at]:
                if last is not None:
                    break
                continue
            cell = self.cells.get((row, at))
            if last is not None and cell is not None and not cell.text:
                cell = self._of_group(row, at)
            above = self._column_texts[at]
            if cell is None or not cell.text or cell.kind == "blank":
                continue
            if self.words.holds("unit_heads", above) and read_unit(cell.text) is not None:
                unit = unit or read_unit(cell.text)
                continue
            heads.insert(0, self._head(cell, above))
            last = last or cell
        return Heads(tuple(heads)), unit, last

    def _of_group(self, row: int, column: int) -> Cell | None:
        """The label above an empty one: a group's name stands in the first of its rows alone."""
        above = (self.cells.get((at, column)) for at in range(row - 1, -1, -1) if at not in self.header_rows)
        return next((cell for cell in above if cell is None or cell.text), None)

    def borrowed(self, column: int, above: Heads, *, counts_only: bool = False) -> Heads:
        """The words of the nearest head to the left that has some, with the cell's own role, unit and time.

        门诊人次 | 同比: which value of its left neighbour a column holds.
        """
        for left in range(column - 1, -1, -1):
            if self.labels[left]:
                break
            heads = self.column_heads(left)
            is_thing = heads.words and not any(head.is_among or head.is_share for head in heads.heads)
            if counts_only and heads.words and heads.words[-1].endswith(_RATE_ENDINGS):
                continue
            if is_thing and not self.is_no_fact(left):
                lent = tuple(
                    Head(head.text, head.words, None if above.role == "change" else head.unit, (), None)
                    for head in heads.heads
                )
                return Heads((*lent, *above.heads))
        return above


def _count_years(grid: dict[tuple[int, int], Cell], headers: set[int]) -> None:
    """1968 among 8914 and 1127 is a count: below the heads, a year counts where most of its column does."""
    for column in {column for _, column in grid}:
        below = [key for key in grid if key[1] == column and key[0] not in headers]
        years = [key for key in below if grid[key].kind == "year"]
        if sum(grid[key].kind == "number" for key in below) > len(years):
            for key in years:
                grid[key] = replace(grid[key], kind="number")


def _within(mentions: Sequence[Mention], start: int, end: int) -> Iterator[Mention]:
    """The mentions that lie wholly inside a cell."""
    for at in range(bisect_left(mentions, start, key=lambda mention: mention.start), len(mentions)):
        if mentions[at].start >= end:
            return
        if mentions[at].end <= end:
            yield mentions[at]


@lru_cache(maxsize=1)
def _change_words() -> re.Pattern[str]:
    table = table_words().sets
    changes, earlier = longest_of(table["changes"]), longest_of(table["earlier"])
    return re.compile(
        rf"(?:[较比与](?:{earlier})?(?:同期)?(?:相比|比)?)?(?:{changes}){{1,3}}(?:率|幅度|数|值|情况|百分比|±|\+|-)?"
    )
