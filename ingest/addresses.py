"""Addresses of documents that have none of their own: files and members of containers.

Belongs here: how a name from outside is written in an address. Not here: where bytes lie; a name from outside never
becomes a path.
"""

from __future__ import annotations

import unicodedata

RESERVED = "%?#"
MEMBER_MARK = "!/"  # between the address of a container and the name of a member


def address_part(name: str) -> str:
    """A name as it stands in an address, the same for each of its Unicode forms: nothing reserved, all printable."""
    composed = unicodedata.normalize("NFC", name)
    return "".join(char if char.isprintable() and char not in RESERVED else f"%{ord(char):02X}" for char in composed)


def member_address(container: str, name: str) -> str:
    """The address of a member of a container, e.g. `inbox:///附件.zip!/2022/总结.docx`."""
    return f"{container}{MEMBER_MARK}{address_part(name)}"
