"""Fixtures of the dbt tests: the sample database, built once for all of them; nobody writes it."""

from __future__ import annotations

import pickle
from pathlib import Path

import duckdb
import pytest
from staged_sample import Built, Staging, fill_sample, run_dbt

from tests.shared import made_once


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Staging tables by hand, then the real project built on them."""
    folder = made_once("dbt-sample", tmp_path_factory, _build)
    built: Built = pickle.loads((folder / "built.pickle").read_bytes())
    return built


def _build(folder: Path) -> None:
    staging = Staging(folder / "build.duckdb")
    fill_sample(staging)
    database, target = staging.write(), folder / "target"
    with duckdb.connect(str(database)) as connection:  # as an older version left it, before the seed had more columns
        connection.execute("create schema seeds; create table seeds.units as select 'furlong' as unit")
    built = Built(database, target, run_dbt(["build", "--exclude-resource-type", "unit_test"], database, target))
    (folder / "built.pickle").write_bytes(pickle.dumps(built))
