"""Names of places in a text: where one is mentioned, and which codes it may mean.

Belongs here: finding names, and the names that have a code of their own in a report about a place. Not here: the
table (`table`), deciding between several codes (`resolve`), names of towns (`towns`).
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.regions.table import COUNTRY, Region, ancestors, descendants, name_words, region, table

Mention = tuple[int, int, tuple[str, ...]]  # half-open span, candidate codes
Automaton = tuple[AhoCorasick, tuple[tuple[str, ...], ...]]


def places_in(text: str, year: int | None = None) -> list[Mention]:
    """Find the places that a text names.

    Full names and those short names that are no ordinary word are found, the longest first; neighbours of which the
    second lies in the first (浙江省杭州市) are one mention.

    Args:
        text: any text.
        year: only names that held in this year; without it, of every year since 2002.

    Returns:
        (start, end, codes) in the order of the text, spans half-open, codes with the likeliest first.
    """
    mentions: list[Mention] = []
    for start, end, codes in find_names(text, year, loose=False):
        if mentions and mentions[-1][1] == start:
            inside = within(codes, mentions[-1][2])
            if inside:
                mentions[-1] = (mentions[-1][0], end, inside)
                continue
        mentions.append((start, end, codes))
    return mentions


def find_names(text: str, year: int | None, *, loose: bool) -> list[Mention]:
    """Find single names, leftmost and longest; `loose` reads every short name, ordinary words too (合作 for 合作市)."""
    automaton, codes = _automaton(year, loose)
    return [(start, end, codes[index]) for index, start, end in automaton.find_matches_as_indexes(text)]


def within(codes: tuple[str, ...], above: tuple[str, ...]) -> tuple[str, ...]:
    """Those codes that lie under one of the codes above."""
    return tuple(code for code in codes if set(ancestors(code)) & set(above))


@lru_cache(maxsize=64)
def _automaton(year: int | None, loose: bool) -> Automaton:
    meanings: dict[str, list[Region]] = defaultdict(list)
    for place in table().regions:
        if year is None or place.holds(year):
            for name in readings(place, loose=loose) or _joined(place, year):
                if loose or _stands_alone(name, place):
                    meanings[name].append(place)
    codes = tuple(tuple(dict.fromkeys(place.code for place in in_order(found))) for found in meanings.values())
    patterns = [*meanings, *name_words()["collectives"]["country"]]
    country = ((COUNTRY,),) * (len(patterns) - len(codes))
    return AhoCorasick(patterns, matchkind=MatchKind.LeftmostLongest), codes + country


def readings(place: Region, *, loose: bool = False) -> tuple[str, ...]:
    """The names under which a text may mean the place."""
    if place.level == "country":
        return ()
    spoken = _spoken(place)
    if loose or place.in_text == "short":
        return tuple(dict.fromkeys((place.name, *spoken, place.short_name)))
    return (place.name, *spoken) if place.in_text == "full" else ()


def _spoken(place: Region) -> tuple[str, ...]:
    """What an autonomous place is called in short, its kind kept: 连南县 for 连南瑶族自治县."""
    ending = next((kind for kind in name_words()["autonomous"] if place.name.endswith(kind)), "")
    name = place.short_name + ending[-1:]
    regular = (name,) if ending and name != place.name else ()
    return (*regular, *name_words()["spoken"].get(place.name, ()))


def _joined(place: Region, year: int | None) -> tuple[str, ...]:
    """A name that is an ordinary word (城区), behind the name of its parent."""
    parent = region(place.parent, year) or region(place.parent)
    return tuple(name + place.name for name in readings(parent)) if parent else ()


def _stands_alone(name: str, place: Region) -> bool:
    """Whether a name is safe in any text: the two characters of a county often bridge two words (便利|通道)."""
    return name != place.short_name or name == place.name or place.level != "county" or len(name) > 2


def in_order(places: list[Region]) -> list[Region]:
    """Likeliest first: what still holds, then GB/T 2260 before statistical codes, then the wider place."""
    return sorted(places, key=lambda place: (place.valid_to is not None, place.kind != "division", _depth(place)))


def _depth(place: Region) -> tuple[int, str]:
    return len(ancestors(place.code)), place.code


@lru_cache(maxsize=512)
def names_under(code: str, year: int | None) -> dict[str, str]:
    """The names that, said in a report about a place, mean a place with its own code.

    Args:
        code: the place that the report is about.
        year: the year that it is about; None for the present.

    Returns:
        Name → code, for the place itself, all under it and all above it: full names, short names that are no ordinary
        word, both joined to the parent's (武汉市新洲区), and words for the places above (全国, 全省). A name that
        several places share is left out. Shared between callers: not to be changed.
    """
    own = region(code, year) or region(code)
    if own is None:
        return {}
    above = [place for place in (region(each, year) or region(each) for each in ancestors(code)) if place]
    under = list(descendants(code, year))
    names: dict[str, str] = {}
    for group in ([own], above, under):  # what is nearer to the report's own place takes a shared name
        for full in (True, False):
            meanings: dict[str, set[str]] = defaultdict(set)
            for place in group:
                for name in readings(place):
                    if (name == place.name) is full:
                        meanings[name].add(place.code)
            for name, codes in meanings.items():
                alone = one_place(codes, year)
                if alone:
                    names.setdefault(name, alone)
    for place in [own, *above, *under]:
        parent = region(place.parent, year) or region(place.parent)
        if parent and parent.level != "country":
            for first in readings(parent):
                for second in {place.name, *readings(place)}:
                    names.setdefault(first + second, place.code)
    words = name_words()["collectives"]
    names |= dict.fromkeys(words["country"], COUNTRY)
    for place in above:
        kind = next((ending for ending in words if place.name.endswith(ending)), "")
        for word in words.get(kind, ()):
            if not own.name.endswith(word[-1]):
                names.setdefault(word, place.code)
    return names


@lru_cache(maxsize=512)
def short_names_under(code: str, year: int | None) -> dict[str, str]:
    """Short name → code of the places under one, ordinary words too: sure only in a row (秦州、麦积、清水三县区)."""
    return {place.short_name: place.code for place in descendants(code, year) if len(place.short_name) > 1}


def one_place(codes: set[str], year: int | None) -> str:
    """The one place that codes mean when they are states of it in a year of change, else ""."""
    left = set(codes)
    for code in codes:
        state = region(code, year) or region(code)
        if state and state.successor in left and state.successor != code:
            left.discard(code)
    return left.pop() if len(left) == 1 else ""
