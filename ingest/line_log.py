"""A log: an append-only file of JSON lines, each about one address of one source.

Belongs here: lines that survive a kill, that several processes may write at once, and that are found by their address.
Not here: what a line says (`archive`).

Only where the lines stand is kept in memory: a log grows with every page, and a crawl asks for a few lines of it.
"""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)


class LineLog:
    """The lines of a file; one that a kill tore is passed over, and told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()  # of what is known of the file; lines that are synced hold nobody up
        self._offsets: dict[tuple[str, str], list[int]] = {}  # of the lines about an address, in bytes
        self._known = 0  # bytes of the file whose lines are in `_offsets`

    def append(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Write lines with a single system call and sync them; each carries the instant at which it was logged.

        Others wait while they are written: a file grows page by page, and what another process had written so far of
        its line would look like a line that a kill tore.

        Raises:
            OSError: the disk does not take them, or not all of them.
        """
        if not entries:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not self.path.exists()
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            logged_at = datetime.now(UTC).isoformat(timespec="microseconds")
            lines = [_line({**entry, "logged_at": logged_at}) for entry in entries]
            size = os.fstat(descriptor).st_size
            is_torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            block = b"\n" * is_torn + b"".join(lines)
            if os.write(descriptor, block) < len(block):
                raise OSError(errno.ENOSPC, "the disk took a part of the lines", str(self.path))
            with self._lock:
                if self._known == size:  # what stands before is known: no need to read these again
                    for entry, line in zip(entries, lines, strict=True):
                        self._learn(entry, len(line))
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            sync_folder(self.path.parent)

    def entries(self) -> Iterator[dict[str, Any]]:
        """All whole lines, in the order in which they were written; each is read when it is asked for."""
        for line in self._lines(0):
            if (entry := _entry(line)) is not None:
                yield entry

    def of(self, source_id: str, url: str) -> list[dict[str, Any]]:
        """The whole lines about one address, in the order in which they were written."""
        with self._lock:
            self._read_on()
            offsets = list(self._offsets.get((source_id, url), ()))
        if not offsets:
            return []
        with self.path.open("rb") as file:
            found = []
            for offset in offsets:
                file.seek(offset)
                found.append(json.loads(file.readline()))
            return found

    def addresses(self, source_id: str) -> list[str]:
        """The addresses of a source that there are lines about, in the order of their first."""
        with self._lock:
            self._read_on()
            return [url for source, url in self._offsets if source == source_id]

    def _read_on(self) -> None:
        for line in self._lines(self._known):
            entry = _entry(line)
            if entry is None and line.strip():
                logger.warning("%s: passed over a torn line of %d bytes", self.path.name, len(line))
            self._learn(entry, len(line))

    def _learn(self, entry: Mapping[str, Any] | None, length: int) -> None:
        """Know of the next line; None for one that says nothing."""
        if entry is not None:
            self._offsets.setdefault((entry["source_id"], entry["url"]), []).append(self._known)
        self._known += length

    def _lines(self, offset: int) -> Iterator[bytes]:
        """The whole lines that stand from an offset on."""
        try:
            if self.path.stat().st_size <= offset:
                return
        except FileNotFoundError:
            return
        with self.path.open("rb") as file:
            file.seek(offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return  # it is under way, or a kill tore it
                yield line


def _line(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _entry(line: bytes) -> dict[str, Any] | None:
    """What a line says, None for one that a kill tore."""
    try:
        entry: dict[str, Any] = json.loads(line)
    except ValueError:
        return None
    return entry


def sync_folder(folder: Path) -> None:
    """Have a folder's new entries on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
