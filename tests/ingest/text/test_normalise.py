"""Normalising keeps every visible character as it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text.normalise import normalise


@given(st.text())
def test_every_visible_character_stays_and_in_its_order(text: str) -> None:
    def visible(words: str) -> list[str]:
        return [char for char in words if char.isprintable() and not char.isspace()]

    assert visible(normalise(text)) == visible(text)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(alphabet="甲乙１２２３．％ab12\xa0\u3000\t\x01，。"))
def test_blanks_and_controls_are_replaced_one_for_one(text: str) -> None:
    assert len(normalise(text)) == len(text)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("甲\r\n乙\r丙", "甲\n乙\n丙"),
        ("\ufeff甲", "甲"),
        ("１２．３％", "１２．３％"),
        ("\u3000\xa0甲", "  甲"),
        ("12\u200b34人", "1234人"),
        ("指标\t数值", "指标\t数值"),
        ("甲\x0c乙\u2028丙", "甲\n乙\n丙"),
        ("甲\x00乙", "甲 乙"),
    ],
)
def test_one_line_end_one_blank_nothing_invisible(written: str, expected: str) -> None:
    assert normalise(written) == expected


def test_radicals_become_the_characters_that_look_the_same() -> None:
    assert normalise("⾄6⽉，住院病⼈41名") == "至6月，住院病人41名"
