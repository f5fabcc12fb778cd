"""CSV that is safe to open in a spreadsheet: words from outside never become a formula.

Belongs here: guarding cells and writing CSV. Not here: which rows are written.

Source of the rule: OWASP, CSV Injection; the full-width signs count too, since spreadsheets in Chinese and Japanese
locales read them as their ASCII counterparts.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
GUARD = "'"


def guarded(cell: object) -> object:
    """The cell as it may stand in a spreadsheet: text that would start a formula gets an apostrophe before it.

    Blanks before the sign are looked through, since spreadsheets do so. Numbers stay numbers, also negative ones.
    """
    if not isinstance(cell, str):
        return cell
    is_formula = cell.startswith(FORMULA_STARTS) or cell.lstrip().startswith(FORMULA_STARTS)
    return GUARD + cell if is_formula else cell


def safe_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """CSV with every text in quotes and guarded, UTF-8 with a byte order mark, so that Chinese opens well in Excel.

    Args:
        header: the names of the columns.
        rows: numbers stay bare; None becomes an empty cell.

    Returns:
        The file's bytes.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in header])
    writer.writerows([["" if cell is None else guarded(cell) for cell in row] for row in rows])
    return target.getvalue().encode("utf-8-sig")
