"""`weijian ingest`: files into the raw archive, and what could not be taken.

Belongs here: the bar and the words. Not here: taking files in (`ingest.acquire`).
"""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from ingest.acquire import ingest_paths
from ingest.archive import Archive
from orchestration.inbox import INBOX_SOURCE, set_sample_aside
from warehouse.paths import DataFolder


def ingest(paths: list[Path], folder: DataFolder, console: Console) -> None:
    """Take files and folders into the archive and print what came of it, the refusals one by one."""
    if set_sample_aside(folder, {INBOX_SOURCE}):
        console.print("The sample pack was set aside: its figures are invented.")
    with Progress(console=console, transient=True) as bars:
        task = bars.add_task("Take in files", total=None)
        report = ingest_paths(
            paths,
            Archive(folder.raw),
            source_id=INBOX_SOURCE,
            progress=lambda done, total, name: bars.update(task, completed=done, total=total),
        )
    for reject in report.rejects:
        console.print(f"rejected  {reject.file_name}  {reject.reason}: {reject.detail}", highlight=False, markup=False)
    console.print(
        f"{len(report.files) - report.known} new, {report.known} known, {len(report.rejects)} rejected. "
        "Next, type:  weijian run",
        highlight=False,
    )
