"""Tables and charts of the asset pages."""

from __future__ import annotations

import re
from base64 import b64decode

import pytest
from lxml import etree

from orchestration.presentation import bar_chart, markdown_table


def drawn(markdown: str) -> etree._Element:
    found = re.fullmatch(r"!\[.*\]\(data:image/svg\+xml;base64,(.*)\)", markdown)
    assert found is not None
    return etree.fromstring(b64decode(found[1]))


def test_numbers_stand_to_the_right_with_thousands_separators() -> None:
    assert markdown_table(["relation", "rows"], [("marts.a", 12345), ("b|c", 7)]).splitlines() == [
        "| relation | rows |",
        "| --- | ---: |",
        "| marts.a | 12,345 |",
        "| ` b\\|c ` | 7 |",
    ]


@pytest.mark.parametrize("words", ["plan", "妇幼保健", "marts.fct_observation", "parse: not_the_file", "3 − 2 = 1"])
def test_plain_words_stand_as_they_are(words: str) -> None:
    assert markdown_table(["reason"], [(words,)]).splitlines()[2] == f"| {words} |"


@pytest.mark.parametrize(
    ("words", "cell"),
    [
        ("<script>alert(1)</script>", "` <script>alert(1)</script> `"),
        ("![x](http://evil.example/p.png)", "` ![x](http://evil.example/p.png) `"),
        ("see https://evil.example", "` see https://evil.example `"),
        ("WWW.evil.example", "` WWW.evil.example `"),
        ("`a` ``b`` | c\\", "``` `a` ``b`` \\| c\\ ```"),
        ("a\\|<b>", "` a\\\\\\|<b> `"),
        ("=cmd|' /C calc'!A0", "` =cmd\\|' /C calc'!A0 `"),
        ("one\n<b>two", "` one <b>two `"),
        ("*all* _that_", "` *all* _that_ `"),
    ],
)
def test_words_that_would_be_markup_are_shown_as_code(words: str, cell: str) -> None:
    assert markdown_table(["reason"], [(words,)]).splitlines()[2] == f"| {cell} |"


def test_bars_are_as_long_as_their_numbers() -> None:
    picture = drawn(bar_chart("facts", [("a", 50), ("b", 25), ("c", 0)]))
    bars = picture.findall("{*}rect")[1:]
    lengths = [float(bar.get("width")) for bar in bars]
    assert lengths[0] == pytest.approx(2 * lengths[1], abs=0.2)
    assert 0 < lengths[2] < 2


@pytest.mark.parametrize("label", ["<script>&", "孕产妇系统管理率", "community_health_centre_family_doctor_rate"])
def test_every_label_is_drawn_whole_and_harmless(label: str) -> None:
    picture = drawn(bar_chart("facts", [(label, 3)]))
    text = picture.findall("{*}text")[1]
    assert text.text == label
    assert float(text.get("x")) >= 7.5 * len(label)


def test_nothing_to_draw_draws_nothing() -> None:
    assert bar_chart("facts", []) == ""
