"""The cookbook: each question runs on the marts of the sample rows and answers with rows.

Not here: the answers on the sample pack (`tests/e2e`).
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from staged_sample import PROJECT, Built

QUERIES = sorted((PROJECT / "warehouse" / "queries").glob("*.sql"))


def test_the_cookbook_is_numbered_without_gaps() -> None:
    assert len(QUERIES) >= 10
    assert [path.name[:3] for path in QUERIES] == [f"{number:02d}_" for number in range(1, len(QUERIES) + 1)]


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_opens_with_its_question_in_english_and_chinese(path: Path) -> None:
    english, chinese = path.read_text(encoding="utf-8").splitlines()[:2]
    assert english.startswith("-- ") and english.endswith("?") and english.isascii()
    assert chinese.startswith("-- ") and re.search(r"[\u4e00-\u9fff].*？$", chinese)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_reads_the_marts_alone(path: Path) -> None:
    query = path.read_text(encoding="utf-8")
    assert set(re.findall(r"(?:from|join) (\w+)\.\w+", query)) == {"marts"}


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_answers_with_rows(built: Built, path: Path) -> None:
    assert built.result.code == 0, built.result.output[-4000:]
    with duckdb.connect(str(built.database), read_only=True) as connection:
        assert connection.execute(path.read_text(encoding="utf-8")).fetchall()
