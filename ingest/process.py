"""Process: which documents are pending, and the parallel work over them.

Belongs here: comparing the archive with the derived files, sharing pending work among processes, turning what fails
into rejects. Not here: how one file is parsed (`parse`) or one document read (`extract`).

A step's work on a document ends with exactly one derived file (the outcome or a reject); whatever contradicts it is
removed before, so that a run that is killed at any moment leaves the document pending, never half done.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from ingest.archive import Archive, document_id
from ingest.derived import Derived, DerivedError, Origin, Versions
from ingest.extract import EXTRACTOR_VERSION, extract
from ingest.model import ArchivedFile, Reject, Stage
from ingest.parse import PARSER_VERSION, ParseError, parse

ALONE = 8  # up to this many documents, starting processes takes longer than the work
CHUNK = 8  # documents that a process takes at a time
CHUNK_BYTES = 4_000_000  # a chunk ends earlier when its files are large

# Called after each document with how many of how many are done, and the name of the last one.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class StepReport:
    """What one step did."""

    processed: int  # documents that were worked on, rejected ones included
    skipped: int  # documents that were done already
    rejected: int  # of the processed ones
    seconds: float
    document_ids: tuple[str, ...]  # the processed ones, sorted

    def metadata(self) -> dict[str, int | float]:
        """The figures by name, for a materialisation's metadata."""
        return {
            "processed": self.processed,
            "skipped": self.skipped,
            "rejected": self.rejected,
            "seconds": round(self.seconds, 3),
        }


def parse_pending(
    archive: Archive, derived: Derived, *, workers: int = 2, progress: Progress | None = None
) -> StepReport:
    """Parse the archived files that this version of the parser has not seen; forget what the archive no longer holds.

    A file is pending when its document id has neither a derived document nor a parse reject of `PARSER_VERSION`.

    Args:
        archive: the raw archive.
        derived: where documents and rejects are written.
        workers: processes at most; few files are parsed in this one.
        progress: told after each document.

    Returns:
        What was done. A file that cannot be parsed is a reject and does not end the run.

    Raises:
        OSError: the derived files cannot be written.
    """
    began = time.monotonic()
    derived.sweep()
    files = {document_id(file): file for file in reversed(archive.files())}
    for orphan in sorted(derived.known_ids() - set(files)):
        derived.forget(orphan)
    pending = [
        ParseTask(archive.root, derived.root, key, file)
        for key, file in sorted(files.items())
        if derived.document_version(key) != PARSER_VERSION
        and derived.reject_versions(key, "parse") != Versions(PARSER_VERSION)
    ]
    return _work_through(pending, len(files) - len(pending), workers, progress, began)


def extract_pending(derived: Derived, *, workers: int = 2, progress: Progress | None = None) -> StepReport:
    """Read the facts of the parsed documents that this version of the extractor has not seen.

    A document is pending when it has neither facts nor an extract reject of its parser's version and
    `EXTRACTOR_VERSION`.

    Args:
        derived: where documents are read, and facts and rejects are written.
        workers: processes at most; few documents are read in this one.
        progress: told after each document.

    Returns:
        What was done. A document that the extractor fails on is a reject and does not end the run.

    Raises:
        OSError: the derived files cannot be written.
    """
    began = time.monotonic()
    derived.sweep()
    document_ids = derived.document_ids()
    pending = []
    for key in document_ids:
        parser = derived.document_version(key)
        current = Versions(parser or "", EXTRACTOR_VERSION)
        if derived.facts_versions(key) != current and derived.reject_versions(key, "extract") != current:
            pending.append(ExtractTask(derived.root, key, derived.document_size(key)))
    return _work_through(pending, len(document_ids) - len(pending), workers, progress, began)


class Task(Protocol):
    """The work of one step on one document: picklable and small, since it travels to another process."""

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


@dataclass(frozen=True, slots=True)
class ParseTask:
    """One archived file to parse."""

    archive_root: Path
    derived_root: Path
    document_id: str
    file: ArchivedFile

    @property
    def size(self) -> int:
        return self.file.size

    @property
    def name(self) -> str:
        return self.file.file_name

    def run(self) -> bool:
        derived = Derived(self.derived_root)
        try:
            document = parse(self.file, Archive(self.archive_root).read(self.file.raw_sha256))
        except ParseError as error:
            self.reject(error.reason, error.detail)
            return False
        except Exception as error:  # one file's fault must not end the run; it is told with its type
            self.reject("parser_failed", f"{type(error).__name__}: {error}")
            return False
        derived.clear_reject(self.document_id, "parse")
        try:
            derived.write_document(document)
        except DerivedError as error:
            self.reject("no_unicode_text", str(error))
            return False
        return True

    def reject(self, reason: str, detail: str) -> None:
        derived = Derived(self.derived_root)
        derived.forget(self.document_id)
        origin = Origin(self.file.source_id, self.file.url, self.file.file_name)
        reject = _reject(origin, "parse", reason, detail)
        derived.write_reject(self.document_id, reject, Versions(PARSER_VERSION))


@dataclass(frozen=True, slots=True)
class ExtractTask:
    """One parsed document to read facts from."""

    derived_root: Path
    document_id: str
    size: int

    @property
    def name(self) -> str:
        return Derived(self.derived_root).document_origin(self.document_id).file_name

    def run(self) -> bool:
        derived = Derived(self.derived_root)
        try:
            document = derived.read_document(self.document_id)
            facts = extract(document)
        except Exception as error:  # one document's fault must not end the run; it is told with its type
            self.reject("extractor_failed", f"{type(error).__name__}: {error}")
            return False
        derived.clear_reject(self.document_id, "extract")
        try:
            derived.write_facts(self.document_id, facts, Versions(document.parser_version, EXTRACTOR_VERSION))
        except DerivedError as error:
            self.reject("invalid_fact", str(error))
            return False
        return True

    def reject(self, reason: str, detail: str) -> None:
        derived = Derived(self.derived_root)
        derived.forget_facts(self.document_id)
        derived.clear_reject(self.document_id, "load")
        reject = _reject(derived.document_origin(self.document_id), "extract", reason, detail)
        versions = Versions(derived.document_version(self.document_id) or "", EXTRACTOR_VERSION)
        derived.write_reject(self.document_id, reject, versions)


def _reject(origin: Origin, stage: Stage, reason: str, detail: str) -> Reject:
    return Reject(origin.source_id, origin.url, origin.file_name, stage, reason, detail, datetime.now(UTC))


def _work_through(
    tasks: Sequence[Task], skipped: int, workers: int, progress: Progress | None, began: float
) -> StepReport:
    rejected = 0
    outcomes = _in_this_process(tasks) if workers <= 1 or len(tasks) <= ALONE else _in_processes(tasks, workers)
    for done, (task, succeeded) in enumerate(outcomes, start=1):
        rejected += not succeeded
        if progress is not None:
            progress(done, len(tasks), task.name)
    return StepReport(
        processed=len(tasks),
        skipped=skipped,
        rejected=rejected,
        seconds=time.monotonic() - began,
        document_ids=tuple(sorted(task.document_id for task in tasks)),
    )


def _in_this_process(tasks: Sequence[Task]) -> Iterator[tuple[Task, bool]]:
    for task in tasks:
        yield task, task.run()


def _in_processes(tasks: Sequence[Task], workers: int) -> Iterator[tuple[Task, bool]]:
    """Share the tasks among processes, a few chunks ahead, so that memory does not grow with their number.

    When a process dies (killed for its memory, crashed in a C library), the tasks that were under way are tried again,
    each in a process of its own; the one that kills that too is rejected and the run goes on.
    """
    chunks = deque(_chunks(tasks))
    while chunks:
        suspects: list[Task] = []
        with _processes(workers) as pool:
            running: dict[Future[list[bool]], list[Task]] = {}
            while (chunks or running) and not suspects:
                while chunks and len(running) < 2 * workers:
                    chunk = chunks.popleft()
                    running[pool.submit(_run_chunk, chunk)] = chunk
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    chunk = running.pop(future)
                    try:
                        yield from zip(chunk, future.result(), strict=True)
                    except BrokenProcessPool:
                        suspects += chunk
            if suspects:
                suspects += [task for chunk in running.values() for task in chunk]
        for task in suspects:
            yield task, _run_apart(task)


def _run_apart(task: Task) -> bool:
    try:
        with _processes(1) as pool:
            return pool.submit(_run_chunk, [task]).result()[0]
    except BrokenProcessPool:
        task.reject("worker_died", "the process that read this file died (out of memory, or a crash in a library)")
        return False


def _run_chunk(chunk: list[Task]) -> list[bool]:
    return [task.run() for task in chunk]


def _chunks(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    chunk: list[Task] = []
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
