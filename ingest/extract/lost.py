"""Lost numbers: a unit without its number, a level without its figure, a mask in the place of digits.

Belongs here: where a number is missing, with the evidence that it is. Not here: wrong digits (`misread`, `damage`).
A single place counts where nothing else can be meant (罚款万元, 由人增加到人); others only where a document shows two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from ingest.extract.quantity import Quantity
from ingest.extract.tries import longest_of
from ingest.extract.units import units
from ingest.lexicon import load_yaml

_ENOUGH = 2  # places in one document that may each be another turn
_CLOSED = r"(?=\s?(?:[,;。!)、]|$))"
_MONEY = ("万元", "亿元", "千元", "元")
_FRACTION = r"[%‰]"


class LostNumbers:
    """Finds the places of lost numbers; built once from `lexicon/damage/lost.yaml`."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        counting = [unit for unit in words["units"] if unit not in {"%", "‰"}]
        unit = _unit_pattern(counting, words["not_before"])
        level, to = longest_of(words["level_words"]), longest_of(words["to_words"])
        start, noun = longest_of(words["from_words"]), longest_of(words["money_words"])
        rate = longest_of(words["rate_words"])
        # a unit that another level, a mark or the noun that it counts follows
        goes_on = rf"(?=\s?(?:[,;。!)、]|$|{to}))"
        self._sure = [
            re.compile(pattern)
            for pattern in (
                rf"(?:{level})(?P<unit>{unit}){goes_on}",
                rf"(?:{start})(?:年的)?(?P<unit>{unit})?(?=(?:{to})(?P<unit2>{unit}))",
                rf"(?:{start})(?:年的)?(?:{unit})?(?:{to})(?P<unit>{unit}){_CLOSED}",
                rf"(?:{noun})(?:达到|达|共|约|了)?(?P<unit>{longest_of(_MONEY)})(?=[,;。!]|$)",
                rf"(?:{rate})(?P<number>(?:\.\d+)?)(?P<unit>{_FRACTION})(?=[,;。!]|以上|以下|左右|{to})",
                rf"(?:{rate})(?P<number>\.\d+)(?P<unit>{longest_of(words['units'])})",
            )
        ]
        taken_on = words["taken_on"]
        weak, after = longest_of(words["weak_words"]), longest_of(words["held_after"])
        self._weak = [
            re.compile(rf"(?:{weak})(?P<unit>{unit})(?=\s?(?:[,;。!)]|$|{to}|医疗|卫生|病|床|村))"),
            # 新建余项: more than a number that is not there
            re.compile(rf"余(?<![\d十百千万亿其剩业盈]余)(?P<unit>{unit}){goes_on}"),
            re.compile(rf"(?:{longest_of(words['held_words'])})(?P<unit>)(?:{after})(?=[,;。!])"),
            re.compile(
                rf"(?:{longest_of(taken_on['verbs'])})(?P<unit>{taken_on['unit']})(?={longest_of(taken_on['nouns'])})"
            ),
            *(
                re.compile(rf"(?:{longest_of(entry['nouns'])})(?P<unit>{longest_of(entry['units'])}){_before(entry)}")
                for entry in words["counted"]
            ),
        ]
        alone, doubled = (re.escape(words["masks"][kind]) for kind in ("alone", "doubled"))
        mask = rf"[{alone}]{{1,8}}|(?<=[\u4e00-\u9fff])[{doubled}]{{2,8}}"
        self._mask = re.compile(
            rf"(?P<mask>{mask})(?P<rest>\d{{0,4}}(?:\.[\d{alone}]{{1,4}})?)(?P<unit>[万亿]?(?:{unit})|{_FRACTION})"
        )

    def find(self, text: str) -> list[Quantity]:
        """Places of lost numbers, in order; uncertain ones only where the document shows two or more places."""
        sure = {quantity.start: quantity for quantity in self._masks(text)}
        for pattern in self._sure:
            for quantity in self._places(pattern, text):
                sure.setdefault(quantity.start, quantity)
        weak = {quantity.start: quantity for pattern in self._weak for quantity in self._places(pattern, text)}
        if len(sure.keys() | weak.keys()) < _ENOUGH:
            weak = {}
        found = {**weak, **sure}
        return [found[start] for start in sorted(found)]

    def _masks(self, text: str) -> Iterator[Quantity]:
        for match in self._mask.finditer(text):
            start = match.start()
            while start and (text[start - 1].isdigit() or text[start - 1] == "."):
                start -= 1
            multiplies = start < match.start() and match["rest"] and len(match["mask"]) == 1  # 3×5
            before = text[start - 1 : start]
            if not multiplies and not (before.isascii() and (before.isalnum() or before in "*_")):
                yield _lost(start, match.start("unit"), match.end("unit"), match["unit"])

    def _places(self, pattern: re.Pattern[str], text: str) -> Iterator[Quantity]:
        has_number, has_second = "number" in pattern.groupindex, "unit2" in pattern.groupindex
        for match in pattern.finditer(text):
            unit, stop = match["unit"], match.end()
            if unit is None:  # 由增加到人: the unit is lost with the number
                yield _lost(stop, stop, stop, match["unit2"] if has_second else "")
            elif unit == "":
                start = match.start("unit")
                yield _lost(start, start, stop, "%")
            else:
                start = match.start("number") if has_number else match.start("unit")
                yield _lost(start, match.start("unit"), match.end("unit"), unit)


def _before(entry: Mapping[str, list[str]]) -> str:
    """What stands behind a bare unit: a mark, or one of the entry's verbs."""
    verbs = f"|{longest_of(entry['verbs'])}" if "verbs" in entry else ""
    return rf"(?=\s?(?:[,;。!)、]|${verbs}))"


def _unit_pattern(words: Iterable[str], not_before: Mapping[str, str]) -> str:
    """The longest unit, where it is not the beginning of another word."""
    guards = "".join(f"(?!{word}[{rest}])" for word, rest in not_before.items())
    return f"{guards}{longest_of(words)}"


def _lost(start: int, end: int, stop: int, unit: str) -> Quantity:
    canonical, _ = units().canonical(unit.lstrip("千万亿") if unit not in units().by_word else unit)
    return Quantity(start, start, end, stop, None, None, canonical, unit, "=", ("digits_lost",))


@lru_cache(maxsize=1)
def lost_numbers() -> LostNumbers:
    """The finder of the project's lexicon."""
    return LostNumbers(load_yaml("damage/lost.yaml"))
