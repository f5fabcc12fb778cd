"""Mentions: places, towns and institutions named in a text, each with its span.

Belongs here: finding them. Not here: which number one belongs to (`scope`), region codes (`regions`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.extract.tries import longest_of
from ingest.lexicon import load_yaml
from ingest.regions import names_under, short_names_under
from ingest.regions.towns import townships_of


class Mention(NamedTuple):
    """A place, institution or group named at [start, end) of the reading."""

    start: int
    end: int
    name: str
    code: str = ""  # of a place with a code of its own


_WHOLES = frozenset("全我")  # 全国医院, 我省卫生院: all of them, not one
_GROUP_AGAIN = re.compile(r"(?<=[,;。:\n])集团(?=[内实共选派设各全本总])")
_ROW = 3  # so many short names of places in a row are no ordinary words

# A named tuple that begins with the span where it is found.
_Spanned = TypeVar("_Spanned", bound=tuple[Any, ...])


def between(mentions: Sequence[_Spanned], start: int, end: int) -> Sequence[_Spanned]:
    """The mentions that begin in [start, end); they are in order of their start."""
    if not mentions:
        return mentions
    first = bisect_left(mentions, (start,))
    return mentions[first : bisect_left(mentions, (end,), first)]


class Places:
    """Places with a code of their own that a document of one area may speak of."""

    def __init__(self, ref_area: str, year: int | None) -> None:
        self.ref_area = ref_area
        names = names_under(ref_area, year) if ref_area else {"全国": "000000", "我国": "000000"}
        self._codes = list(names.values())
        self._names = list(names)
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)
        self._short = short_names_under(ref_area, year) if ref_area else {}
        name = longest_of(self._short) if len(self._short) >= _ROW else ""
        self._row = re.compile(rf"{name}(?:[、和与及]{name}){{{_ROW - 1},}}") if name else None
        self._in_row = re.compile(name)

    def mentions(self, text: str) -> list[Mention]:
        """All mentions in order; the document's own area among them."""
        found = [
            Mention(start, end, self._names[index], self._codes[index])
            for index, start, end in self._automaton.find_matches_as_indexes(text)
        ]
        rows = list(self._row.finditer(text)) if self._row else []
        if not rows:
            return found
        # three short names in a row are places, also where each alone is an ordinary word
        listed = [
            Mention(match.start(), match.end(), match.group(), self._short[match.group()])
            for row in rows
            for match in self._in_row.finditer(text, row.start(), row.end())
        ]
        apart = [mention for mention in found if not any(row.start() <= mention.start < row.end() for row in rows)]
        return sorted([*apart, *listed])


class Institutions:
    """Names of single institutions, towns and projects."""

    def __init__(self) -> None:
        data = load_yaml("institutions.yaml")
        suffixes = [str(word) for word in data["suffixes"]]
        self._generic = re.compile(rf"^(?:{longest_of(str(word) for word in data['generic'])})$")
        care = longest_of(word for word in suffixes if len(word) > 1)
        # 社区医院, 城市医院 hold no 区医院, 市医院
        forms = longest_of((str(word) for word in data["specific_forms"]), not_behind="城社地小校战山园景全各")
        self._forms = re.compile(forms)
        self._opening = re.compile(
            rf"[,;。:\n)](?:{longest_of(str(word) for word in data['times_before'])})?"
            r"(?P<name>[\u4e00-\u9fff]{2,10}?(?:医院|卫生院|院区|血站|养老院))(?![\u4e00-\u9fff]?[、和与及等])"
        )
        self._groups = tuple(str(word) for word in data["hospital_groups"])
        self._plural = re.compile(longest_of(str(word) for word in data["plural"]))
        self._named = re.compile(rf"[\u4e00-\u9fff()第\d]{{2,18}}?(?:{care})")

    def mentions(self, text: str, places: Sequence[Mention], towns: Towns) -> list[Mention]:
        """Institutions named by a form (县人民医院) or by a place before a suffix (海原县第三幼儿园), and towns."""
        found = [Mention(match.start(), match.end(), match.group()) for match in self._forms.finditer(text)]
        named_towns = towns.mentions(text)
        centres, rows = towns.health_centres(text)
        for place in (*places, *named_towns, *centres):
            match = self._named.match(text, place.start) if place.name[0] not in _WHOLES else None
            if match and match.end() > place.end and not re.search(r"[等各个家所的]", match.group()):
                rest = text[place.end : match.end()]
                if place in centres or not self._generic.match(rest):
                    found.append(Mention(place.start, match.end(), match.group()))
        found += [
            Mention(match.start("name") - 1, match.end() - 1, match["name"])
            for match in self._opening.finditer(f"\n{text}")
            if not self._plural.search(match["name"])
        ]
        found += [*named_towns, *rows]
        found.sort(key=lambda mention: (mention.start, -mention.end))
        kept: list[Mention] = []
        for mention in found:
            if kept and mention.start < kept[-1].end:
                continue
            if not self._generic.match(mention.name):
                kept.append(mention)
        groups = [mention for mention in kept if mention.name.endswith(self._groups)]
        if groups:  # 集团内设8个管理中心, where a group was named before
            again = [match.span() for match in _GROUP_AGAIN.finditer(text, groups[0].end)]
            named = [(span, groups[bisect_left(groups, span) - 1].name) for span in again]
            kept = sorted([*kept, *(Mention(start, end, name) for (start, end), name in named)])
        return kept


@lru_cache(maxsize=1)
def institutions() -> Institutions:
    """The project's institution names."""
    return Institutions()


class Towns:
    """Towns and streets of one county: they have no code of their own."""

    def __init__(self, ref_area: str) -> None:
        names = {
            name for name in townships_of(ref_area) for name in (name, name.replace("街道", "街")) if len(name) > 2
        }
        self._names = sorted(names)
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest) if names else None
        stems = {name[:-1] for name in names if name[-1] in "镇乡" and len(name) > 2}
        stem = longest_of(stems) if stems else ""
        one = rf"(?:{stem})[镇乡]?"
        self._centre = re.compile(rf"(?:{stem})(?=(?:中心)?卫生院)") if stem else None
        row = rf"{one}(?:[、和及与]{one})+等?\d{{1,2}}[所家个间](?:乡镇)?(?:中心)?卫生院"
        self._centres = re.compile(row) if stem else None

    def mentions(self, text: str) -> list[Mention]:
        """Towns named with their suffix (旧街街道, 李旺镇), in order."""
        if self._automaton is None:
            return []
        found = self._automaton.find_matches_as_indexes(text)
        return [Mention(start, end, self._names[index]) for index, start, end in found]

    def health_centres(self, text: str) -> tuple[list[Mention], list[Mention]]:
        """Where a health centre begins that is named by its town alone (白雀园中心卫生院), and rows of such centres."""
        if self._centre is None or self._centres is None or "卫生院" not in text:
            return [], []
        ones = [Mention(match.start(), match.end(), match.group()) for match in self._centre.finditer(text)]
        rows = [Mention(match.start(), match.end(), match.group()) for match in self._centres.finditer(text)]
        return ones, rows


@lru_cache(maxsize=512)
def places(ref_area: str, year: int | None) -> Places:
    """The places that a document of one area in one year may speak of."""
    return Places(ref_area, year)


@lru_cache(maxsize=512)
def towns(ref_area: str) -> Towns:
    """The towns of one county."""
    return Towns(ref_area)
