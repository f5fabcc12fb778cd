"""A run that is killed without a word leaves what readers have, and the next one ends as if nothing had happened."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
from whole_runs import Built, Grown, add_report, contents, copy_of, weijian

from warehouse.paths import PROJECT


def test_runs_that_are_killed_in_one_step_after_the_other_are_completed_by_the_next(
    built: Built, grown: Grown, tmp_path: Path
) -> None:
    """Each run completes what the one before it left, and is killed a step later; the last one is let alone."""
    copy = copy_of(built, tmp_path)
    before = copy.folder.published.read_bytes()
    add_report(copy.inbox)
    run = ("run", "--inbox", str(copy.inbox), "--data", str(copy.folder.root))

    for step in ("parse", "load", "dbt", "publish", "parquet"):
        killed = subprocess.run(
            [sys.executable, str(Path(__file__).with_name("killed_run.py")), step, *run],
            cwd=PROJECT,
            env=os.environ,
            capture_output=True,
            timeout=900,
        )
        assert killed.returncode == -signal.SIGKILL, f"{step}: {killed.stderr.decode()}"
        if step == "parquet":  # the new file is in place, and whole
            assert contents(copy.folder.published, with_instants=False) == contents(
                grown.folder.published, with_instants=False
            )
        else:
            assert copy.folder.published.read_bytes() == before, step

    finished = weijian(*run)
    assert finished.returncode == 0, finished.stderr
    assert contents(copy.folder.published, with_instants=False) == contents(grown.folder.published, with_instants=False)
    assert pq.read_metadata(copy.folder.published_folder / "dim_document.parquet").num_rows == 4
    assert not list(copy.folder.published_folder.glob(".*"))
