"""Fixtures of the dbt tests: the sample database, built once for all of them."""

from __future__ import annotations

import duckdb
import pytest
from staged_sample import Built, Staging, fill_sample, run_dbt


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Staging tables by hand, then the real project built on them."""
    folder = tmp_path_factory.mktemp("dbt")
    staging = Staging(folder / "build.duckdb")
    fill_sample(staging)
    database, target = staging.write(), folder / "target"
    with duckdb.connect(str(database)) as connection:  # as an older version left it, before the seed had more columns
        connection.execute("create schema seeds; create table seeds.units as select 'furlong' as unit")
    return Built(database, target, run_dbt(["build", "--exclude-resource-type", "unit_test"], database, target))
