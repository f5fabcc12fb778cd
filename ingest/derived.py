"""Derived files: parsed documents, extracted facts and rejects, between the archive and the database.

Belongs here: where such a file lies, how it is written whole or not at all, and which versions it was made with.
Not here: making what is in it (`parse`, `extract`, `process`) or putting it into the database (`load`).

Every file is one JSON object whose first line holds its head (versions and counts), so that a run that has nothing
to do reads one line of each file. Everything here can be deleted and is made again from the archive.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import math
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from ingest.identity import Identity, text_hash
from ingest.model import Document, Fact, Reject, Stage

DOCUMENT = TypeAdapter(Document)
FACTS = TypeAdapter(tuple[Fact, ...])
REJECT = TypeAdapter(Reject)
MEMBERS = TypeAdapter(tuple[str, ...])

KINDS = ("documents", "facts", "rejects", "members")
HEAD_END = b', "content":\n'
FILE_END = b"\n}\n"


class DerivedError(Exception):
    """A derived file cannot be written as given, or its content does not fit the dataclasses of `ingest.model`."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What a derived file was made with; `extractor` is "" where no extractor took part."""

    parser: str
    extractor: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from, as a reject names it."""

    source_id: str
    url: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Address:
    """One address at which a document's words were found."""

    source_id: str
    url: str
    file_name: str
    raw_sha256: str
    fetched_at: datetime  # UTC


@dataclass(frozen=True, slots=True)
class DerivedReject:
    """A reject of one document in one stage, with the versions that rejected it."""

    document_id: str
    versions: Versions
    reject: Reject


class Derived:
    """The folder of derived files: `documents/`, `facts/`, `rejects/` and `members/`, one JSON file each by id."""

    def __init__(self, root: Path) -> None:
        """Open the folder; it is created with the first file.

        Args:
            root: the folder, normally `WEIJIAN_DATA/derived`.
        """
        self.root = Path(root)

    # Documents

    def write_document(self, document: Document) -> None:
        """Write a parsed document whole, in place of an earlier version.

        Raises:
            DerivedError: the text holds characters that are no Unicode text (lone surrogates).
        """
        head = {
            "document_id": document.document_id,
            "parser_version": document.parser_version,
            "source_id": document.source_id,
            "url": document.url,
            "file_name": document.file_name,
            "raw_sha256": document.raw_sha256,
            "fetched_at": document.fetched_at.isoformat(),
            "text_sha256": text_hash(document),
        }
        self._write(self._document_path(document.document_id), head, DOCUMENT, document)

    def read_document(self, document_id: str) -> Document:
        """Read a parsed document.

        Raises:
            FileNotFoundError: there is none of this id.
            DerivedError: the file does not fit `ingest.model.Document`.
        """
        document: Document = self._read(self._document_path(document_id), DOCUMENT)
        return document

    def document_ids(self) -> list[str]:
        """The ids of all parsed documents, sorted."""
        return sorted(path.stem for path in self._files("documents"))

    def document_version(self, document_id: str) -> str | None:
        """The parser's version of a document, None when there is no file that fits `ingest.model.Document`."""
        head = _head(self._document_path(document_id), DOCUMENT)
        return None if head is None else str(head["parser_version"])

    def document_origin(self, document_id: str) -> Origin:
        """Where a document came from; the id stands for the file's name when there is no readable file."""
        head = _head(self._document_path(document_id), DOCUMENT)
        return (
            Origin("", "", document_id) if head is None else Origin(head["source_id"], head["url"], head["file_name"])
        )

    def document_identity(self, document_id: str) -> Identity:
        """What a document is compared by; nothing where there is no readable file, or one of before it was kept."""
        head = _head(self._document_path(document_id), DOCUMENT) or {}
        return Identity(document_id, head.get("text_sha256", ""), head.get("fetched_at", ""))

    def document_address(self, document_id: str) -> Address | None:
        """Where and when a document's bytes were fetched, None where there is no readable file that says so."""
        head = _head(self._document_path(document_id), DOCUMENT)
        if head is None or "fetched_at" not in head:
            return None
        fetched_at = datetime.fromisoformat(head["fetched_at"])
        return Address(head["source_id"], head["url"], head["file_name"], head["raw_sha256"], fetched_at)

    def document_size(self, document_id: str) -> int:
        """The bytes of a document's derived file."""
        return self._document_path(document_id).stat().st_size

    # Facts

    def write_facts(self, document_id: str, facts: Sequence[Fact], versions: Versions) -> None:
        """Write the facts of one document whole, in place of earlier ones.

        Args:
            document_id: the document that all of them were read from.
            facts: may be empty; they are kept in the order of their spans.
            versions: of the parser and the extractor that made them.

        Raises:
            DerivedError: a value is not a finite number, or a text is no Unicode text.
        """
        for fact in facts:
            for number in (fact.value, fact.value_max, fact.repaired_value, fact.confidence):
                if number is not None and not math.isfinite(number):
                    raise DerivedError(
                        f"fact {fact.fact_id} ({fact.number_text!r}) holds {number}: not a finite number"
                    )
        ordered = tuple(sorted(facts, key=lambda fact: (fact.char_start, fact.char_end, fact.fact_id)))
        head = {
            "document_id": document_id,
            "parser_version": versions.parser,
            "extractor_version": versions.extractor,
            "facts_total": len(ordered),
        }
        self._write(self._facts_path(document_id), head, FACTS, ordered)

    def read_facts(self, document_id: str) -> tuple[Fact, ...]:
        """Read the facts of one document, in the order of their spans.

        Raises:
            FileNotFoundError: the document was not extracted.
            DerivedError: the file does not fit `ingest.model.Fact`.
        """
        facts: tuple[Fact, ...] = self._read(self._facts_path(document_id), FACTS)
        return facts

    def facts_versions(self, document_id: str) -> Versions | None:
        """The versions that made a document's facts, None when there is no file that fits `ingest.model.Fact`."""
        head = _head(self._facts_path(document_id), FACTS)
        return None if head is None else Versions(str(head["parser_version"]), str(head["extractor_version"]))

    # Rejects

    def write_reject(self, document_id: str, reject: Reject, versions: Versions) -> None:
        """Write why a document failed in a stage, in place of an earlier reject of the same stage.

        A reject that says the same as the earlier one keeps the earlier one's time.
        """
        reject = _printable(reject)
        known = self.read_reject(document_id, reject.stage)
        if known is not None and replace(reject, occurred_at=known.reject.occurred_at) == known.reject:
            if versions == known.versions:
                return
            reject = known.reject
        head = {
            "document_id": document_id,
            "parser_version": versions.parser,
            "extractor_version": versions.extractor,
        }
        self._write(self._reject_path(document_id, reject.stage), head, REJECT, reject)

    def reject_versions(self, document_id: str, stage: Stage) -> Versions | None:
        """The versions that rejected a document in a stage, None when it is not rejected there."""
        head = _head(self._reject_path(document_id, stage), REJECT)
        return None if head is None else Versions(str(head["parser_version"]), str(head["extractor_version"]))

    def read_reject(self, document_id: str, stage: Stage) -> DerivedReject | None:
        """The reject of a document in a stage, None when it is not rejected there."""
        path = self._reject_path(document_id, stage)
        versions = self.reject_versions(document_id, stage)
        return None if versions is None else DerivedReject(document_id, versions, self._read(path, REJECT))

    def rejects(self) -> list[Reject]:
        """All rejects of parse, extract and load, in the order of document id and stage."""
        return [self._read(path, REJECT) for path in sorted(self._files("rejects"))]

    def clear_reject(self, document_id: str, stage: Stage) -> None:
        """Forget a reject; nothing happens when there is none."""
        self._reject_path(document_id, stage).unlink(missing_ok=True)

    # Members of containers

    def write_members(self, document_id: str, urls: Sequence[str], parser_version: str) -> None:
        """Write which members a container was taken apart into, by their addresses."""
        head = {"document_id": document_id, "parser_version": parser_version}
        self._write(self._members_path(document_id), head, MEMBERS, tuple(urls))

    def members_version(self, document_id: str) -> str | None:
        """The version that took a container apart, None when none did."""
        head = _head(self._members_path(document_id), MEMBERS)
        return None if head is None else str(head["parser_version"])

    # The folder as a whole

    def known_ids(self) -> set[str]:
        """The ids that any derived file is about."""
        return {path.name.partition(".")[0] for kind in KINDS for path in self._files(kind)}

    def forget_facts(self, document_id: str) -> None:
        """Delete the facts of a document; nothing happens when there are none."""
        self._facts_path(document_id).unlink(missing_ok=True)

    def forget_document(self, document_id: str) -> None:
        """Delete the document with all that was made of it; what the parser said of it stays."""
        self.forget_facts(document_id)
        self._document_path(document_id).unlink(missing_ok=True)
        self.clear_reject(document_id, "extract")
        self.clear_reject(document_id, "load")

    def forget(self, document_id: str) -> None:
        """Delete everything that is known of a document."""
        self.forget_document(document_id)
        self._members_path(document_id).unlink(missing_ok=True)
        self.clear_reject(document_id, "parse")

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Mark the folder as being written to while a step runs, several at a time if need be.

        The first one deletes the temporary files that killed runs left behind. The mark ends with the process, however
        that ends.
        """
        self.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.root, os.O_RDONLY)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # another step is under way, and its temporary files are no leftovers
            else:
                for leftover in self.root.glob("*/.*.tmp"):
                    leftover.unlink(missing_ok=True)
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)

    def _document_path(self, document_id: str) -> Path:
        return self.root / "documents" / f"{document_id}.json"

    def _facts_path(self, document_id: str) -> Path:
        return self.root / "facts" / f"{document_id}.json"

    def _members_path(self, document_id: str) -> Path:
        return self.root / "members" / f"{document_id}.json"

    def _reject_path(self, document_id: str, stage: Stage) -> Path:
        return self.root / "rejects" / f"{document_id}.{stage}.json"

    def _files(self, kind: str) -> Iterator[Path]:
        return (path for path in (self.root / kind).glob("*.json") if not path.name.startswith("."))

    def _write(self, path: Path, head: dict[str, Any], adapter: TypeAdapter[Any], content: object) -> None:
        try:
            body = adapter.dump_json(content)
        except ValueError as error:
            raise DerivedError(f"{head['document_id']}: cannot be written as JSON: {error}") from error
        first = json.dumps({**head, "layout": _layout(adapter)}).encode()[:-1] + HEAD_END
        _write_whole(path, first + body + FILE_END)

    def _read(self, path: Path, adapter: TypeAdapter[Any]) -> Any:
        data = path.read_bytes()
        try:
            return adapter.validate_json(data[data.index(b"\n") + 1 : -len(FILE_END)])
        except ValueError as error:
            raise DerivedError(
                f"{path}: does not fit ingest/model.py ({error}). Delete the file; the next run makes it again."
            ) from error


def _head(path: Path, adapter: TypeAdapter[Any]) -> dict[str, Any] | None:
    """The first line of a derived file; None when there is no file, or none that the dataclasses of today wrote."""
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline().removesuffix(HEAD_END) + b"}")
    except (FileNotFoundError, ValueError):
        return None
    return head if isinstance(head, dict) and head.get("layout") == _layout(adapter) else None


@cache
def _layout(adapter: TypeAdapter[Any]) -> str:
    """A hash of the fields that a file holds: one that was written before a field came is made again."""
    return hashlib.sha256(json.dumps(adapter.json_schema(), sort_keys=True).encode()).hexdigest()[:12]


def _write_whole(path: Path, data: bytes) -> None:
    """Write under a temporary name, sync, rename: a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f".{path.stem}.{os.getpid()}.tmp"
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _printable(reject: Reject) -> Reject:
    """The reject with lone surrogates (from names and messages) replaced, so that it can always be written."""
    return replace(
        reject,
        url=reject.url.encode("utf-8", "replace").decode(),
        file_name=reject.file_name.encode("utf-8", "replace").decode(),
        detail=reject.detail.encode("utf-8", "replace").decode(),
    )
