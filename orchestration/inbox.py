"""The inbox: which folder of reports a run takes in, and that invented reports never stand beside real ones.

Belongs here: the choice between what was asked, what was used last and the sample pack. Not here: taking files in
(`ingest.acquire`).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ingest.archive import Archive
from ingest.model import ArchivedFile, Reject
from orchestration.ledger import read_ledger
from warehouse.paths import PROJECT, DataFolder

SAMPLE_PACK = PROJECT / "samples" / "reports"
SAMPLE_SOURCE = "sample"
DEMO_SOURCE = "demo"
INVENTED = frozenset({SAMPLE_SOURCE, DEMO_SOURCE})  # sources whose figures are invented
INBOX_SOURCE = "inbox"


class RealReports(Archive):
    """The archive without its invented reports."""

    def files(self) -> list[ArchivedFile]:
        return [file for file in super().files() if file.source_id not in INVENTED]

    def rejects(self) -> list[Reject]:
        return [reject for reject in super().rejects() if reject.source_id not in INVENTED]


def open_archive(folder: DataFolder) -> Archive:
    """The archive that a run reads: without invented reports as soon as it holds a real one, whoever fetched it."""
    real = RealReports(folder.raw)
    return real if real.files() else Archive(folder.raw)


class InboxError(Exception):
    """The inbox cannot be used; the message says what to do."""


def source_of(inbox: Path | None) -> str:
    """The source that the files of an inbox are filed under."""
    return SAMPLE_SOURCE if inbox == SAMPLE_PACK else INBOX_SOURCE


def choose_inbox(asked: str | Path | None, folder: DataFolder) -> Path | None:
    """The inbox of a run: what was asked for, else `WEIJIAN_INBOX`, else the last run's, else the sample pack.

    Returns:
        An absolute path, or None when nothing was named and the archive holds real reports already: the run then works
        on the archive alone.

    Raises:
        InboxError: there is nothing at the path, or invented reports would come to stand beside real ones.
    """
    remembered = read_ledger(folder).inbox
    named = asked or os.environ.get("WEIJIAN_INBOX") or remembered
    sources = {file.source_id for file in Archive(folder.raw).files()}
    if not named or (named == remembered == str(SAMPLE_PACK) and not asked and not sources <= INVENTED):
        return SAMPLE_PACK if sources <= {SAMPLE_SOURCE} else None
    chosen = Path(named).expanduser().resolve()
    if not chosen.exists():
        raise InboxError(f"There is no inbox at {chosen}. Name a file or folder of reports: weijian run --inbox PATH")
    if chosen == SAMPLE_PACK and not sources <= INVENTED:
        raise InboxError(
            f"{folder.root} holds real reports; the sample pack's figures are invented and must not stand beside them. "
            "Name another data folder: weijian run --inbox samples/reports --data FOLDER"
        )
    return chosen


def set_sample_aside(folder: DataFolder, sources: set[str]) -> bool:
    """Empty the archive of invented reports before files of other sources come in.

    Args:
        folder: the data folder.
        sources: where the new files come from.

    Returns:
        Whether anything was removed; the next load then takes its documents out of the tables.
    """
    held = {file.source_id for file in Archive(folder.raw).files()}
    if not held or not held <= INVENTED or sources <= held:
        return False
    shutil.rmtree(folder.raw)
    return True
