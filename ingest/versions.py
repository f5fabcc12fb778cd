"""Versions: what a derived file was made by, so that a changed rule or word makes it pending again.

Belongs here: the digest over the sources and the lexicon files that decide what a step reads.
Not here: comparing versions (`process`), where they are stored (`derived`).

A version is a number that a person raises when the meaning of the output changes, then eight hexadecimal digits of
SHA-256 over every file that takes part. Nobody has to remember to raise anything after adding a word.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_ROOT = Path(__file__).resolve().parent
_GENERATED = "__pycache__"

_PARSER = ("parse", "text", "regions", "lexicon/document", "lexicon/regions", "lexicon/tables.yaml")
_EXTRACTOR = ("extract", "text", "regions", "lexicon")


def digest(root: Path, parts: Iterable[str]) -> str:
    """Eight hexadecimal digits over the names and bytes of all files under some parts of a folder.

    Args:
        root: the folder.
        parts: folders and files in it, by their path; what Python generates (`__pycache__`) does not count.

    Raises:
        FileNotFoundError: a part is missing, or holds no file.
    """
    total = hashlib.sha256()
    for part in parts:
        paths = list(_files(root / part))
        if not paths:
            raise FileNotFoundError(f"{root / part}: no file to take a version from")
        for path in paths:
            content = path.read_bytes()
            total.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
            total.update(content)
    return total.hexdigest()[:8]


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    yield from sorted(
        each
        for each in path.rglob("*")
        if each.is_file() and _GENERATED not in each.parts and not each.name.startswith(".")
    )


PARSER_VERSION = f"2+{digest(_ROOT, _PARSER)}"
EXTRACTOR_VERSION = f"1+{digest(_ROOT, _EXTRACTOR)}"
