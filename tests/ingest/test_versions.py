"""Versions: a changed rule or word gives a new one, an untouched tree the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.extract import EXTRACTOR_VERSION
from ingest.parse import PARSER_VERSION
from ingest.versions import digest


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with one rule and one list of words."""
    (tmp_path / "extract").mkdir()
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "extract" / "role.py").write_text("RULE = 1\n", encoding="utf-8")
    (tmp_path / "lexicon" / "cues.yaml").write_text("words: [共有]\n", encoding="utf-8")
    return tmp_path


def test_a_version_is_a_plain_number_with_a_digest() -> None:
    for version in (PARSER_VERSION, EXTRACTOR_VERSION):
        assert re.fullmatch(r"\d+\+[0-9a-f]{8}", version)
    assert PARSER_VERSION.split("+")[1] != EXTRACTOR_VERSION.split("+")[1]


def test_an_untouched_tree_keeps_its_digest(tree: Path) -> None:
    assert digest(tree, ["extract", "lexicon"]) == digest(tree, ["extract", "lexicon"])


def test_a_new_word_changes_the_digest(tree: Path) -> None:
    before = digest(tree, ["extract", "lexicon"])
    (tree / "lexicon" / "cues.yaml").write_text("words: [共有, 设有]\n", encoding="utf-8")
    assert digest(tree, ["extract", "lexicon"]) != before


def test_a_new_file_and_a_new_name_change_the_digest(tree: Path) -> None:
    before = digest(tree, ["extract", "lexicon"])
    (tree / "extract" / "roles.py").write_bytes((tree / "extract" / "role.py").read_bytes())
    added = digest(tree, ["extract", "lexicon"])
    (tree / "extract" / "role.py").unlink()
    assert len({before, added, digest(tree, ["extract", "lexicon"])}) == 3


def test_compiled_files_do_not_count(tree: Path) -> None:
    before = digest(tree, ["extract"])
    (tree / "extract" / "__pycache__").mkdir()
    (tree / "extract" / "__pycache__" / "role.cpython-311.pyc").write_bytes(b"\0")
    assert digest(tree, ["extract"]) == before


def test_a_part_that_is_missing_is_an_error(tree: Path) -> None:
    with pytest.raises(FileNotFoundError, match="rules"):
        digest(tree, ["extract", "rules"])
