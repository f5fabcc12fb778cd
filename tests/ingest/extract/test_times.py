"""Times: expressions and the days they cover."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract import times
from ingest.extract.times import Time, find_times

START, END = date(2023, 1, 1), date(2023, 12, 31)
PIECES = [
    *"截至到止2019123年月日 底末初份上下半前三个两季度第一二四今本去明同期目前现在当近过",
    *"来间以连续十五六七八九〇零“”全.-—/:，人",
    *(
        "2022",
        "2023年",
        "十四五",
        "去年同期",
        "上半年",
        "截至",
        "今年以来",
        "年底前",
        "上一年度",
        "前三季度",
        "1-3季度",
    ),
]


def one(text: str) -> Time:
    (time,) = find_times(text, START, END)
    return time


@pytest.mark.parametrize(
    ("text", "kind", "first", "last"),
    [
        ("2022年1—9月", "span", date(2022, 1, 1), date(2022, 9, 30)),
        ("上半年", "span", date(2023, 1, 1), date(2023, 6, 30)),
        ("前三季度", "span", date(2023, 1, 1), date(2023, 9, 30)),
        ("2021年第二季度", "span", date(2021, 4, 1), date(2021, 6, 30)),
        ("截至10月底", "as_of", date(2023, 1, 1), date(2023, 10, 31)),
        ("2020年底", "as_of", date(2020, 12, 31), date(2020, 12, 31)),
        ("二〇二二年", "year", date(2022, 1, 1), date(2022, 12, 31)),
        ("3月15日", "point", date(2023, 3, 15), date(2023, 3, 15)),
        ("去年同期", "reference", date(2022, 1, 1), date(2022, 12, 31)),
        ("上年末", "reference", date(2022, 12, 31), date(2022, 12, 31)),
        ("“十三五”末", "as_of", date(2020, 12, 31), date(2020, 12, 31)),
        ("“十四五”期间", "plan", date(2021, 1, 1), date(2025, 12, 31)),
        ("2016-2020年", "span", date(2016, 1, 1), date(2020, 12, 31)),
        ("截至目前", "now", START, END),
        ("近五年来", "none", None, None),
    ],
)
def test_an_expression_covers_its_days(text: str, kind: str, first: date | None, last: date | None) -> None:
    time = one(text)
    assert (time.kind, time.first, time.last) == (kind, first, last)


@pytest.mark.parametrize("text", ["13月5日", "2023年2月30日", "2020-2016年"])
def test_an_impossible_date_is_left_out(text: str) -> None:
    assert not [time for time in find_times(text, START, END) if time.kind in {"span", "point"} and time.first]


def test_a_year_that_is_left_out_is_the_documents() -> None:
    (time,) = find_times("6月底", date(2019, 1, 1), date(2019, 12, 31))
    assert time.last == date(2019, 6, 30)


def test_without_a_year_no_period_follows() -> None:
    (time,) = find_times("6月底", None, None)
    assert (time.kind, time.first, time.last) == ("none", None, None)


@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_no_expression_is_missed_for_its_beginning(pieces: list[str]) -> None:
    text = "".join(pieces)
    for match in times._TIME.finditer(text):
        beginning = times._BEGINNING.search(text, match.start())
        assert beginning is not None and beginning.start() == match.start(), match.group()
