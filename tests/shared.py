"""Set-ups that take long and that nobody changes: made once, also where several processes share the tests.

Belongs here: making a folder once for all. Not here: what is in it (the fixtures), copies for those who change it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(name: str, factory: pytest.TempPathFactory, make: Callable[[Path], object]) -> Path:
    """A folder that the first who needs it fills, while the others wait.

    Args:
        name: of the folder; the same set-up has the same name in all processes.
        factory: knows where the temporary folders of this session lie.
        make: fills the folder; where it fails, the next who needs it tries again.
    """
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # of all workers of this session
    folder, done = base / name, base / f"{name}.done"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            done.touch()
    return folder
