"""dbt's own unit tests (rows beside the models), run here so that the nightly build need not run them."""

from __future__ import annotations

import shutil

import pytest
import yaml
from staged_sample import DBT_PROJECT, Built, DbtResult, run_dbt

WRITTEN = {
    test["name"]
    for path in DBT_PROJECT.glob("models/**/*.yml")
    for test in yaml.safe_load(path.read_text(encoding="utf-8")).get("unit_tests", [])
}


@pytest.fixture(scope="module")
def result(built: Built, tmp_path_factory: pytest.TempPathFactory) -> DbtResult:
    """All unit tests in one command; dbt reads the columns of their inputs from a copy of the built database."""
    folder = tmp_path_factory.mktemp("unit")
    shutil.copyfile(built.database, folder / "build.duckdb")
    return run_dbt(["test", "--select", "test_type:unit"], folder / "build.duckdb", folder / "target")


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_the_rows_beside_the_model_hold(result: DbtResult, name: str) -> None:
    assert result.statuses.get(name) == "pass", result.output[-4000:]
