"""A log: an append-only file of JSON lines, each about one address of one source.

Belongs here: lines that survive a kill, that several processes may write at once, and that are found by their address.
Not here: what a line says (`archive`).
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
        self._known: list[dict[str, Any]] = []
        self._by_address: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._offset = 0  # bytes of the file that are known

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
            stamped = [{**entry, "logged_at": logged_at} for entry in entries]
            lines = [json.dumps(entry, ensure_ascii=False, sort_keys=True).encode() + b"\n" for entry in stamped]
            size = os.fstat(descriptor).st_size
            if size and os.pread(descriptor, 1, size - 1) != b"\n":
                lines.insert(0, b"\n")
            block = b"".join(lines)
            if os.write(descriptor, block) < len(block):
                raise OSError(errno.ENOSPC, "the disk took a part of the lines", str(self.path))
            self._learn(stamped, size, len(block))
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if is_new:
            sync_folder(self.path.parent)

    def entries(self) -> list[dict[str, Any]]:
        """All whole lines, in the order in which they were written."""
        with self._lock:
            self._read_on()
            return self._known

    def of(self, source_id: str, url: str) -> list[dict[str, Any]]:
        """The whole lines about one address, in the order in which they were written."""
        with self._lock:
            self._read_on()
            return list(self._by_address.get((source_id, url), ()))

    def _learn(self, entries: Sequence[dict[str, Any]], size: int, length: int) -> None:
        """Know what was written without reading it again, where all that stood before it is known."""
        with self._lock:
            if self._offset == size:
                self._add(entries)
                self._offset += length

    def _read_on(self) -> None:
        try:
            size = self.path.stat().st_size
        except FileNotFoundError:
            return
        if size > self._offset:
            with self.path.open("rb") as handle:
                handle.seek(self._offset)
                block = handle.read()
            whole, newline, _ = block.rpartition(b"\n")
            self._offset += len(whole) + len(newline)
            self._add(self._entries_in(whole))

    def _add(self, entries: Sequence[dict[str, Any]] | Iterator[dict[str, Any]]) -> None:
        for entry in entries:
            self._known.append(entry)
            self._by_address.setdefault((entry["source_id"], entry["url"]), []).append(entry)

    def _entries_in(self, lines: bytes) -> Iterator[dict[str, Any]]:
        for line in lines.split(b"\n"):
            if not line:
                continue
            try:
                yield json.loads(line)
            except ValueError:
                logger.warning("%s: passed over a torn line of %d bytes", self.path.name, len(line))


def sync_folder(folder: Path) -> None:
    """Have a folder's new entries on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
