"""Units and the pattern that finds the longest word."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.tries import longest_of
from ingest.extract.units import units


def test_every_unit_is_found_whole() -> None:
    pattern = re.compile(units().pattern)
    for word in units().by_word:
        match = pattern.match(word)
        assert match is not None and match.group() == word


def test_a_unit_that_nobody_knows_stays_as_it_is() -> None:
    assert units().canonical("斗")[0] == "斗"
    assert units().canonical("")[0] == ""


@given(
    st.lists(st.text("甲乙丙丁", min_size=1, max_size=4), min_size=1, max_size=12), st.text("甲乙丙丁戊", max_size=12)
)
def test_the_pattern_finds_what_a_search_for_the_longest_word_finds(words: list[str], text: str) -> None:
    match = re.match(longest_of(words), text)
    longest = max((word for word in words if text.startswith(word)), key=len, default=None)
    assert (match.group() if match else None) == longest
