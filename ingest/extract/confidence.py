"""Confidence: how likely it is that a fact is right in every field.

Belongs here: the estimate. Not here: the evidence it goes by.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.extract.indicator import Link
from ingest.extract.period import Period

_BY_RULE = {"whole_name": 0.95, "composed": 0.88, "inherited": 0.8, "disease": 0.85, "part": 0.8}


def of_prose(link: Link | None, period: Period, flags: Sequence[str]) -> float:
    """A first estimate: how the indicator was found, less for a damaged number or an open period."""
    base = _BY_RULE[link.rule] if link else 0.7
    if flags:
        base *= 0.3
    if period.end is None:
        base *= 0.7
    return round(base, 3)
