"""Parts: what 其中 and a row of like items say of a whole that was counted just before.

Belongs here: lending a whole's indicator to its parts, and telling the parts of one statement from their whole.
Not here: groups of people (`scope`), sums that fail (`quality`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ingest.extract import groups
from ingest.extract.catalogue import ALSO, NOT, SERVICE, SUBJECT
from ingest.extract.cues import cue_pattern
from ingest.extract.found import Found
from ingest.extract.groups import ages
from ingest.extract.indicator import Link
from ingest.extract.lists import Name
from ingest.extract.naming import Namer
from ingest.extract.quantity import Quantity
from ingest.model import Fact

_AMONG = re.compile(r"其中|包括|含|[按分][^,;。]{1,6}(?:分|看)[,:]")
_ANNOUNCES_ALL = re.compile(r"其中:")  # with the colon, 其中 holds past semicolons
_OPENS = re.compile(r"\s?[(:]")
_LEADING = r"^(?:[\s,;:、。()]|{before_part})+"
_LONGEST_PART_NAME = 16
_LONGEST_AGE = 8  # 60岁以上214人 divides who was counted without 其中
_SHORT_NAME = 3  # characters; 其中住院8426人次 of a scheme counts its inpatients
_OF_MANY_KINDS = frozenset({"public_health_institutions"})
_FIELDS_OF_PEOPLE = frozenset({"maternal_child", "population", "primary_care"})


class Whole(NamedTuple):
    """A counted whole that later numbers of its statement may be parts of."""

    link: Link
    unit: str
    stop: int
    value: float | None


def part_name(words: str) -> str:
    """The words that name a part, without what introduces it."""
    return cue_pattern(_LEADING).sub("", words).strip(" ,;:、.()…").removesuffix("以及")


def same_unit(quantity: Quantity, unit: str) -> bool:
    """Whether a number counts in a unit, read with the measure words that several units share (床位…,其中医院412张)."""
    if quantity.unit == unit:
        return True
    if quantity.unit_text == "张" and unit == "bed":
        return True
    return unit in {"per_1k", "per_10k"} and quantity.unit in {"person", "bed", "item"} and (quantity.value or 0) < 100


def may_be_part(whole: Whole, quantity: Quantity, words: str) -> bool:
    """Whether a number can count a part of a whole: the same unit, not more, a short name."""
    if not (quantity.unit == "" or same_unit(quantity, whole.unit)) or not 0 < len(words) <= _LONGEST_PART_NAME:
        return False
    is_count = quantity.value is not None and whole.value is not None and not whole.link.indicator.is_rate
    return not (is_count and (quantity.value or 0) > (whole.value or 0))


def is_announced(text: str, whole: Whole, quantity: Quantity) -> bool:
    """Whether the text says that parts follow: 其中, 包括, 按病种分, or a bracket or colon right behind the whole."""
    if text.find(";", whole.stop, quantity.lead) >= 0 and not _ANNOUNCES_ALL.search(text, whole.stop, quantity.lead):
        return False
    return bool(_AMONG.search(text, whole.stop, quantity.lead) or _OPENS.match(text, whole.stop))


class Wholes:
    """What a statement has counted so far, by unit, and what its later numbers take from it."""

    def __init__(self, found: Found, namer: Namer, counted: Mapping[str, Whole]) -> None:
        self.text = found.text
        self.catalogue = found.catalogue
        self.namer = namer
        self.counted = dict(counted)
        self.last: Whole | None = None  # the last number with an indicator; a bracket right behind it divides it

    def keep(self, link: Link | None, unit: str, quantity: Quantity) -> None:
        """Remember a counted whole; a number without an indicator ends the whole of its unit."""
        self.last = Whole(link, unit, quantity.stop, quantity.value) if link is not None else None
        if link is None:
            self.counted.pop(unit, None)
        elif not self._is_inside(unit, quantity):
            self.counted[unit] = Whole(link, unit, quantity.stop, quantity.value)

    def as_part(self, number: int, quantity: Quantity, name: Name, link: Link | None) -> tuple[Link | None, str]:
        """The indicator of a part: its own where part and whole make a name, else the whole's with the part's words."""
        whole = self._whole_of(quantity)
        if whole is None or not _has_weak_name(quantity, link, whole):
            return link, ""
        words = _age_among(part_name(name.words))
        if not may_be_part(whole, quantity, words) and whole.unit != "bed":
            return link, ""
        announced = is_announced(self.text, whole, quantity)
        before = self.namer.statement.quantities[number - 1].stop if number else -1
        joined = before <= whole.stop and self.text[whole.stop : quantity.lead].lstrip().startswith("、")
        by_age = bool(ages(f"{words}人")) and len(words) <= _LONGEST_AGE
        alone = quantity.unit == "percent" and self.namer.names_only_a_group(number)
        if not (announced or joined or by_age or alone or whole.unit == "bed"):
            return link, ""
        together = self.namer.as_part(number, words, whole.link)
        is_other = together is not None and together.indicator is not whole.link.indicator
        is_group = _divides(words, whole.link)
        if not is_other and not is_group and self._names_another(words, whole.link):
            return link, ""
        if together is not None and together.indicator is not whole.link.indicator:
            return together._replace(start=0, end=0, rule="part"), ""
        if together is None and whole.link.indicator.is_rate and words.replace(" ", "").endswith("率"):
            return link, ""  # 规律服药率 beside 规范管理率 is a rate of its own
        divides = by_age or is_group or self._may_divide(whole)
        if together is None and whole.link.indicator.domain == "resources" and not divides:
            return link, ""  # staff by title or schooling are not measured the way the stock is
        return whole.link._replace(start=0, end=0, rule="part"), words if together is None else ""

    def said_of_places(self, quantity: Quantity) -> Link | None:
        """The indicator of a list of places with a value each: what the last number of the same unit counted."""
        whole = next((whole for unit, whole in self.counted.items() if unit == quantity.unit), None)
        return whole.link._replace(start=0, end=0, rule="part") if whole else None

    def _is_inside(self, unit: str, quantity: Quantity) -> bool:
        """A part with an indicator of its own (其中二孩1100人) leaves the whole as it is."""
        whole = self.counted.get(unit)
        if whole is None or quantity.value is None or whole.value is None or quantity.value > whole.value:
            return False
        return is_announced(self.text, whole, quantity)

    def _whole_of(self, quantity: Quantity) -> Whole | None:
        """The last counted whole of the quantity's unit."""
        last = self.last
        if (
            last is not None
            and (quantity.unit == "" or same_unit(quantity, last.unit))
            and self._opens_behind(last, quantity)
        ):
            return last
        if not self.counted:
            return None
        if quantity.unit == "":
            return max(self.counted.values(), key=lambda whole: whole.stop, default=None)
        return next((whole for unit, whole in self.counted.items() if same_unit(quantity, unit)), None)

    def _opens_behind(self, whole: Whole, quantity: Quantity) -> bool:
        """医院81个(公立29个、民营52个): the bracket right behind a number divides that number."""
        text = self.text
        return text[whole.stop : whole.stop + 1] == "(" and text.find(")", whole.stop, quantity.lead) < 0

    def _may_divide(self, whole: Whole) -> bool:
        """Whether a stock counts institutions of several kinds that have no indicator of their own."""
        return whole.link.indicator.code in _OF_MANY_KINDS

    def _names_another(self, words: str, whole: Link) -> bool:
        """其中剖宫产1286人 of live births: the words belong to other indicators of the same field."""
        catalogue = self.catalogue
        roles = [role for word, _, _ in catalogue.hits(words) for role in catalogue.roles[word]]
        if (whole.indicator.index, NOT) in roles:
            return True
        if whole.indicator.domain not in _FIELDS_OF_PEOPLE or any(index == whole.indicator.index for index, _ in roles):
            return False
        return any(
            catalogue.indicators[index].domain == whole.indicator.domain and slot in {ALSO, SUBJECT, SERVICE}
            for index, slot in roles
        )


def _age_among(words: str) -> str:
    """60周岁以上 of 乡村医生中60周岁以上的有; other words as they are."""
    among = words.rpartition("中")[2].removesuffix("有").removesuffix("的")
    return among if ages(f"{among}人") and len(among) <= _LONGEST_AGE else words


def _divides(words: str, whole: Link) -> bool:
    """Whether words name a kind of institutions that a stock is counted by (卫生技术人员…,其中医院…人)."""
    return any(
        mention.end - mention.start == len(words) and group.divides(whole.indicator.code)
        for mention, group in groups.groups().mentions(words)
    )


def _has_weak_name(quantity: Quantity, link: Link | None, whole: Whole) -> bool:
    """Whether a name of its own is missing or so short (其中医院…, 其中住院…) that the whole's may be meant."""
    if link is None or quantity.unit == "":
        return True
    if whole.link.indicator is link.indicator:
        return False
    if quantity.unit_text == "张" and whole.unit == "bed":
        return link.indicator.unit != "bed"
    is_short = link.rule == "whole_name" and sum(map(len, link.words)) <= _SHORT_NAME
    return is_short and link.indicator.domain in {"resources", "services"}


def mark_parts(facts: Sequence[Fact], follows_among: Sequence[bool]) -> list[Fact]:
    """Tell parts from their whole where one statement gives one indicator several values (查处案件…起,其中甲类…起).

    The first is the whole when 其中 introduces the others and they are smaller.

    Args:
        facts: of one statement, in order.
        follows_among: for each fact, whether 其中 stands before it in the statement.
    """
    result = list(facts)
    groups: dict[tuple[object, ...], list[int]] = {}
    for position, fact in enumerate(facts):
        if fact.indicator_code and fact.role == "actual" and not fact.subgroup and fact.value is not None:
            key = (fact.indicator_code, fact.unit, fact.ref_area, fact.entity, fact.period_start, fact.period_end)
            groups.setdefault(key, []).append(position)
    for positions in groups.values():
        members = [facts[position] for position in positions]
        if len(members) < 2 or len({member.value for member in members}) < len(members):
            continue
        first = members[0]
        for position in positions[1:]:
            name = part_name(facts[position].indicator_text)
            is_name = facts[position].evidence["indicator"].endswith(f": {name}")  # 其中罚款79万元 of 罚没款
            is_smaller = not is_name and (facts[position].value or 0) < (first.value or 0)
            if name and name != part_name(first.indicator_text) and follows_among[position] and is_smaller:
                result[position] = replace(facts[position], subgroup=name)
    return result
