"""Fit the weights of `ingest/lexicon/confidence.yaml` to reports with gold.

`python -m tools.calibrate_confidence [--reports tests/reports/dev] [--scorer ../shared/score/score.py] [--write]`.
A fact counts as right when the shared scorer finds every field right. The weights are those of a logistic regression on
kinds of evidence (`ingest.extract.confidence.features`), held back by a penalty so that rare evidence says little.
What is shown is measured on reports that the weights have not seen: each report is left out once. The rules have seen
all of them, so a report of a new kind does worse: the margin that is taken off the odds makes the confidence cautious,
so that at 0.9 and above AIM of the facts are right on the reports left out.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import yaml

from ingest.extract.confidence import KINDS, features, repeats
from ingest.extract.reporter import reporter_of
from tools.gold_reports import PROJECT, REPORTS, SCORER, as_scored, kinds_of_indicators, load_scorer, read_reports

PENALTY = 3.0
RARE = 8  # facts; evidence seen less often is `other`
STEPS = 60
SURE = 0.9
AIM = 0.993
HEADER = """# Weights of evidence for the confidence of a fact, in log odds: start + one of each kind, then the logistic
# function.
# Written by tools.calibrate_confidence from {facts} facts of {reports} reports with gold; do not edit by hand.
# On reports left out of the fit: {sure:.1%} of the facts at {level} or above are right in full; they are
# {share:.1%} of all. The margin is what caution takes off the log odds.
"""


class Sample(NamedTuple):
    """One fact that was judged."""

    report: str
    kinds: tuple[str, ...]
    is_right: bool


def samples(folder: Path, scorer: ModuleType) -> list[Sample]:
    """Every fact of the reports that the gold decides; damaged ones and those of no known place are left out."""
    kinds = kinds_of_indicators()
    gold = scorer.load_gold(folder)
    result: list[Sample] = []
    for name, document, facts in read_reports(folder):
        read = [as_scored(fact) for fact in facts]
        golden = gold[name]
        pairs = {found: expected for expected, found in scorer.align(golden, read)}
        publisher, claims = reporter_of(document).kind, repeats(facts)
        for at, fact in enumerate(facts):
            if fact.quality_flags or not fact.ref_area:
                continue
            expected = golden[pairs[at]] if at in pairs else None
            if expected is not None and (expected.get("optional") or scorer.damaged(expected)):
                continue
            is_right = expected is not None and all(
                scorer.field_ok(expected, read[at], field, kinds) for field in scorer.FULL
            )
            kinds_of_evidence = features(fact, document.report_kind, publisher, claims[at])
            result.append(Sample(name, kinds_of_evidence, is_right))
    return result


class Model:
    """Weights for kinds of evidence."""

    def __init__(self, seen: list[Sample]) -> None:
        counts = [Counter(sample.kinds[at] for sample in seen) for at in range(len(KINDS))]
        self.values = [["other", *sorted(v for v, n in count.items() if n >= RARE)] for count in counts]
        self.columns = {
            (at, value): column
            for column, (at, value) in enumerate((at, v) for at, values in enumerate(self.values) for v in values)
        }
        rows = np.array([self.row(sample.kinds) for sample in seen])
        right = np.array([sample.is_right for sample in seen], dtype=float)
        self.weights = np.zeros(rows.shape[1])
        penalty = np.full(rows.shape[1], PENALTY)
        penalty[-1] = 1e-6  # of the start
        for _ in range(STEPS):  # Newton's method
            share = 1 / (1 + np.exp(-rows @ self.weights))
            slope = rows.T @ (right - share) - penalty * self.weights
            bend = (rows * (share * (1 - share))[:, None]).T @ rows + np.diag(penalty)
            self.weights += np.linalg.solve(bend, slope)

    def row(self, kinds: tuple[str, ...]) -> np.ndarray:
        """One fact's evidence as a row of ones and zeros; the last column is the start."""
        row = np.zeros(len(self.columns) + 1)
        row[-1] = 1
        for at, value in enumerate(kinds):
            row[self.columns.get((at, value), self.columns[at, "other"])] = 1
        return row

    def share(self, kinds: tuple[str, ...]) -> float:
        """The likelihood that a fact with this evidence is right."""
        return float(1 / (1 + np.exp(-self.row(kinds) @ self.weights)))

    def data(self, margin: float) -> dict[str, object]:
        """The weights as the lexicon file holds them."""
        weights = {
            kind: {value: round(float(self.weights[self.columns[at, value]]), 3) for value in self.values[at]}
            for at, kind in enumerate(KINDS)
        }
        return {"start": round(float(self.weights[-1]), 3), "margin": round(margin, 3), "weights": weights}


def left_out(seen: list[Sample]) -> list[tuple[float, bool]]:
    """For each fact, the likelihood by weights that were fitted without its report, and whether it was right."""
    result: list[tuple[float, bool]] = []
    for report in sorted({sample.report for sample in seen}):
        model = Model([sample for sample in seen if sample.report != report])
        result += [(model.share(sample.kinds), sample.is_right) for sample in seen if sample.report == report]
    return result


def odds(share: float) -> float:
    """The log odds of a share."""
    return float(np.log(share / (1 - share)))


def margin_of(judged: list[tuple[float, bool]]) -> float:
    """What to take off the log odds so that AIM of the facts at SURE or above are right."""
    ordered = sorted(judged, reverse=True)
    right, cut = 0, ordered[0][0]
    for number, (share, is_right) in enumerate(ordered, start=1):
        right += is_right
        if right >= AIM * number:
            cut = share
    return max(0.0, odds(cut) - odds(SURE))


def _bands(judged: list[tuple[float, bool]]) -> list[str]:
    """How many facts of each band of confidence are right."""
    lines: list[str] = []
    for low, high in ((0, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01)):
        band = [is_right for share, is_right in judged if low <= share < high]
        if band:
            lines.append(f"  {low:.2f} to {high:.2f}: {len(band):5} facts, {sum(band) / len(band):.1%} right")
    return lines


def main() -> None:
    """Fit, show the calibration and, with --write, keep the weights."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reports", type=Path, default=REPORTS / "dev")
    options.add_argument("--scorer", type=Path, default=SCORER)
    options.add_argument("--write", action="store_true", help="write ingest/lexicon/confidence.yaml")
    chosen = options.parse_args()
    scorer = load_scorer(chosen.scorer)
    seen = samples(chosen.reports, scorer)
    estimated = left_out(seen)
    margin = margin_of(estimated)
    judged = [(float(1 / (1 + np.exp(margin - odds(share)))), is_right) for share, is_right in estimated]
    lines = [f"{len(seen)} facts, {sum(sample.is_right for sample in seen) / len(seen):.1%} right in full"]
    lines.append("estimated (log odds as fitted), then cautious (less the margin):")
    lines += _bands(estimated)
    lines += _bands(judged)
    sure = [is_right for share, is_right in judged if share >= SURE]
    lines.append(f"margin {margin:.3f}")
    lines.append(f"at {SURE} or above: {sum(sure) / len(sure):.1%} right, {len(sure) / len(judged):.1%} of all")
    sys.stdout.write("\n".join(lines) + "\n")
    if chosen.write:
        path = PROJECT / "ingest" / "lexicon" / "confidence.yaml"
        header = HEADER.format(
            facts=len(seen),
            reports=len({sample.report for sample in seen}),
            sure=sum(sure) / len(sure),
            share=len(sure) / len(judged),
            level=SURE,
        )
        path.write_text(header + yaml.safe_dump(Model(seen).data(margin), allow_unicode=True, sort_keys=False), "utf-8")


if __name__ == "__main__":
    main()
