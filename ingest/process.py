"""Process: which documents are pending, and the work over them.

Belongs here: comparing the archive with the derived files, turning what fails into rejects. Not here: how one file is
parsed (`parse`) or one document read (`extract`), how work is shared among processes (`parallel`).

A step's work on a document ends with exactly one derived file (the outcome or a reject); whatever contradicts it is
removed before, so that a run that is killed at any moment leaves the document pending, never half done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.archive import Archive, document_id
from ingest.derived import Derived, DerivedError, Origin, Versions
from ingest.extract import EXTRACTOR_VERSION, extract
from ingest.model import ArchivedFile, Reject, Stage
from ingest.parallel import Task, work_through
from ingest.parse import PARSER_VERSION, ParseError, parse
from ingest.unpack import is_container, unpack_pending

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
    Containers come first: their members are files.

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
    with derived.in_use():
        unpacked = unpack_pending(archive, derived, PARSER_VERSION)
        files = {document_id(file): file for file in archive.files()}
        for orphan in sorted(derived.known_ids() - set(files)):
            derived.forget(orphan)
        pending = [
            ParseTask(archive.root, derived.root, key, file)
            for key, file in sorted(files.items())
            if not is_container(file)
            and derived.document_version(key) != PARSER_VERSION
            and derived.reject_versions(key, "parse") != Versions(PARSER_VERSION)
        ]
        skipped = len(files) - unpacked.processed - len(pending)
        report = _work_through(pending, skipped, workers, progress, began)
        return replace(
            report, processed=report.processed + unpacked.processed, rejected=report.rejected + unpacked.rejected
        )


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
    with derived.in_use():
        document_ids = derived.document_ids()
        pending = []
        for key in document_ids:
            current = Versions(derived.document_version(key) or "", EXTRACTOR_VERSION)
            if derived.facts_versions(key) != current and derived.reject_versions(key, "extract") != current:
                pending.append(ExtractTask(derived.root, key, derived.document_size(key)))
        return _work_through(pending, len(document_ids) - len(pending), workers, progress, began)


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
            data = Archive(self.archive_root).read(self.file.raw_sha256)
        except OSError as error:
            # Not the parser's word on the file: without its version, the next run tries again.
            self._reject("unreadable_bytes", f"{type(error).__name__}: {error}", Versions(""))
            return False
        try:
            document = parse(self.file, data)
        except ParseError as error:
            self._reject(error.reason, error.detail, Versions(PARSER_VERSION if error.is_final else ""))
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
        self._reject(reason, detail, Versions(PARSER_VERSION))

    def _reject(self, reason: str, detail: str, versions: Versions) -> None:
        derived = Derived(self.derived_root)
        derived.forget_document(self.document_id)
        origin = Origin(self.file.source_id, self.file.url, self.file.file_name)
        derived.write_reject(self.document_id, _reject(origin, "parse", reason, detail), versions)


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
    for done, (task, succeeded) in enumerate(work_through(tasks, workers), start=1):
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
