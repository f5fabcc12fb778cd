"""Parts: what 其中 and a row of like items say of a whole that was counted just before.

Belongs here: lending a whole's indicator to its parts, and telling the parts of one statement from their whole.
Not here: groups of people (`scope`), sums that fail (`quality`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.extract.indicator import Link
from ingest.extract.quantity import Quantity
from ingest.model import Fact

_AMONG = re.compile(r"其中|包括|含|[按分][^,;。]{1,6}(?:分|看)[,:]")
_OPENS = re.compile(r"\s?[(:]")
_LEADING = re.compile(r"^(?:[\s,;:、。()]|其中|包括|含|有|和|及|以及|共|另|另有|还有|分别)+")
_LONGEST_PART_NAME = 16


@dataclass(frozen=True, slots=True)
class Whole:
    """A counted whole that later numbers of its statement may be parts of."""

    link: Link
    unit: str
    stop: int
    value: float | None


def part_name(words: str) -> str:
    """The words that name a part, without what introduces it."""
    return _LEADING.sub("", words).strip(" ,;:、.()")


def same_unit(quantity: Quantity, unit: str) -> bool:
    """Whether a number counts in a unit, read with the measure words that several units share (床位…,其中医院412张)."""
    if quantity.unit == unit:
        return True
    if quantity.unit_text == "张" and unit == "bed":
        return True
    return unit.startswith("per_1") and quantity.unit in {"person", "bed", "item"} and (quantity.value or 0) < 100


def may_be_part(whole: Whole, quantity: Quantity, words: str) -> bool:
    """Whether a number can count a part of a whole: the same unit, not more, a short name."""
    if not (quantity.unit == "" or same_unit(quantity, whole.unit)) or not 0 < len(words) <= _LONGEST_PART_NAME:
        return False
    is_count = quantity.value is not None and whole.value is not None and not whole.link.indicator.is_rate
    return not (is_count and (quantity.value or 0) > (whole.value or 0))


def is_announced(text: str, whole: Whole, quantity: Quantity) -> bool:
    """Whether the text says that parts follow: 其中, 包括, 按病种分, or a bracket or colon right behind the whole."""
    if ";" in text[whole.stop : quantity.lead]:
        return False
    return bool(_AMONG.search(text, whole.stop, quantity.lead) or _OPENS.match(text, whole.stop))


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
            is_smaller = (facts[position].value or 0) < (first.value or 0)
            if name and name != part_name(first.indicator_text) and follows_among[position] and is_smaller:
                result[position] = replace(facts[position], subgroup=name)
    return result
