"""Lost numbers: a unit without its number, a level without its figure, a mask in the place of digits.

Belongs here: where a number is missing, with the evidence that it is. Not here: wrong digits (`misread`, `damage`).
A single place counts where nothing else can be meant (罚款万元, 由人增加到人); others only where a document shows two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.extract.quantity import Quantity
from ingest.extract.tries import longest_of
from ingest.extract.units import units
from ingest.lexicon import load_yaml

_ENOUGH = 2  # places in one document that may each be another turn
_CLOSED = r"(?=\s?(?:[,;。!)、]|$))"
_MONEY = ("万元", "亿元", "千元", "元")
_REACHING = ("达到", "达", "共", "约", "了")
_FRACTION = r"[%‰]"
_GAP = r"[ \u3000]{0,12}"  # blanks that were left where the number was to be filled in


class LostNumbers:
    """Finds the places of lost numbers; built once from `lexicon/damage/lost.yaml`."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        counting = [unit for unit in words["units"] if unit not in {"%", "‰"}]
        unit = _unit_pattern(counting, words["not_before"])
        to = longest_of(words["to_words"])
        # a unit that another level, a mark or the noun that it counts follows
        goes_on = rf"(?=\s?(?:[,;。!)、]|$|{to}))"
        earlier = "(?:[上去前]?年(?:同期)?的)?"
        either = ["年", "上", "去", "前", *counting, *words["to_words"]]
        # the words that a form begins with, what may stand right behind them, and the form of that
        sure = [
            (words["level_words"], counting, rf"(?P<unit>{unit}){goes_on}"),
            (words["from_words"], either, rf"{earlier}(?P<unit>{unit})?(?=(?:{to})(?P<unit2>{unit}))"),
            (words["from_words"], either, rf"{earlier}(?:{unit})?(?:{to})(?P<unit>{unit}){_CLOSED}"),
            (
                words["money_words"],
                [*_REACHING, *_MONEY],
                rf"(?:{longest_of(_REACHING)})?(?P<unit>{longest_of(_MONEY)})(?=[,;。!]|$)",
            ),
            (
                words["rate_words"],
                ".%‰",
                rf"(?P<number>(?:\.\d+)?)(?P<unit>{_FRACTION})(?=[,;。、!]|以上|以下|左右|{to})",
            ),
            (words["rate_words"], ".", rf"(?P<number>\.\d+)(?P<unit>{longest_of(words['units'])})"),
            # 死亡率为0。%: the digits behind the point are gone; …人,%;%: the whole rate is
            (words["rate_words"], "0123456789", rf"(?P<number>\d{{1,3}}[。.])(?P<unit>{_FRACTION}|/10万)"),
            ([",", ";", "。", "、"], "%‰", rf"(?<!\d。)(?P<unit>{_FRACTION})(?=[,;。、]|以[上下内]|$)"),
        ]
        rows = words["rows"]
        taken_on, after = words["taken_on"], longest_of(words["held_after"])
        weak = [
            (words["weak_words"], counting, rf"(?P<unit>{unit})(?=\s?(?:[,;。!)]|$|{to}|医疗|卫生|病|床|村))"),
            # 新建余项: more than a number that is not there
            (["余"], counting, rf"(?<![\d十百千万亿其剩业盈]余)(?P<unit>{unit}){goes_on}"),
            (words["held_words"], words["held_after"], rf"(?P<unit>)(?:{after})(?=[,;。!])"),
            (
                rows["joints"],
                rows["units"],
                rf"(?P<unit>{longest_of(rows['units'])})(?={longest_of(rows['nouns'])})",
            ),
            (taken_on["verbs"], taken_on["unit"], rf"(?P<unit>{taken_on['unit']})(?={longest_of(taken_on['nouns'])})"),
            *(
                (entry["nouns"], entry["units"], rf"(?P<unit>{longest_of(entry['units'])}){_before(entry)}")
                for entry in words["counted"]
            ),
        ]
        forms = [*sure, *weak]
        self._patterns = [re.compile(longest_of(first) + _GAP + rest) for first, _, rest in forms]
        self._weak = range(len(sure), len(forms))
        # which patterns a word begins with the character behind it: each is tried there alone
        begun: dict[str, list[int]] = defaultdict(list)
        for number, (first, behind, _) in enumerate(forms):
            for beginning in {word + following[0] for word in first for following in (*behind, " ")}:
                begun[beginning].append(number)
        self._begun = list(begun.values())
        self._beginnings = AhoCorasick(list(begun), matchkind=MatchKind.Standard)
        alone, doubled = (re.escape(words["masks"][kind]) for kind in ("alone", "doubled"))
        mask = rf"[{alone}]{{1,8}}|(?<=[\u4e00-\u9fff])[{doubled}]{{2,8}}"
        self._mask_begins = re.compile(rf"[{alone}{doubled}]")
        self._mask = re.compile(
            rf"(?P<mask>{mask})(?P<rest>\d{{0,4}}(?:\.[\d{alone}]{{1,4}})?)(?P<unit>[万亿]?[余多]?(?:{unit})|{_FRACTION})"
        )

    def find(self, text: str) -> list[Quantity]:
        """Places of lost numbers, in order; uncertain ones only where the document shows two or more places."""
        sure = {quantity.start: quantity for quantity in self._masks(text)}
        weak: dict[int, Quantity] = {}
        for number, match in self._matches(text):
            quantity = _place(match)
            if number in self._weak:
                weak[quantity.start] = quantity
            else:
                sure.setdefault(quantity.start, quantity)
        if len(sure.keys() | weak.keys()) < _ENOUGH:
            weak = {}
        found = {**weak, **sure}
        return [found[start] for start in sorted(found)]

    def _masks(self, text: str) -> Iterator[Quantity]:
        at = 0
        while begin := self._mask_begins.search(text, at):
            match = self._mask.match(text, begin.start())
            if match is None:
                at = begin.end()
                continue
            start, at = match.start(), match.end()
            while start and (text[start - 1].isdigit() or text[start - 1] == "."):
                start -= 1
            multiplies = start < match.start() and match["rest"] and len(match["mask"]) == 1  # 3×5
            before = text[start - 1 : start]
            if not multiplies and not (before.isascii() and (before.isalnum() or before in "*_")):
                yield _lost(start, match.start("unit"), match.end("unit"), match["unit"])

    def _matches(self, text: str) -> list[tuple[int, re.Match[str]]]:
        """What each pattern matches, pattern by pattern, in order and apart."""
        starts = {
            (number, start)
            for word, start, _ in self._beginnings.find_matches_as_indexes(text, overlapping=True)
            for number in self._begun[word]
        }
        found: list[tuple[int, re.Match[str]]] = []
        for number, start in sorted(starts):
            match = self._patterns[number].match(text, start)
            if match is not None and not (found and found[-1][0] == number and start < found[-1][1].end()):
                found.append((number, match))
        return found


def _place(match: re.Match[str]) -> Quantity:
    groups = match.re.groupindex
    unit, stop = match["unit"], match.end()
    if unit is None:  # 由增加到人: the unit is lost with the number
        return _lost(stop, stop, stop, match["unit2"] if "unit2" in groups else "")
    start = match.start("number" if "number" in groups else "unit")
    if unit == "":
        return _lost(start, start, stop, "%")
    return _lost(start, match.start("unit"), match.end("unit"), unit)


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
