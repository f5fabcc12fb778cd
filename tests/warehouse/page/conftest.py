"""Fixtures of the page's tests: a small published file, read-only for those who share it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from small_published import publish_small

from warehouse.connections import connect_published
from warehouse.paths import DataFolder


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """The data folder of the small published file; nobody changes it."""
    folder = DataFolder(tmp_path_factory.mktemp("page") / "data")
    publish_small(folder)
    return folder


@pytest.fixture
def con(small: DataFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the small published file."""
    with connect_published(small.published) as connection:
        yield connection


@pytest.fixture(scope="session")
def page(project: Path) -> Path:
    """The folder of the page."""
    return project / "warehouse" / "page"
