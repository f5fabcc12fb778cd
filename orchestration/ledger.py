"""The ledger: what the last good run of the command line read and made, so that the next one knows if anything changed.

Belongs here: fingerprints of inputs, of code and of the published file, and the figures of the last run.
Not here: deciding what one document needs (`ingest.process`); the ledger only spares a run that would change nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from warehouse.paths import PROJECT, DataFolder

CODE_ROOMS = ("ingest", "warehouse", "dbt_project")
CODE_SUFFIXES = {".py", ".sql", ".yml", ".yaml", ".csv"}
# The environment variable that gives the reason why less than before is right, e.g. "portal X withdrew its plans".
ACCEPTED_LOSS = "WEIJIAN_ACCEPT_LOSS"
NOT_CODE = {"data", "target", "logs", "__pycache__"}


@dataclass(frozen=True, slots=True)
class Ledger:
    """The last good run; empty before the first."""

    inbox: str = ""
    inputs: str = ""  # fingerprint of the inbox, the archive and the code
    published: str = ""  # fingerprint of the published file that they gave
    seconds: float = 0.0  # of the last run that processed documents
    documents: int = 0
    facts: int = 0
    coded_share: float = 0.0
    rejects: int = 0
    mart_rows: int = 0


def read_ledger(folder: DataFolder) -> Ledger:
    """The ledger of a data folder; an empty one when there is none or it is damaged."""
    try:
        content = json.loads(_path(folder).read_text(encoding="utf-8"))
        return Ledger(**{field.name: content[field.name] for field in fields(Ledger) if field.name in content})
    except (FileNotFoundError, ValueError, TypeError):
        return Ledger()


def write_ledger(folder: DataFolder, ledger: Ledger) -> None:
    """Write the ledger whole, in place of the earlier one."""
    path = _path(folder)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(asdict(ledger), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)


def fingerprint_inputs(folder: DataFolder, inbox: Path | None) -> str:
    """A hash of everything that the published file depends on: the inbox's bytes, the archive's log, the code.

    Args:
        folder: the data folder.
        inbox: a file or a folder of reports; None when the archive alone counts.
    """
    digest = hashlib.sha256()
    if inbox is not None:
        _add(digest, inbox, _files(inbox))
    _add(digest, folder.raw, sorted(folder.raw.glob("*.jsonl")))
    for room in CODE_ROOMS:
        root = PROJECT / room
        _add(digest, root, (path for path in _files(root) if path.suffix in CODE_SUFFIXES))
    return digest.hexdigest()


def fingerprint_published(folder: DataFolder) -> str:
    """Which published file lies there: its number in the file system, size and time; "" when there is none."""
    try:
        found = folder.published.stat()
    except FileNotFoundError:
        return ""
    return f"{found.st_ino}:{found.st_size}:{found.st_mtime_ns}"


def _path(folder: DataFolder) -> Path:
    return folder.root / "ledger.json"


def _files(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file() and not NOT_CODE.intersection(path.relative_to(root).parts[:-1])
    )


def _add(digest: hashlib._Hash, root: Path, files: Iterable[Path]) -> None:
    for path in files:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").digest()
        digest.update(str(path.relative_to(root.parent)).encode("utf-8", "surrogateescape") + b"\0" + content)
