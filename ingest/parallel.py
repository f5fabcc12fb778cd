"""Parallel work: many small tasks shared among processes, none of which can end the others.

Belongs here: processes, chunks, what happens when one dies. Not here: which tasks there are, what they do (`process`).
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Protocol, TypeVar

ALONE = 8  # up to this many tasks, starting processes takes longer than the work
CHUNK = 8  # tasks that a process takes at a time
CHUNK_BYTES = 4_000_000  # a chunk ends earlier when its files are large


class Task(Protocol):
    """The work of one step on one document: picklable and small, since it travels to another process.

    `run` and `reject` write files and may be called again after a process died in the middle of them.
    """

    @property
    def document_id(self) -> str: ...

    @property
    def size(self) -> int:
        """Bytes to read."""

    @property
    def name(self) -> str:
        """For progress."""

    def run(self) -> bool:
        """Do the work and write its outcome; returns False when that was a reject."""

    def reject(self, reason: str, detail: str) -> None:
        """Write a reject as the outcome, and remove what contradicts it."""


T = TypeVar("T", bound=Task)


def work_through(tasks: Sequence[T], workers: int) -> Iterator[tuple[T, bool]]:
    """Run every task once, in this process when there are few of them, else in several.

    Args:
        tasks: in the order in which they are begun.
        workers: processes at most.

    Yields:
        Each task when it is done, with whether it succeeded (False: its outcome is a reject).

    Raises:
        OSError: a task could not write its outcome, or no process can be started; the tasks not begun are dropped.
    """
    return _in_this_process(tasks) if workers <= 1 or len(tasks) <= ALONE else _in_processes(tasks, workers)


def _in_this_process(tasks: Sequence[T]) -> Iterator[tuple[T, bool]]:
    for task in tasks:
        yield task, task.run()


def _in_processes(tasks: Sequence[T], workers: int) -> Iterator[tuple[T, bool]]:
    """Share the tasks among processes, a few chunks ahead, so that memory does not grow with their number.

    When a process dies (killed for its memory, crashed in a C library), the tasks that were under way are tried again
    one by one; the one that ends its process again is rejected and the run goes on.
    """
    chunks = deque(_chunks(tasks))
    while chunks:
        running: dict[Future[list[bool]], list[T]] = {}
        try:
            with _processes(workers) as pool:
                while chunks or running:
                    while chunks and len(running) < 2 * workers:
                        future = pool.submit(_run_chunk, chunks[0])
                        running[future] = chunks.popleft()
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        outcomes = future.result()
                        yield from zip(running.pop(future), outcomes, strict=True)
        except BrokenProcessPool:
            yield from _one_by_one(deque(task for chunk in running.values() for task in chunk))


def _one_by_one(tasks: deque[T]) -> Iterator[tuple[T, bool]]:
    """Run tasks in one process; one that ends the process is rejected, and the next has a new one."""
    while tasks:
        with _processes(1) as pool:
            try:
                pool.submit(os.getpid).result()
            except BrokenProcessPool as error:
                raise OSError("no process can be started here; run with one worker") from error
            is_broken = False
            while tasks and not is_broken:
                task = tasks.popleft()
                try:
                    succeeded = pool.submit(_run_chunk, [task]).result()[0]
                except BrokenProcessPool:
                    task.reject("worker_died", "the process that read it died (out of memory, or a crash in a library)")
                    succeeded, is_broken = False, True
                yield task, succeeded


def _run_chunk(chunk: Sequence[Task]) -> list[bool]:
    return [task.run() for task in chunk]


def _chunks(tasks: Sequence[T]) -> Iterator[list[T]]:
    chunk: list[T] = []
    for task in tasks:
        chunk.append(task)
        if len(chunk) >= CHUNK or sum(each.size for each in chunk) >= CHUNK_BYTES:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


@contextmanager
def _processes(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Processes that are started anew (safe beside threads); waiting work is dropped when this block is left early."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare_worker)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare_worker() -> None:
    """Leave Ctrl-C to the parent, and end when the parent dies: a worker would wait for work for ever otherwise."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None  # runs in a worker alone

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()
