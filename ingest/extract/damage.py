"""Damage: digits that a copy lost or replaced.

Belongs here: numbers missing before their unit, masks, and a string that replaced another inside numbers; evidence for
each from the whole document. Not here: values that are merely unlikely (`quality`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.extract.cues import cues
from ingest.extract.quantity import Quantity
from ingest.extract.tries import longest_of
from ingest.extract.units import units
from ingest.lexicon import LexiconError, load_yaml

_MIN_EVIDENCE = 2  # impossible values that a replaced string must explain
_MIN_LOST = 2  # numbers that must be missing in a document before a bare unit counts as a lost number


def without_swaps(text: str) -> str:
    """The text with a sharing site's synonyms read backwards (效劳 → 服务); same length, same positions.

    Source: `lexicon/damage/synonyms.yaml`; nothing is changed in a text that shows too few of the swaps.
    """
    swaps, signs, evidence = _swaps()
    if sum(text.count(sign) for sign in signs) < evidence:
        return text
    for swapped, original in swaps:
        text = text.replace(swapped, original)
    return text


@lru_cache(maxsize=1)
def _swaps() -> tuple[tuple[tuple[str, str], ...], tuple[str, ...], int]:
    data = load_yaml("damage/synonyms.yaml")
    for swapped, entry in data["swaps"].items():
        if len(swapped) != len(entry["original"]):
            raise LexiconError("damage/synonyms.yaml", swapped, "must be as long as its original, or spans break")
    swaps = tuple((str(swapped), str(entry["original"])) for swapped, entry in data["swaps"].items())
    signs = tuple(str(swapped) for swapped, entry in data["swaps"].items() if entry.get("sign"))
    return swaps, signs, int(data["evidence"])


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


class LostNumbers:
    """Finds units that stand where a number has been lost: 达到个, 由人增加到人, 床位张。"""

    def __init__(self) -> None:
        unit = longest_of(
            word
            for word in (
                "个",
                "家",
                "所",
                "张",
                "人",
                "名",
                "台",
                "例",
                "件",
                "人次",
                "万人",
                "万元",
                "亿元",
                "元",
                "%",
                "‰",
                "万人次",
                "份",
                "户",
                "起",
                "对",
                "支",
                "辆",
                "场",
                "场次",
                "位",
                "剂次",
            )
        )
        before = "|".join(sorted(map(re.escape, cues().words["lost_before"]), key=len, reverse=True))
        # after a verb that asks for a number, and before a mark, another such verb or a counted noun
        self._after_verb = re.compile(
            rf"(?:{before})\s?(?P<unit>{unit})(?=[,;。、)\s]|增加到|提高到|下降到|减少到|增至|增加|上升到|医|卫生|病|床|村|$)"
        )
        self._after_noun = re.compile(
            r"(?:床位|毕业生|人员|医师|护士|人数|设备|病床|机构)(?P<unit>张|名|人|台|个|家)(?=[,;。、]|$)"
        )
        self._mask = re.compile(rf"(?<![A-Za-z0-9])(?P<mask>[xX×*]{{1,8}})(?P<mult>万|亿)?(?P<unit>{unit})")

    def find(self, text: str) -> list[Quantity]:
        """Places of lost numbers, in order; none unless the document shows several or a mask."""
        found: dict[int, Quantity] = {}
        for pattern in (self._after_verb, self._after_noun):
            for match in pattern.finditer(text):
                found.setdefault(match.start("unit"), _lost(match.start("unit"), match.end("unit"), match["unit"]))
        if len(found) < _MIN_LOST:
            found.clear()
        for match in self._mask.finditer(text):
            found[match.start("mask")] = _lost(match.start("mask"), match.end("unit"), match["unit"])
        return [found[start] for start in sorted(found)]


@lru_cache(maxsize=1)
def lost_numbers() -> LostNumbers:
    """The finder made from the project's cues."""
    return LostNumbers()


def _lost(start: int, stop: int, unit: str) -> Quantity:
    canonical, _ = units().canonical(unit.lstrip("万亿"))
    return Quantity(start, start, stop, stop, None, None, canonical, unit, "=", ("digits_lost",))
