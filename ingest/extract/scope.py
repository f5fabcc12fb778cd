"""Scope: for whom a number speaks: another place, an institution or town, a part of the population.

Belongs here: the place, the entity and the subgroup of a quantity. Not here: region codes (`regions`), indicator names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.extract.catalogue import SUBJECT
from ingest.extract.cues import cues
from ingest.extract.tries import longest_of
from ingest.lexicon import load_yaml
from ingest.model import Document
from ingest.regions import names_under
from ingest.regions.towns import townships_of

if TYPE_CHECKING:
    from ingest.extract.found import Found
    from ingest.extract.indicator import Link
    from ingest.extract.naming import Name
    from ingest.extract.quantity import Quantity
    from ingest.extract.statement import Phrase, Statement


@dataclass(frozen=True, slots=True)
class Mention:
    """A place, institution or group named at [start, end) of the reading."""

    start: int
    end: int
    name: str
    code: str = ""  # of a place with a code of its own


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the population or of the service.

    `implied_by`: the indicators whose name already says it; `only`: the indicators that it can be a part of (all when
    empty).
    """

    name: str
    implied_by: frozenset[str]
    only: frozenset[str]  # the indicators that it can be a part of; empty for all

    def divides(self, code: str) -> bool:
        """Whether the group is a part of what an indicator counts."""
        return code not in self.implied_by and (not self.only or code in self.only)


_AGE = re.compile(
    r"(?P<age>\d{1,3}(?:\s?[-—至到~]\s?\d{1,3})?\s?(?:(?:周岁|岁|个月龄|月龄|个月)(?:\(?含\)?)?(?:及?以上|及?以下|以内|之间)?(?=[\u4e00-\u9fff(“])|月(?=龄|儿童|婴)))"
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
        # 社区医院, 城市医院 hold no 区医院, 市医院
        self._forms = re.compile(rf"(?<![城社地小校战山园景全各])(?:{forms})")
        self._opening = re.compile(
            r"(?:^|(?<=[,;。:\n)]))[\u4e00-\u9fff]{2,10}?(?:医院|卫生院|院区|血站|养老院)(?![\u4e00-\u9fff]?[、和与及等])"
        )
        self._plural = re.compile(longest_of(str(word) for word in data["plural"]))
        self._named = re.compile(rf"[\u4e00-\u9fff()第\d]{{2,18}}?(?:{care})")
        self._own_prefix = re.compile(longest_of(str(word) for word in data["plain_prefixes"]))

    def mentions(self, text: str, places: Sequence[Mention], towns: Sequence[Mention]) -> list[Mention]:
        """Institutions named by a form (县人民医院) or by a place before a suffix (海原县第三幼儿园), and towns."""
        found = [Mention(match.start(), match.end(), match.group()) for match in self._forms.finditer(text)]
        for place in (*places, *towns):
            match = self._named.match(text, place.start)
            if match and match.end() > place.end and not re.search(r"[等各个家所的]", match.group()):
                rest = text[place.end : match.end()]
                if not self._generic.match(rest):
                    found.append(Mention(place.start, match.end(), match.group()))
        found += [
            Mention(match.start(), match.end(), match.group())
            for match in self._opening.finditer(text)
            if not self._plural.search(match.group())
        ]
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
        group = Group(str(name), frozenset(entry.get("implied_by") or ()), frozenset(entry.get("only") or ()))
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
        names = {
            name for name in townships_of(ref_area) for name in (name, name.replace("街道", "街")) if len(name) > 2
        }
        self._names = sorted(names)
        self._automaton = AhoCorasick(self._names, matchkind=MatchKind.LeftmostLongest) if names else None

    def mentions(self, text: str) -> list[Mention]:
        """Towns named with their suffix (旧街街道, 李旺镇), in order."""
        if self._automaton is None:
            return []
        found = self._automaton.find_matches_as_indexes(text)
        return [Mention(start, end, self._names[index]) for index, start, end in found]


@lru_cache(maxsize=512)
def places(ref_area: str, year: int | None) -> Places:
    """The places that a document of one area in one year may speak of."""
    return Places(ref_area, year)


@lru_cache(maxsize=512)
def towns(ref_area: str) -> Towns:
    """The towns of one county."""
    return Towns(ref_area)


def ages(text: str) -> list[Mention]:
    """Age words that qualify people (65岁以上老年人, 0-6岁儿童)."""
    return [Mention(match.start(), match.end(), match["age"]) for match in _AGE.finditer(text)]


_STATION = re.compile(
    r"[\u4e00-\u9fff()]{2,20}(?:血站|监督所|监督局|保健所|保健站|保健院|疾控中心|疾病预防控制中心|防疫站|皮防院|血防站)(?=$|[12〇零一二O]\d|二|年度|工作|关于)"
)
_CARE = re.compile(
    r"[\u4e00-\u9fff()]{2,20}(?:医院|卫生院|卫生服务中心|卫生服务站|院区)(?=$|[12〇零一二]\d|二|年度|工作|关于)"
)


def own_entity(document: Document) -> str:
    """The institution whose own report this is (a hospital's, a township health centre's); '' for an area's bureau."""
    match = _CARE.match(document.publisher) or _CARE.match(document.title)
    return match.group() if match else ""


def own_station(document: Document) -> str:
    """The station that reports on its area and on itself (血站, 监督所, 妇幼保健所); '' for any other publisher."""
    match = _STATION.match(document.publisher) or _STATION.match(document.title)
    return match.group() if match else ""


@dataclass(frozen=True, slots=True)
class Place:
    """The area code and the entity that a number speaks for, with the rule."""

    ref_area: str
    entity: str
    rule: str


@dataclass(frozen=True, slots=True)
class _Before:
    """What the number before says: where it stands, its indicator's domain, its subgroup."""

    start: int
    domain: str
    subgroup: str


class StatementScope:
    """Answers for the quantities of one statement."""

    def __init__(self, found: Found, statement: Statement, begin: int, own_entity: str) -> None:
        self._text = found.text
        self._own = found.document.ref_area
        self._own_entity = own_entity
        self._station = own_station(found.document) if not own_entity else ""
        self._begin = begin
        self._found = found
        self._statement = statement
        self._entities = _between(found.entities, begin, statement.end)
        self._places = [place for place in _between(found.places, begin, statement.end) if place.code != self._own]
        self._groups = [pair for pair in found.groups if begin <= pair[0].start < statement.end]
        self._ages = _between(found.ages, begin, statement.end)
        self._area = _area_words()
        self._own_affairs = _own_affairs()
        self._before: _Before | None = None
        self._named = [*self._entities, *_between(found.places, begin, statement.end)]
        self._title = _titles()

    def place_in_order(self, shared: Phrase, position: int, size: int) -> Place | None:
        """A县、B县、C县…分别为x、y、z: the place of each value, where as many places as values are named."""
        if not shared.left:
            return None
        start, end = shared.left[0][0], shared.left[-1][1]
        named = [*_between(self._places, start, end)]
        codes = list(dict.fromkeys(place.code for place in named if place.end <= end))
        if len(codes) != size:
            return None
        return Place(
            codes[position],
            "",
            f"named in order: {[place.name for place in named if place.code == codes[position]][0]}",
        )

    def place(self, quantity: Quantity, phrase: Phrase) -> Place:
        """The nearest place or institution that the number speaks for: named in its phrase, or the clause's subject."""
        begin = max(self._begin, self._text.rfind(";", self._begin, quantity.lead) + 1)
        below = [place for place in self._places if place.code.startswith(self._own.rstrip("0") or " ")]
        place = self._last(self._places, begin, quantity, phrase, own_phrase_only=True)
        place = place or self._last(below, begin, quantity, phrase, own_phrase_only=False)
        entity = self._last(self._entities, begin, quantity, phrase, own_phrase_only=False)
        whole = max((match.start() for match in self._area.finditer(self._text, begin, quantity.lead)), default=-1)
        if place is not None and (entity is None or place.start > entity.end):
            return Place(place.code, "", f"named: {place.name}")
        if entity is not None and whole < entity.start:
            return Place(self._own, entity.name, f"entity: {entity.name}")
        heading = self._of_heading()
        if heading and whole < 0:
            return Place(self._own, heading, f"heading: {heading}")
        if self._station and whole < 0 and self._own_affairs.search(self._text, phrase.clause_start, quantity.lead):
            return Place(self._own, self._station, "the station's own affairs")
        return Place(self._own, self._own_entity, "document")

    def subgroup(self, quantity: Quantity, phrase: Phrase, name: Name, link: Link) -> str:
        """The part that the number speaks for; '' for the indicator's own whole.

        Groups and ages in the number's words count unless the indicator's name says them; those that open an earlier
        clause are carried on while the words name no population of their own (18岁以上人群…,第二剂接种…).
        """
        if name.is_spread:
            return "、".join(dict.fromkeys(self._groups_of(name.words, link)))
        where = [span for span in (*phrase.left, phrase.right, *name.spans) if span[0] < span[1]]
        bracket = _BRACKET_AFTER.match(self._text, quantity.stop)
        names = self._parts_in(where, link) or (self._parts_in([bracket.span()], link) if bracket else [])
        own_start = min((start for start, _ in phrase.left), default=quantity.lead)
        if not names and not self._names_population(where, link):
            names = self._carried(link, own_start)
        if not names and link.indicator.code.startswith(_UNDER_A_SCHEME):
            names = self._of_scheme(own_start, link)
        return "、".join(dict.fromkeys(names))

    def of_uncoded(self, phrase: Phrase, name: Name) -> str:
        """The kind of institutions that a rate without a code speaks for (全市公立医院医疗服务收入占比…)."""
        where = [span for span in (*phrase.left, *name.spans) if span[0] < span[1]]
        for mention, group in self._groups:
            if _inside(mention, where) and _KIND_OF_INSTITUTION.search(group.name):
                return group.name
        return ""

    def _parts_in(self, where: Sequence[tuple[int, int]], link: Link) -> list[str]:
        found = [
            (mention.start, group.name)
            for mention, group in self._groups
            if _inside(mention, where)
            and group.divides(link.indicator.code)
            and not self._in_bracket(mention, where)
            and not any(entity.start <= mention.start < entity.end for entity in self._entities)
        ]
        found += [
            (age.start, age.name)
            for age in self._ages
            if _inside(age, where) and not _implied_age(age.name, link) and not link.start <= age.start < link.end
        ]
        return [name for _, name in sorted(found)]

    def _in_bracket(self, mention: Mention, where: Sequence[tuple[int, int]]) -> bool:
        """诊所(医务室、门诊部)915个: what a bracket lists is the name's own contents, not a part."""
        start = min(start for start, _ in where)
        opened = self._text.rfind("(", start, mention.start)
        closed = self._text.find(")", opened) if opened >= 0 else -1
        return opened > start and closed >= mention.end and any(closed < end for _, end in where)

    def _groups_of(self, words: str, link: Link) -> list[str]:
        """Groups in words that were put together from a list."""
        return [group.name for _, group in groups().mentions(words) if group.divides(link.indicator.code)]

    def _names_population(self, where: Sequence[tuple[int, int]], link: Link) -> bool:
        if link.indicator.domain not in _DOMAINS_OF_PEOPLE:
            return False
        roles = self._found.catalogue.roles
        own = (link.indicator.index, SUBJECT)
        return any(own in roles[hit.word] for span in where for hit in self._found.hits.within(*span))

    def _carried(self, link: Link, own_start: int) -> list[str]:
        """The subgroup of the number before goes on (县级公立医院门诊预约率…,住院预约率…) within one field of work.

        It ends with a word for the whole area, and where the number's own words name whom they count.
        """
        before = self._before
        if before is None or not before.subgroup or before.domain != link.indicator.domain:
            return []
        if link.indicator.domain in _DOMAINS_OF_THINGS or link.subject_start > before.start:
            return []
        whole = max((m.start() for m in self._area.finditer(self._text, before.start, own_start)), default=-1)
        return [before.subgroup] if whole < 0 else []

    def remember(self, start: int, link: Link | None, subgroup: str, *, is_part: bool) -> None:
        """Keep what the next number may go on with; a part of a whole (其中…) lends nothing."""
        if link is not None:
            self._before = _Before(start, link.indicator.domain, "" if is_part else subgroup)

    def _of_scheme(self, own_start: int, link: Link) -> list[str]:
        """The scheme of insurance that a sentence, its headings or the title speak of (参合人数 under 新农合)."""
        places = [self._text[self._begin : own_start]]
        places += [
            self._text[slice(*self._found.heading_span(section))]
            for section in self._found.sections_above(self._statement)
        ]
        places.append(self._found.document.title)
        for text in places:
            named = [group.name for _, group in groups().mentions(text) if group.divides(link.indicator.code)]
            if named:
                return [named[-1]]
        return []

    def _last(
        self, mentions: Sequence[Mention], begin: int, quantity: Quantity, phrase: Phrase, *, own_phrase_only: bool
    ) -> Mention | None:
        """The last mention before the number that can be its subject."""
        chosen: Mention | None = None
        for mention in mentions:
            if mention.start < begin or mention.end > quantity.lead or not self._is_one(mention):
                continue
            is_own = mention.start >= phrase.clause_start
            goes_on = bool(mention.code) or bool(_CARE_NAME.search(mention.name))
            if is_own or (not own_phrase_only and self._opens_clause(mention) and goes_on):
                chosen = mention
        return chosen

    def _is_one(self, mention: Mention) -> bool:
        """A name in a row of names, behind 与, or at the head of a title is not the subject alone."""
        after = self._text[mention.end : mention.end + 1]
        before = self._text[mention.start - 1 : mention.start] if mention.start else ""
        if (after and after in "、和及与等") or before == "与":
            return False
        if before and before in "、和" and any(other.end == mention.start - 1 for other in self._named):
            return False
        return not (mention.code and self._title.match(self._text, mention.end))

    def _opens_clause(self, mention: Mention) -> bool:
        before = self._text[max(0, mention.start - 8) : mention.start]
        return bool(_CLAUSE_OPENING.search(before)) or mention.start == self._begin

    def _of_heading(self) -> str:
        section = self._statement.section
        while section >= 0:
            start, end = self._found.heading_span(section)
            for mention in _between(self._found.entities, start, end):
                opening = re.sub(r"[^\u4e00-\u9fff]|[一二三四五六七八九十]", "", self._text[start : mention.start])
                if not opening and end <= self._statement.start and self._is_one(mention):
                    return mention.name
            section = self._found.document.sections[section].parent
        return ""


# Where a name holds its population; elsewhere its subject is a thing or a dose.
# Where a part is a kind of thing, said anew each time.
_DOMAINS_OF_THINGS = frozenset({"resources", "supervision", "health_promotion"})
_KIND_OF_INSTITUTION = re.compile(r"(?:公立医院|民营医院|[县市区一二三]级医院|乡镇卫生院|基层医疗卫生机构)$")
_UNDER_A_SCHEME = ("medical_aid", "insurance")
_DOMAINS_OF_PEOPLE = frozenset({"population", "maternal_child", "primary_care"})
_BRACKET_AFTER = re.compile(r"\([^()]{1,12}\)")
# Whose figures in later clauses are still its own; the figures of a centre for disease control are its area's.
_CARE_NAME = re.compile(
    r"(?:医院|卫生院|总院|院区|服务中心|服务站|卫生室|幼儿园|养老院|镇|乡|街道?|村|社区|医疗集团|一院|二院|三院|四院)$|^(?:我|本|该)院"
)
_CLAUSE_OPENING = re.compile(
    r"(?:^|[,;。:\n\s)])(?:全县|全区|全市|我县|我区|我市|其中|在|由|目前|截至目前|今年|全年|上半年|同时|此外|一是|二是|三是|四是|五是|六是)?[,:]?$"
)


@lru_cache(maxsize=1)
def _own_affairs() -> re.Pattern[str]:
    return re.compile(longest_of(cues().words["own_affairs"]))


@lru_cache(maxsize=1)
def _titles() -> re.Pattern[str]:
    return re.compile(longest_of(cues().words["title_after_place"]))


@lru_cache(maxsize=1)
def _area_words() -> re.Pattern[str]:
    return re.compile(longest_of(cues().words["whole_area"]))


def _inside(mention: Mention, where: Sequence[tuple[int, int]]) -> bool:
    return any(start <= mention.start and mention.end <= end for start, end in where)


def _implied_age(age: str, link: Link) -> bool:
    plain = _plain_age(age)
    return any(_plain_age(said) in plain or plain in _plain_age(said) for said in link.indicator.ages)


def _plain_age(age: str) -> str:
    return (
        age.replace("—", "-")
        .replace("至", "-")
        .replace("个月", "月")
        .replace("周岁", "岁")
        .replace("及以", "以")
        .replace(" ", "")
    )


def _between(mentions: Sequence[Mention], start: int, end: int) -> list[Mention]:
    return [mention for mention in mentions if start <= mention.start < end]
