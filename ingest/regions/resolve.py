"""Resolving: the one code that a name meant in its context, or the candidates.

Belongs here: the order in which evidence decides. Not here: finding names (`names`), towns (`towns`), the table.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.regions.match import RegionContext, RegionMatch
from ingest.regions.names import find_names, in_order, one_place, places_in, readings, within
from ingest.regions.table import COUNTRY, ancestors, name_words, region, table
from ingest.regions.towns import towns, towns_named

__all__ = ["RegionContext", "RegionMatch", "resolve_region"]

DECISIVE = 2  # the least weight: a province that the text names without its suffix (赴福建学习) does not decide
LEAST_TOWNS = 2  # of one candidate, when no other has any


@dataclass(frozen=True, slots=True)
class _Named:
    """The place that a string of place names ends in, with the wider places before it."""

    words: str
    codes: tuple[str, ...]
    above: tuple[str, ...]


def resolve_region(name: str, context: RegionContext) -> RegionMatch:
    """Find the GB/T 2260 code that a place name meant in a given year.

    Evidence in this order: the index number's prefix where its place is the one named; the names joined in `name` or
    in the publisher; parents that are given or named in the text; the place's own towns in the text; a name that
    only one place has. A name without a place (某县) leaves it to the publisher.

    Args:
        name: as written, with or without its suffix and the places before it, e.g. "鼓楼区", "海原", "武汉市新洲区".
        context: year, publisher, index-number prefix, parents, title and head of the report.

    Returns:
        One code with its evidence, or all candidates (0…n, best first) when the context does not decide. The code is
        the one that held in the year (without a year: any since 2002, the present one first), never its successor.

    Source: revisions of GB/T 2260, 2002-12 to 2023-06 (see lexicon/regions/README.md).
    """
    if name.strip() in name_words()["collectives"]["country"]:
        return RegionMatch(COUNTRY, (COUNTRY,), f"{name.strip()} is the whole country")
    publisher = _read(context.publisher, context.year)
    named = _read(name, context.year) or publisher
    if named is None:
        return _from_index_alone(context)
    codes, evidence = named.codes, f"{named.words} is named"
    by_index = _same_place(codes, context.index_prefix, context.year)
    if by_index:
        return RegionMatch(by_index, (by_index,), f"index prefix {context.index_prefix} agrees with {named.words}")
    if len(codes) == 1:
        unique = f"{named.words} is one place" + (" under those named before it" if named.above else "")
        return RegionMatch(codes[0], codes, unique)
    weights = {code: _weight(code, publisher, context) for code in codes}
    ranked = sorted(codes, key=lambda code: -weights[code])
    first = [code for code in ranked if weights[code] == weights[ranked[0]]]
    alone = one_place(set(first), context.year) if weights[ranked[0]] >= DECISIVE or len(first) == len(ranked) else ""
    if alone:
        why = ", and what lies above it" if weights[alone] else ", one place with an earlier and a later code"
        return RegionMatch(alone, (alone, *(c for c in ranked if c != alone)), evidence + why)
    by_towns = _most_towns(first, context.text)
    if by_towns:
        return RegionMatch(by_towns, (by_towns, *(c for c in ranked if c != by_towns)), f"{evidence}, and its towns")
    return RegionMatch("", tuple(ranked), f"{evidence}, which {len(codes)} places are called")


def _read(words: str, year: int | None) -> _Named | None:
    """Read joined names (宁夏海原县卫生健康局): each next one lies in the one before, or the reading ends."""
    words = "".join(words.split())
    above: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    span = (0, 0)
    for start, end, found in find_names(words, year, loose=True) or find_names(words, None, loose=True):
        states = [state for code in found for state in table().by_code[code] if state.name == words[start:end]]
        full = any(state.in_text != "none" for state in states)
        town = not states and words.startswith(towns().suffixes, end)
        if town or found == (COUNTRY,) or not (full or start == span[1]):
            continue
        inside = within(found, codes)
        if codes and not inside:
            break
        above, codes = codes, _likely(inside or found, words[start:end], year)
        span = (span[0] if above else start, end)
    return _Named(words[slice(*span)], codes, above) if codes else None


def _likely(codes: tuple[str, ...], word: str, year: int | None) -> tuple[str, ...]:
    """Of all that a name may mean: a province before others, a full name before a short one, no statistical doubles."""
    called = [state for code in codes for state in table().by_code[code] if word in readings(state, loose=True)]
    left = [state for state in called if year is None or state.holds(year)] or called
    for better in (
        [state for state in left if state.level == "province"],
        [state for state in left if state.name == word],
        [state for state in left if state.kind == "division"],
    ):
        left = [state for state in left if state in better] or left
    return tuple(dict.fromkeys(state.code for state in in_order(left)))


def _same_place(codes: tuple[str, ...], prefix: str, year: int | None) -> str:
    """The candidate whose code the prefix is, or that has the prefix as its earlier or later code."""
    if prefix in codes:
        return prefix
    linked = {
        code
        for code in codes
        for state in table().by_code.get(prefix, ())
        if state.successor == code or any(own.successor == prefix for own in table().by_code[code])
    }
    return one_place(linked, year) if linked else ""


def _weight(code: str, publisher: _Named | None, context: RegionContext) -> int:
    """How strongly the context points to a candidate.

    Each given parent and an index prefix above it weigh 8, the publisher 4, the text 4 where it names the candidate
    with its parents (徐州市鼓楼区), 2 for a parent that it names, and 1 for a province without its suffix.
    """
    above = ancestors(code)
    weight = sum(8 for parent in context.parents if {parent, *_codes_of(parent)} & set(above))
    if context.index_prefix in above:
        weight += 8
    if publisher and ({code, *above} & {*publisher.codes, *publisher.above}):
        weight += 4
    mentions = {(context.text[start:end], found) for start, end, found in places_in(context.text, context.year)}
    if any(found == (code,) for _, found in mentions):
        weight += 4
    for parent in above:
        words = {words for words, found in mentions if parent in found}
        if words:
            weight += 1 if parent.endswith("0000") and not words & _full_names(parent) else 2
    return weight


def _full_names(code: str) -> set[str]:
    return {state.name for state in table().by_code[code]}


def _codes_of(name: str) -> tuple[str, ...]:
    return tuple(state.code for state in table().by_name.get(name, ()))


def _most_towns(codes: list[str], text: str) -> str:
    """The candidate of which the text names two towns or more, when it names none of the others."""
    named = towns_named(text)
    counts = {code: sum(code in towns().counties[stem] for stem in named) for code in codes}
    found = [code for code in codes if counts[code]]
    return found[0] if len(found) == 1 and counts[found[0]] >= LEAST_TOWNS else ""


def _from_index_alone(context: RegionContext) -> RegionMatch:
    """No place is named: the index prefix is a candidate, and decides where the text names its place in full."""
    place = region(context.index_prefix, context.year) or region(context.index_prefix)
    if place is None:
        return RegionMatch("", (), "no place is named")
    if place.name in context.text:
        return RegionMatch(place.code, (place.code,), f"index prefix {place.code} agrees with {place.name} in the text")
    return RegionMatch("", (place.code,), f"index prefix {place.code}, but the text does not name {place.name}")
