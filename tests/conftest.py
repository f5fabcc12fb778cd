"""What every room's tests share: where the project lies, a data folder of one's own, the shared reports.

Belongs here: fixtures that more than one room uses, the order of the files. Not here: a room's own files (its own
conftest).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.shared import made_once
from warehouse.paths import PROJECT, DataFolder

# How long an example takes says how busy the machine is, and what holds one day holds the next: the examples are the
# same ones each time. Others are looked for with ARGS=--hypothesis-profile=search.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", settings.get_profile("steady"), derandomize=False, max_examples=1000)
settings.load_profile("steady")

# The files that take longest begin, so that the processes that share the tests end at about the same time; the first
# one makes what the others of its folder wait for.
LONGEST = (
    "tests/e2e/test_killed.py",
    "tests/dbt/",
    "tests/e2e/",
    "tests/warehouse/test_publish.py",
    "tests/warehouse/test_reader_during_publishes.py",
    "tests/ingest/crawl/",
    "tests/ingest/test_",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; within a file the tests keep their order."""
    items.sort(
        key=lambda item: next(
            (place for place, start in enumerate(LONGEST) if item.nodeid.startswith(start)), len(LONGEST)
        )
    )


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test never touches the data folder, the inbox or the Dagster home of the person who runs it."""
    for name in ("WEIJIAN_DATA", "WEIJIAN_INBOX", "WEIJIAN_ACCEPT_LOSS", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's root."""
    return PROJECT


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    """A data folder of this test's own; nothing is in it yet."""
    return DataFolder(tmp_path / "data")


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dbt manifest, built when it is missing or old."""
    from orchestration.dbt import MANIFEST, ensure_manifest

    made_once("manifest", tmp_path_factory, lambda folder: ensure_manifest(DataFolder(folder)))
    return MANIFEST


@pytest.fixture(scope="session")
def reports(project: Path) -> Path:
    """The shared real reports, named by `WEIJIAN_REPORTS`; the test is skipped where they are absent."""
    folder = Path(os.environ.get("WEIJIAN_REPORTS", project.parent / "shared" / "seeds"))
    if not folder.is_dir():
        pytest.skip(f"the shared reports are not at {folder} (set WEIJIAN_REPORTS)")
    return folder
