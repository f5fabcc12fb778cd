"""Damage: words and digits that a copy swapped or replaced, and damaged numbers among the clean ones.

Belongs here: synonyms read backwards, a string that replaced another inside numbers, with its evidence; putting lost
and misread numbers in their places. Not here: how these are found (`lost`, `misread`), values that are merely unlikely
(`quality`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.extract.lost import lost_numbers
from ingest.extract.misread import misread_numbers
from ingest.extract.quantity import Quantity
from ingest.extract.tries import longest_of
from ingest.lexicon import LexiconError, load_yaml

_MIN_EVIDENCE = 2  # impossible values that a replaced string must explain


def without_swaps(text: str) -> str:
    """The text with a sharing site's synonyms read backwards (效劳 → 服务); same length, same positions.

    Source: `lexicon/damage/synonyms.yaml`; ordinary words are changed only beside words that nobody writes otherwise.
    """
    swaps = _swaps()
    text, shown = swaps.never_said.subn(lambda match: swaps.originals[match.group()], text)
    if shown >= swaps.evidence:
        text = swaps.also_said.sub(lambda match: swaps.originals[match.group()], text)
    return text


@dataclass(frozen=True, slots=True)
class _Swaps:
    """Patterns for swapped words, and the originals of both kinds."""

    never_said: re.Pattern[str]
    also_said: re.Pattern[str]
    originals: dict[str, str]
    evidence: int


@lru_cache(maxsize=1)
def _swaps() -> _Swaps:
    data = load_yaml("damage/synonyms.yaml")
    originals = {**data["also_said"], **data["never_said"]}
    for swapped, original in originals.items():
        if len(swapped) != len(original):
            raise LexiconError("damage/synonyms.yaml", swapped, "must be as long as its original, or spans break")
    never, also = (re.compile(longest_of(data[part])) for part in ("never_said", "also_said"))
    return _Swaps(never, also, originals, int(data["evidence"]))


@dataclass(frozen=True, slots=True)
class Replacement:
    """A string that stands where another stood, e.g. 2023 for 10, with the impossible numbers that show it."""

    written: str
    original: str  # "" when no reading makes every value possible
    evidence: tuple[str, ...]


_IMPOSSIBLE_MONTH = re.compile(r"年\s?(\d{3,})月")
_YEAR_INSIDE = re.compile(r"20[0-3]\d")
_MIN_SWALLOWED = 3  # by chance one number of six digits in three hundred holds one given year
_PERCENT_LIMIT = 1000  # no rate of the health system is stated above 1,000 percent


def find_replacement(text: str, quantities: Sequence[Quantity]) -> Replacement | None:
    """The string that replaced another inside the document's numbers, by evidence.

    A number is impossible when it is a percentage far above every rate or a month with three digits and more. The
    longest string of two to four digits that all but stray impossible numbers share, and that two or more of them
    hold, is the replacement; its original is the shortest string that makes all of them possible.
    """
    impossible = [
        text[quantity.start : quantity.end]
        for quantity in quantities
        if quantity.unit == "percent" and quantity.value is not None and quantity.value >= _PERCENT_LIMIT
    ]
    impossible += [match[1] for match in _IMPOSSIBLE_MONTH.finditer(text)]
    swallowed = _years_inside(text, quantities)
    if swallowed is not None:
        return Replacement(swallowed[0], _original(swallowed[0], impossible), swallowed[1])
    if len(impossible) < _MIN_EVIDENCE:
        return None
    shared: Counter[str] = Counter()
    for number in impossible:
        pieces = {number[i : i + size] for size in (4, 3, 2) for i in range(len(number) - size + 1)}
        shared.update(piece for piece in pieces if piece.isdigit())
    written, count = max(shared.items(), key=lambda item: (item[1], len(item[0]), item[0]))
    if count < max(_MIN_EVIDENCE, (len(impossible) + 1) // 2):
        return None
    return Replacement(written, _original(written, impossible), tuple(impossible))


def _years_inside(text: str, quantities: Sequence[Quantity]) -> tuple[str, tuple[str, ...]] | None:
    """A year that several numbers hold inside them (99.2021%, 8202106人): a copy's year was put in place of digits."""
    years: dict[str, list[str]] = {}
    for quantity in quantities:
        number = text[quantity.start : quantity.end]
        for match in _YEAR_INSIDE.finditer(number):
            if len(number) > len(match.group()):
                years.setdefault(match.group(), []).append(number)
    year, numbers = max(years.items(), key=lambda item: len(item[1]), default=("", []))
    return (year, tuple(numbers)) if len(numbers) >= _MIN_SWALLOWED else None


def _original(written: str, impossible: Sequence[str]) -> str:
    if not impossible:
        return ""
    for candidate in ("10", "1", "0", "2", "3", "4", "5", "6", "7", "8", "9", "20", "30", "50", "100"):
        repaired = [number.replace(written, candidate) for number in impossible if written in number]
        if all(_possible(number) for number in repaired):
            return candidate
    return ""


def _possible(number: str) -> bool:
    return float(number) <= 100


def repaired(number: str, replacement: Replacement) -> float | None:
    """The value that a damaged number had if the replacement is undone, or None."""
    if not replacement.original or replacement.written not in number:
        return None
    try:
        return float(number.replace(replacement.written, replacement.original).replace(",", ""))
    except ValueError:
        return None


def damaged_places(text: str, blocked: Sequence[tuple[int, int]]) -> list[Quantity]:
    """Lost and misread numbers outside of some spans, in order, none over another."""
    found: list[Quantity] = []
    places = [*misread_numbers().find(text), *lost_numbers().find(text)]
    for place in sorted(places, key=lambda place: (place.start, place.end - place.stop)):
        is_apart = not found or found[-1].stop <= place.start
        if is_apart and not any(start <= place.start < end for start, end in blocked):
            found.append(place)
    return found


def with_damage(text: str, quantities: Sequence[Quantity], blocked: Sequence[tuple[int, int]]) -> list[Quantity]:
    """The quantities of a text with its lost and misread numbers; a clean part of a damaged number is none.

    Args:
        text: the folded reading.
        quantities: what the grammar read, in order.
        blocked: spans that are not searched.
    """
    places = damaged_places(text, blocked)
    starts = [place.start for place in places]
    kept = []
    for quantity in quantities:
        before = bisect_right(starts, quantity.start) - 1
        is_in = before >= 0 and quantity.start < max(places[before].stop, places[before].start + 1)
        holds = before + 1 < len(places) and places[before + 1].start < quantity.stop
        if not is_in and not holds:
            kept.append(quantity)
    return sorted([*kept, *places], key=lambda quantity: quantity.start)


def mark_replaced(text: str, quantities: Sequence[Quantity], replacement: Replacement) -> None:
    """Take the value of every number that holds a replaced string; propose what it was."""
    for quantity in quantities:
        number = text[quantity.start : quantity.end]
        if replacement.written not in number or quantity.value is None:
            continue
        value = repaired(number, replacement)
        quantity.repaired = None if value is None else value * quantity.multiplier
        quantity.value = quantity.value_max = None
        quantity.flags = (*quantity.flags, "digits_corrupt")
