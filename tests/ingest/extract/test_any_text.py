"""No text makes reading fail, and none makes it cost more than its length."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.extract import extract
from ingest.model import ArchivedFile, Fact
from ingest.parse import parse
from ingest.parse.visible import ParseError
from tests.cases.judge import FETCHED_AT
from tests.steps import steps_of

LENGTH = 2_500  # bytes of the shorter of two texts
GROWTH = 4  # the longer one is so many times as long
TIMES = 4.4  # as many steps as it may take; a cost that grows squared takes sixteen


def read(text: str, media_type: str = "text/plain") -> list[Fact]:
    data = text.encode()
    file = ArchivedFile("inbox", "inbox:///any", "any", "0" * 64, media_type, FETCHED_AT, len(data))
    document = parse(file, data)
    facts = extract(document)
    for fact in facts:
        assert document.text[fact.char_start : fact.char_end] == fact.number_text
        assert fact.quote in document.text
    return facts


PIECES = st.sampled_from(
    [
        *"1290.,、；。：（）()%‰|万亿人例个张率达由至余×x*_-—~  \n\t\n",
        "1、",
        "一、",
        "（一）",
        "增加到",
        "分别为",
        "其中",
        "较上年",
        "2023年",
        "1—6月",
        "签约率",
        "接种疫苗",
        "张家口市",
        "县医院",
        "每千人口",
        "床位",
        "/10万",
        "效劳",
        "萬",
        "O",
        "xx",
        "%",
    ]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES, min_size=1, max_size=60).map("".join))
def test_no_text_makes_reading_fail(text: str) -> None:
    if text.strip():
        read(text)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES, st.sampled_from(["<p>", "<br>", "<td>", "<table>", "</p>", "<div>"])), max_size=40))
def test_no_page_makes_reading_fail(pieces: list[str]) -> None:
    try:
        read("<html><body>" + "".join(pieces) + "</body></html>", "text/html")
    except ParseError as error:
        assert error.reason == "no_text"


@pytest.mark.parametrize(
    "unit",
    [
        "卫\n",
        "1、接种疫苗312人次；",
        "接种疫苗312人次，",
        "由增加到人",
        "1.",
        "(",
        "x",
        "率76,8%、",
        "2023年1",
        "效劳",
        "一是",
    ],
)
def test_the_work_grows_with_the_length_and_not_its_square(unit: str) -> None:
    short = unit * (LENGTH // len(unit.encode()))
    read(short)  # word lists are loaded and remembered once a process
    assert steps_of(lambda: read(short * GROWTH)) < TIMES * steps_of(lambda: read(short))
