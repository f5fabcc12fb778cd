"""What every room's tests share: where the project lies, a data folder of one's own, the shared reports.

Belongs here: fixtures that more than one room uses. Not here: a room's own files (its own conftest).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from warehouse.paths import PROJECT, DataFolder


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

    ensure_manifest(DataFolder(tmp_path_factory.mktemp("manifest")))
    return MANIFEST


@pytest.fixture(scope="session")
def reports(project: Path) -> Path:
    """The shared real reports, named by `WEIJIAN_REPORTS`; the test is skipped where they are absent."""
    folder = Path(os.environ.get("WEIJIAN_REPORTS", project.parent / "shared" / "seeds"))
    if not folder.is_dir():
        pytest.skip(f"the shared reports are not at {folder} (set WEIJIAN_REPORTS)")
    return folder
