"""ZIP containers from outside: opened within limits, whether they are archives, Word files or sheets.

Belongs here: limits on members and on what they unpack to. Not here: what the members are (`docx`, `sheet`,
`ingest.unpack`).

The sizes that a container declares bind what is read of it: `zipfile` reads no member beyond its declared size. Its
list of members is the exception: `zipfile` reads all of it at once, so its size is looked at first.
"""

from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import dataclass

from ingest.parse.visible import ParseError

ENCRYPTED_FLAG = 0x1
LARGEST_DIRECTORY = 2_000_000  # bytes of the list of members: 2,000 names of 900 bytes
# The record that ends a container: its mark, six fields, then size and place of the list, and a comment's length.
DIRECTORY_END = b"PK\x05\x06"
END_RECORD = struct.Struct("<4s4H2LH")
LONGEST_COMMENT = 65_535


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
    if (listed := directory_bytes(data)) > LARGEST_DIRECTORY:
        raise ParseError("too_many_members", f"the list of members takes {listed} bytes, more than {LARGEST_DIRECTORY}")
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


def directory_bytes(data: bytes) -> int:
    """The bytes that the list of members takes, as the container ends by saying; 0 where it does not end so."""
    end = data.rfind(DIRECTORY_END, max(0, len(data) - END_RECORD.size - LONGEST_COMMENT))
    if end < 0 or len(data) - end < END_RECORD.size:
        return 0
    size: int = END_RECORD.unpack_from(data, end)[5]
    return size


def is_encrypted(member: zipfile.ZipInfo) -> bool:
    """Whether a member asks for a password."""
    return bool(member.flag_bits & ENCRYPTED_FLAG)
