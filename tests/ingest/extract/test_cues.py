"""Cues: every list of small words does something."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import extract
from ingest.extract.cues import cue_pattern, cues

SOURCES = "".join(path.read_text("utf-8") for path in Path(extract.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("name", sorted(cues().words))
def test_no_list_of_cues_is_without_a_reader(name: str) -> None:
    assert any(written in SOURCES for written in (f'"{name}"', f"'{name}'", f"{{{name}}}"))


def test_a_template_takes_the_longest_word_of_a_list() -> None:
    match = cue_pattern("{linking_tails}").match("达到12")
    assert match is not None and match.group() == "达到"


def test_a_template_keeps_its_quantifiers() -> None:
    assert cue_pattern("{stations}.{0,2}$").search("县血站工作") is not None


def test_a_list_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="no_such_list"):
        cue_pattern("{no_such_list}")
