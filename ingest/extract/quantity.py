"""Quantities: numbers with their units, as a report writes them.

Belongs here: number, multiplier, sign, range, comparator, unit, span; and what looks like a quantity and is none.
Not here: what is measured (`indicator`), when (`period`), for whom (`scope`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.extract.cues import Cues, cues
from ingest.extract.numerals import chinese_number
from ingest.extract.tries import longest_of
from ingest.extract.units import Units, units
from ingest.model import Comparator


@dataclass(slots=True)
class Quantity:
    """One number with its unit. All offsets are half-open offsets into the folded reading.

    `start`, `end`: the number's own characters (with its sign); `lead`: where a comparator word before it begins;
    `stop`: where unit and suffix end. `value` is in the canonical unit; None when the digits are lost.
    """

    lead: int
    start: int
    end: int
    stop: int
    value: float | None
    value_max: float | None
    unit: str
    unit_text: str
    comparator: Comparator
    flags: tuple[str, ...] = ()
    multiplier: float = 1.0
    repaired: float | None = None  # what a damaged number most likely was; never the value


# groups of three may be parted by a comma or by one blank; a line's end or a blank may stand inside a decimal
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?!\d)|(?<!\d )\d{1,3}(?: \d{3})+(?!\d)|\d+)"
    r"(?:\.\d+|(?<=[\u4e00-\u9fff ]\d)\. ?\d+|(?<=[\u4e00-\u9fff ]\d\d)\. ?\d+)?"
)
_MULTIPLIER = "万亿|百万|千万|十万|百亿|千亿|亿|万|千(?![米克瓦])|百(?!分)"
_CHINESE = "〇零一二两三四五六七八九十百千万亿"
_BLANK = r"[^\S\n]?"  # a unit stands on its number's line; lines that a copy broke are joined before
_DIGIT = re.compile(r"\d")
_SCALES = frozenset("万亿")
_RATIO_REACH = 20  # characters
_LAST_CLAUSE = re.compile("[,;。]")
_FRACTIONS = {"百": "percent", "千": "per_mille", "万": "per_10k", "十万": "per_100k"}


class QuantityReader:
    """Finds quantities in a folded reading; built once from the unit and cue files."""

    def __init__(self, unit_table: Units, cue_table: Cues) -> None:
        self.units = unit_table
        self.cues = cue_table
        unit = unit_table.pattern
        self._tail = re.compile(
            rf"(?P<more1>余|多|来)?{_BLANK}(?:(?P<mult>{_MULTIPLIER})(?P<more2>余|多|来)?)?{_BLANK}(?P<unit>{unit})?"
        )
        self._direct = re.compile(rf"{_BLANK}(?P<unit>{unit})")
        self._suffix = re.compile(rf"\s?(?P<suffix>{cue_table.after_unit_pattern})(?![了出])")  # 278家多了53家
        self._number = re.compile(_NUMBER)
        self._range = re.compile(rf"\s?(?P<sep>-|—|~|至|到)\s?(?P<n2>{_NUMBER})")
        # 1.2万至1.5万元: the multiplier is repeated
        self._scaled_range = re.compile(rf"(?P<m>万|亿)\s?(?P<sep>-|—|~|至|到)\s?(?P<n2>{_NUMBER})(?=(?P=m))")
        self._before = re.compile(rf"(?P<word>{cue_table.before_pattern})(?:了|有)?\s?$")
        self._apart = re.compile(r"(?P<word>至少|不低于|不少于|不超过|不高于)[\u4e00-\u9fff]{1,3}$")
        self._fraction = re.compile(r"(?P<base>10万|十万|百|千|万)分之(?P<n>\d+(?:\.\d+)?)")
        number = r"\d{1,3}(?:\.\d+)?"
        self._ratio = re.compile(
            rf"(?<![\d.:])(?:1\s?[:∶]\s?(?P<per_one>{number})|(?P<to_one>{number})\s?[:∶]\s?1)(?![\d.:])"
        )
        self._blood = re.compile(longest_of(cue_table.words["blood_words"]))
        self._device = re.compile(rf"(?<![A-Za-z]){longest_of(cue_table.words['devices'])}$")
        self._counting = re.compile("[余多]?[台套个部例人]")
        self._compound = re.compile(rf"(?P<n>\d+(?:\.\d+)?)(?P<mult>万|百万|千万)(?P<unit>{unit})")
        self._except = tuple(cue_table.words["before_number_except"])
        first = "".join(sorted({re.escape(word[0]) for word in unit_table.by_word}))
        self._numeral_begins = re.compile(rf"[{_CHINESE}](?=[{_CHINESE}点分成余多{first}])")
        self._chinese = re.compile(
            rf"(?:(?P<base>十万|百|千|万)分之(?P<frac>[{_CHINESE}]+(?:点[{_CHINESE}]+)?))"
            rf"|(?P<tenths>[一二三四五六七八九](?:点[一二三四五六七八九])?)成(?P<more_tenths>[一二三四五六七八九])?(?=[以左,。;、的]|$)"
            rf"|(?P<num>[{_CHINESE}]*[〇零一二两三四五六七八九十百千万亿](?:点[{_CHINESE}]+[万亿]?)?)(?P<more>余|多)?(?P<unit>{unit})"
        )

    def read(self, text: str, skip: Sequence[tuple[int, int]]) -> list[Quantity]:
        """All quantities of the text outside the spans of `skip` (sorted, half-open), in order."""
        fractions = sorted([*self._fractions(text), *self._ratios(text)], key=lambda quantity: quantity.start)
        if fractions:
            skip = sorted([*skip, *((fraction.lead, fraction.stop) for fraction in fractions)])
        found = fractions
        found += self._digits(text, skip)
        found += self._numerals(text, skip)
        found.sort(key=lambda quantity: quantity.start)
        return found

    def _fractions(self, text: str) -> Iterator[Quantity]:
        """10万分之6.78, 千分之5.05: a rate whose base is said before it."""
        for match in self._fraction.finditer(text):
            unit = _FRACTIONS[match["base"].replace("10", "十")]
            value = _clean(_number(match["n"]))
            yield Quantity(match.start(), match.start("n"), match.end(), match.end(), value, None, unit, "分之", "=")

    def _ratios(self, text: str) -> Iterator[Quantity]:
        """医护比1:1.08, 男女性别比为1.31:1: so many for one, behind a word for a ratio in the same clause."""
        for match in self._ratio.finditer(text):
            said = text[max(0, match.start() - _RATIO_REACH) : match.start()]
            if "比" not in _LAST_CLAUSE.split(said)[-1]:
                continue
            start, end = match.span("per_one") if match["per_one"] else match.span("to_one")
            lead, word = self._said_before(text, match.start())
            comparator = self.cues.before_number[word] if word else "="
            yield Quantity(
                lead,
                start,
                end,
                match.end(),
                float(match[0][start - match.start() : end - match.start()]),
                None,
                "ratio",
                "比",
                comparator,
            )

    def _digits(self, text: str, skip: Sequence[tuple[int, int]]) -> Iterator[Quantity]:
        at, next_skip = 0, 0
        number, search = self._number.match, _DIGIT.search
        while digit := search(text, at):
            start = digit.start()
            match = number(text, start)
            assert match is not None  # a digit is a number
            at = end = match.end()
            while next_skip < len(skip) and skip[next_skip][1] <= start:
                next_skip += 1
            if next_skip < len(skip) and skip[next_skip][0] <= start:
                at = max(at, skip[next_skip][1])
                continue
            before = text[start - 1] if start else ""
            if before and before.isascii() and (before.isalpha() or before in "/_.#&=@"):
                is_counted = before.isalpha() and self._device.search(text, max(0, start - 6), start) is not None
                if not is_counted or not self._counting.match(text, end):
                    continue
            quantity = self._at(text, start, end)
            if quantity is not None:
                at = max(at, quantity.stop)
                yield quantity

    def _at(self, text: str, start: int, end: int) -> Quantity | None:
        units_ = self.units
        number_end, second = end, None
        after = text[end : end + 1]
        if after == "/" and not self._direct.match(text, end):
            return None
        # 3%-5%: the unit of the first is repeated
        range_at = end + 1 if after in "%‰" else end
        match = self._range.match(text, range_at) or (after in _SCALES and self._scaled_range.match(text, end))
        if match and not self._is_chain(text, start, match["sep"]):
            candidate_end = match.end("n2")
            if self._has_unit(text, candidate_end):
                second, number_end = match["n2"], candidate_end
        unit_match = self._direct.match(text, number_end)
        multiplier, more, stop, unit_text = 1.0, False, number_end, ""
        if unit_match:
            unit_text, stop = unit_match["unit"], unit_match.end()
        else:
            tail = self._tail.match(text, number_end)
            assert tail is not None  # every part of the tail may be empty
            more = bool(tail["more1"] or tail["more2"])
            if tail["mult"]:
                multiplier = units_.multipliers[tail["mult"]]
            if tail["unit"]:
                unit_text, stop = tail["unit"], tail.end()
            elif tail["mult"]:
                stop = tail.end("more2") if tail["more2"] else tail.end("mult")
                unit_text = ""
            else:
                stop = number_end
                more = False
        if units_.canonical(unit_text)[0] == "blood_unit" and not self._blood.search(
            text, max(0, start - 40), stop + 8
        ):
            is_counted = unit_text.startswith("个")
            unit_text = "个" if is_counted else ""
            stop = stop - len("单位") if is_counted else number_end
        unit, scale = units_.canonical(unit_text)
        more = more or unit_text.startswith(("个多", "多个"))  # 3个多百分点
        sign_start = start
        negative = False
        if (
            start
            and text[start - 1] == "-"
            and (start == 1 or not (text[start - 2].isdigit() or text[start - 2] in ")%‰"))
        ):
            previous = text[start - 2] if start > 1 else ""
            if not (previous.isascii() and previous.isalnum()):
                negative, sign_start = True, start - 1
        value = _number(text[start:end]) * multiplier * scale
        value_max = _number(second) * multiplier * scale if second else None
        if value_max is not None and value_max <= value:
            return None
        if negative:
            value = -value
        comparator: Comparator = ">" if more else "="
        if multiplier >= 1e8 and not unit_text:
            rest = self._compound.match(text, stop)
            if rest:
                value += float(rest["n"]) * (units_.multipliers[rest["mult"]])
                multiplier, stop, number_end = 1.0, rest.end(), rest.end("n")
                unit, scale = units_.canonical(rest["unit"])
                unit_text = rest["unit"]
        suffix = self._suffix.match(text, stop)
        if suffix:
            comparator = self.cues.after_unit[suffix["suffix"]]
            stop = suffix.end()
        lead, word = self._said_before(text, sign_start)
        if word and comparator == "=":
            comparator = self.cues.before_number[word]
        return Quantity(
            lead,
            sign_start,
            number_end,
            stop,
            _clean(value),
            _clean(value_max),
            unit,
            unit_text,
            comparator,
            (),
            multiplier * scale,
        )

    def _said_before(self, text: str, start: int) -> tuple[int, str]:
        """Where the comparator word before a number begins, and the word; the number's start and '' without one."""
        match = self._before.search(text, max(0, start - 6), start)
        if match is None:
            apart = self._apart.search(text, max(0, start - 9), start)
            return (start, apart["word"]) if apart else (start, "")
        if text.endswith(self._except, max(0, start - 10), match.end("word")):
            return start, ""
        return match.start(), match["word"]

    def _has_unit(self, text: str, at: int) -> bool:
        tail = self._tail.match(text, at)
        return bool(self._direct.match(text, at) or (tail and tail["unit"]))

    def _is_chain(self, text: str, start: int, separator: str) -> bool:
        """由3到5个 tells a change from 3 to 5, not a range."""
        return separator in "至到" and text[max(0, start - 1) : start] in {"由", "从"}

    def _numerals(self, text: str, skip: Sequence[tuple[int, int]]) -> Iterator[Quantity]:
        at, next_skip = 0, 0
        search, chinese = self._numeral_begins.search, self._chinese.match
        while begin := search(text, at):
            start = begin.start()
            match = chinese(text, start)
            if match is None:
                at = start + 1
                continue
            at = match.end()
            while next_skip < len(skip) and skip[next_skip][1] <= start:
                next_skip += 1
            if next_skip < len(skip) and skip[next_skip][0] <= start:
                continue
            quantity = self._numeral(text, match)
            if quantity is not None:
                yield quantity

    def _numeral(self, text: str, match: re.Match[str]) -> Quantity | None:
        start, stop = match.span()
        more = False
        multiplier = 1.0
        if match["base"]:
            value = chinese_number(match["frac"])
            unit = _FRACTIONS[match["base"]]
            unit_text, end = "", stop
        elif match["tenths"]:
            number = chinese_number(match["tenths"])
            rest = chinese_number(match["more_tenths"]) if match["more_tenths"] else 0  # 七成八
            value = None if number is None or rest is None else number * 10 + rest
            unit, unit_text, end = "percent", "成", match.end("tenths")
            stop = end = match.end("more_tenths") if match["more_tenths"] else end + 1
            end -= not match["more_tenths"]
        else:
            numeral = match["num"]
            unit_text = match["unit"]
            if not self._measures(text, start, numeral, unit_text, has_more=bool(match["more"])):
                return None
            value = chinese_number(numeral)
            unit, scale = self.units.canonical(unit_text)
            value = None if value is None else value * scale
            end, more = match.end("num"), bool(match["more"])
        if value is None:
            return None
        comparator: Comparator = ">" if more else "="
        suffix = self._suffix.match(text, stop)
        if suffix:
            comparator, stop = self.cues.after_unit[suffix["suffix"]], suffix.end()
        lead, word = self._said_before(text, start)
        if word and comparator == "=":
            comparator = self.cues.before_number[word]
        return Quantity(lead, start, end, stop, _clean(value), None, unit, unit_text, comparator, (), multiplier)

    def _measures(self, text: str, start: int, numeral: str, unit_text: str, *, has_more: bool) -> bool:
        """Whether a Chinese numeral measures (二点一八万张, 三百二十家) rather than names (十大, 一家, 两个)."""
        if start and (text[start - 1].isdigit() or text[start - 1] in '第每.点十百千万亿分之“"个'):
            return False
        if unit_text in self.units.time_like or unit_text in {"%", "‰"}:
            return False
        value = chinese_number(numeral)
        if value is None or value <= 10 or not (numeral.strip("百千万亿") or has_more):
            return False
        return (
            has_more
            or "点" in numeral
            or (len(numeral) >= 2 and not re.fullmatch(r"[〇零一二两三四五六七八九]+", numeral))
        )


def _number(text: str) -> float:
    return float(text.replace(",", "").replace(" ", ""))


def _clean(value: float | None) -> float | None:
    """A decimal product without the dust of binary fractions (222.755 x 10000)."""
    return None if value is None else float(f"{value:.12g}")


@lru_cache(maxsize=1)
def reader() -> QuantityReader:
    """The reader of the project's unit and cue files."""
    return QuantityReader(units(), cues())
