"""The words of table heads: `lexicon/tables.yaml`, ready to be looked up.

Belongs here: loading, and the small questions that one head answers (its unit, its role, whether it counts).
Not here: which cell has which heads (`tables`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingest.extract.tries import longest_of
from ingest.extract.units import units
from ingest.lexicon import load_yaml

_BRACKET = re.compile(r"[(\[【]([^()\[\]【】]{1,14})[)\]】]")
_MULTIPLIER = re.compile(r"^(万亿|百万|千万|十万|百亿|千亿|亿|万|千|百)(.*)$")
_UNIT_LABEL = re.compile(r"^(?:计量)?单位[::]?\s*")
_ENUMERATOR = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、.]|\(?[一二三四五六七八九十\d]{1,2}[)、.](?!\d)|[①-⑳])\s*")
_LEADING = re.compile(r"^(?:其中|#|包括)[::]?\s*")


@dataclass(frozen=True, slots=True)
class HeadUnit:
    """A unit as a head states it: canonical name ('' for a bare multiplier) and what one of it is."""

    unit: str
    scale: float
    words: str


@dataclass(frozen=True)
class TableWords:
    """The lists of `tables.yaml`."""

    sets: dict[str, frozenset[str]]
    by_length: dict[str, tuple[str, ...]]
    implied: tuple[tuple[str, str], ...]  # ending, unit; longest first
    expansions: dict[str, str]
    value_parts: re.Pattern[str]
    disease_measures: dict[str, str]  # words of a head -> cases, incidence, deaths

    def holds(self, name: str, head: str) -> bool:
        """Whether a head is one of a list's words."""
        return head in self.sets[name]

    def is_value(self, head: str) -> bool:
        """Whether a head only says which value stands below: one of the list, or put together (目标任务)."""
        return head in self.sets["values"] or self.value_parts.fullmatch(head) is not None

    def mentions(self, name: str, head: str) -> str:
        """The first word of a list that a head holds; '' when it holds none."""
        return next((word for word in self.by_length[name] if word in head), "")

    def longest(self, name: str) -> tuple[str, ...]:
        """A list's words, the longest first."""
        return self.by_length[name]

    def implied_unit(self, head: str) -> str:
        """The unit that a head's last words imply; '' when they imply none."""
        return next((unit for ending, unit in self.implied if head.endswith(ending)), "")


@lru_cache(maxsize=1)
def table_words() -> TableWords:
    """The project's table words."""
    data: dict[str, Any] = load_yaml("tables.yaml")
    implied = [(str(word), str(unit)) for unit, words in data["implied_units"].items() for word in words]
    lists = {key: [str(word) for word in value] for key, value in data.items() if isinstance(value, list)}
    return TableWords(
        sets={key: frozenset(words) for key, words in lists.items()},
        by_length={key: tuple(sorted(words, key=lambda word: -len(word))) for key, words in lists.items()},
        implied=tuple(sorted(implied, key=lambda pair: -len(pair[0]))),
        value_parts=re.compile(rf"(?:{longest_of(lists['value_parts'])}){{2,}}"),
        expansions={str(short): str(full) for short, full in data["expansions"].items()},
        disease_measures={str(word): str(kind) for kind, words in data["disease_measures"].items() for word in words},
    )


def read_unit(words: str) -> HeadUnit | None:
    """A unit as written in a head or a unit column (万人次, 1/10万, %, 万); None when the words are none."""
    words = _UNIT_LABEL.sub("", words.replace(" ", ""))
    by_word = units().by_word
    if words in by_word:
        return HeadUnit(by_word[words], 1.0, words)
    match = _MULTIPLIER.match(words)
    if match is None:
        return None
    scale = units().multipliers[match[1]]
    if not match[2]:
        return HeadUnit("", scale, words)
    if match[2] in by_word:
        return HeadUnit(by_word[match[2]], scale, words)
    return None


def split_unit(head: str) -> tuple[str, HeadUnit | None]:
    """A head without the bracket that states its unit, and that unit (门急诊人次(万) → 门急诊人次, ×10⁴)."""
    for match in _BRACKET.finditer(head):
        unit = read_unit(match[1])
        if unit is not None:
            return head[: match.start()] + head[match.end() :], unit
    for mark in (",", ":", "/", " "):
        name, _, last = head.rpartition(mark)
        unit = read_unit(last) if name else None
        if unit is not None:
            return name, unit
    if head.endswith(("%", "‰")) and len(head) > 1:
        return head[:-1], read_unit(head[-1])
    return head, None


def plain(label: str) -> str:
    """A row's label without what introduces it (一、, 1., 其中:)."""
    return _LEADING.sub("", _ENUMERATOR.sub("", label.strip())).strip(" :,、")


def is_among(label: str) -> bool:
    """Whether a label introduces parts of the row above (其中:医院)."""
    return bool(_LEADING.match(_ENUMERATOR.sub("", label.strip())))
