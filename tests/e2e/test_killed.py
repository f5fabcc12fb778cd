"""A run that is killed without a word leaves what readers have, and the next one ends as if nothing had happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from whole_runs import Built, add_report, contents, copy_of, weijian

from warehouse.connections import connect_published
from warehouse.paths import PROJECT


@pytest.fixture(scope="module")
def unbroken(built: Built, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[object, ...]]]:
    """What an unbroken run publishes once the new report is in the inbox."""
    copy = copy_of(built, tmp_path_factory.mktemp("unbroken"))
    add_report(copy.inbox)
    finished = weijian("run", "--inbox", copy.inbox, "--data", copy.folder.root)
    assert finished.returncode == 0, finished.stderr
    return contents(copy.folder.published, with_instants=False)


@pytest.mark.parametrize("step", ["parse", "load", "dbt", "publish", "parquet"])
def test_a_killed_run_is_completed_by_the_next_one(
    step: str, built: Built, unbroken: dict[str, list[tuple[object, ...]]], tmp_path: Path
) -> None:
    copy = copy_of(built, tmp_path)
    before = copy.folder.published.read_bytes()
    add_report(copy.inbox)
    run = ("run", "--inbox", str(copy.inbox), "--data", str(copy.folder.root))

    killed = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killed_run.py")), step, *run],
        cwd=PROJECT,
        env=os.environ,
        capture_output=True,
        timeout=300,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    if step != "parquet":
        assert copy.folder.published.read_bytes() == before
    with connect_published(copy.folder.published) as con:
        documents = con.execute("select count(*) from marts.dim_document").fetchone()
        assert documents == ((4,) if step == "parquet" else (3,))

    finished = weijian(*run)
    assert finished.returncode == 0, finished.stderr
    assert contents(copy.folder.published, with_instants=False) == unbroken
    assert pq.read_metadata(copy.folder.published_folder / "dim_document.parquet").num_rows == 4
    assert not list(copy.folder.published_folder.glob(".*"))
