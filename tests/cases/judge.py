"""Sentence cases, judged: the real parser and extractor read a case, and every difference is named.

Belongs here: aligning expected with extracted facts, the complaints. Not here: the data (`read`), the table (`report`).
The fields are judged as the shared scorer judges them: subgroup and entity by presence, the period by its end alone
unless the indicator is a flow.
"""

from __future__ import annotations

import functools
import hashlib
import math
from dataclasses import dataclass
from datetime import UTC, datetime

from ingest.extract import extract
from ingest.model import ArchivedFile, Fact
from ingest.parse import parse
from tests.cases.read import DAMAGE, Case, ExpectedFact, Part, Phenomenon, indicator_kinds, read_phenomena, squeeze

FETCHED_AT = datetime(2024, 1, 31, 8, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one case came to."""

    case: Case
    complaints: tuple[str, ...]  # empty when every fact is right and nothing else was found
    facts: int  # expected facts that are not optional
    found: int  # of these, with the right number and value
    full: int  # of these, with every field right
    spurious: int  # extracted facts that nothing was expected for

    @property
    def is_right(self) -> bool:
        """Whether the case counts."""
        return not self.complaints


@dataclass(frozen=True, slots=True)
class Tally:
    """The verdicts of one phenomenon."""

    name: str
    verdicts: tuple[Verdict, ...]

    @property
    def right(self) -> int:
        """How many cases are right."""
        return sum(verdict.is_right for verdict in self.verdicts)

    @property
    def share(self) -> float:
        """Share of cases that are right, 0 to 1."""
        return self.right / len(self.verdicts)


@functools.cache
def tallies(part: Part) -> tuple[Tally, ...]:
    """Judge every case of one part, one tally a phenomenon."""
    return tuple(_tally(phenomenon) for phenomenon in read_phenomena(part))


def judge(case: Case) -> Verdict:
    """Read a case with the real parser and extractor and compare the facts."""
    found = read_case(case)
    pairs = _align(case.facts, found)
    complaints: list[str] = []
    counted = [fact for fact in case.facts if not fact.optional]
    n_found = n_full = 0
    for index, expected in enumerate(case.facts):
        if expected.optional:
            continue
        if index not in pairs:
            complaints.append(f"missed {expected.number or '(lost)'} {expected.unit} {expected.indicator}".rstrip())
            continue
        wrong = _differences(case, expected, found[pairs[index]])
        n_found += not any(complaint.startswith("value") for complaint in wrong)
        n_full += not wrong
        complaints += [f"{expected.number or '(lost)'}: {complaint}" for complaint in wrong]
    taken = set(pairs.values())
    extra = [fact for index, fact in enumerate(found) if index not in taken]
    complaints += [f"spurious {f.number_text} {f.value} {f.unit} {f.indicator_code}".rstrip() for f in extra]
    return Verdict(case, tuple(complaints), len(counted), n_found, n_full, len(extra))


def read_case(case: Case) -> list[Fact]:
    """The facts that the pipeline reads from a case's document."""
    data = case.source.encode()
    file = ArchivedFile(
        source_id="cases",
        url=f"inbox/{case.id}.txt",
        file_name=f"{case.id}.txt",
        raw_sha256=hashlib.sha256(data).hexdigest(),
        media_type="text/plain",
        fetched_at=FETCHED_AT,
        size=len(data),
    )
    return extract(parse(file, data))


def _tally(phenomenon: Phenomenon) -> Tally:
    return Tally(phenomenon.name, tuple(judge(case) for case in phenomenon.cases))


def _same(expected: float | None, found: float | None) -> bool:
    if expected is None or found is None:
        return expected is None and found is None
    return math.isclose(expected, found, rel_tol=1e-6, abs_tol=1e-9)


def _likeness(expected: ExpectedFact, found: Fact) -> float:
    """How well an extracted fact may stand for an expected one; 0 means never."""
    written, number = squeeze(expected.number), squeeze(found.number_text)
    if expected.is_damaged:
        if DAMAGE & set(found.quality_flags):
            return 2.5 if not written or written in number or number in written else 1.0
        return 1.0 if written and written == number else 0.0
    same_value = _same(expected.value, found.value)
    if "number" in expected.unsure or "value" in expected.unsure:
        is_same_number = same_value or (bool(number) and number in written)
    else:
        is_part = bool(number) and (number in written or written in number)
        is_same_number = written == number or (same_value and is_part)
    if not is_same_number:
        return 0.0
    likeness = 1.0 + same_value + 0.5 * (expected.indicator == found.indicator_code)
    # A second name for one value is optional: the fact that must be there is served first.
    return 0.6 * likeness if expected.optional else likeness


def _align(expected: list[ExpectedFact], found: list[Fact]) -> dict[int, int]:
    """Pair expected with extracted facts in the order of the text, as much alike as possible."""
    rows, columns = len(expected), len(found)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    like = [[_likeness(e, f) for f in found] for e in expected]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            pair = best[i + 1][j + 1] + like[i][j] if like[i][j] else 0.0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    pairs, i, j = {}, 0, 0
    while i < rows and j < columns:
        if like[i][j] and math.isclose(best[i][j], best[i + 1][j + 1] + like[i][j]):
            pairs[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _differences(case: Case, expected: ExpectedFact, found: Fact) -> list[str]:
    """Name each field that is judged and wrong."""
    if expected.is_damaged:
        silent = [] if found.value is None else [f"value {found.value:g} published from a damaged number"]
        unflagged = [] if DAMAGE & set(found.quality_flags) else ["not flagged as damaged"]
        return silent + unflagged
    start, end = case.period_of(expected)
    is_flow = indicator_kinds().get(expected.indicator) == "flow"
    judged: list[tuple[str, object, object]] = [
        ("unit", expected.unit, found.unit),
        ("indicator", expected.indicator, found.indicator_code),
        ("role", expected.role, found.role),
        ("comparator", expected.comparator, found.comparator or "="),
        ("subgroup", bool(expected.subgroup), bool(found.subgroup)),
        ("entity", bool(expected.entity), bool(found.entity)),
        ("ref_area", expected.ref_area or case.document.ref_area, found.ref_area),
        ("period", end, found.period_end),
        ("period", start if is_flow else None, found.period_start if is_flow else None),
        ("flags", DAMAGE & set(expected.flags), DAMAGE & set(found.quality_flags)),
    ]
    if "flags" in expected.model_fields_set:
        judged.append(("flags", set(expected.flags), set(found.quality_flags)))
    same_value = _same(expected.value, found.value) and _same(expected.value_max, found.value_max)
    wrong = (
        [] if same_value or "value" in expected.unsure else [f"value {found.value} {found.value_max or ''}".rstrip()]
    )
    for name, right, read in judged:
        if right != read and name not in expected.unsure:
            shown = getattr(found, name) if name in ("subgroup", "entity") else read
            wrong.append(f"{name} {shown or '(none)'} for {getattr(expected, name, right) or right or '(none)'}")
    return wrong
