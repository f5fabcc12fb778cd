"""Dates as portals and signatures write them.

Belongs here: one written date to one date. Not here: reporting periods (`period`), which date counts (`publication`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

FULL_WIDTH = str.maketrans("０１２３４５６７８９：－—–～．／○", "0123456789:----./〇")
CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")

SHORTEST_DATE = 6  # 2021年1月 has no day, 2021/1/1 has eight
# A letter or a digit that stands for 〇 in a Chinese year: 二O一五年.
LATIN_O = re.compile("(?<=[一二三四五六七八九〇])[OoＯ0](?=[一二三四五六七八九〇OoＯ0])|(?<=二)[OoＯ0](?=[OoＯ0〇])")
NUMERIC = re.compile(r"((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
COMPACT = re.compile(r"(?<!\d)(20\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
CHINESE = re.compile(
    r"([二一][〇零一二三四五六七八九]{3})\s*年\s*([一二三四五六七八九十]{1,3})\s*月\s*([一二三四五六七八九十]{1,3})\s*日"
)


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date and the words it was read from."""

    value: date
    start: int
    end: int


def fold(text: str) -> str:
    """Half-width digits, colons, dashes and slashes for full-width ones, one for one: to read, never to keep."""
    return LATIN_O.sub("〇", text.translate(FULL_WIDTH))


def written_dates(text: str) -> Iterator[WrittenDate]:
    """The dates in a text that name year, month and day, in the order of their form, then of the text."""
    if len(text) < SHORTEST_DATE:
        return
    folded = fold(text)
    for pattern in (NUMERIC, COMPACT):
        for match in pattern.finditer(folded):
            yield from _valid(int(match[1]), int(match[2]), int(match[3]), match)
    for match in CHINESE.finditer(folded):
        year = int(match[1].translate(CHINESE_DIGITS))
        yield from _valid(year, chinese_number(match[2]), chinese_number(match[3]), match)


def first_date(text: str) -> WrittenDate | None:
    """The date that stands first in a text."""
    return min(written_dates(text), key=lambda written: written.start, default=None)


def chinese_number(words: str) -> int:
    """A number up to 99 in Chinese numerals, 0 when it is none."""
    tens, ten, ones = words.rpartition("十")
    if not ten:
        tens, ones = "", words
    if len(tens) > 1 or len(ones) > 1:
        return 0
    value = int(ones.translate(CHINESE_DIGITS)) if ones else 0
    return value + (10 * (int(tens.translate(CHINESE_DIGITS)) if tens else 1) if ten else 0)


def _valid(year: int, month: int, day: int, match: re.Match[str]) -> Iterator[WrittenDate]:
    try:
        yield WrittenDate(date(year, month, day), match.start(), match.end())
    except ValueError:
        return
