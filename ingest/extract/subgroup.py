"""Subgroup: for which part of the population, kind of institution or scheme a number speaks.

Belongs here: the parts in a number's words, and those that go on from an earlier number, a sentence or a heading.
Not here: parts of a counted whole (`parts`), places and institutions (`scope`), the groups' words (`groups`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ingest.extract.cues import cue_pattern
from ingest.extract.fillers import says_something
from ingest.extract.found import Found
from ingest.extract.groups import groups
from ingest.extract.indicator import Link
from ingest.extract.lists import Name
from ingest.extract.mentions import Mention, between
from ingest.extract.quantity import Quantity
from ingest.extract.scope import names_whole
from ingest.extract.statement import Phrase, Statement
from ingest.lexicon import load_yaml

# Where a part is a kind of thing, said anew each time.
_DOMAINS_OF_THINGS = frozenset({"resources", "supervision", "health_promotion"})
_DOMAINS_OF_MANY = frozenset({"disease_control"})
_DOMAINS_OF_PAYMENTS = frozenset({"health_poverty"})
# Where a name holds its population; elsewhere its subject is a thing or a dose.
_DOMAINS_OF_PEOPLE = frozenset({"population", "maternal_child", "primary_care"})
_OF_A_CLASS = ("notifiable_disease",)
_UNDER_A_SCHEME = ("medical_aid", "insurance")
_COUNTS_ALL = frozenset({"health_institutions", "hospitals", "clinics"})
_KIND_OF_INSTITUTION = re.compile(r"(?:公立医院|民营医院|[县市区一二三]级医院|乡镇卫生院|基层医疗卫生机构)$")
_AND_OTHERS = re.compile("(?<![一二三甲乙丙均同])等(?![级次于])")
_NUMBERS = re.compile(r"[县市区]级(?=[一二两三四五六七八九十])|[\d一二三四五六七八九十两]+[家所个间]?")
_MOST_KINDS = 2
_BY_BEDS = re.compile(r"\d+(?:[-—~至]\d+)?\s?张[^,;。:、]{0,8}医院")  # 100—199张床位医院52个: hospitals of that size
_BRACKET_AFTER = re.compile(r"\([^()]{1,12}\)")


class _Before(NamedTuple):
    """What the number before says: where it stands, its indicator's code and domain, its subgroup."""

    start: int
    code: str
    domain: str
    subgroup: str


class StatementGroups:
    """Answers for the quantities of one statement."""

    def __init__(self, found: Found, statement: Statement, begin: int) -> None:
        self._text = found.text
        self._begin = begin
        self._found = found
        self._statement = statement
        self._entities = between(found.entities, begin, statement.end)
        self._groups = found.groups_between(begin, statement.end)
        self._ages = between(found.ages, begin, statement.end)
        self._before: _Before | None = None
        self._kinds: dict[str, str] = {}  # the kinds of institutions that the sentence has counted, by their indicator

    def subgroup(self, quantity: Quantity, phrase: Phrase, name: Name, link: Link, *, goes_on: bool) -> str:
        """The part that the number speaks for; '' for the indicator's own whole.

        Groups and ages in the number's words count unless the indicator's name says them; those that open an earlier
        clause are carried on while the words name no population of their own (18岁以上人群…,第二剂接种…).
        """
        own_start = phrase.left[0][0]
        if link.indicator.code == "hospitals" and (size := _BY_BEDS.search(self._text, own_start, quantity.lead)):
            return size.group()
        if name.is_spread:
            names = self._groups_of(name.words, link)
            if not names and self._before is not None:
                names = self._carried(self._before, link, own_start)
            names = names or self._making(quantity.lead, quantity.lead, link)
            return "、".join(dict.fromkeys(names))
        start, end = phrase.right
        among = self._text.find("中", start, end)  # 乡村医生318人中60岁以上的占41%: of the next number
        right = start, among if among >= 0 else end
        where = [span for span in (*phrase.left, right, *name.spans) if span[0] < span[1]]
        names = self._parts_in(where, link) if self._groups or self._ages else []
        is_lent = link.rule == "inherited" and self._begin <= link.subject_start
        if not names and is_lent and not self._text.endswith("无", 0, link.subject_start):
            names = self._parts_in([(link.subject_start, link.subject_start + len(link.words[0]))], link)
        if not names and (bracket := _BRACKET_AFTER.match(self._text, quantity.stop)):
            names = self._parts_in([bracket.span()], link)
        if not names and goes_on and self._before is not None and not self._names_a_group(where, link):
            names = self._carried(self._before, link, own_start)
        if not names and link.indicator.code.startswith(_OF_A_CLASS) and not self._names_a_group(where, link):
            names = self._class_before(own_start, link)
        if not names:
            names = self._making(own_start, quantity.lead, link)
        if (
            not names
            and link.indicator.domain == "services"
            and link.indicator.is_rate
            and not self._names_a_kind(where)
        ):
            subject = self._subject_before(phrase)
            names = [subject] if subject and _may_divide(subject, link) else []
        if not names and len(self._kinds) == 1 and link.indicator.code in _counted_of_a_kind():
            names = [kind for kind in self._kinds.values() if kind]
        if not names and link.indicator.code.startswith(_UNDER_A_SCHEME):
            names = self._of_scheme(own_start, link)
        if link.indicator.domain == "supervision" and len(names) > _MOST_KINDS:
            return ""  # 检查公共场所、学校、医疗机构1865户次: all that is inspected
        return "、".join(dict.fromkeys(names))

    def of_uncoded(self, phrase: Phrase, name: Name, unit: str) -> str:
        """The kind of institutions that a rate or amount without a code speaks for (全市公立医院医疗服务收入占比…)."""
        is_of_hospitals = cue_pattern("{of_hospitals}").search(name.words) is not None
        if unit != "percent" and not is_of_hospitals:
            return ""
        where = [span for span in (*phrase.left, *name.spans) if span[0] < span[1]]
        for mention, group in self._groups:
            if _inside(mention, where) and _KIND_OF_INSTITUTION.search(group.name):
                return group.name
        return self._subject_before(phrase) if is_of_hospitals else ""

    def _subject_before(self, phrase: Phrase) -> str:
        """The kind of institutions that opens the sentence (17个乡镇卫生院…,门诊次均费用由46.8元…)."""
        text = self._text
        for mention, group in self._groups:
            if not _KIND_OF_INSTITUTION.search(group.name):
                continue
            opening = text[self._begin : mention.start]
            is_first = not says_something(opening) or not says_something(_NUMBERS.sub("", opening))
            is_before = is_first and mention.end <= phrase.clause_start
            return group.name if is_before and not names_whole(text, mention.end, phrase.left[-1][1]) else ""
        return ""

    def _names_a_kind(self, where: Sequence[tuple[int, int]]) -> bool:
        """Whether a number's own words name a kind of institutions."""
        kinds = (mention for mention, group in self._groups if _KIND_OF_INSTITUTION.search(group.name))
        return any(_inside(mention, where) for mention in kinds)

    def _parts_in(self, where: Sequence[tuple[int, int]], link: Link) -> list[str]:
        found = [
            (mention.start, group.name)
            for mention, group in self._groups
            if _inside(mention, where)
            and group.divides(link.indicator.code)
            and not self._in_bracket(mention, where)
            and not self._is_example(mention, where)
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

    def _is_example(self, mention: Mention, where: Sequence[tuple[int, int]]) -> bool:
        """公共场所、学校等各类单位1120户: what 等 closes are examples of what is counted, not the parts meant."""
        end = next(end for start, end in where if start <= mention.start and mention.end <= end)
        return _AND_OTHERS.search(self._text, mention.end, end) is not None

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
        if not before.subgroup or before.domain != link.indicator.domain or link.rule == "disease":
            return []
        if before.domain in _DOMAINS_OF_MANY and before.code.split("_")[0] != link.indicator.code.split("_")[0]:
            return []  # vaccination and testing for the same virus are two fields
        if (
            link.indicator.domain in _DOMAINS_OF_THINGS
            or (link.indicator.unit == "item" and before.domain in _DOMAINS_OF_PEOPLE)
            or link.indicator.code.endswith("share")
            or link.subject_start > before.start
        ):
            return []
        # whom one payment reached says nothing of the next
        ends = before.domain in _DOMAINS_OF_PAYMENTS and self._text.find(";", before.start, own_start) >= 0
        if ends or names_whole(self._text, before.start, own_start):
            return []
        return [name for name in before.subgroup.split("、") if _may_divide(name, link)]

    def _class_before(self, own_start: int, link: Link) -> list[str]:
        """The class of diseases that the statement named last (报告乙类传染病225例,报告发病率…).

        Behind a class without cases (无甲类传染病报告) it is the only other one, if there is one.
        """
        begin = max(self._begin, self._text.rfind(";", self._begin, own_start) + 1)
        code = link.indicator.code
        named = [
            (mention, group.name)
            for mention, group in self._groups
            if begin <= mention.start and mention.end <= own_start and group.only and code in group.only
        ]
        counted = [name for mention, name in named if not self._text.endswith("无", 0, mention.start)]
        is_last_counted = bool(named) and bool(counted) and named[-1][1] == counted[-1]
        return counted[-1:] if is_last_counted or len(set(counted)) == 1 else []

    def remember(self, start: int, link: Link | None, subgroup: str, *, is_part: bool) -> None:
        """Keep what the next number may go on with; a part of a whole (其中…) lends nothing."""
        if link is not None:
            self._before = _Before(start, link.indicator.code, link.indicator.domain, "" if is_part else subgroup)
            kind = _kinds_of_institutions().get(link.indicator.code)
            if kind is not None and start == self._statement.quantities[0].lead:
                self._kinds[link.indicator.code] = kind
            elif kind is not None or link.indicator.code in _COUNTS_ALL:
                self._kinds[link.indicator.code] = ""

    def _making(self, own_start: int, lead: int, link: Link) -> list[str]:
        """The group of an earlier clause that makes an indicator of its own (贫困人口参加医保…,签约率100%)."""
        code = link.indicator.code
        for mention, group in reversed(self._groups):
            if mention.end <= own_start and code in group.makes:
                between_them = self._text[mention.end : own_start]
                is_over = ";" in between_them or "其中" in between_them
                return [] if is_over or names_whole(self._text, mention.end, lead) else [group.name]
        return []

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


@lru_cache(maxsize=1)
def _kinds_of_institutions() -> dict[str, str]:
    return {str(code): str(kind) for code, kind in load_yaml("institutions.yaml")["kinds"].items()}


@lru_cache(maxsize=1)
def _counted_of_a_kind() -> frozenset[str]:
    return frozenset(map(str, load_yaml("institutions.yaml")["counted_of_a_kind"]))


def made_by(subgroup: str, link: Link) -> str:
    """The indicator that a group makes of another (贫困人口 of 家庭医生签约率); '' where it makes none."""
    group = groups().named(subgroup)
    return group.makes.get(link.indicator.code, "") if group is not None else ""


def is_named_in(subgroup: str, entity: str) -> bool:
    """Whether an institution's name says the part itself (乡镇卫生院 of 城关镇卫生院)."""
    if entity and _KIND_OF_INSTITUTION.search(subgroup):
        return True  # one institution's figure is not that of its kind
    return entity.endswith(subgroup) or any(group.name == subgroup for _, group in groups().mentions(entity))


def _may_divide(name: str, link: Link) -> bool:
    """Whether a group of that name can be a part of what an indicator counts; of other names nothing is known."""
    group = groups().named(name)
    return not _implied_age(name, link) if group is None else group.divides(link.indicator.code)


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
