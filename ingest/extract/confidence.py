"""Confidence: how likely it is that a fact is right in every field.

Belongs here: from a fact, its evidence and its document to a share between 0 and 1. Not here: the evidence itself;
fitting the weights (`tools/calibrate_confidence.py`), which are data (`lexicon/confidence.yaml`).

The estimate is a logistic one: each kind of evidence (which rule named the indicator, how much of the words it takes,
which rule gave role, period and place, how many numbers share the sentence, whether another fact of the document
claims the same) has a weight in log odds, fitted to the share of facts that were right in full in reports with gold.
Evidence that the reports never showed counts as the rarest of its kind. A `margin` is taken off, since reports of a
new kind do worse than those that the rules were made with (docs/extraction.md).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from ingest.extract.reporter import reporter_of
from ingest.lexicon import LexiconError, load_yaml
from ingest.model import Document, Fact

_DAMAGED = 0.3  # of what the evidence gives: a damaged number is a proposal at best
_UNPLACED = 0.5  # nobody knows yet of which place it is a fact
_MOST = 0.99  # no rule is surer than the reports that it was fitted to
_LENGTHS = ((4, "short"), (8, "middling"), (14, "long"))  # characters of the words that name the thing
_SHARES = ((0.4, "little"), (0.8, "half"), (1.0, "all"))  # of those words that the indicator's name takes
_CROWDS = ((3, "few"), (8, "some"), (14, "many"))  # numbers in the sentence
_SENTENCE = "sentence"
_BEHIND = "behind an institution"
KINDS = (
    "indicator",
    "told",
    "share",
    "role",
    "period",
    "place",
    "subgroup",
    "publisher",
    "report",
    "repeats",
    "crowd",
    "company",
    "unit",
)


def sentence(numbers: int, *, is_behind_institution: bool) -> str:
    """Evidence on a fact's sentence: how many numbers it holds, and whether an institution is named before this one."""
    return f"{numbers} numbers, {_BEHIND}" if is_behind_institution else f"{numbers} numbers"


def weigh(facts: Sequence[Fact], document: Document) -> list[Fact]:
    """The facts of a document, each with its confidence, in the same order."""
    publisher = reporter_of(document).kind
    report = document.report_kind
    return [
        replace(fact, confidence=_confidence(fact, features(fact, report, publisher, claims)))
        for fact, claims in zip(facts, repeats(facts), strict=True)
    ]


def repeats(facts: Sequence[Fact]) -> list[int]:
    """For each fact, how many facts of its document claim the same cell of the warehouse."""
    claims = Counter(_claim(fact) for fact in facts)
    return [claims[_claim(fact)] for fact in facts]


def features(fact: Fact, report: str, publisher: str, claims: int) -> tuple[str, ...]:
    """The kinds of evidence that count, one for each of `KINDS`.

    Args:
        fact: with its evidence: field name to rule and words.
        report: the document's kind.
        publisher: whose report it stands in: `area`, `station` or `institution`.
        claims: how many facts of the document claim the same cell of the warehouse.
    """
    evidence = fact.evidence
    rule, _, words = evidence["indicator"].partition(": ")
    is_of_table = "row" in evidence
    if is_of_table and not rule.startswith("table"):
        rule = f"table, {rule}"
    named = sum(map(len, words.split("、"))) / max(1, len(fact.indicator_text))
    numbers, _, company = evidence.get(_SENTENCE, "0 numbers").partition(", ")
    return (
        rule,
        _band(len(fact.indicator_text), _LENGTHS, "longer"),
        "none" if not words else _band(named, _SHARES, "more"),
        f"{fact.role} {evidence['role'].partition(':')[0]}",
        evidence["period"].partition(":")[0],
        evidence["ref_area"].partition(":")[0],
        "part" if fact.subgroup else "whole",
        publisher,
        report,
        "none" if not fact.indicator_code else str(min(claims, 3)),
        "table" if is_of_table else _band(int(numbers.split()[0]), _CROWDS, "crowd"),
        "own" if fact.entity else "near" if company else "none",
        fact.unit,
    )


def _claim(fact: Fact) -> tuple[object, ...]:
    return (fact.indicator_code, fact.role, fact.period_end, fact.subgroup, fact.entity, fact.ref_area)


def _band(size: float, bands: Sequence[tuple[float, str]], above: str) -> str:
    return next((name for most, name in bands if size <= most), above)


def _confidence(fact: Fact, kinds: tuple[str, ...]) -> float:
    share = _share(kinds) * (_DAMAGED if fact.quality_flags else 1.0) * (1.0 if fact.ref_area else _UNPLACED)
    return round(share, 3)


@lru_cache(maxsize=8192)
def _share(kinds: tuple[str, ...]) -> float:
    start, weights = _weights()
    odds = start
    for kind, value in zip(KINDS, kinds, strict=True):
        odds += weights[kind].get(value, weights[kind]["other"])
    return min(_MOST, 1 / (1 + math.exp(-odds)))


@lru_cache(maxsize=1)
def _weights() -> tuple[float, dict[str, dict[str, float]]]:
    """What every fact starts with, less the margin, and the weights, in log odds.

    Raises:
        LexiconError: a kind of evidence is missing or has no weight for others.
    """
    data = load_yaml("confidence.yaml")
    for kind in KINDS:
        if "other" not in data["weights"].get(kind, {}):
            raise LexiconError("confidence.yaml", kind, "must give weights, one of them for `other`")
    weights = {kind: {str(value): float(weight) for value, weight in data["weights"][kind].items()} for kind in KINDS}
    return float(data["start"]) - float(data["margin"]), weights
