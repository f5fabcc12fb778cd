"""The cookbook on the sample pack as it was written: each answer is the one beside its query."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from intended_pack import ANSWERS, QUERIES, answers, build_pack

NAMES = [path.stem for path in sorted(QUERIES.glob("*.sql"))]


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return {path.stem: content for path, content in answers(build_pack(tmp_path_factory.mktemp("pack")))}


def test_there_are_twenty_queries_and_an_answer_beside_each() -> None:
    assert len(NAMES) >= 20
    assert sorted(path.stem for path in ANSWERS.glob("*.csv")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_the_one_beside_the_query(pack: dict[str, str], name: str) -> None:
    assert pack[name] == (ANSWERS / f"{name}.csv").read_text(encoding="utf-8"), (
        "if the change is meant: python tests/dbt/intended_pack.py"
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_has_rows(name: str) -> None:
    with (ANSWERS / f"{name}.csv").open(encoding="utf-8") as file:
        assert len(list(csv.reader(file))) > 1


def rows(name: str) -> list[dict[str, str]]:
    """An answer by its number."""
    (path,) = ANSWERS.glob(f"{name}_*.csv")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_pack_s_own_story_is_in_the_answers() -> None:
    """What samples/README.md says that each report shows, found in the answers by someone who only has those."""
    targets = {(row["indicator_name"], row["deadline_on"]): row["outcome"] for row in rows("04")}
    assert targets["孕产妇系统管理率", "2023-12-31"].startswith("达到")
    assert targets["高血压患者规范管理率", "2023-12-31"].startswith("未达到")
    disagreed = {(row["region_name"], row["value"]) for row in rows("05")}
    assert {("岳阳市", "34344"), ("岳阳市", "34226")} <= disagreed
    revised = {(row["region_name"], row["previous_value"], row["revised_value"]) for row in rows("06")}
    assert {("平江县", "93.86", "93.52"), ("华容县", "2806600", "2761700"), ("岳阳市", "3.41", "3.49")} <= revised
    assert {row["rule"] for row in rows("09")} >= {"digits_lost", "digits_corrupt", "inconsistent"}
    (corrected,) = rows("15")
    assert (corrected["stated_value"], corrected["right_value"]) == ("24.3", "2.43")
    assert Path(ANSWERS / "01_maternal_system_management_by_county.csv").stat().st_size > 500
