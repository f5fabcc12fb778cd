"""Containers: the members of a ZIP become files of the archive, with addresses of their own (`…zip!/member`).

Belongs here: which members are taken, what is wrong with the others. Not here: limits on what a container unpacks to
(`parse.packages`), reading a member (`parse`).

A name from outside becomes part of an address, never of a path. A container in a container is taken out, and is a
reject of the parser.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath

from ingest.addresses import MEMBER_MARK, member_address
from ingest.archive import Archive, Arrival, document_id
from ingest.derived import Derived, Versions
from ingest.model import ArchivedFile, Reject
from ingest.parse.packages import is_encrypted, open_package
from ingest.parse.sniff import sniff
from ingest.parse.visible import ParseError

ZIP = "application/zip"
LARGEST_MEMBER = 50_000_000  # bytes, as for a file of the inbox
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UTF8_NAME_FLAG = 0x800
SYSTEM_FOLDERS = frozenset(["__MACOSX"])
SYSTEM_FILES = frozenset(["Thumbs.db", "desktop.ini"])
NAMED_AT_MOST = 5  # unreadable members that a reject names


@dataclass(frozen=True, slots=True)
class UnpackReport:
    """What one pass did."""

    containers: int  # in the archive
    processed: int
    rejected: int  # of the processed ones: those of which something could not be taken


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    data: bytes
    fault: str  # why there are no bytes, "" otherwise


def is_container(file: ArchivedFile) -> bool:
    """Whether a file is taken apart instead of read."""
    return file.media_type == ZIP and MEMBER_MARK not in file.url


def unpack_pending(archive: Archive, derived: Derived, parser_version: str) -> UnpackReport:
    """Take apart the containers that this version of the parser has not seen.

    Args:
        archive: where the members go, each as a file of the container's source and time.
        derived: where it is written down what was taken apart, and what could not be.
        parser_version: of the parser; a container is taken apart again when it changes.

    Returns:
        What was done. A container that cannot be opened, or holds members that cannot be taken, is a reject.
    """
    containers = [file for file in archive.files() if is_container(file)]
    processed = rejected = 0
    for file in containers:
        key = document_id(file)
        rejected_by = derived.reject_versions(key, "parse")
        if derived.members_version(key) == parser_version or rejected_by == Versions(parser_version):
            continue
        processed += 1
        derived.clear_reject(key, "parse")
        try:
            faults = _unpack(archive, derived, file, parser_version)
        except ParseError as error:
            _reject(derived, file, error.reason, error.detail, parser_version)
            rejected += 1
            continue
        if faults:
            named = "; ".join(faults[:NAMED_AT_MOST]) + (" …" if len(faults) > NAMED_AT_MOST else "")
            detail = f"{len(faults)} of its members cannot be taken: {named}"
            _reject(derived, file, "unreadable_members", detail, parser_version)
            rejected += 1
    return UnpackReport(len(containers), processed, rejected)


def _unpack(archive: Archive, derived: Derived, file: ArchivedFile, parser_version: str) -> list[str]:
    """Put the members into the archive; returns what is wrong with those that cannot be taken."""
    faults: list[str] = []
    urls: list[str] = []
    with open_package(archive.read(file.raw_sha256)) as package:
        for member in _members(package):
            if member.fault:
                faults.append(f"{member.name} {member.fault}")
                continue
            url = member_address(file.url, member.name)
            archive.put(
                Arrival(
                    source_id=file.source_id,
                    url=url,
                    file_name=PurePosixPath(member.name).name,
                    data=member.data,
                    media_type=sniff(member.data),
                    fetched_at=file.fetched_at,
                    role="member",
                    found_on=file.url,
                )
            )
            urls.append(url)
    if not urls and not faults:
        raise ParseError("no_text", "the container holds no files")
    derived.write_members(document_id(file), urls, parser_version)
    return faults


def _members(package: zipfile.ZipFile) -> Iterator[_Member]:
    for info in package.infolist():
        name = _name(info)
        parts = PurePosixPath(name).parts
        if info.is_dir() or not parts or _is_of_the_system(parts):
            continue
        fault = _fault(info, parts)
        data = b""
        if not fault:
            try:
                data = package.read(info)
            except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError) as error:
                fault = f"is damaged ({error})"
        yield _Member(name, data, fault)


def _fault(info: zipfile.ZipInfo, parts: tuple[str, ...]) -> str:
    if ".." in parts:
        return "has a name that leads out of the container"
    if is_encrypted(info):
        return "asks for a password"
    if info.compress_type not in METHODS:
        return f"is packed by a method that is not read ({info.compress_type})"
    if info.file_size > LARGEST_MEMBER:
        return f"unpacks to {info.file_size} bytes, more than the limit of {LARGEST_MEMBER}"
    if not info.file_size:
        return "is empty"
    return ""


def _is_of_the_system(parts: tuple[str, ...]) -> bool:
    return parts[0] in SYSTEM_FOLDERS or parts[-1] in SYSTEM_FILES or (parts[-1].startswith(".") and parts[-1] != "..")


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name: UTF-8 where it says so, else the bytes as UTF-8 or GB18030; without a root."""
    name = info.filename
    if not info.flag_bits & UTF8_NAME_FLAG:
        written = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = written.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in {"", "."})


def _reject(derived: Derived, file: ArchivedFile, reason: str, detail: str, parser_version: str) -> None:
    reject = Reject(file.source_id, file.url, file.file_name, "parse", reason, detail, datetime.now(UTC))
    derived.write_reject(document_id(file), reject, Versions(parser_version))
