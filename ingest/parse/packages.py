"""ZIP containers from outside: opened within limits, whether they are archives, Word files or sheets.

Belongs here: limits on members and on what they unpack to. Not here: what the members are (`docx`, `sheet`,
`ingest.unpack`).

The sizes that a container declares bind what is read of it: `zipfile` reads no member beyond its declared size.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from ingest.parse.visible import ParseError

ENCRYPTED_FLAG = 0x1


@dataclass(frozen=True, slots=True)
class PackageLimits:
    """What a container may hold."""

    members: int = 2_000
    unpacked: int = 500_000_000  # bytes of all members together
    # A text compresses to a tenth, a sheet of equal rows to a fiftieth.
    ratio: int = 100
    ratio_from: int = 20_000_000  # bytes of all members from which on the ratio is looked at


def open_package(data: bytes, limits: PackageLimits | None = None) -> zipfile.ZipFile:
    """Open a ZIP container whose declared contents are within the limits.

    Raises:
        ParseError: `broken_zip`, `too_many_members`, `too_large_unpacked`, `zip_bomb`.
    """
    held = limits or PackageLimits()
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise ParseError("broken_zip", f"the container is damaged or cut off ({error})") from error
    members = package.infolist()
    unpacked = sum(member.file_size for member in members)
    if unpacked > held.ratio_from and unpacked > held.ratio * len(data):
        raise ParseError("zip_bomb", f"{len(data)} bytes unpack to {unpacked}, more than {held.ratio} times as much")
    if len(members) > held.members:
        raise ParseError("too_many_members", f"{len(members)} members are more than the limit of {held.members}")
    if unpacked > held.unpacked:
        raise ParseError("too_large_unpacked", f"{unpacked} bytes unpacked are more than the limit of {held.unpacked}")
    return package


def is_encrypted(member: zipfile.ZipInfo) -> bool:
    """Whether a member asks for a password."""
    return bool(member.flag_bits & ENCRYPTED_FLAG)
