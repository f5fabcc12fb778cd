"""Misread numbers: letters, doubled points and broken signs that recognition left inside a number.

Belongs here: where a number was misread, and the value that it most likely had (a proposal, never the value).
Not here: numbers that are missing (`lost`), a string replaced all over a document (`damage`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from ingest.extract.quantity import Quantity
from ingest.extract.tries import longest_of
from ingest.extract.units import units
from ingest.lexicon import load_yaml

_LONGEST = 12  # characters on one side of an odd one
_MULTIPLIERS = {"万": 1e4, "亿": 1e8}


class MisreadNumbers:
    """Finds misread numbers; built once from `lexicon/damage/misread.yaml`."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._digits = str.maketrans(words["letters"])
        ends = "".join(letter for letter in words["letters"] if letter not in words["only_inside"])
        every = "".join(words["letters"])
        self._tail = re.compile(rf"(?={longest_of(words['units'])})(?P<mult>[万亿])?(?P<unit>{units().pattern})")
        self._letter = re.compile(f"[{every}]")
        # a letter that names use stands between digits or behind the point
        self._lettered = re.compile(rf"[\d{ends}](?:[\d{every}]*[\d{ends}])?(?:\.[\d{every}]{{1,4}})?")
        self._mark = re.compile(r"\.(?:\.{1,2}|,)(?=\d)|,\.(?=\d)|\.(?=\d{1,3}\.\d)")
        self._doubled = re.compile(r"\d{1,7}(?:\.{2,3}|\.,|,\.)\d{1,4}|\d{1,3}\.\d{1,3}\.\d{1,3}")
        percent = "|".join(map(re.escape, words["percent"]))
        self._percent = re.compile(
            rf"[率达为到比占](?:(?P<comma>\d{{1,2}},\d{{1,2}})%|(?P<number>\d{{1,3}}\.\d{{1,2}}?)(?:{percent}))"
        )

    def find(self, text: str) -> list[Quantity]:
        """Misread numbers of a folded text, in order, none inside another."""
        found = {quantity.start: quantity for quantity in self._percents(text)}
        for anchor, characters, form in (
            (self._letter, self._letter, self._lettered),
            (self._mark, None, self._doubled),
        ):
            for quantity in self._around(text, anchor, characters, form):
                found.setdefault(quantity.start, quantity)
        return [found[start] for start in sorted(found)]

    def _around(
        self, text: str, anchor: re.Pattern[str], letters: re.Pattern[str] | None, form: re.Pattern[str]
    ) -> Iterator[Quantity]:
        """The numbers of a form that stand around an anchor and right before a unit."""
        done = 0
        for match in anchor.finditer(text):
            if match.start() < done:
                continue
            start, done = match.start(), match.end()
            while start and match.start() - start < _LONGEST and _is_inner(text[start - 1], letters):
                start -= 1
            while done < len(text) and done - match.end() < _LONGEST and _is_inner(text[done], letters):
                done += 1
            before = text[start - 1 : start]
            tail = self._tail.match(text, done)
            is_whole = not before or not (before.isascii() and (before.isalnum() or before in "-/_"))
            if tail is None or not is_whole or not form.fullmatch(text, start, done):
                continue
            number = text[start:done]
            if not any(map(str.isdigit, number)):
                continue
            unit = units().canonical(tail["unit"])[0]
            scale = _MULTIPLIERS.get(tail["mult"] or "", 1.0)
            value = self._repaired(number, unit)
            yield _misread(start, done, tail.end(), unit, tail["unit"], scale, value)

    def _percents(self, text: str) -> Iterator[Quantity]:
        """A comma for the point of a percentage (76,8%), letters for its sign (98.5o/o)."""
        for match in self._percent.finditer(text):
            start, end = match.span("comma") if match["comma"] else match.span("number")
            value = self._repaired(text[start:end], "percent")
            yield _misread(start, end, match.end(), "percent", text[end : match.end()], 1.0, value)

    def _repaired(self, number: str, unit: str) -> float | None:
        """The value that a misread number most likely had; None where two readings are as good."""
        plain = re.sub(r"[.,]{2,}", ".", number.translate(self._digits))
        if unit == "percent":
            plain = plain.replace(",", ".")
        try:
            value = float(plain.replace(",", ""))
        except ValueError:
            return None
        return value if unit != "percent" or value <= 100 else None


def _is_inner(character: str, letters: re.Pattern[str] | None) -> bool:
    return character.isdigit() or character == "." or (letters is not None and letters.match(character) is not None)


def _misread(start: int, end: int, stop: int, unit: str, unit_text: str, scale: float, value: float | None) -> Quantity:
    repaired = None if value is None else value * scale
    return Quantity(start, start, end, stop, None, None, unit, unit_text, "=", ("digits_corrupt",), scale, repaired)


@lru_cache(maxsize=1)
def misread_numbers() -> MisreadNumbers:
    """The finder of the project's lexicon."""
    return MisreadNumbers(load_yaml("damage/misread.yaml"))
