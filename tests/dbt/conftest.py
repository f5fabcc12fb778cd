"""Fixtures of the dbt tests: the sample database, built once for all of them."""

from __future__ import annotations

import pytest
from staged_sample import Built, Staging, fill_sample, run_dbt


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Staging tables by hand, then the real project built on them."""
    folder = tmp_path_factory.mktemp("dbt")
    staging = Staging(folder / "build.duckdb")
    fill_sample(staging)
    database, target = staging.write(), folder / "target"
    return Built(database, target, run_dbt(["build", "--exclude-resource-type", "unit_test"], database, target))
