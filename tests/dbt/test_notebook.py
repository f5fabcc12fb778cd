"""The notebook runs from top to bottom on a published file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from staged_sample import PROJECT, Built

from warehouse.paths import DataFolder
from warehouse.publish import publish


def test_the_notebook_runs_from_top_to_bottom(built: Built, tmp_path: Path) -> None:
    pytest.importorskip("marimo", reason="uv sync --group notebook")
    publish(built.database, DataFolder(tmp_path).published_folder)
    finished = subprocess.run(
        [sys.executable, str(PROJECT / "notebooks" / "first_look.py")],
        env={**os.environ, "WEIJIAN_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
