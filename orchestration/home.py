"""Dagster's home in the data folder: its settings, its instance, and runs that died without saying so.

Belongs here: DAGSTER_HOME, locks that tell a living process from a dead one, recovery of abandoned runs.
Not here: what a run does (`assets`), the processes of `weijian up` (`supervisor`).
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from warehouse.paths import DataFolder

if TYPE_CHECKING:
    from dagster import DagsterInstance

SETTINGS = Path(__file__).with_name("dagster.yaml")
STARTED_BY = "weijian/started_by"
COMMAND_LINE = "command_line"
LOCK_SECONDS = 1.0  # someone who only looks at a lock (`is_held`) holds it for an instant


class AlreadyRunningError(RuntimeError):
    """Another process holds the lock of this data folder."""


def prepare_home(folder: DataFolder) -> Path:
    """Create DAGSTER_HOME with the project's settings and point this process (and its children) at it.

    Returns:
        The home; `DAGSTER_HOME` and `WEIJIAN_DATA` are set in the environment.
    """
    folder.dagster_home.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(SETTINGS, folder.dagster_home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(folder.dagster_home)
    os.environ["WEIJIAN_DATA"] = str(folder.root)
    return folder.dagster_home


@contextmanager
def hold(folder: DataFolder, name: str) -> Iterator[None]:
    """Hold one of the data folder's locks (`run`, `up`); the system gives it back when the process ends, however.

    Raises:
        AlreadyRunningError: a living process holds it.
    """
    with _lock_file(folder, name) as lock:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _try_to_lock(lock):
            if time.monotonic() > deadline:
                lock.seek(0)
                raise AlreadyRunningError(
                    f"`weijian {name}` (process {lock.read().strip() or 'unknown'}) is at work in {folder.root}. "
                    "Wait for it, stop it, or name another folder with --data."
                )
            time.sleep(0.1)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def is_held(folder: DataFolder, name: str) -> bool:
    """Whether a living process holds the lock."""
    with _lock_file(folder, name) as lock:
        return not _try_to_lock(lock)


def _lock_file(folder: DataFolder, name: str) -> TextIO:
    folder.dagster_home.mkdir(parents=True, exist_ok=True)
    return (folder.dagster_home / f"{name}.lock").open("a+", encoding="utf-8")


def _try_to_lock(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def give_up_abandoned_runs(instance: DagsterInstance, *, by_command_line: bool) -> list[str]:
    """Mark runs whose process is gone as failed and free their pool slots, so that the next run does not wait for them.

    Call it only where the lock of that kind of run (`run` or `up`) proves that none of its processes lives.

    Args:
        instance: the home's instance.
        by_command_line: runs that `weijian run` started; otherwise those that the UI or the daemon started.

    Returns:
        The identifiers of the runs that were given up.
    """
    import dagster as dg

    unfinished = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.CANCELING]
    given_up = []
    for run in instance.get_runs(filters=dg.RunsFilter(statuses=unfinished)):
        if (run.tags.get(STARTED_BY) == COMMAND_LINE) != by_command_line:
            continue
        instance.report_run_failed(
            run, "The process of this run ended without a word (killed, or the machine stopped)."
        )
        given_up.append(run.run_id)
    storage = instance.event_log_storage
    holders = list(storage.get_concurrency_run_ids())
    for run in instance.get_runs(filters=dg.RunsFilter(run_ids=holders)) if holders else []:
        if run.is_finished:
            storage.free_concurrency_slots_for_run(run.run_id)
    return given_up
