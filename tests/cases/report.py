"""The table of sentence cases: `python -m tests.cases.report [phenomenon ...] [--raise-floors]`.

Belongs here: printing shares by phenomenon, the complaints of named phenomena, raising the floors.
Not here: judging (`judge`). Of the held-out cases only the total is ever printed.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Sequence

import yaml

from tests.cases.judge import Tally, tallies
from tests.cases.read import CASES

FLOORS = CASES / "floors.yaml"
HELDOUT = "heldout_total"
HEADER = """\
# The share of cases that must stay right, by phenomenon; the last line is for all held-out cases together.
# Floors only rise: `python -m tests.cases.report --raise-floors` writes what is reached where it is higher.
"""


def read_floors() -> dict[str, float]:
    """Phenomenon -> the share of its cases that must be right, 0 to 1."""
    return dict(yaml.safe_load(FLOORS.read_text(encoding="utf-8"))) if FLOORS.exists() else {}


def reached() -> dict[str, float]:
    """The shares of today, by phenomenon, and of the held-out cases together."""
    shares = {tally.name: tally.share for tally in tallies("dev")}
    heldout = tallies("heldout")
    shares[HELDOUT] = sum(tally.right for tally in heldout) / sum(len(tally.verdicts) for tally in heldout)
    return shares


def table() -> str:
    """Cases right by phenomenon, with the facts found and right in full, as lines of text."""
    open_tallies, heldout = tallies("dev"), tallies("heldout")
    lines = [f"{'phenomenon':28}{'cases':>6}{'right':>6}{'share':>7}  {'facts':>6}{'found':>6}{'full':>6}{'extra':>6}"]
    lines += [_line(tally.name, [tally]) for tally in open_tallies]
    lines += [_line("all", open_tallies), _line("held out", heldout)]
    return "\n".join(lines)


def complaints(names: Sequence[str]) -> str:
    """What is wrong in the open cases of some phenomena, case by case."""
    lines = []
    for tally in tallies("dev"):
        if tally.name not in names:
            continue
        for verdict in tally.verdicts:
            if not verdict.is_right:
                lines += [f"{tally.name}/{verdict.case.id}: {verdict.case.text}"]
                lines += [f"    {complaint}" for complaint in verdict.complaints]
    return "\n".join(lines)


def raise_floors() -> None:
    """Write the floors anew: what is reached, nowhere lower than before."""
    before = read_floors()
    # Rounded down, so that a floor is never above what was reached.
    floors = {name: max(before.get(name, 0.0), math.floor(share * 1000) / 1000) for name, share in reached().items()}
    FLOORS.write_text(HEADER + yaml.safe_dump(floors, sort_keys=False), encoding="utf-8")


def _line(name: str, part: Sequence[Tally]) -> str:
    verdicts = [verdict for tally in part for verdict in tally.verdicts]
    right = sum(verdict.is_right for verdict in verdicts)
    counted = ("facts", "found", "full", "spurious")
    counts = "".join(f"{sum(getattr(verdict, field) for verdict in verdicts):>6}" for field in counted)
    return f"{name:28}{len(verdicts):>6}{right:>6}{right / len(verdicts):>7.3f}  {counts}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, or the complaints of the phenomena that are named."""
    parser = argparse.ArgumentParser(prog="python -m tests.cases.report", description=main.__doc__)
    parser.add_argument("phenomena", nargs="*", metavar="phenomenon", help="print what is wrong in these")
    parser.add_argument("--raise-floors", action="store_true", help="write the shares that are reached as floors")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.phenomena) - {tally.name for tally in tallies("dev")}:
        parser.error(f"no such phenomenon: {', '.join(sorted(unknown))}")
    if chosen.raise_floors:
        raise_floors()
    sys.stdout.write((complaints(chosen.phenomena) if chosen.phenomena else table()) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
