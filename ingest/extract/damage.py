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


_DIGITS = re.compile(r"\d+")
_IMPOSSIBLE_TIMES = (
    (re.compile(r"年\s?(\d{3,7})月"), (1, 12)),
    (re.compile(r"月\s?(\d{3,7})日"), (1, 31)),
    (re.compile(r"(\d(?<![\d.]\d)\d{4,7})年"), (1949, 2050)),
)
_PERCENT = (0, 100)
_YEAR_INSIDE = re.compile(r"20[0-3]\d")
_YEAR_LENGTH = 4
_MIN_SWALLOWED = 3  # by chance one number of six digits in three hundred holds one given year
_PERCENT_LIMIT = 1000  # no rate of the health system is stated above 1,000 percent
_NEARLY_ALL = 0.8  # of the impossible numbers that a reading must explain: a growth above 100 percent is none
_LEFT_OVER = 0.5  # of the replaced strings that may have been spared elsewhere (a title, a heading)
_MOST_TOKENS = 60  # impossible numbers that are weighed
_ORIGINALS = tuple(str(number) for number in range(101))


@dataclass(frozen=True, slots=True)
class _Impossible:
    """A number that cannot be, and the limits within which it must have been."""

    number: str
    limits: tuple[int, int]

    def is_explained(self, written: str, original: str) -> bool:
        """Whether undoing the replacement makes the number possible."""
        if written not in self.number:
            return False
        number = self.number.replace(written, original)
        if number.startswith("0") and not number.startswith("0."):
            return False
        return self.limits[0] <= float(number) <= self.limits[1]


def find_replacement(text: str, quantities: Sequence[Quantity]) -> Replacement | None:
    """The string that replaced another inside the document's numbers, by evidence.

    A number is impossible when it is a percentage far above every rate, or a year, month or day with too many digits.
    A replacement is a string of two to four digits that most impossible numbers hold and a string of one to three
    digits that makes them possible when it is put back; where several would, the one that the damaged text holds least
    elsewhere (it was replaced everywhere), and none where that leaves a tie. A year inside several numbers is a
    replacement even if nothing tells what it replaced.
    """
    impossible = _impossible(text, quantities)
    swallowed = _years_inside(text, quantities)
    if swallowed is not None:
        original = _original(text, swallowed[0], impossible)
        return Replacement(swallowed[0], original, swallowed[1])
    if len(impossible) < _MIN_EVIDENCE:
        return None
    shared: Counter[str] = Counter()
    for token in impossible:
        pieces = {token.number[i : i + size] for size in (4, 3, 2) for i in range(len(token.number) - size + 1)}
        shared.update(piece for piece in pieces if piece.isdigit())
    enough = max(_MIN_EVIDENCE, (len(impossible) + 1) // 2)
    numbers = tuple(token.number for token in impossible)
    readings = [
        _Reading(written, _original(text, written, impossible), count)
        for written, count in shared.items()
        if count >= enough
    ]
    best = max((reading for reading in readings if reading.original), key=_Reading.rank, default=None)
    if best is None:
        year = next((reading.written for reading in readings if reading.is_year), "")
        return Replacement(year, "", numbers) if year else None
    return Replacement(best.written, best.original, numbers)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read the damage: a string in the place of another, and how many impossible numbers hold it."""

    written: str
    original: str
    held: int

    @property
    def is_year(self) -> bool:
        """Whether the string is a year of a report."""
        return _YEAR_INSIDE.fullmatch(self.written) is not None

    def rank(self) -> tuple[bool, int, int, str]:
        """Years first, then the string that more numbers hold, then the shorter."""
        return self.is_year, self.held, -len(self.written), self.written


def _impossible(text: str, quantities: Sequence[Quantity]) -> list[_Impossible]:
    found = [
        _Impossible(text[quantity.start : quantity.end], _PERCENT)
        for quantity in quantities
        if quantity.unit == "percent" and quantity.value is not None and quantity.value >= _PERCENT_LIMIT
    ]
    for pattern, limits in _IMPOSSIBLE_TIMES:
        found += [_Impossible(match[1], limits) for match in pattern.finditer(text)]
    plain = [token for token in found if token.number.replace(".", "", 1).isdigit()]
    return plain[:_MOST_TOKENS]


def _years_inside(text: str, quantities: Sequence[Quantity]) -> tuple[str, tuple[str, ...]] | None:
    """A year that several numbers hold inside them (99.2021%, 8202106人): a copy's year was put in place of digits."""
    years: dict[str, list[str]] = {}
    for quantity in quantities:
        number = text[quantity.start : quantity.end]
        if quantity.unit_text == "年":
            continue
        for match in _YEAR_INSIDE.finditer(number):
            if len(number) > len(match.group()):
                years.setdefault(match.group(), []).append(number)
    year, numbers = max(years.items(), key=lambda item: len(item[1]), default=("", []))
    return (year, tuple(numbers)) if len(numbers) >= _MIN_SWALLOWED else None


def _original(text: str, written: str, impossible: Sequence[_Impossible]) -> str:
    """What was replaced, or '' where the impossible numbers leave it open."""
    holding = [token for token in impossible if written in token.number]
    if not holding:
        return ""
    explained = {o: sum(token.is_explained(written, o) for token in holding) for o in _ORIGINALS if o != written}
    most = max(explained.values())
    if most < max(1, (len(holding) + 1) // 2):
        return ""
    digits = " ".join(_DIGITS.findall(text))
    times = digits.count(written)
    digits = digits.replace(written, " ")
    elsewhere = {o: digits.count(o) for o, count in explained.items() if count >= _NEARLY_ALL * most}
    least = min(elsewhere.values())
    best = [o for o, count in elsewhere.items() if count == least]
    if len(best) > 1:  # rates of exactly 100 percent are common, of 60 or 70 are not
        full = {o: sum(token.number.replace(written, o) == "100" for token in holding) for o in best}
        best = [o for o in best if full[o] == max(full.values())]
    return best[0] if len(best) == 1 and least <= _LEFT_OVER * times else ""


def mark_years_in_rates(text: str, quantities: Sequence[Quantity]) -> None:
    """Take the value of a percentage that is impossible and holds a year (20193%): digits of it were replaced."""
    for quantity in quantities:
        number = text[quantity.start : quantity.end]
        is_rate = quantity.unit == "percent" and quantity.value is not None and quantity.value >= _PERCENT_LIMIT
        if is_rate and len(number) > _YEAR_LENGTH and _YEAR_INSIDE.search(number):
            quantity.value = quantity.value_max = None
            quantity.flags = (*quantity.flags, "digits_corrupt")


def repaired(number: str, replacement: Replacement) -> float | None:
    """The value that a damaged number had if the replacement is undone, or None."""
    if not replacement.original or replacement.written not in number:
        return None
    try:
        return float(number.replace(replacement.written, replacement.original).replace(",", "").replace(" ", ""))
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
