"""CSV that is safe to open: no text starts a formula, and nothing is lost on the way."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.spreadsheet import FORMULA_STARTS, guarded, safe_csv


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|'/c calc'!A1",
        "+1",
        "-1",
        "@SUM(A1)",
        "  =1+1",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\u3000=1",
    ],
)
def test_words_that_would_start_a_formula_are_kept_from_it(cell: str) -> None:
    assert guarded(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "孕产妇系统管理率", "a=b", "<script>", -1.5, 0, None, True])
def test_numbers_and_plain_words_stay_as_they_are(cell: object) -> None:
    assert guarded(cell) is cell


@given(st.lists(st.text(), min_size=1))
def test_no_cell_of_the_file_starts_a_formula(cells: list[str]) -> None:
    content = safe_csv(["words"], [[cell] for cell in cells]).decode("utf-8-sig")
    read = [row[0] for row in csv.reader(io.StringIO(content, newline=""))][1:]
    assert not [cell for cell in read if cell.lstrip().startswith(FORMULA_STARTS)]
    assert [
        cell.removeprefix("'") if guarded(wanted) != wanted else cell for cell, wanted in zip(read, cells, strict=True)
    ] == cells


def test_negative_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    content = safe_csv(["value", "words"], [[-0.34, None]]).decode("utf-8-sig")
    assert content == '"value","words"\r\n-0.34,""\r\n'


def test_a_spreadsheet_sees_at_once_that_it_is_utf_8() -> None:
    assert safe_csv(["地区"], []).startswith(b"\xef\xbb\xbf")
