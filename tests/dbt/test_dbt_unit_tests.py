"""dbt's own unit tests (rows beside the models), run here so that the nightly build need not run them."""

from __future__ import annotations

import pytest
import yaml
from staged_sample import DBT_PROJECT, Built, DbtResult, run_dbt

WRITTEN = {
    test["name"]
    for path in DBT_PROJECT.glob("models/**/*.yml")
    for test in yaml.safe_load(path.read_text(encoding="utf-8")).get("unit_tests", [])
}


@pytest.fixture(scope="module")
def result(built: Built) -> DbtResult:
    """All unit tests in one command; dbt reads the columns of their inputs from the built database."""
    return run_dbt(["test", "--select", "test_type:unit"], built.database, built.target)


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_the_rows_beside_the_model_hold(result: DbtResult, name: str) -> None:
    assert result.statuses.get(name) == "pass", result.output[-4000:]
