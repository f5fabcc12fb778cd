"""Reports with gold: reading a folder of them, and the shared scorer that judges what was read.

Belongs here: what the tools that measure on reports share. Not here: what they print or fit.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import ModuleType

from ingest.extract import extract
from ingest.extract.catalogue import catalogue
from ingest.model import ArchivedFile, Document, Fact
from ingest.parse import parse

PROJECT = Path(__file__).resolve().parent.parent
REPORTS = PROJECT / "tests" / "reports"
SCORER = PROJECT.parent / "shared" / "score" / "score.py"


def load_scorer(path: Path) -> ModuleType:
    """The shared scorer as a module.

    Raises:
        SystemExit: there is none at the path.
    """
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None or not path.exists():
        raise SystemExit(f"{path}: no scorer there; name one with --scorer")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    return scorer


def read_reports(folder: Path) -> Iterator[tuple[str, Document, list[Fact]]]:
    """Name, document and facts in the order of the text, for each report of a folder."""
    for path in sorted(folder.glob("*.txt")):
        data = path.read_bytes()
        now = datetime(2024, 1, 31, tzinfo=UTC)
        digest = sha256(data).hexdigest()
        document = parse(ArchivedFile("gold", path.name, path.name, digest, "text/plain", now, len(data)), data)
        yield path.stem, document, sorted(extract(document), key=lambda fact: fact.char_start)


def as_scored(fact: Fact) -> dict[str, object]:
    """A fact in the scorer's terms."""
    read = asdict(fact)
    read["period_start"], read["period_end"] = str(fact.period_start or ""), str(fact.period_end or "")
    read["flags"] = set(fact.quality_flags)
    return read


def kinds_of_indicators() -> dict[str, str]:
    """Indicator code → stock, flow or rate."""
    return {indicator.code: indicator.kind for indicator in catalogue().indicators}
