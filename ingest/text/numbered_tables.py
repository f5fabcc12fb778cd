"""Tables whose cells a copy put one a line and whose rows are numbered.

Belongs here: finding the rows by their running numbers, where cells are missing, names run over lines and groups of
rows have names of their own. Not here: tables whose rows are all full (`tables`), what a cell means (`extract.tables`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from ingest.lexicon import load_yaml

MOST_HEADS = 16  # lines
MOST_LINES = 12  # of one row
MOST_VALUES = 8
LONGEST_NAME = 60  # characters
LEAST_ROWS = 3

Lines = tuple[int, int]  # half-open: the lines of one cell; the same number twice where the cell is empty


@dataclass(frozen=True, slots=True)
class NumberedTable:
    """Rows of cells: name, unit, then values. The first `heads` rows are heads; `stop` is the line behind the table."""

    rows: list[list[Lines]]
    heads: int
    stop: int


def numbered_table(words: Sequence[str], kinds: Sequence[str], at: int) -> NumberedTable | None:
    """The table that begins at a line, or None.

    Its head is a run of short lines with 序号 among them; each row begins with its number on a line of its own, then
    its name, perhaps its unit, and as many values as the other rows. What stands behind a row's values (the name of the
    next group of rows, a remark) is no cell.

    Args:
        words: the lines of a text.
        kinds: what each line is as a cell: `number`, `year`, `blank`, `text`, or "" for a line that is none.
        at: the line.
    """
    first = _first_row(words, kinds, at)
    if first < 0:
        return None
    starts = _row_starts(words, kinds, first)
    if len(starts) < LEAST_ROWS:
        return None
    head = [line for line in range(at, first) if words[line] not in _labels()["number"]]
    labels = [line for line in head if words[line] in _labels()["name"]]
    if not labels:
        return None
    unit_head = next((line for line in head if words[line] in _labels()["unit"]), -1)
    ends = [*starts[1:], min(starts[-1] + MOST_LINES, len(words))]
    drafts = [_row(words, kinds, start + 1, end, unit_head >= 0) for start, end in zip(starts, ends, strict=True)]
    width = max(Counter(len(values) for _, _, values in drafts).items(), key=lambda item: item[1])[0]
    over = [line for line in head if line > labels[-1] and words[line] not in _labels()["unit"]]
    if not 0 < width <= MOST_VALUES:
        return None
    if words[at] not in _labels()["number"]:  # the name of the first group of rows stands before its number
        over = over[: len(over) - len(over) % width]
    if not over or len(over) % width:
        return None
    deep = len(over) // width
    full = [draft for draft in drafts if len(draft[2]) >= width and draft[0][0] < draft[0][1]]
    if len(full) < LEAST_ROWS:
        return None
    rows: list[list[Lines]] = []
    for level in range(deep):
        is_last = level == deep - 1  # where the heads of values have two rows, those of labels stand in the lower one
        unit = (unit_head, unit_head + 1) if is_last and unit_head >= 0 else (labels[-1], labels[-1])
        rows.append(
            [(labels[-1], labels[-1] + is_last), unit]
            + [(over[deep * c + level], over[deep * c + level] + 1) for c in range(width)]
        )
    rows += [[name, unit, *values[:width]] for name, unit, values in full]
    return NumberedTable(rows, deep, full[-1][2][width - 1][1])


def _first_row(words: Sequence[str], kinds: Sequence[str], at: int) -> int:
    """The line that holds the number of the first row; -1 where no head of a numbered table begins."""
    numbered = False
    for line in range(at, min(at + MOST_HEADS, len(words))):
        if words[line] == "1":
            return line if numbered else -1
        if kinds[line] not in {"text", "year"}:
            return -1
        numbered = numbered or words[line] in _labels()["number"]
    return -1


def _row_starts(words: Sequence[str], kinds: Sequence[str], first: int) -> list[int]:
    """The lines that hold the running numbers of the rows."""
    starts = [first]
    while True:
        wanted = str(len(starts) + 1)
        last = starts[-1]
        following = next(
            (
                line
                for line in range(last + 3, min(last + 1 + MOST_LINES, len(words)))
                if words[line] == wanted and line + 1 < len(words) and _is_name(words[line + 1], kinds[line + 1])
            ),
            -1,
        )
        if following < 0 or not all(map(_is_short, words[last:following])):
            return starts
        starts.append(following)


def _is_short(line: str) -> bool:
    """Whether a line can be a cell: a name may be long, but it closes no sentence."""
    return len(line) <= LONGEST_NAME and not line.endswith(("。", "；"))


def _is_name(line: str, kind: str) -> bool:
    return kind in {"text", ""} and _is_short(line)


def _row(
    words: Sequence[str], kinds: Sequence[str], start: int, end: int, has_unit: bool
) -> tuple[Lines, Lines, list[Lines]]:
    """A row's name, unit and values; empty where it has none."""
    line = start
    while line < end and kinds[line] in {"text", ""} and not (has_unit and words[line] in _units()):
        line += 1
    name = start, line
    unit = line, line
    if has_unit and line < end and words[line] in _units():
        unit = line, line + 1
        line += 1
    values: list[Lines] = []
    for at in range(line, end):
        if kinds[at] in {"number", "blank", "year"}:
            values.append((at, at + 1))
    return name, unit, values


@lru_cache(maxsize=1)
def _labels() -> dict[str, frozenset[str]]:
    data = load_yaml("tables.yaml")
    return {
        "number": frozenset(map(str, data["number_heads"])),
        "unit": frozenset(map(str, data["unit_heads"])),
        "name": frozenset(map(str, data["label_heads"])) - frozenset(map(str, data["number_heads"])),
    }


@lru_cache(maxsize=1)
def _units() -> frozenset[str]:
    data = load_yaml("units.yaml")
    written = chain.from_iterable(entry["words"] for entry in data["canonical"].values())
    return frozenset(map(str, chain(written, data["as_written"])))
