"""Confidence: how likely it is that a fact is right in every field.

Belongs here: from the evidence of a fact to a share between 0 and 1. Not here: the evidence itself; fitting the weights
(`tools/calibrate_confidence.py`), which are data (`lexicon/confidence.yaml`).

The estimate is a logistic one: each kind of evidence (which rule named the indicator, how long the name was, which rule
gave role, period and place, whether a part is named) has a weight in log odds, fitted to the share of facts that were
right in full in reports with gold. Evidence that the reports never showed counts as the rarest of its kind.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from ingest.lexicon import LexiconError, load_yaml

_DAMAGED = 0.3  # of what the evidence gives: a damaged number is a proposal at best
_SHORT, _LONG = 4, 8  # characters of the words that name the indicator
_MOST = 0.99  # no rule is surer than the reports that it was fitted to
Features = tuple[str, str, str, str, str, str, str]


def features(evidence: Mapping[str, str], role: str, subgroup: str, publisher: str) -> Features:
    """The kinds of evidence that count, one for each of `KINDS`.

    Args:
        evidence: as a fact holds it: field name to rule and words.
        role: the fact's role.
        subgroup: the part that it speaks for.
        publisher: whose report it stands in: `area`, `station` or `institution`.
    """
    rule, _, words = evidence["indicator"].partition(": ")
    length = len(words)
    name = "none" if not words else "short" if length <= _SHORT else "long" if length >= _LONG else "middling"
    if "row" in evidence and not rule.startswith("table"):
        rule = f"table, {rule}"
    return (
        rule,
        name,
        f"{role} {evidence['role'].partition(':')[0]}",
        evidence["period"].partition(":")[0],
        evidence["ref_area"].partition(":")[0],
        "part" if subgroup else "whole",
        publisher,
    )


KINDS = ("indicator", "name", "role", "period", "place", "subgroup", "publisher")


def confidence(evidence: Mapping[str, str], role: str, subgroup: str, publisher: str, flags: Sequence[str]) -> float:
    """The likelihood that a fact with this evidence is right in every field, with three decimals."""
    share = _share(features(evidence, role, subgroup, publisher))
    return round(share * _DAMAGED, 3) if flags else share


@lru_cache(maxsize=4096)
def _share(kinds: Features) -> float:
    start, weights = _weights()
    odds = start
    for kind, value in zip(KINDS, kinds, strict=True):
        odds += weights[kind].get(value, weights[kind]["other"])
    return round(min(_MOST, 1 / (1 + math.exp(-odds))), 3)


@lru_cache(maxsize=1)
def _weights() -> tuple[float, dict[str, dict[str, float]]]:
    """The weights in log odds.

    Raises:
        LexiconError: a kind of evidence is missing or has no weight for others.
    """
    data = load_yaml("confidence.yaml")
    for kind in KINDS:
        if "other" not in data["weights"].get(kind, {}):
            raise LexiconError("confidence.yaml", kind, "must give weights, one of them for `other`")
    weights = {kind: {str(value): float(weight) for value, weight in data["weights"][kind].items()} for kind in KINDS}
    return float(data["start"]), weights
