"""Starting a crawl as a process of its own and reading what came of it.

Belongs here: the command's arguments, the summary it leaves. Not here: the crawl itself (`crawl`).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ingest.crawl.state import Memory
from ingest.crawl.summary import Summary

HUNG = "Timeout ("  # how faulthandler begins to tell where a process hangs


class CrawlFailedError(RuntimeError):
    """The crawl's process ended without a summary; the message is its last word."""


def command_of(
    portal_file: Path, raw: Path, *, contact: str = "", retry_failed: bool = False, at_any_hour: bool = False
) -> list[str]:
    """The arguments that crawl one portal.

    Args:
        portal_file: the portal's file.
        raw: the folder of the raw archive.
        contact: who asks; `WEIJIAN_CONTACT` where it is empty.
        retry_failed: ask only for what failed the last time.
        at_any_hour: also outside the portal's nightly window.
    """
    command = [sys.executable, "-m", "ingest.crawl", str(portal_file), str(raw)]
    command += ["--contact", contact] if contact else []
    command += ["--retry-failed"] if retry_failed else []
    command += ["--at-any-hour"] if at_any_hour else []
    return command


def summary_of(portal: str, raw: Path) -> Summary:
    """What the last crawl of a portal left.

    Raises:
        CrawlFailedError: there was none.
    """
    summary = Memory(raw, portal).read_summary()
    if summary is None:
        raise CrawlFailedError(f"portal {portal} was never crawled into {raw}")
    return summary


def crawl_in_process(
    portal_file: Path, raw: Path, *, contact: str = "", retry_failed: bool = False, at_any_hour: bool = False
) -> Summary:
    """Crawl one portal in a process of its own and wait for it.

    Args:
        portal_file: the portal's file.
        raw: the folder of the raw archive.
        contact: who asks; `WEIJIAN_CONTACT` where it is empty.
        retry_failed: ask only for what failed the last time.
        at_any_hour: also outside the portal's nightly window.

    Raises:
        CrawlFailedError: the process failed.
    """
    command = command_of(portal_file, raw, contact=contact, retry_failed=retry_failed, at_any_hour=at_any_hour)
    finished = subprocess.run(command, capture_output=True, text=True)
    if finished.returncode:
        raise CrawlFailedError(_last_word(finished.stderr) or f"exit code {finished.returncode}")
    return Summary.from_json(finished.stdout)


def _last_word(told: str) -> str:
    """What a process said last; where it was ended because it hung, what it hung in."""
    _, is_hung, stacks = told.partition(HUNG)
    if not is_hung:
        return told.strip().rpartition("\n")[2]
    *_, main = stacks.split("Thread ")  # the process's first thread is told last, its innermost call first
    frames = [line.strip() for line in main.splitlines() if line.startswith("  File ")]
    return f"the crawl hung and was ended (limits.seconds and limits.grace), in {frames[0] if frames else 'no call'}"
