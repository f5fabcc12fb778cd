"""The region table: codes with their names, parents and the years in which they held.

Belongs here: reading `lexicon/regions/regions.csv` and looking up by code. Not here: names in a text (`names`), what
a name means in its context (`resolve`), townships (`towns`).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from ingest.lexicon import FOLDER, LexiconError, load_yaml

COUNTRY = "000000"
FIRST_YEAR = 2002  # earlier years are read with the table of this one
Level = Literal["country", "province", "prefecture", "county"]
Kind = Literal["division", "statistical"]
InText = Literal["short", "full", "none"]


@dataclass(frozen=True, slots=True)
class Region:
    """One code under one name, with the years in which it held for at least a part of the year.

    `valid_to` is None while it held in mid-2023. `kind` is "statistical" for codes that the statistics bureau uses
    beside GB/T 2260 (development areas). `in_text` says what may be read as this place in running text: its short
    name too, the full name only, or none of both (城区). `successor` is "" where none is known or several are.
    """

    code: str
    name: str
    short_name: str
    level: Level
    parent: str
    valid_from: int
    valid_to: int | None
    successor: str
    kind: Kind
    in_text: InText

    def holds(self, year: int | None) -> bool:
        """Whether the code had this name in a part of the year; without a year, whether it still has it."""
        if year is None:
            return self.valid_to is None
        year = max(year, FIRST_YEAR)
        return self.valid_from <= year and (self.valid_to is None or year <= self.valid_to)


@dataclass(frozen=True, slots=True)
class RegionTable:
    """All regions, and the indexes over them."""

    regions: tuple[Region, ...]
    by_code: Mapping[str, tuple[Region, ...]]  # oldest first
    by_name: Mapping[str, tuple[Region, ...]]  # full and short names


def read_regions(path: Path) -> RegionTable:
    """Read and check a region table.

    Args:
        path: a CSV file with the columns that `lexicon/regions/README.md` describes.

    Raises:
        LexiconError: rows that are wrong, each with file and line, all at once.
    """
    regions, problems = [], []
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            try:
                regions.append(_read_row(row))
            except (KeyError, ValueError) as error:
                problems.append(f"{path.name}:{reader.line_num}: {error}")
    codes = {region.code for region in regions}
    for region in regions:
        for field, code in (("parent", region.parent), ("successor", region.successor)):
            if code and code not in codes:
                problems.append(f"{path.name}: {region.code} {region.name} has the {field} {code}, which has no row")
    if problems:
        raise LexiconError(f"regions/{path.name}", "the table", "is wrong. Build it anew:\n" + "\n".join(problems))
    by_code, by_name = defaultdict(list), defaultdict(list)
    for region in sorted(regions, key=lambda region: region.valid_from):
        by_code[region.code].append(region)
        for name in {region.name, region.short_name}:
            by_name[name].append(region)
    return RegionTable(
        tuple(regions),
        MappingProxyType({code: tuple(found) for code, found in by_code.items()}),
        MappingProxyType({name: tuple(found) for name, found in by_name.items()}),
    )


def _read_row(row: Mapping[str, Any]) -> Region:
    for field in ("ref_area", "name_zh", "short_name", "valid_from"):
        if not row[field]:
            raise ValueError(f"{field} is empty")
    if not (len(row["ref_area"]) == 6 and row["ref_area"].isascii() and row["ref_area"].isdigit()):
        raise ValueError(f"ref_area {row['ref_area']!r} is not six digits")
    for field, allowed in (("level", Level), ("kind", Kind), ("in_text", InText)):
        if row[field] not in get_args(allowed):
            raise ValueError(f"{field} {row[field]!r} is not one of {', '.join(get_args(allowed))}")
    valid_from, valid_to = int(row["valid_from"]), int(row["valid_to"]) if row["valid_to"] else None
    if valid_to is not None and valid_to < valid_from:
        raise ValueError(f"valid_to {valid_to} lies before valid_from {valid_from}")
    return Region(
        code=row["ref_area"],
        name=row["name_zh"],
        short_name=row["short_name"],
        level=row["level"],
        parent=row["parent"],
        valid_from=valid_from,
        valid_to=valid_to,
        successor=row["successor"],
        kind=row["kind"],
        in_text=row["in_text"],
    )


@lru_cache(maxsize=1)
def table() -> RegionTable:
    """The project's region table, read once."""
    return read_regions(FOLDER / "regions" / "regions.csv")


@lru_cache(maxsize=1)
def name_words() -> dict[str, Any]:
    """`lexicon/regions/names.yaml`: suffixes, words for the place above, what stands beside a town's name."""
    return load_yaml("regions/names.yaml")


def region(code: str, year: int | None = None) -> Region | None:
    """The region of a code.

    Args:
        code: six digits.
        year: the year that it is about; without it, the latest state of the code.

    Returns:
        The code's state in that year (the later one where it changed in that year), or None where it did not hold.
    """
    states = table().by_code.get(code, ())
    if year is not None:
        states = tuple(state for state in states if state.holds(year))
    return states[-1] if states else None


@cache
def ancestors(code: str) -> tuple[str, ...]:
    """The codes above a code, nearest first, without 000000; empty for a province and for an unknown code."""
    found = region(code)
    if found is None or found.parent in ("", COUNTRY):
        return ()
    return (found.parent, *ancestors(found.parent))


@lru_cache(maxsize=256)
def descendants(code: str, year: int | None = None) -> tuple[Region, ...]:
    """All regions under a code that held in the year (without a year: that still hold), in the order of their codes."""
    return tuple(
        region
        for region in table().regions
        if region.holds(year) and (code in ancestors(region.code) or (code == COUNTRY and region.code != COUNTRY))
    )


@lru_cache(maxsize=1)
def _predecessors() -> Mapping[str, tuple[Region, ...]]:
    found = defaultdict(list)
    for earlier in table().regions:
        if earlier.successor:
            found[earlier.successor].append(earlier)
    return {code: tuple(states) for code, states in found.items()}


def as_of(code: str, year: int | None) -> str:
    """The code that a place of today's code had in a year: itself, its only predecessor then, or "" when unknown."""
    if year is None or region(code, year):
        return code
    earlier = {state.code for state in _predecessors().get(code, ()) if state.holds(year)}
    return earlier.pop() if len(earlier) == 1 else ""
