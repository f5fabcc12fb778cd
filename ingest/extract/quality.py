"""Quality: values that cannot be right, or that do not fit each other.

Belongs here: `implausible`, `over_100` and `inconsistent`, decided on the facts of one document.
Not here: lost and replaced digits (`damage`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ingest.extract.catalogue import Catalogue
from ingest.lexicon import load_yaml
from ingest.model import Fact

_ROUNDING = 0.006  # relative: a rate is printed with two decimals, its counts may be of slightly different days


def flag(facts: Sequence[Fact], catalogue: Catalogue) -> list[Fact]:
    """The facts with the flags of range and consistency added, in the same order."""
    flags: dict[int, set[str]] = defaultdict(set)
    for position, fact in enumerate(facts):
        indicator = catalogue.by_code.get(fact.indicator_code)
        if indicator is None or fact.value is None or fact.role == "change":
            continue
        if (
            indicator.unit == "percent"
            and fact.unit == "percent"
            and indicator.plausible_max >= 100
            and 100 < fact.value <= 130
        ):
            flags[position].add("over_100")
        elif not indicator.plausible_min <= fact.value <= indicator.plausible_max:
            flags[position].add("implausible")
    for position in _inconsistent(facts):
        flags[position].add("inconsistent")
    result = list(facts)
    for position, added in flags.items():
        fact = facts[position]
        result[position] = replace(fact, quality_flags=tuple(sorted({*fact.quality_flags, *added})))
    return result


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    return load_yaml("consistency.yaml")


def _inconsistent(facts: Sequence[Fact]) -> set[int]:
    """Members of a sum or a rate that fails: parts above their whole, a rate that its counts contradict."""
    found: set[int] = set()
    rules = _rules()
    groups: dict[tuple[object, ...], dict[str, int]] = defaultdict(dict)
    for position, fact in enumerate(facts):
        if fact.indicator_code and fact.value is not None and fact.role == "actual" and not fact.quality_flags:
            key = (fact.ref_area, fact.entity, fact.subgroup, fact.period_end)
            groups[key].setdefault(fact.indicator_code, position)
    for by_code in groups.values():
        if len(by_code) < 2:
            continue
        for rule in rules["rates"]:
            members = [by_code.get(rule[part]) for part in ("numerator", "denominator", "rate")]
            if any(member is None for member in members):
                continue
            numerator, denominator, rate = (facts[member] for member in members if member is not None)
            if not denominator.value or rate.value is None or numerator.value is None:
                continue
            if abs(numerator.value / denominator.value * rule["per"] - rate.value) > max(
                _ROUNDING * abs(rate.value), 0.06
            ):
                found.update(member for member in members if member is not None)
        for rule in rules["sums"]:
            whole = by_code.get(rule["whole"])
            parts = [by_code[code] for code in rule["parts"] if code in by_code]
            if whole is None or not parts:
                continue
            total = sum(facts[part].value or 0 for part in parts)
            limit = facts[whole].value or 0
            complete = rule.get("complete", False) and len(parts) == len(rule["parts"])
            if total > limit * (1 + 1e-9) or (complete and abs(total - limit) > 1e-9):
                found.update({whole, *parts})
    return found
