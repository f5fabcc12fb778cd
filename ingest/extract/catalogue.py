"""The catalogue of indicators with the words that name them, compiled for matching.

Belongs here: loading `lexicon/catalogue/indicators.csv` and `lexicon/indicators/*.yaml`; the automaton over all words.
Not here: which indicator a quantity is (`indicator`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.lexicon import FOLDER, LexiconError, load_yaml
from ingest.text.fold import fold

ALSO, SUBJECT, SERVICE, MEASURE, NOT, CONTEXT, UNLESS = range(7)
_SLOTS = {
    "also": ALSO,
    "subject": SUBJECT,
    "service": SERVICE,
    "measure": MEASURE,
    "not": NOT,
    "context": CONTEXT,
    "unless": UNLESS,
}
_KEYS = {*_SLOTS, "unit", "age", "since"}

# Words that make a rate of a count, whatever its own measure word says.
PER_UNITS = (
    ("per_1k", "每千"),
    ("per_10k", "每万"),
    ("per_100k", "每十万"),
    ("per_100k", "每10万"),
    ("per_1k", "千人口"),
)
# The same without 每; said of the number that they stand before alone.
SHORT_PER_UNITS = (
    ("per_10k", "万人全科"),
    ("per_10k", "万人口全科"),
    ("per_1k", "千人均"),
    ("per_1k", "千人床位"),
    ("per_1k", "千人拥有"),
    ("per_10k", "万人拥有"),
)

# What grows or falls by so many percent: a count, an amount, a time, a rate.
GROWTH = "growth"
_GROWING = {"CNY", "year", "day", "per_mille", "per_10k", "per_100k"}

# Which units of a quantity may stand for an indicator of a canonical unit.
_COMPATIBLE = {
    "person": {"person", "case", "visit", "item", ""},
    "case": {"case", "person", "visit", "item", ""},
    "visit": {"visit", "person", "case", "item", ""},
    "item": {"item", "household", "visit", "case", ""},
    "bed": {"bed", "item", ""},
    "dose": {"dose", "visit", "person", "item", "人份", ""},
    "percent": {"percent", ""},
    "per_mille": {"per_mille", "", "percent"},
    "per_10k": {"per_10k", "", "person", "per_mille"},
    "per_100k": {"per_100k", ""},
    "per_1k": {"per_1k", "person", "bed", "item", ""},
    "CNY": {"CNY"},
    "year": {"year"},
    "day": {"day"},
    "ratio": {"ratio", "", "percent"},
    "blood_unit": {"blood_unit", "ml", "ML", "毫升", "升", "tonne", "item"},
    "*": {"person", "case", "visit", "item", "dose", "couple", "人份", "household", "管", "份样本", ""},
}


@dataclass(frozen=True)
class Indicator:
    """One indicator of the catalogue with its words."""

    index: int
    code: str
    name_zh: str
    domain: str
    unit: str
    kind: str
    plausible_min: float
    plausible_max: float
    units: frozenset[str]
    has_service: bool
    has_subject: bool
    measures: frozenset[int]
    has_context: bool
    ages: tuple[str, ...]
    since: int  # the first year in which it can have been measured
    is_per_head: bool  # its service is 每千人口 or the like, and no counting word need follow

    @cached_property
    def is_rate(self) -> bool:
        return self.kind == "rate"

    @cached_property
    def needs_measure(self) -> bool:
        """Whether only a counting word (率) makes its name whole."""
        return self.is_rate and bool(self.measures) and not self.is_per_head


@dataclass(frozen=True)
class Catalogue:
    """All indicators and the automaton over their words.

    `roles[i]`: the (indicator index, slot) pairs of word i; `words[i]`: the word.
    """

    indicators: tuple[Indicator, ...]
    by_code: dict[str, Indicator]
    words: tuple[str, ...]
    roles: tuple[tuple[tuple[int, int], ...], ...]
    automaton: AhoCorasick = field(repr=False)
    _naming: dict[str, dict[int, tuple[tuple[int, ...], tuple[int, ...]]]] = field(default_factory=dict, repr=False)

    @cached_property
    def subjects(self) -> tuple[frozenset[int], ...]:
        """For each word, the indicators whose subject it is."""
        return self._by_slot(SUBJECT)

    @cached_property
    def vetoes(self) -> tuple[frozenset[int], ...]:
        """For each word, the indicators that it speaks against."""
        return self._by_slot(NOT)

    @cached_property
    def contexts(self) -> tuple[frozenset[int], ...]:
        """For each word, the indicators that need it or a like one around them."""
        return self._by_slot(CONTEXT)

    @cached_property
    def refusals(self) -> tuple[frozenset[int], ...]:
        """For each word, the indicators that it speaks against anywhere in the sentence or in a heading above."""
        return self._by_slot(UNLESS)

    @cached_property
    def _context_words(self) -> tuple[AhoCorasick, tuple[frozenset[int], ...]]:
        words = [(word, indices) for word, indices in zip(self.words, self.contexts, strict=True) if indices]
        automaton = AhoCorasick([word for word, _ in words], matchkind=MatchKind.Standard)
        return automaton, tuple(indices for _, indices in words)

    def context_hits(self, text: str) -> Iterator[tuple[frozenset[int], int, int]]:
        """Every word that some indicators need around them: the indicators, start and end, by their end."""
        automaton, indices = self._context_words
        for word, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
            yield indices[word], start, end

    @cached_property
    def mentions(self) -> tuple[frozenset[int], ...]:
        """For each word, the indicators that it has anything to do with."""
        return tuple(frozenset(index for index, _ in roles) for roles in self.roles)

    @cached_property
    def subjects_of(self) -> tuple[tuple[str, ...], ...]:
        """For each indicator, the words that say whom or what it is about."""
        words: list[list[str]] = [[] for _ in self.indicators]
        for word, indices in zip(self.words, self.subjects, strict=True):
            for index in indices:
                words[index].append(word)
        return tuple(map(tuple, words))

    @cached_property
    def measure_words(self) -> frozenset[int]:
        """The words that close the name of some indicator (率, 人数)."""
        return frozenset(word for indicator in self.indicators for word in indicator.measures)

    @cached_property
    def lending_words(self) -> frozenset[int]:
        """The words that may lend a subject to a later number, or speak against its name."""
        return frozenset(
            word for word, roles in enumerate(self.roles) if any(slot in {SUBJECT, NOT} for _, slot in roles)
        )

    @cached_property
    def per_head_words(self) -> frozenset[int]:
        """The words that say per how many people (每千人口, 每十万)."""
        pers = [per for _, per in (*PER_UNITS, *SHORT_PER_UNITS)]
        return frozenset(at for at, word in enumerate(self.words) if any(per in word for per in pers))

    def named_by(self, unit: str) -> dict[int, tuple[tuple[int, ...], tuple[int, ...]]]:
        """What a word can name where a number has a unit: indicators whose whole name it is, and those that it begins.

        An indicator begins with its service, or with its subject where it has no service. Words that name nothing are
        left out.
        """
        table = self._naming.get(unit)
        if table is None:
            table = self._naming[unit] = {}
            for word, roles in enumerate(self.roles):
                fitting = [(index, slot) for index, slot in roles if unit in self.indicators[index].units]
                whole = tuple(index for index, slot in fitting if slot == ALSO)
                begun = tuple(
                    index
                    for index, slot in fitting
                    if slot == (SERVICE if self.indicators[index].has_service else SUBJECT)
                )
                if whole or begun:
                    table[word] = (whole, begun)
        return table

    def _by_slot(self, slot: int) -> tuple[frozenset[int], ...]:
        return tuple(frozenset(index for index, own in roles if own == slot) for roles in self.roles)

    def hits(self, text: str) -> list[tuple[int, int, int]]:
        """Every word of the catalogue in the text: (word, start, end), overlapping ones too, by their end."""
        return self.automaton.find_matches_as_indexes(text, overlapping=True)


def _number(row: dict[str, str], column: str) -> float:
    try:
        return float(row[column])
    except ValueError as error:
        raise LexiconError("catalogue/indicators.csv", row["indicator_code"], f"{column} is no number") from error


def _plain(name: str) -> str:
    return name.replace("“", "").replace("”", "").replace('"', "")


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The project's catalogue.

    Raises:
        LexiconError: an entry has an unknown code or key.
    """
    with (FOLDER / "catalogue" / "indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    entries: dict[str, dict[str, Any]] = {}
    codes = {row["indicator_code"] for row in rows}
    for path in sorted((FOLDER / "indicators").glob("*.yaml")):
        name = f"indicators/{path.name}"
        for code, entry in load_yaml(name).items():
            if code not in codes:
                raise LexiconError(name, code, "is no code of catalogue/indicators.csv")
            unknown = set(entry) - _KEYS
            if unknown:
                raise LexiconError(name, code, f"has unknown keys {sorted(unknown)}; use {sorted(_KEYS)}")
            entries[code] = entry
    words: dict[str, int] = {}
    roles: list[set[tuple[int, int]]] = []
    indicators: list[Indicator] = []

    def word_index(word: str) -> int:
        word = fold(word)  # as the reading has it: 0~6岁 is 0—6岁 there
        if word not in words:
            words[word] = len(words)
            roles.append(set())
        return words[word]

    for index, row in enumerate(rows):
        code = row["indicator_code"]
        entry = entries.get(code, {})
        for key, slot in _SLOTS.items():
            for word in entry.get(key) or []:
                if str(word):
                    roles[word_index(str(word))].add((index, slot))
        name = _plain(row["name_zh"])
        roles[word_index(name.split("(")[0] if "(" in name and name.endswith(")") else name)].add((index, ALSO))
        allowed = entry.get("unit") or []
        allowed = [allowed] if isinstance(allowed, str) else list(allowed)
        compatible = {row["unit"], "", *allowed} if allowed else _COMPATIBLE[row["unit"]]
        indicators.append(
            Indicator(
                index=index,
                code=code,
                name_zh=row["name_zh"],
                domain=row["domain"],
                unit=row["unit"],
                kind=row["kind"],
                plausible_min=_number(row, "plausible_min"),
                plausible_max=_number(row, "plausible_max"),
                units=frozenset({*compatible, GROWTH} if row["unit"] in _GROWING or "" in compatible else compatible),
                has_service=bool(entry.get("service")),
                has_subject=bool(entry.get("subject")),
                measures=frozenset(word_index(str(word)) for word in entry.get("measure") or [] if str(word)),
                has_context=bool(entry.get("context")),
                ages=tuple(
                    str(age)
                    for age in ([entry["age"]] if isinstance(entry.get("age"), str) else entry.get("age") or [])
                ),
                since=int(entry.get("since") or 0),
                is_per_head=any(str(word).startswith("每") for word in entry.get("service") or ()),
            )
        )
    return Catalogue(
        indicators=tuple(indicators),
        by_code={indicator.code: indicator for indicator in indicators},
        words=tuple(words),
        roles=tuple(tuple(sorted(role)) for role in roles),
        automaton=AhoCorasick(list(words), matchkind=MatchKind.Standard),
    )
