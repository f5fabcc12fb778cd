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

_MULTIPLIERS = {"万": 1e4, "亿": 1e8}


class MisreadNumbers:
    """Finds misread numbers; built once from `lexicon/damage/misread.yaml`."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._digits = str.maketrans(words["letters"])
        inside = re.escape(words["only_inside"])
        ends = "".join(letter for letter in words["letters"] if letter not in words["only_inside"])
        every = ends + inside
        unit = f"(?P<mult>[万亿])?(?P<unit>{units().pattern})"
        guard = rf"(?={longest_of(words['units'])})"
        # at least one digit and one letter; a letter that names use stands between digits
        number = rf"(?:[\d{ends}](?:[\d{every}]*[\d{ends}])?(?:\.[\d{every}]{{1,4}})?)"
        self._letters = re.compile(
            rf"(?<![A-Za-z0-9.\-/])(?=[{ends}.]*\d)(?=[\d.]*[{every}])(?P<number>{number}){guard}{unit}"
        )
        self._points = re.compile(
            rf"(?<![\d.])(?<!\d,)(?P<number>\d+(?:\.{{2,3}}|\.,|,\.)\d+|\d{{1,3}}\.\d{{1,3}}\.\d{{1,3}}){guard}{unit}"
        )
        self._comma = re.compile(r"(?<=[率达为到比占])(?P<number>\d{1,2},\d{1,2})(?P<mult>(?!))?(?P<unit>%)")
        percent = "|".join(map(re.escape, words["percent"]))
        self._percent = re.compile(
            rf"(?<=[率达为到比占])(?P<number>\d{{1,3}}\.\d{{1,2}}?)(?P<mult>(?!))?(?P<unit>{percent})"
        )

    def find(self, text: str) -> list[Quantity]:
        """Misread numbers of a folded text, in order, none inside another."""
        found: dict[int, Quantity] = {}
        for pattern in (self._letters, self._points, self._comma, self._percent):
            for quantity in self._places(pattern, text):
                found.setdefault(quantity.start, quantity)
        return [found[start] for start in sorted(found)]

    def _places(self, pattern: re.Pattern[str], text: str) -> Iterator[Quantity]:
        for match in pattern.finditer(text):
            start, end = match.span("number")
            written = "percent" if pattern is self._percent else units().canonical(match["unit"])[0]
            scale = _MULTIPLIERS.get(match["mult"] or "", 1.0)
            value = self._repaired(match["number"], written)
            yield Quantity(
                start,
                start,
                end,
                match.end(),
                None,
                None,
                written,
                match["unit"],
                "=",
                ("digits_corrupt",),
                scale,
                None if value is None else value * scale,
            )

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


@lru_cache(maxsize=1)
def misread_numbers() -> MisreadNumbers:
    """The finder of the project's lexicon."""
    return MisreadNumbers(load_yaml("damage/misread.yaml"))
