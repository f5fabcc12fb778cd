"""Scope: for whom a number speaks: another place, an institution or town, a part of the population.

Belongs here: the place, the entity and the subgroup of a quantity. Not here: region codes (`regions`), indicator names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.extract.tries import longest_of
from ingest.lexicon import load_yaml
from ingest.model import Document
from ingest.regions import names_under
from ingest.regions.towns import townships_of


@dataclass(frozen=True, slots=True)
class Mention:
    """A place, institution or group named at [start, end) of the reading."""

    start: int
    end: int
    name: str
    code: str = ""  # of a place with a code of its own


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the population or of the service, with the indicators whose name already says it."""

    name: str
    implied_by: frozenset[str]


_AGE = re.compile(
    r"(?P<age>\d{1,3}(?:\s?[-—至到~]\s?\d{1,3})?\s?(?:周岁|岁|个月龄|月龄|个月|月)(?:\(?含\)?)?(?:及?以上|及?以下|以内|之间)?)"
    r"(?=[\u4e00-\u9fff(“])"
)
_AREA_WORDS = (
    "全县",
    "全区",
    "全市",
    "全省",
    "全旗",
    "全州",
    "我县",
    "我区",
    "我市",
    "我旗",
    "辖区",
    "全系统",
    "县域内",
    "市域内",
    "全域",
    "城乡",
    "各级",
    "各地",
    "各乡镇",
    "县级公立医院",
    "全县各",
    "全国",
)


class Places:
    """Places with a code of their own that a document of one area may speak of."""

    def __init__(self, ref_area: str, year: int | None) -> None:
        self.ref_area = ref_area
        names = names_under(ref_area, year) if ref_area else {"全国": "000000", "我国": "000000"}
        self._codes = list(names.values())
        self._names = list(names)
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest)

    def mentions(self, text: str) -> list[Mention]:
        """All mentions in order; the document's own area among them."""
        return [
            Mention(start, end, self._names[index], self._codes[index])
            for index, start, end in self._automaton.find_matches_as_indexes(text)
        ]


class Institutions:
    """Names of single institutions, towns and projects."""

    def __init__(self) -> None:
        data = load_yaml("institutions.yaml")
        suffixes = [str(word) for word in data["suffixes"]]
        self._generic = re.compile(rf"^(?:{longest_of(str(word) for word in data['generic'])})$")
        forms = longest_of(str(word) for word in data["specific_forms"])
        care = longest_of(word for word in suffixes if len(word) > 1)
        self._forms = re.compile(rf"(?:{forms})")
        self._named = re.compile(rf"[\u4e00-\u9fff()第\d]{{2,18}}?(?:{care})")
        self._own_prefix = re.compile(longest_of(str(word) for word in data["plain_prefixes"]))

    def mentions(self, text: str, places: Sequence[Mention], towns: Sequence[Mention]) -> list[Mention]:
        """Institutions named by a form (县人民医院) or by a place before a suffix (海原县第三幼儿园), and towns."""
        found = [Mention(match.start(), match.end(), match.group()) for match in self._forms.finditer(text)]
        for place in (*places, *towns):
            match = self._named.match(text, place.start)
            if match and match.end() > place.end and not re.search(r"[等各个家所的]", match.group()):
                found.append(Mention(place.start, match.end(), match.group()))
        found += towns
        found.sort(key=lambda mention: (mention.start, -mention.end))
        kept: list[Mention] = []
        for mention in found:
            if kept and mention.start < kept[-1].end:
                continue
            if not self._generic.match(mention.name):
                kept.append(mention)
        return kept


@dataclass(frozen=True)
class Groups:
    """The groups of `lexicon/groups.yaml`."""

    words: tuple[str, ...]
    groups: tuple[Group, ...]
    automaton: AhoCorasick

    def mentions(self, text: str) -> list[tuple[Mention, Group]]:
        """Groups named in the text, in order."""
        return [
            (Mention(start, end, self.groups[index].name), self.groups[index])
            for index, start, end in self.automaton.find_matches_as_indexes(text)
        ]


@lru_cache(maxsize=1)
def groups() -> Groups:
    """The project's groups."""
    words: list[str] = []
    found: list[Group] = []
    for name, entry in load_yaml("groups.yaml").items():
        group = Group(str(name), frozenset(entry.get("implied_by") or ()))
        for word in entry["words"]:
            words.append(str(word))
            found.append(group)
    return Groups(tuple(words), tuple(found), AhoCorasick(words, matchkind=MatchKind.LeftmostLongest))


@lru_cache(maxsize=1)
def institutions() -> Institutions:
    """The project's institution names."""
    return Institutions()


class Towns:
    """Towns and streets of one county: they have no code of their own."""

    def __init__(self, ref_area: str) -> None:
        names = townships_of(ref_area) if ref_area else ()
        self._names = sorted(set(names), key=len, reverse=True)
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest) if self._names else None

    def mentions(self, text: str) -> list[Mention]:
        """Towns named with their suffix (旧街街, 李旺镇)."""
        if self._automaton is None:
            return []
        return [
            Mention(start, end, self._names[index])
            for index, start, end in self._automaton.find_matches_as_indexes(text)
        ]


def ages(text: str) -> list[Mention]:
    """Age words that qualify people (65岁以上老年人, 0-6岁儿童)."""
    return [Mention(match.start(), match.end(), match["age"]) for match in _AGE.finditer(text)]


def area_word_after(text: str, start: int, end: int) -> int:
    """Where the last word for the whole area (全县, 我区) begins in [start, end); -1 when there is none."""
    return max(text.rfind(word, start, end) for word in _AREA_WORDS)


_CARE = re.compile(r"[\u4e00-\u9fff()]{2,20}(?:医院|卫生院|卫生服务中心|卫生服务站|院区)(?=$|20\d\d|年度|工作|关于)")


def own_entity(document: Document) -> str:
    """The institution whose own report this is (a hospital's, a township health centre's); '' for an area's bureau."""
    match = _CARE.match(document.publisher) or _CARE.match(document.title)
    return match.group() if match else ""
