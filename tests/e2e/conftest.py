"""What the tests of whole runs share: data folders that were built once from the small inbox."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from whole_runs import Built, Grown, add_report, copy_of, rates, weijian, write_reports

from tests.shared import made_once
from warehouse.connections import connect_published
from warehouse.paths import DataFolder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, manifest: Path) -> Built:
    """The small inbox, taken through the pipeline once, in an empty home; a test that changes it takes a copy."""

    def make(root: Path) -> None:
        inbox = write_reports(root / "inbox")
        (root / "home").mkdir()
        finished = weijian("run", "--inbox", inbox, "--data", root / "data", home=root / "home")
        assert finished.returncode == 0, finished.stdout + finished.stderr
        (root / "output.txt").write_text(finished.stdout, encoding="utf-8")

    root = made_once("built", tmp_path_factory, make)
    return Built(DataFolder(root / "data"), root / "inbox", (root / "output.txt").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def grown(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Grown:
    """The built folder with one more report, run again while a reader holds the published file open."""

    def make(root: Path) -> None:
        copy = copy_of(built, root)
        add_report(copy.inbox)
        with connect_published(copy.folder.published) as reader:
            before = rates(reader)
            finished = weijian("run", "--inbox", copy.inbox, "--data", copy.folder.root)
            assert finished.returncode == 0, finished.stderr
            grown = Grown(copy.folder, finished.stdout, (before, rates(reader)))
        (root / "grown.pickle").write_bytes(pickle.dumps(grown))

    grown: Grown = pickle.loads((made_once("grown", tmp_path_factory, make) / "grown.pickle").read_bytes())
    return grown
