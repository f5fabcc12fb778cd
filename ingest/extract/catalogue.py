"""The catalogue of indicators with the words that name them, compiled for matching.

Belongs here: loading `lexicon/catalogue/indicators.csv` and `lexicon/indicators/*.yaml`; the automaton over all words.
Not here: which indicator a quantity is (`indicator`).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.lexicon import FOLDER, LexiconError, load_yaml

ALSO, SUBJECT, SERVICE, MEASURE, NOT, CONTEXT = range(6)
_SLOTS = {"also": ALSO, "subject": SUBJECT, "service": SERVICE, "measure": MEASURE, "not": NOT, "context": CONTEXT}
_KEYS = {*_SLOTS, "unit", "age"}

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
    is_per_head: bool  # its service is 每千人口 or the like, and no counting word need follow

    @property
    def is_rate(self) -> bool:
        return self.kind == "rate"


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
                units=frozenset(compatible),
                has_service=bool(entry.get("service")),
                has_subject=bool(entry.get("subject")),
                measures=frozenset(word_index(str(word)) for word in entry.get("measure") or [] if str(word)),
                has_context=bool(entry.get("context")),
                ages=tuple(
                    str(age)
                    for age in ([entry["age"]] if isinstance(entry.get("age"), str) else entry.get("age") or [])
                ),
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
