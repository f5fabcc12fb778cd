"""The raw archive: bytes under their SHA-256, a log of every fetch, a log of what could not be taken in.

Belongs here: storing, naming and finding bytes so that a kill at any moment loses nothing that was reported as stored.
Not here: what the bytes mean (`parse`), where they come from (`acquire`, the crawler).

Layout under the root:

- `objects/ab/abcd…`    the bytes, named by their SHA-256, written once and never changed
- `fetch_log.jsonl`     one line for each fetch that brought something new
- `rejects.jsonl`       one line for each thing that was refused, with the reason
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from ingest.line_log import LineLog, sync_folder
from ingest.model import ArchivedFile, Reject

# What a fetch was made for: a report (or its attachment) to read, a page that only leads to reports; or no fetch of
# its own, but a member of a container that was fetched.
Role = Literal["document", "list", "member"]
READ = frozenset(["document", "member"])


@dataclass(frozen=True, slots=True)
class Arrival:
    """Bytes that came from an address.

    `file_name` is the last part of the address, or the file's own name; `media_type` as sniffed from the bytes;
    `status` that of HTTP, 200 for files; `headers` those worth keeping (ETag, Last-Modified, Content-Type);
    `fetched_at` in UTC, None for now; `found_on` the address of the page that led here.

    `role` is "list" for a page that only leads to reports: it is kept, and is no document; "member" for a document that
    was taken out of a container, and is not fetched by its own address.
    """

    source_id: str
    url: str
    file_name: str
    data: bytes
    media_type: str
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    fetched_at: datetime | None = None
    role: Role = "document"
    found_on: str = ""


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
        self._fetches = LineLog(self.root / "fetch_log.jsonl")
        self._rejects = LineLog(self.root / "rejects.jsonl")
        self._entered: set[Path] = set()  # folders whose entry this process synced

    def put(self, arrival: Arrival) -> ArchivedFile:
        """Store bytes and log the fetch; the same bytes from the same address are logged once.

        Returns:
            The archived file. When this address already held these bytes, the first fetch of them.
        """
        [file] = self.put_all([arrival])
        return file

    def put_all(self, arrivals: Sequence[Arrival]) -> list[ArchivedFile]:
        """Put several at once: the folders and the log are synced to disk once for all of them.

        Returns:
            The archived file of each, as `put` returns it.
        """
        files: list[ArchivedFile] = []
        lines: list[dict[str, Any]] = []
        for arrival, sha256 in zip(arrivals, self.store_all(arrival.data for arrival in arrivals), strict=True):
            if any(line["url"] == arrival.url for line in lines):  # it is compared with what the log says last
                self._fetches.append(lines)
                lines = []
            entries = self._fetches.of(arrival.source_id, arrival.url)
            first = next((entry for entry in entries if entry["raw_sha256"] == sha256), None)
            last = entries[-1] if entries else None
            if last is None or last["raw_sha256"] != sha256 or self._is_rejected(last):
                lines.append(_line(arrival, sha256))
            files.append(_file(first or lines[-1]))
        self._fetches.append(lines)
        return files

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
            self._fetches.append([{**last, **gone, "fetched_at": datetime.now(UTC).isoformat()}])
        return True

    def last_fetch(self, source_id: str, url: str) -> Fetch | None:
        """What the fetch log said last about an address, None when it was never fetched."""
        entries = self._fetches.of(source_id, url)
        return _fetch(entries[-1]) if entries else None

    def addresses(self, source_id: str, besides: Collection[str] = ()) -> Iterator[Fetch]:
        """The last fetch of each address of a source that holds a document, in the order of their first fetch.

        Args:
            source_id: the portal.
            besides: addresses that are left out.
        """
        for url in self._fetches.addresses(source_id):
            if url in besides:
                continue
            entries = self._fetches.of(source_id, url)
            last = next((entry for entry in reversed(entries) if entry.get("role", "document") == "document"), None)
            if last is not None:
                yield _fetch(last)

    def reject(self, reject: Reject) -> None:
        """Record that something could not be taken in; the same refusal is not recorded twice while it stands."""
        fetches = self._fetches.of(reject.source_id, reject.url)
        since = fetches[-1]["logged_at"] if fetches else ""
        for entry in self._rejects.of(reject.source_id, reject.url):
            if (entry["stage"], entry["reason"]) == (reject.stage, reject.reason) and entry["logged_at"] >= since:
                return
        line = {
            "source_id": reject.source_id,
            "url": reject.url,
            "file_name": reject.file_name,
            "stage": reject.stage,
            "reason": reject.reason,
            "detail": reject.detail,
            "occurred_at": reject.occurred_at.astimezone(UTC).isoformat(),
        }
        self._rejects.append([line])

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
        [sha256] = self.store_all([data])
        return sha256

    def store_all(self, bodies: Iterable[bytes]) -> list[str]:
        """Store several at once, see `store`."""
        hashes: list[str] = []
        written: set[Path] = set()
        for data in bodies:
            hashes.append(hashlib.sha256(data).hexdigest())
            target = self._object(hashes[-1])
            if not target.exists():
                _write(target, data, is_new_folder=target.parent not in self._entered)
                written.add(target.parent)
        for folder in written:
            sync_folder(folder)
        if new := written - self._entered:  # a folder's own entry, which no file in it changes
            sync_folder(self.root / "objects")
            self._entered |= new
        return hashes

    def _object(self, sha256: str) -> Path:
        return self.root / "objects" / sha256[:2] / sha256

    def _is_rejected(self, entry: Mapping[str, Any]) -> bool:
        rejects = self._rejects.of(entry["source_id"], entry["url"])
        return any(reject["logged_at"] >= entry["logged_at"] for reject in rejects)


def _write(target: Path, data: bytes, *, is_new_folder: bool) -> None:
    """Write a file whole or not at all; its folder is not synced yet."""
    if is_new_folder:
        target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.parent / f".{target.name}.{secrets.token_hex(4)}.tmp"
    try:
        with temporary.open("xb") as handle:
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _line(arrival: Arrival, sha256: str) -> dict[str, Any]:
    return {
        "source_id": arrival.source_id,
        "url": arrival.url,
        "file_name": arrival.file_name,
        "raw_sha256": sha256,
        "media_type": arrival.media_type,
        "fetched_at": (arrival.fetched_at or datetime.now(UTC)).astimezone(UTC).isoformat(),
        "size": len(arrival.data),
        "status": arrival.status,
        "headers": dict(arrival.headers),
        **({"role": arrival.role} if arrival.role != "document" else {}),
        **({"found_on": arrival.found_on} if arrival.found_on else {}),
    }


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
