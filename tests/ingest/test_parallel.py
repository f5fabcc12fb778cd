"""Tasks are shared among processes; one that dies ends neither the others nor the run, and none outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from ingest.parallel import work_through
from tests.waiting import eventually

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Note:
    """A task that writes one file, or kills the process that runs it."""

    folder: Path
    document_id: str
    is_deadly: bool = False
    size: int = 1

    @property
    def name(self) -> str:
        return self.document_id

    def run(self) -> bool:
        if self.is_deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        (self.folder / self.document_id).write_text(str(os.getpid()))
        return True

    def reject(self, reason: str, detail: str) -> None:
        (self.folder / self.document_id).write_text(reason)


def test_few_tasks_run_in_this_process(tmp_path: Path) -> None:
    assert [succeeded for _, succeeded in work_through([Note(tmp_path, str(n)) for n in range(8)], workers=2)] == [
        True
    ] * 8
    assert {path.read_text() for path in tmp_path.iterdir()} == {str(os.getpid())}


def test_many_tasks_run_in_other_processes_each_once(tmp_path: Path) -> None:
    tasks = [Note(tmp_path, str(number)) for number in range(40)]
    done = [task.document_id for task, _ in work_through(tasks, workers=2)]
    assert sorted(done) == sorted(task.document_id for task in tasks)
    assert str(os.getpid()) not in {path.read_text() for path in tmp_path.iterdir()}


def test_a_task_that_kills_its_process_is_rejected_and_the_others_are_done(tmp_path: Path) -> None:
    tasks = [Note(tmp_path, str(number), is_deadly=number == 11) for number in range(40)]
    outcomes = {task.document_id: succeeded for task, succeeded in work_through(tasks, workers=2)}
    assert [document_id for document_id, succeeded in outcomes.items() if not succeeded] == ["11"]
    assert len(outcomes) == len(list(tmp_path.iterdir())) == 40
    assert (tmp_path / "11").read_text() == "worker_died"


WITHOUT_MAIN = """
import sys
from pathlib import Path
from test_parallel import Note
from ingest.parallel import work_through
for _ in work_through([Note(Path(sys.argv[1]), str(number)) for number in range(20)], workers=2):
    pass
"""


def test_where_no_process_can_be_started_nothing_is_rejected(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-", str(tmp_path)],  # a program from stdin has no file that a new process could import
        input=WITHOUT_MAIN,
        capture_output=True,
        text=True,
        env=_environment(),
    )
    assert "no process can be started here" in ended.stderr
    assert list(tmp_path.iterdir()) == []


@dataclass(frozen=True)
class Sleep(Note):
    """A task that is under way when its parent is killed."""

    def run(self) -> bool:
        (self.folder / self.document_id).write_text(str(os.getpid()))
        time.sleep(3600)
        return True


SLEEPERS = """
import sys
from pathlib import Path
from test_parallel import Sleep
from ingest.parallel import work_through
if __name__ == "__main__":
    for _ in work_through([Sleep(Path(sys.argv[1]), str(number)) for number in range(20)], workers=2):
        pass
"""


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", SLEEPERS, str(tmp_path)], env=_environment(), start_new_session=True
    )
    while len(list(tmp_path.iterdir())) < 2 and child.poll() is None:
        time.sleep(0.01)
    child.kill()
    child.wait()

    eventually(lambda: not _lives(child.pid))


def _lives(group: int) -> bool:
    """Whether a group of processes has one that lives."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), str(Path(__file__).parent)])}
