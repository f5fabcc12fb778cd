"""Chinese numerals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.numerals import chinese_number

DIGITS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("十", 10),
        ("十五", 15),
        ("三百二十", 320),
        ("一千〇五", 1005),
        ("两万", 20_000),
        ("二点一八万", 21_800),
        ("三亿五千万", 350_000_000),
        ("九十五点六", 95.6),
        ("二〇二二", 2022),
        ("一万二千三百四十五", 12_345),
    ],
)
def test_a_numeral_is_the_number_that_it_writes(written: str, number: float) -> None:
    assert chinese_number(written) == pytest.approx(number)


@pytest.mark.parametrize("written", ["", "点", "点五", "三点", "百年", "三点十"])
def test_what_writes_no_number_gives_none(written: str) -> None:
    assert chinese_number(written) is None


@given(st.integers(min_value=1, max_value=9999))
def test_any_number_below_ten_thousand_is_read_back(number: int) -> None:
    written, rest = "", number
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, rest = divmod(rest, size)
        written += DIGITS[digit] + name if digit else "零" if written and rest else ""
    assert chinese_number(written) == number
