"""Townships: the county that a text is about, found from the towns that it names.

Belongs here: `lexicon/regions/townships.csv` and the count of towns. Not here: places with a code of their own.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.lexicon import FOLDER, LexiconError
from ingest.regions.match import RegionMatch
from ingest.regions.table import as_of, name_words, region, table

LEAST_TOWNS = 3
MARGIN = 2.0  # how many times the weight of the second county the first must reach
CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class TownTable:
    """All towns without their suffix, with the counties that have one of the name."""

    stems: tuple[str, ...]
    counties: dict[str, tuple[str, ...]]
    suffixes: tuple[str, ...]
    automaton: AhoCorasick


@lru_cache(maxsize=1)
def towns() -> TownTable:
    """The project's table of townships (mid-2023), read once.

    Raises:
        LexiconError: a row names a county that the region table lacks, or no town.
    """
    suffixes = tuple(sorted(name_words()["town_suffixes"], key=len, reverse=True))
    counties: dict[str, list[str]] = defaultdict(list)
    path = FOLDER / "regions" / "townships.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        for row in reader:
            if row["ref_area"] not in table().by_code or not row["townships"]:
                where = f"regions/{path.name}:{reader.line_num}"
                raise LexiconError(where, row["ref_area"], "has no row in regions.csv, or no town")
            for name in row["townships"].split("|"):
                stem = next((name.removesuffix(end) for end in suffixes if name.endswith(end)), name)
                if len(stem) >= 2 and row["ref_area"] not in counties[stem]:
                    counties[stem].append(row["ref_area"])
    stems = tuple(stem for stem in counties if counties[stem])
    automaton = AhoCorasick(stems, matchkind=MatchKind.LeftmostLongest)
    return TownTable(stems, {stem: tuple(counties[stem]) for stem in stems}, suffixes, automaton)


def towns_named(text: str) -> set[str]:
    """The towns, without suffix, that a text names with their suffix (…镇) or bare in a list (…、…、…等)."""
    found = set()
    marks = name_words()["list_marks"]
    for index, start, end in towns().automaton.find_matches_as_indexes(text):
        after, before = text[end : end + 1], text[start - 1 : start] if start else ""
        in_list = "、" in (before, after) and (not after or after in marks)
        if in_list or text.startswith(towns().suffixes, end):
            found.add(towns().stems[index])
    return found


def resolve_from_towns(text: str, year: int | None = None) -> RegionMatch:
    """Find the county whose towns a text names most.

    A name weighs the less the more counties have a town of it (1/√n).

    Args:
        text: the whole report.
        year: the year that it is about; the code of that year is returned.

    Returns:
        The county, when at least three of its towns are named and it weighs twice as much as the next; else no code
        and the best candidates.
    """
    named: dict[str, list[str]] = defaultdict(list)
    for stem in sorted(towns_named(text)):
        for county in towns().counties[stem]:
            named[county].append(stem)
    weights = {county: sum(1 / sqrt(len(towns().counties[s])) for s in stems) for county, stems in named.items()}
    best = sorted(weights, key=lambda county: (-weights[county], county))[:CANDIDATES]
    if not best:
        return RegionMatch("", (), "no town is named")
    first, second = best[0], weights[best[1]] if len(best) > 1 else 0.0
    codes = tuple(code for code in (as_of(county, year) for county in best) if code)
    words = f"{len(named[first])} towns of {_name(first)} are named ({'、'.join(named[first])})"
    if len(named[first]) >= LEAST_TOWNS and weights[first] >= MARGIN * second and as_of(first, year):
        return RegionMatch(codes[0], codes[:1], words)
    enough = tuple(c for c, county in zip(codes, best, strict=False) if len(named[county]) >= LEAST_TOWNS)
    return RegionMatch("", enough, f"{words}, which does not decide")


def _name(code: str) -> str:
    found = region(code)
    return found.name if found else code


@lru_cache(maxsize=1)
def _by_county() -> dict[str, tuple[str, ...]]:
    path = FOLDER / "regions" / "townships.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["ref_area"]: tuple(row["townships"].split("|")) for row in csv.DictReader(lines)}


def townships_of(ref_area: str) -> tuple[str, ...]:
    """The towns and streets of one county with their suffixes, e.g. 李旺镇; none for a larger place."""
    return _by_county().get(ref_area, ())
