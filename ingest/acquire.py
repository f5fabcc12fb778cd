"""Taking files and folders into the raw archive.

Belongs here: walking a folder, stable addresses for files, refusing what cannot be read, with the reason.
Not here: storing (`archive`), reading a report (`parse`), fetching from portals (the crawler).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from ingest.addresses import address_part
from ingest.archive import Archive, Arrival
from ingest.model import ArchivedFile, Reject
from ingest.parse.encoding import UndecodableError, decode
from ingest.parse.registry import supported_media_types
from ingest.parse.sniff import sniff

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class AcquireReport:
    """What came of one intake. `files` holds every accepted file, those already archived (`known`) included."""

    files: tuple[ArchivedFile, ...]
    rejects: tuple[Reject, ...]
    known: int


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    url: str


class _RefusedError(Exception):
    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def ingest_paths(
    paths: Sequence[Path],
    archive: Archive,
    *,
    source_id: str = "inbox",
    max_bytes: int = 50_000_000,
    progress: Progress | None = None,
) -> AcquireReport:
    """Take files and whole folders into the archive; what cannot be taken becomes a reject and the run goes on.

    Args:
        paths: files and folders; hidden files and folders are passed over.
        archive: where the bytes go.
        source_id: the source that the files are filed under.
        max_bytes: a file above this size is refused.
        progress: called with (done, total, file name) after each file.

    Returns:
        The accepted files, the refusals, and how many of the files were archived before.
    """
    before = {(file.source_id, file.url, file.raw_sha256) for file in archive.files()}
    files: list[ArchivedFile] = []
    rejects: list[Reject] = []
    found = [item for path in paths for item in _walk(Path(path))]
    for done, item in enumerate(found, start=1):
        name = PurePosixPath(item.url).name
        try:
            data, media_type = _read(item.path, max_bytes)
        except _RefusedError as refused:
            reject = Reject(source_id, item.url, name, "fetch", refused.reason, refused.detail, datetime.now(UTC))
            archive.reject(reject)
            rejects.append(reject)
        else:
            file = archive.put(Arrival(source_id, item.url, name, data, media_type))
            files.append(file)
        if progress is not None:
            progress(done, len(found), name)
    known = sum((file.source_id, file.url, file.raw_sha256) in before for file in files)
    return AcquireReport(files=tuple(files), rejects=tuple(rejects), known=known)


def _walk(path: Path) -> Iterator[_Found]:
    """The visible files at or under a path, in a stable order, each with its address."""
    if not path.is_dir():
        yield _Found(path, _address(PurePosixPath(path.name)))
        return
    unreadable: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                file = Path(folder) / name
                yield _Found(file, _address(PurePosixPath(file.relative_to(path).as_posix())))
    for error in unreadable:
        failed = Path(str(error.filename))
        relative = failed.relative_to(path) if failed != path else Path(path.name)
        yield _Found(failed, _address(PurePosixPath(relative.as_posix())))


def _address(relative: PurePosixPath) -> str:
    """A stable address that holds no path of this machine, the same for each Unicode form of a name."""
    return "inbox:///" + address_part(os.fsencode(str(relative)).decode("utf-8", errors="replace"))


def _read(path: Path, max_bytes: int) -> tuple[bytes, str]:
    try:
        if not path.exists():
            raise _RefusedError("missing_file", "there is no such file")
        if not path.is_file():
            raise _RefusedError("unreadable", "this is not a regular file, or the folder cannot be opened")
        size = path.stat().st_size
        if size > max_bytes:
            raise _RefusedError("too_large", f"{size} bytes are more than the limit of {max_bytes}")
        data = path.read_bytes()
    except OSError as error:
        raise _RefusedError("unreadable", error.strerror or type(error).__name__) from error
    if not data.strip():
        raise _RefusedError("empty_file", "the file holds no characters")
    media_type = sniff(data)
    if not media_type:
        raise _RefusedError("undecodable", "the bytes are neither a known format nor text in UTF-8 or GB18030")
    if media_type not in supported_media_types():
        raise _RefusedError("unsupported_format", f"{media_type}: no parser yet")
    if media_type.startswith("text/"):
        try:
            text = decode(data, is_html=media_type == "text/html").text
        except UndecodableError as error:
            raise _RefusedError("undecodable", str(error)) from error
        if not text.strip():
            raise _RefusedError("empty_file", "the file holds blanks only")
    return data, media_type
