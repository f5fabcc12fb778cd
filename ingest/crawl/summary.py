"""What a crawl did, in figures, and whether that is plausible.

Belongs here: the summary, and the guard that compares it with the crawl before. Not here: counting (`spider`,
`pipeline`), where it is kept (`state`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ingest.sources.model import Tolerance

DEFAULT_TOLERANCE = Tolerance(documents=0.5, why="a list may lose a year, not half of what it had")
# Outcomes of a crawl that asked nothing: there is nothing to compare.
RESTED = frozenset({"outside_window", "circuit_rest"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether what a crawl yielded is plausible, and why (not)."""

    passed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One crawl of one portal. All counts are of this crawl; bytes are of bodies as they came over the wire."""

    portal: str
    began: str  # UTC, ISO 8601
    ended: str
    outcome: str  # finished, or why it ended early: page_budget, byte_budget, time_budget, circuit_open, …
    detail: str = ""
    retried_failures: bool = False
    resumed: bool = False  # whether it completes a crawl that was killed
    requests: int = 0  # that reached the network, robots.txt included
    conditional: int = 0  # of them with If-None-Match or If-Modified-Since
    not_modified: int = 0  # answers 304
    bytes: int = 0
    retries: int = 0
    cool_offs: int = 0
    list_pages: int = 0
    documents: int = 0  # addresses of reports that answered or were confirmed
    new: int = 0  # addresses or versions that the archive did not hold
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)  # of the failures
    statuses: Mapping[str, int] = field(default_factory=dict)  # of the answers
    seconds: float = 0.0
    pages_per_second: float = 0.0
    memory_mb: float = 0.0  # the most that the process had
    passed: bool = True
    verdict: str = ""

    def figures(self) -> dict[str, str | int | float | bool]:
        """The figures by name, for a materialisation's metadata."""
        return {
            **{name: value for name, value in asdict(self).items() if not isinstance(value, Mapping)},
            "reasons": ", ".join(f"{reason} {count}" for reason, count in self.reasons.items()) or "none",
        }

    def to_json(self) -> str:
        """The summary as one JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Summary:
        """Read a summary that `to_json` wrote."""
        content: dict[str, Any] = json.loads(text)
        return cls(**content)


def judge(outcome: str, documents: int, before: int, tolerance: Tolerance | None) -> Verdict:
    """Whether a crawl yielded what it should.

    Args:
        outcome: how the crawl ended.
        documents: that it found or confirmed.
        before: as many the last whole crawl had; 0 when there was none.
        tolerance: of the portal's file; half of the documents may be missing where it has none.

    Returns:
        A failure when there was nothing at all, or less than the tolerance allows.
    """
    allowed = tolerance or DEFAULT_TOLERANCE
    if outcome in RESTED:
        return Verdict(True, f"nothing was asked: {outcome}")
    if documents == 0:
        return Verdict(False, "the crawl yielded nothing")
    least = before * (1 - allowed.documents)
    if documents < least:
        return Verdict(
            False,
            f"{documents} documents; the crawl before had {before}, and at least {least:.0f} were expected "
            f"(tolerance {allowed.documents:.0%}: {allowed.why})",
        )
    return Verdict(True, f"{documents} documents, {before} the time before" if before else f"{documents} documents")
