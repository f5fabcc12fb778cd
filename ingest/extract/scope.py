"""Scope: for whom a number speaks: another place, an institution or town, a part of the population.

Belongs here: the place, the entity and the subgroup of a quantity. Not here: region codes (`regions`), indicator names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ingest.extract.cues import cue_pattern, cues
from ingest.extract.found import Found
from ingest.extract.groups import groups
from ingest.extract.indicator import Link
from ingest.extract.lists import Name
from ingest.extract.mentions import Mention, between
from ingest.extract.quantity import Quantity
from ingest.extract.reporter import Reporter
from ingest.extract.statement import Phrase, Statement
from ingest.extract.tries import longest_of
from ingest.lexicon import load_yaml

# Where a part is a kind of thing, said anew each time.
_DOMAINS_OF_THINGS = frozenset({"resources", "supervision", "health_promotion"})
_KIND_OF_INSTITUTION = re.compile(r"(?:公立医院|民营医院|[县市区一二三]级医院|乡镇卫生院|基层医疗卫生机构)$")
_UNDER_A_SCHEME = ("medical_aid", "insurance")
# Where a name holds its population; elsewhere its subject is a thing or a dose.
_DOMAINS_OF_PEOPLE = frozenset({"population", "maternal_child", "primary_care"})
_OF_A_CLASS = ("notifiable_disease",)
_MEASURED_AGAINST = frozenset("与占居列")  # 占全省的45%: a share of another place, still one's own
_ENUMERATORS = re.compile(r"[^\u4e00-\u9fff]|[一二三四五六七八九十]")
_OPENING_REACH = 8  # characters
_CLAUSE_END = re.compile("[,;。:]")
_BRACKET_AFTER = re.compile(r"\([^()]{1,12}\)")
# Whose figures in later clauses are still its own; the figures of a centre for disease control are its area's.
_CARE_NAME = r"{care_names}$|^(?:我|本|该)院"
_CLAUSE_OPENING = r"(?:^|[,;。:\n\s)]){clause_openings}?[,:]?$"


class Place(NamedTuple):
    """The area code and the entity that a number speaks for, with the rule."""

    ref_area: str
    entity: str
    rule: str


class _Before(NamedTuple):
    """What the number before says: where it stands, its indicator's domain, its subgroup."""

    start: int
    domain: str
    subgroup: str


class StatementScope:
    """Answers for the quantities of one statement."""

    def __init__(self, found: Found, statement: Statement, begin: int, reporter: Reporter) -> None:
        self._text = found.text
        self._own = found.document.ref_area
        self._reporter = reporter
        self._begin = begin
        self._found = found
        self._statement = statement
        self._entities = between(found.entities, begin, statement.end)
        places = between(found.places, begin, statement.end)
        self._places = [place for place in places if place.code != self._own]
        own = self._own.rstrip("0") or " "
        self._below = [place for place in self._places if place.code.startswith(own)]
        self._groups = found.groups_between(begin, statement.end)
        self._ages = between(found.ages, begin, statement.end)
        self._before: _Before | None = None
        self._heading: str | None = None  # the institution of a heading, once it is looked for
        self._kinds: dict[str, str] = {}  # the kinds of institutions that the sentence has counted, by their indicator
        self._ends = {mention.end for mention in (*self._entities, *places)}

    def place_in_order(self, shared: Phrase, position: int, size: int) -> Place | None:
        """A县、B县、C县…分别为x、y、z: the place of each value, where as many places as values are named."""
        if not shared.left:
            return None
        start, end = shared.left[0][0], shared.left[-1][1]
        named = [*between(self._places, start, end)]
        codes = list(dict.fromkeys(place.code for place in named if place.end <= end))
        if len(codes) != size:
            return None
        return Place(
            codes[position],
            "",
            f"named in order: {next(place.name for place in named if place.code == codes[position])}",
        )

    def place(self, quantity: Quantity, phrase: Phrase) -> Place:
        """The nearest place or institution that the number speaks for: named in its phrase, or the clause's subject."""
        lead = quantity.lead
        begin = max(self._begin, self._text.rfind(";", self._begin, lead) + 1)
        place = self._last(self._places, begin, lead, phrase, own_phrase_only=True) if self._places else None
        if place is None and self._below:
            place = self._last(self._below, begin, lead, phrase, own_phrase_only=False)
        entity = self._last(self._entities, begin, lead, phrase, own_phrase_only=False) if self._entities else None
        if place is not None and (entity is None or place.start > entity.end):
            return Place(place.code, "", f"named: {place.name}")
        if entity is not None and not self._names_whole(entity.start, lead):
            return Place(self._own, entity.name, f"entity: {entity.name}")
        if self._heading is None:
            self._heading = self._of_heading()
        if self._heading and not self._names_whole(begin, lead):
            return Place(self._own, self._heading, f"heading: {self._heading}")
        if quantity.unit == "CNY" and (built := self._built(quantity)):
            return Place(self._own, built, f"built: {built}")
        station = self._reporter.station
        if (
            station
            and not self._names_whole(begin, lead)
            and _own_affairs().search(self._text, phrase.clause_start, lead)
        ):
            return Place(self._own, station, "the station's own affairs")
        return Place(self._own, self._reporter.entity, "document")

    def _built(self, quantity: Quantity) -> str:
        """The one institution that money goes into, named behind it in its clause (投资1.06亿元迁建县疾控中心)."""
        stop = _CLAUSE_END.search(self._text, quantity.stop, self._statement.end)
        end = stop.start() if stop else self._statement.end
        verb = cue_pattern("{builds}").search(self._text, quantity.stop, end)
        named = between(self._entities, verb.end(), end) if verb else ()
        return named[0].name if len(named) == 1 and self._is_one(named[0]) else ""

    def _names_whole(self, start: int, end: int) -> bool:
        """Whether a word for the whole area stands between two offsets."""
        return _area_words().search(self._text, start, end) is not None

    def subgroup(self, quantity: Quantity, phrase: Phrase, name: Name, link: Link) -> str:
        """The part that the number speaks for; '' for the indicator's own whole.

        Groups and ages in the number's words count unless the indicator's name says them; those that open an earlier
        clause are carried on while the words name no population of their own (18岁以上人群…,第二剂接种…).
        """
        if name.is_spread:
            return "、".join(dict.fromkeys(self._groups_of(name.words, link)))
        where = [span for span in (*phrase.left, phrase.right, *name.spans) if span[0] < span[1]]
        names = self._parts_in(where, link) if self._groups or self._ages else []
        if not names and link.rule == "inherited" and self._begin <= link.subject_start:
            names = self._parts_in([(link.subject_start, link.subject_start + len(link.words[0]))], link)
        if not names and (bracket := _BRACKET_AFTER.match(self._text, quantity.stop)):
            names = self._parts_in([bracket.span()], link)
        own_start = phrase.left[0][0]
        if not names and self._before is not None and not self._names_a_group(where, link):
            names = self._carried(self._before, link, own_start)
        if not names and link.indicator.code.startswith(_OF_A_CLASS) and not self._names_a_group(where, link):
            names = self._class_before(own_start, link)
        if not names and len(self._kinds) == 1 and link.indicator.code in _counted_of_a_kind():
            names = [kind for kind in self._kinds.values() if kind]
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

    def _names_a_group(self, where: Sequence[tuple[int, int]], link: Link) -> bool:
        """Whether the number's own words say whom it speaks for, or which class of diseases."""
        if link.indicator.domain not in _DOMAINS_OF_PEOPLE and not link.indicator.code.startswith(_OF_A_CLASS):
            return False
        index, subjects = link.indicator.index, self._found.catalogue.subjects
        return any(index in subjects[hit.word] for span in where for hit in self._found.hits.within(*span))

    def _carried(self, before: _Before, link: Link, own_start: int) -> list[str]:
        """The subgroup of the number before goes on (县级公立医院门诊预约率…,住院预约率…) within one field of work.

        It ends with a word for the whole area, and where the number's own words name whom they count.
        """
        if not before.subgroup or before.domain != link.indicator.domain:
            return []
        if link.indicator.domain in _DOMAINS_OF_THINGS or link.subject_start > before.start:
            return []
        return [] if self._names_whole(before.start, own_start) else [before.subgroup]

    def _class_before(self, own_start: int, link: Link) -> list[str]:
        """The class of diseases that the statement named last (报告乙类传染病225例,报告发病率…)."""
        begin = max(self._begin, self._text.rfind(";", self._begin, own_start) + 1)
        code = link.indicator.code
        named = [group for mention, group in self._groups if begin <= mention.start and mention.end <= own_start]
        classes = [group for group in named if group.only and code in group.only]
        return [classes[-1].name] if classes else []

    def remember(self, start: int, link: Link | None, subgroup: str, *, is_part: bool) -> None:
        """Keep what the next number may go on with; a part of a whole (其中…) lends nothing."""
        if link is not None:
            self._before = _Before(start, link.indicator.domain, "" if is_part else subgroup)
            kind = _kinds_of_institutions().get(link.indicator.code)
            if kind is not None and start == self._statement.quantities[0].lead:
                self._kinds[link.indicator.code] = kind
            elif kind is not None or link.indicator.code in _COUNTS_ALL:
                self._kinds[link.indicator.code] = ""

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
        self, mentions: Sequence[Mention], begin: int, lead: int, phrase: Phrase, *, own_phrase_only: bool
    ) -> Mention | None:
        """The last mention before the number that can be its subject."""
        for mention in reversed(mentions):
            if mention.end > lead:
                continue
            if mention.start < begin:
                return None
            is_own = mention.start >= phrase.clause_start
            goes_on = not own_phrase_only and (bool(mention.code) or bool(cue_pattern(_CARE_NAME).search(mention.name)))
            if (is_own or (goes_on and self._opens_clause(mention))) and self._is_one(mention):
                return mention
        return None

    def _is_one(self, mention: Mention) -> bool:
        """A name in a row of names, behind 与, or at the head of a title is not the subject alone."""
        after = self._text[mention.end : mention.end + 1]
        before = self._text[mention.start - 1 : mention.start] if mention.start else ""
        if (after and after in "、和及与等") or (before and before in _MEASURED_AGAINST):
            return False
        if before and before in "、和" and mention.start - 1 in self._ends:
            return False
        return not (mention.code and _titles().match(self._text, mention.end))

    def _opens_clause(self, mention: Mention) -> bool:
        before = self._text[max(0, mention.start - _OPENING_REACH) : mention.start]
        return bool(cue_pattern(_CLAUSE_OPENING).search(before)) or mention.start == self._begin

    def _of_heading(self) -> str:
        """The institution that a heading around the statement begins with; '' without one."""
        section = self._statement.section
        while section >= 0:
            start, end = self._found.heading_span(section)
            for mention in between(self._found.entities, start, end):
                opening = _ENUMERATORS.sub("", self._text[start : mention.start])
                if not opening and end <= self._statement.start and self._is_one(mention):
                    return mention.name
            section = self._found.document.sections[section].parent
        return ""


_COUNTS_ALL = frozenset({"health_institutions", "hospitals", "clinics"})


@lru_cache(maxsize=1)
def _kinds_of_institutions() -> dict[str, str]:
    return {str(code): str(kind) for code, kind in load_yaml("institutions.yaml")["kinds"].items()}


@lru_cache(maxsize=1)
def _counted_of_a_kind() -> frozenset[str]:
    return frozenset(map(str, load_yaml("institutions.yaml")["counted_of_a_kind"]))


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
    first, last = mention[:2]
    return any(start <= first and last <= end for start, end in where)


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
