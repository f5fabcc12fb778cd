"""Folding keeps every position, reads traditional characters, and leaves names of places alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.text.fold import fold, simplified


@given(st.text())
def test_every_character_stays_in_its_place(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_single_traditional_character_is_read() -> None:
    assert fold("投入３.2萬元，發病率12.6／10萬") == "投入3.2万元,发病率12.6/10万"


def test_a_character_of_both_writings_is_changed_only_in_a_traditional_text() -> None:
    assert simplified("乾县著力推进") == "乾县著力推进"
    assert simplified("於全縣醫療機構開展") == "于全县医疗机构开展"


def test_a_town_keeps_its_name() -> None:
    assert simplified("鮀莲街道、南磑镇") == "鮀莲街道、南磑镇"
