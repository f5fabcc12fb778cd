"""The reference area of a report.

Belongs here: which words of a document name its place, and in which order they are asked.
Not here: what a name means (`regions`), places inside single sentences (`extract`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache

from ingest.parse.fields import Field
from ingest.regions import (
    RegionContext,
    RegionMatch,
    ancestors,
    places_in,
    region,
    resolve_from_towns,
    resolve_region,
)
from ingest.regions.names import within
from ingest.regions.table import COUNTRY
from ingest.regions.towns import towns, towns_named
from ingest.text.words import place_words, publisher_words

INDEX_PREFIX = re.compile(r"\d{6}")
LEAD_CHARACTERS = 2000
OFFICE_REACH = 400
OPENING = 6  # characters
LEAST_MENTIONS = 3
LEAST_CANDIDATE = 2
SHORT_NAME = 8
MARGIN = 2


def place_of(
    *,
    title: str,
    publisher: str,
    values: Mapping[str, Field],
    head: str,
    text: str,
    year: int | None,
    source_area: str = "",
) -> RegionMatch:
    """The place that a report is about, or the candidates when the document does not decide.

    Asked in this order: the issuing body in the title, the publisher, a place in the title, the portal's own name in
    the head of the page, the area of the portal's file, the towns in the text, the place that the text names most,
    the place that it opens with.

    Args:
        title: the report's title.
        publisher: as found, or "".
        values: labelled metadata.
        head: what stands above the report: portal name, breadcrumb, stamp.
        text: the whole text.
        year: the year in which the name is to be read.
        source_area: code of the portal that published the file, or "".
    """
    prefix = _prefix(values["index_number"].value if "index_number" in values else "")
    parents = (source_area,) if source_area else ()
    context = RegionContext(year, publisher, prefix, parents, f"{title}\n{head}\n{text[:2000]}")
    best = RegionMatch("", (), "no place is named")
    body = _issuing_body(title)
    in_title = _place_in(title, year)
    names = [
        (body, "title"),
        (publisher, "publisher"),
        (in_title, "title"),
        (_portal(head), "head of the page"),
    ]
    for name, rule in names:
        if not name:
            continue
        match = resolve_region(name, context)
        if match.code:
            return RegionMatch(match.code, match.candidates, f"{rule} {name}: {match.evidence}")
        if match.candidates and not best.candidates:
            best = RegionMatch("", match.candidates, f"{rule} {name}: {match.evidence}")
    if source_area and not best.candidates:
        return RegionMatch(source_area, (source_area,), "area of the portal's file")
    for match in (_beginning(title, context, text), _town_of(body or publisher, text, year)):
        if match.code and not best.candidates:
            return match
    by_towns = resolve_from_towns(text, year)
    if by_towns.code and by_towns.code in (best.candidates or (by_towns.code,)) and _level(text) != "prefecture":
        return by_towns
    named = _named_most(text, year)
    lead = _named_in_lead(text, year)
    for match in (named, lead, _body_in_lead(text, context)):
        if match.code and not best.candidates:
            return match
    return next((match for match in (best, by_towns, named) if match.candidates), best)


def _prefix(index_number: str) -> str:
    match = INDEX_PREFIX.match(index_number)
    return match[0] if match else ""


def _issuing_body(title: str) -> str:
    """The issuing body that a title begins with: 某某县卫生健康局 of 某某县卫生健康局2023年工作总结."""
    match = _body_pattern().match(re.sub(r"\s+", "", title))
    return match[1] if match else ""


def _place_in(title: str, year: int | None) -> str:
    """The first place of a title, or one named behind it that lies in it; the country only where a title opens so."""
    found = [
        (start, end, codes) for start, end, codes in places_in(title, year) if COUNTRY not in codes or start < OPENING
    ]
    if not found:
        return ""
    start, end, codes = found[0]
    for later in found[1:]:
        if within(later[2], codes):
            start, end, codes = later
    return title[start:end]


def _portal(head: str) -> str:
    match = _portal_pattern().search(head)
    return match[1] if match else ""


def _beginning(title: str, context: RegionContext, text: str) -> RegionMatch:
    """A short name that the title begins with (五常年鉴), where the text names the same place in full."""
    match = resolve_region(re.sub(r"\s+", "", title)[:SHORT_NAME], context)
    place = region(match.code) if match.code else None
    if place is None or not title.startswith(place.name[:2]) or place.name not in text:
        return RegionMatch("", (), "the title begins with no place")
    return RegionMatch(
        match.code, match.candidates, f"title {title}: {match.evidence}, and the text names {place.name}"
    )


def _town_of(body: str, text: str, year: int | None) -> RegionMatch:
    """The county of a town whose hospital or office reports, where a wider place in the text leaves only one."""
    stem = next((stem for stem in sorted(towns_named(body)) if body.startswith(stem)), "")
    named = {code for _, _, codes in places_in(text, year) for code in codes if len(codes) == 1}
    counties = towns().counties.get(stem, ())
    prefectures = {code for code in named if not code.endswith("0000")}
    nearest = [code for code in counties if prefectures & {code, *ancestors(code)}]
    left = nearest or [code for code in counties if named & set(ancestors(code))]
    if len(left) == 1:
        return RegionMatch(left[0], (left[0],), f"{stem} of {body} is a town there, and the text names what lies above")
    return RegionMatch("", (), "the issuing body is of no town")


def _level(text: str) -> str:
    """The level of the place that a text speaks of as its own, by 全县, 我县, 全市 and their kin."""
    counts = Counter({level: len(pattern.findall(text)) for level, pattern in _own_words().items()})
    level, times = counts.most_common(1)[0]
    return level if times else ""


def _named_most(text: str, year: int | None) -> RegionMatch:
    """The place of the text's own level that it names far more often than any other."""
    level = _level(text)
    counts = Counter(codes[0] for _, _, codes in places_in(text, year) if len(codes) == 1)
    own = Counter({code: times for code, times in counts.items() if level and _is_of(code, level)})
    ranked = own.most_common(2)
    if not ranked:
        return RegionMatch("", (), "no place of the text's own level")
    (code, times), second = ranked[0], ranked[1][1] if len(ranked) > 1 else 0
    words = f"the text names {code} {times} times and speaks of a {level} as its own"
    if times >= LEAST_MENTIONS and times >= MARGIN * second:
        return RegionMatch(code, (code,), words)
    return RegionMatch("", tuple(each for each, often in ranked if often >= LEAST_CANDIDATE), words)


def _named_in_lead(text: str, year: int | None) -> RegionMatch:
    """The place that a text opens with: the only one of its own level, else the innermost of one chain of places.

    Where the level is named by 全县 and its kin, the first place of it counts that no other is named as often as.
    """
    level = _level(text)
    found = places_in(text[:LEAD_CHARACTERS], year)
    elsewhere = tuple(place_words().elsewhere_before)
    named = [
        codes[0]
        for start, end, codes in found
        if len(codes) == 1
        and codes[0] != COUNTRY
        and not text.endswith(elsewhere, 0, start)
        and not _press().match(text, end)
    ]
    own = Counter(code for code in named if level and _is_of(code, level))
    if own:
        first = next(code for code in named if code in own)
        if all(often < own[first] for code, often in own.items() if code != first):
            return RegionMatch(first, (first,), f"the first {level} that the text names is {first}")
        return RegionMatch("", tuple(own), f"the text opens with several of its own level, {level}")
    distinct = list(dict.fromkeys(named))
    if level in {"prefecture", "province"} and (above := _common(distinct, level)):
        return RegionMatch(above, (above,), f"every place that the text opens with lies in {above}")
    chain = [code for code in distinct if all(other in (code, *ancestors(code)) for other in distinct)]
    if not level and len(chain) == 1:
        return RegionMatch(chain[0], (chain[0],), f"{chain[0]} is the only place that the text opens with")
    return RegionMatch("", (), "the text opens with no place of its own")


def _body_in_lead(text: str, context: RegionContext) -> RegionMatch:
    """The place of the first office that a text speaks of (2020年,秀英卫监所…), by whatever name it goes."""
    for found in _office_pattern().finditer(text[:OFFICE_REACH]):
        match = resolve_region(found["place"], context)
        if match.code and not match.code.endswith("0000"):
            return RegionMatch(match.code, match.candidates, f"office {found[0]}: {match.evidence}")
    return RegionMatch("", (), "no office of a place opens the text")


def _common(codes: Sequence[str], level: str) -> str:
    """The one place of a level in which several places lie, else ""."""
    above = {
        next((each for each in (code, *ancestors(code)) if each != COUNTRY and _is_of(each, level)), "")
        for code in codes
    }
    return above.pop() if len(codes) > 1 and len(above) == 1 else ""


def _is_of(code: str, level: str) -> bool:
    if level == "province":
        return code.endswith("0000")
    place = region(code)
    is_city = place is not None and place.name.endswith("市")
    if level == "prefecture":
        return is_city or (code.endswith("00") and not code.endswith("0000"))
    if place is not None and place.name.endswith("自治区"):
        return True  # its 全区 is read like a district's
    return not code.endswith("00") and not is_city


@cache
def _press() -> re.Pattern[str]:
    return re.compile(rf"(?:\d{{1,2}}月\d{{1,2}}日)?(?:{'|'.join(map(re.escape, place_words().press_after))})")


@cache
def _own_words() -> dict[str, re.Pattern[str]]:
    """Patterns of 全县, 我县 and their kin by level; 占全省的45% speaks of another place."""
    return {
        level: re.compile(rf"(?<![占居列])(?:{'|'.join(map(re.escape, words))})")
        for level, words in place_words().own.items()
    }


@cache
def _body_pattern() -> re.Pattern[str]:
    suffixes = "|".join(sorted(map(re.escape, publisher_words().suffixes), key=len, reverse=True))
    return re.compile(rf"(?:关于)?(?:印发)?[《“]?([^\d，,。“《]{{1,20}}?(?:{suffixes}))")


@cache
def _office_pattern() -> re.Pattern[str]:
    suffixes = "|".join(sorted(map(re.escape, publisher_words().suffixes), key=len, reverse=True))
    return re.compile(rf"(?<![\u4e00-\u9fff])(?P<place>[\u4e00-\u9fff]{{2,4}}?)(?:{suffixes})")


@cache
def _portal_pattern() -> re.Pattern[str]:
    names = "|".join(map(re.escape, place_words().portal_names))
    return re.compile(rf"([\u4e00-\u9fff]{{2,12}}?)(?:{names})")
