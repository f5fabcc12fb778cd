"""Shared units: what one number of a row says for the others, its unit or its bound.

Belongs here: rows of numbers before anything is known of what they count. Not here: reading one number (`quantity`),
lists of names (`lists`).
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.extract.cues import cue_pattern
from ingest.extract.quantity import Quantity

_SHARES_UNIT = r"\s?(?:[、和与及]|以及|{moved_to}(?:到|至))\s?|[、和与]?\s?(?:19|20)\d\d年的"
_JOINED = r"\s?[、和与及]\s?"
_BOUNDS_OF_LISTS = frozenset({">=", "<="})
_LIST_REACH = 6  # characters between 分别 and the first number of its list


def share_units(text: str, found: Sequence[Quantity]) -> None:
    """A unit stated once serves the numbers before it: 1286、1502和733人, 由1206增加到1582人."""
    for quantity, following in zip(reversed(found[:-1]), reversed(found[1:]), strict=True):
        is_point = quantity.unit_text == "个" and following.unit_text == "个百分点"  # 提高1.6个和0.9个百分点
        if (quantity.unit and not is_point) or quantity.multiplier != 1 or not following.unit or quantity.value is None:
            continue
        if cue_pattern(_SHARES_UNIT).fullmatch(text, quantity.stop, following.lead):
            quantity.unit, quantity.unit_text = following.unit, following.unit_text
            if (
                following.multiplier != 1
                and following.value is not None
                and quantity.value <= 10 * (following.value / following.multiplier)
            ):
                quantity.multiplier = following.multiplier
                quantity.value *= following.multiplier


def share_bounds(text: str, found: Sequence[Quantity]) -> None:
    """A bound said once holds for a list: 分别不低于65%和75%, 分别达到80%、75%以上."""
    first = 0
    for number in range(1, len(found) + 1):
        joined = number < len(found) and found[number].unit == found[first].unit
        if joined and cue_pattern(_JOINED).fullmatch(text, found[number - 1].stop, found[number].lead):
            continue
        listed = found[first:number]
        first = number
        begin = listed[0].lead
        if len(listed) < 2 or not cue_pattern("{in_order}").search(text, max(0, begin - _LIST_REACH), begin):
            continue
        bounds = {quantity.comparator for quantity in listed} & _BOUNDS_OF_LISTS
        if len(bounds) == 1:
            for quantity in listed:
                if quantity.comparator == "=":
                    quantity.comparator = next(iter(bounds))
