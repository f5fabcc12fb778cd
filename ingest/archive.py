"""The raw archive: bytes under their SHA-256, a log of every fetch, a log of what could not be taken in.

Belongs here: storing, naming and finding bytes so that a kill at any moment loses nothing that was reported as stored.
Not here: what the bytes mean (`parse`), where they come from (`acquire`, the crawler).

Layout under the root:

- `objects/ab/abcd…`    the bytes, named by their SHA-256, written once and never changed
- `fetch_log.jsonl`     one line for each fetch that brought something new
- `rejects.jsonl`       one line for each thing that was refused, with the reason
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from ingest.model import ArchivedFile, Reject

logger = logging.getLogger(__name__)

# What a fetch was made for: a report (or its attachment) to read, a page that only leads to reports; or no fetch of
# its own, but a member of a container that was fetched.
Role = Literal["document", "list", "member"]
READ = frozenset(["document", "member"])


@dataclass(frozen=True, slots=True)
class Fetch:
    """The last word of the fetch log on one address. `raw_sha256` is "" when the address was gone."""

    url: str
    raw_sha256: str
    status: int
    headers: Mapping[str, str]
    logged_at: datetime  # UTC


def document_id(file: ArchivedFile) -> str:
    """The stable name of one version of a document: 16 hex digits from source, address and bytes."""
    return hashlib.sha256(f"{file.source_id}\n{file.url}\n{file.raw_sha256}".encode()).hexdigest()[:16]


class Archive:
    """Content-addressed store of what was fetched. Several processes may read and append at the same time.

    Threads may too, each with an address of its own: what `put` decides by an address's last fetch holds until it logs.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root)
        self._fetches = _Log(self.root / "fetch_log.jsonl")
        self._rejects = _Log(self.root / "rejects.jsonl")
        self._entered: set[Path] = set()  # folders whose entry this process synced

    def put(
        self,
        *,
        source_id: str,
        url: str,
        file_name: str,
        data: bytes,
        media_type: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        fetched_at: datetime | None = None,
        role: Role = "document",
        found_on: str = "",
    ) -> ArchivedFile:
        """Store bytes and log the fetch; the same bytes from the same address are logged once.

        Args:
            source_id: the portal or inbox they came from.
            url: the stable address.
            file_name: last part of the address, or the file's own name.
            data: the bytes as received.
            media_type: as sniffed from the bytes.
            status: HTTP status, 200 for files.
            headers: response headers worth keeping (ETag, Last-Modified, Content-Type).
            fetched_at: UTC; now when left out.
            role: "list" for a page that only leads to reports: it is kept, and is no document; "member" for a document
                that was taken out of a container, and is not fetched by its own address.
            found_on: the address of the page that led here.

        Returns:
            The archived file. When this address already held these bytes, the first fetch of them.
        """
        sha256 = self.store(data)
        entries = self._fetches.of(source_id, url)
        if entries and entries[-1]["raw_sha256"] == sha256 and not self._is_rejected(source_id, url, entries[-1]):
            return _file(next(entry for entry in entries if entry["raw_sha256"] == sha256))
        entry = {
            "source_id": source_id,
            "url": url,
            "file_name": file_name,
            "raw_sha256": sha256,
            "media_type": media_type,
            "fetched_at": (fetched_at or datetime.now(UTC)).astimezone(UTC).isoformat(),
            "size": len(data),
            "status": status,
            "headers": dict(headers or {}),
            **({"role": role} if role != "document" else {}),
            **({"found_on": found_on} if found_on else {}),
        }
        self._fetches.append(entry)
        return _file(next((old for old in entries if old["raw_sha256"] == sha256), entry))

    def mark_gone(self, source_id: str, url: str, status: int) -> bool:
        """Log that an address that was archived answers no more; what was archived stays.

        Args:
            source_id: the portal.
            url: the stable address.
            status: HTTP status, 404 or 410.

        Returns:
            Whether the address was archived and is marked now; a mark is logged once.
        """
        entries = self._fetches.of(source_id, url)
        if not entries:
            return False
        last = entries[-1]
        if last["raw_sha256"]:
            gone = {"raw_sha256": "", "status": status, "size": 0, "headers": {}}
            self._fetches.append({**last, **gone, "fetched_at": datetime.now(UTC).isoformat()})
        return True

    def last_fetch(self, source_id: str, url: str) -> Fetch | None:
        """What the fetch log said last about an address, None when it was never fetched."""
        entries = self._fetches.of(source_id, url)
        return _fetch(entries[-1]) if entries else None

    def addresses(self, source_id: str) -> list[Fetch]:
        """The last fetch of each address of a source that holds a document, in the order of their first fetch."""
        last = {
            entry["url"]: entry
            for entry in self._fetches.entries()
            if entry["source_id"] == source_id and entry.get("role", "document") == "document"
        }
        return [_fetch(entry) for entry in last.values()]

    def reject(self, reject: Reject) -> None:
        """Record that something could not be taken in; the same refusal is not recorded twice while it stands."""
        fetches = self._fetches.of(reject.source_id, reject.url)
        since = fetches[-1]["logged_at"] if fetches else ""
        for entry in self._rejects.of(reject.source_id, reject.url):
            if (entry["stage"], entry["reason"]) == (reject.stage, reject.reason) and entry["logged_at"] >= since:
                return
        self._rejects.append(
            {
                "source_id": reject.source_id,
                "url": reject.url,
                "file_name": reject.file_name,
                "stage": reject.stage,
                "reason": reject.reason,
                "detail": reject.detail,
                "occurred_at": reject.occurred_at.astimezone(UTC).isoformat(),
            }
        )

    def files(self) -> list[ArchivedFile]:
        """Each distinct (source, address, bytes) of a document that was ever fetched, first fetch first."""
        first: dict[tuple[str, str, str], ArchivedFile] = {}
        for entry in self._fetches.entries():
            if not entry["raw_sha256"] or entry.get("role", "document") not in READ:
                continue
            file = _file(entry)
            first.setdefault((file.source_id, file.url, file.raw_sha256), file)
        return list(first.values())

    def rejects(self) -> list[Reject]:
        """The refusals that still stand: a fetch of the same address that was logged later supersedes them."""
        fetched = {(entry["source_id"], entry["url"]): entry["logged_at"] for entry in self._fetches.entries()}
        return [
            _reject(entry)
            for entry in self._rejects.entries()
            if fetched.get((entry["source_id"], entry["url"]), "") <= entry["logged_at"]
        ]

    def read(self, raw_sha256: str) -> bytes:
        """The bytes of a file.

        Raises:
            FileNotFoundError: the archive holds no such bytes.
        """
        return self._object(raw_sha256).read_bytes()

    def store(self, data: bytes) -> str:
        """Store bytes, without a word about where they came from; any thread may call it.

        Returns:
            Their SHA-256.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        target = self._object(sha256)
        if target.exists():
            return sha256
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.parent / f".{sha256}.{secrets.token_hex(4)}.tmp"
        try:
            with temporary.open("xb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)
        if target.parent not in self._entered:  # the folder's own entry, which no file in it changes
            _sync_folder(target.parent.parent)
            self._entered.add(target.parent)
        return sha256

    def _object(self, sha256: str) -> Path:
        return self.root / "objects" / sha256[:2] / sha256

    def _is_rejected(self, source_id: str, url: str, entry: Mapping[str, Any]) -> bool:
        return any(reject["logged_at"] >= entry["logged_at"] for reject in self._rejects.of(source_id, url))


class _Log:
    """An append-only file of JSON lines; a line that a kill tore is passed over, and told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()  # of reading on; a line that is synced holds nobody up
        self._read: list[dict[str, Any]] = []
        self._by_address: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._offset = 0

    def append(self, entry: Mapping[str, Any]) -> None:
        """Write one line with a single system call and sync it; the line carries the instant at which it was logged.

        Others wait while it is written: a file grows page by page, and what another process had written so far of its
        line would look like a line that a kill tore.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            stamped = {**entry, "logged_at": datetime.now(UTC).isoformat(timespec="microseconds")}
            line = json.dumps(stamped, ensure_ascii=False, sort_keys=True).encode() + b"\n"
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                line = b"\n" + line
            os.write(descriptor, line)
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            _sync_folder(self.path.parent)

    def entries(self) -> list[dict[str, Any]]:
        """All whole lines, in the order in which they were written."""
        with self._lock:
            return self._read_on()

    def _read_on(self) -> list[dict[str, Any]]:
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return self._read
        if size > self._offset:
            with self.path.open("rb") as handle:
                handle.seek(self._offset)
                for entry in self._whole_lines(handle.read()):
                    self._read.append(entry)
                    self._by_address.setdefault((entry["source_id"], entry["url"]), []).append(entry)
        return self._read

    def of(self, source_id: str, url: str) -> list[dict[str, Any]]:
        """The whole lines about one address, in the order in which they were written."""
        self.entries()
        return list(self._by_address.get((source_id, url), ()))

    def _whole_lines(self, block: bytes) -> Iterator[dict[str, Any]]:
        whole, newline, _ = block.rpartition(b"\n")
        self._offset += len(whole) + len(newline)
        for line in whole.split(b"\n"):
            if not line:
                continue
            try:
                yield json.loads(line)
            except ValueError:
                logger.warning("%s: passed over a torn line of %d bytes", self.path.name, len(line))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fetch(entry: Mapping[str, Any]) -> Fetch:
    return Fetch(
        url=entry["url"],
        raw_sha256=entry["raw_sha256"],
        status=entry["status"],
        headers=entry["headers"],
        logged_at=datetime.fromisoformat(entry["logged_at"]),
    )


def _file(entry: Mapping[str, Any]) -> ArchivedFile:
    return ArchivedFile(
        source_id=entry["source_id"],
        url=entry["url"],
        file_name=entry["file_name"],
        raw_sha256=entry["raw_sha256"],
        media_type=entry["media_type"],
        fetched_at=datetime.fromisoformat(entry["fetched_at"]),
        size=entry["size"],
    )


def _reject(entry: Mapping[str, Any]) -> Reject:
    return Reject(
        source_id=entry["source_id"],
        url=entry["url"],
        file_name=entry["file_name"],
        stage=entry["stage"],
        reason=entry["reason"],
        detail=entry["detail"],
        occurred_at=datetime.fromisoformat(entry["occurred_at"]),
    )
