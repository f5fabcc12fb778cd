"""Fixtures of the store's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_build import MARTS, add_documents

from warehouse.connections import connect_build


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build file with ten documents and their marts, closed."""
    path = tmp_path / "data" / "build.duckdb"
    with connect_build(path) as con:
        add_documents(con, range(10))
        con.execute(MARTS)
    return path
