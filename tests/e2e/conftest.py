"""What the tests of whole runs share: one data folder, built once from the small inbox."""

from __future__ import annotations

from pathlib import Path

import pytest
from whole_runs import Built, weijian, write_reports

from warehouse.paths import DataFolder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, manifest: Path) -> Built:
    """The small inbox, taken through the pipeline once, in an empty home; a test that changes it takes a copy."""
    root = tmp_path_factory.mktemp("built")
    inbox = write_reports(root / "inbox")
    (root / "home").mkdir()
    finished = weijian("run", "--inbox", inbox, "--data", root / "data", home=root / "home")
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return Built(DataFolder(root / "data"), inbox, finished.stdout)
