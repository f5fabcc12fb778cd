"""Score the project's own reports with gold: `python -m tools.score_reports [FOLDER] [--errors]`.

Without a folder: the open reports one by one, and the totals of the held-out ones, whose texts nobody who writes rules
reads.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from tools.gold_reports import REPORTS, SCORER, as_scored, kinds_of_indicators, load_scorer, read_reports

MEASURES = {
    "found": ("tp", "fp", "fn"),
    "coded": ("tp_coded", "fp_coded", "fn_coded"),
    "full": ("tp_full", "fp_full", "fn_full"),
}


def scores(folder: Path, scorer: ModuleType, *, by_report: bool, errors: bool) -> list[str]:
    """Lines of text: F1 by report, precision, recall and F1 in all, the share of each field, and the errors."""
    read = {name: [as_scored(fact) for fact in facts] for name, _, facts in read_reports(folder)}
    if not read:
        raise SystemExit(f"{folder}: no reports there; name a folder of NAME.txt with NAME.jsonl")
    kinds = kinds_of_indicators()
    total, reports, fields, wrong, _ = scorer.score(scorer.load_gold(folder), read, kinds)
    lines = [str(folder)]
    for name, counts in reports.items() if by_report else ():
        f1 = {each: scorer.prf(*(counts[key] for key in keys))[2] for each, keys in MEASURES.items()}
        damaged = f"damaged {counts['damage_flagged']}/{counts['damage']}" if counts["damage"] else ""
        lines.append(f"  {name:28}" + "".join(f" {each} {value:.3f}" for each, value in f1.items()) + f" {damaged}")
    for each, keys in MEASURES.items():
        precision, recall, f1_all = scorer.prf(*(total[key] for key in keys))
        lines.append(f"{each:6} precision {precision:.3f}  recall {recall:.3f}  F1 {f1_all:.3f}")
    lines.append(f"damaged flagged {total['damage_flagged']} of {total['damage']}, published {total['damage_silent']}")
    lines.append("fields " + "  ".join(f"{field} {share:.3f}" for field, share in fields.items()))
    return [*lines, *(_said(*error, scorer, kinds) for error in wrong)] if errors else lines


def _said(
    name: str,
    what: str,
    gold: Mapping[str, object] | None,
    read: Mapping[str, object] | None,
    scorer: ModuleType,
    kinds: Mapping[str, str],
) -> str:
    """One error on one line."""
    if gold is None or read is None:
        shown = gold or read or {}
        return f"- {name}: {what}: {shown['quote']} ({shown['value']})"
    fields = [field for field in scorer.FIELDS if not scorer.field_ok(gold, read, field, kinds)]
    pairs = [
        f"{field} {gold.get(field, gold['period_end'])!r} read as {read.get(field, read['period_end'])!r}"
        for field in fields
    ]
    return f"- {name}: {gold['quote']}: {'; '.join(pairs) or what}"


def main() -> None:
    """Print the scores."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path, nargs="?", help="a folder of NAME.txt with NAME.jsonl")
    options.add_argument("--errors", action="store_true", help="name what is wrong (never of the held-out reports)")
    options.add_argument("--scorer", type=Path, default=SCORER)
    chosen = options.parse_args()
    scorer = load_scorer(chosen.scorer)
    lines = scores(chosen.folder or REPORTS / "dev", scorer, by_report=True, errors=chosen.errors)
    if chosen.folder is None:
        lines += scores(REPORTS / "heldout", scorer, by_report=False, errors=False)
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
