"""What is remembered of a portal from one night to the next: the circuit, an unfinished crawl, the last yield.

Belongs here: the small file of a portal in the raw folder, written whole or not at all, and its lock. Not here: what
was fetched (the fetch log of `ingest.archive`).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest.crawl.items import Target
from ingest.crawl.summary import Summary

# A crawl that was killed is completed within this time; later, everything is asked anew (and most answered 304).
RESUMES_WITHIN = timedelta(hours=24)
# An open circuit lets the next night try; each failing night after that doubles the rest, up to a week.
FIRST_REST = timedelta(hours=16)
LONGEST_REST = timedelta(days=7)


class CrawlUnderWayError(RuntimeError):
    """Another process crawls this portal into this archive."""


@dataclass(frozen=True, slots=True)
class State:
    """One portal's memory. Instants are ISO 8601 in UTC, "" where there is none."""

    began: str = ""  # of the crawl under way, or of the one that was killed
    rests_until: str = ""
    rest_reason: str = ""
    nights_open: int = 0  # nights in a row that ended with an open circuit
    documents: int = 0  # of the last crawl that ran to its end
    failures: tuple[Target, ...] = ()  # what `--retry-failed` asks again

    def resumes_from(self, now: datetime) -> datetime | None:
        """Since when an unfinished crawl's answers still hold, None when there is none to complete."""
        if not self.began:
            return None
        began = datetime.fromisoformat(self.began)
        return began if now - began < RESUMES_WITHIN else None

    def is_resting(self, now: datetime) -> bool:
        """Whether the circuit is open: the portal is left alone tonight."""
        return bool(self.rests_until) and now < datetime.fromisoformat(self.rests_until)

    def opened(self, now: datetime, reason: str, seconds: float) -> State:
        """The state after the circuit opened.

        Args:
            now: the instant.
            reason: for a person.
            seconds: how long the portal asked to be left alone, 0 when it did not say.
        """
        rest = min(max(FIRST_REST * 2**self.nights_open, timedelta(seconds=seconds)), LONGEST_REST)
        until = (now + rest).isoformat(timespec="seconds")
        return replace(self, rests_until=until, rest_reason=reason, nights_open=self.nights_open + 1)

    def closed(self) -> State:
        """The state after a crawl that the portal bore."""
        return replace(self, rests_until="", rest_reason="", nights_open=0)


class Memory:
    """The files of one portal under `raw/crawl/`."""

    def __init__(self, raw: Path, portal: str) -> None:
        self._folder = raw / "crawl"
        self._portal = portal

    @property
    def summary_path(self) -> Path:
        """Where the summary of the last crawl lies."""
        return self._folder / f"{self._portal}.summary.json"

    def read(self) -> State:
        """The portal's state; an empty one before its first crawl."""
        try:
            content = json.loads((self._folder / f"{self._portal}.state.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return State()
        return State(**{**content, "failures": tuple(Target(**target) for target in content["failures"])})

    def write(self, state: State) -> None:
        """Replace the portal's state."""
        text = json.dumps(asdict(state), ensure_ascii=False, indent=2)
        self._replace(self._folder / f"{self._portal}.state.json", text)

    def read_summary(self) -> Summary | None:
        """The last crawl's summary, None before the first."""
        try:
            return Summary.from_json(self.summary_path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None

    def write_summary(self, summary: Summary) -> None:
        """Replace the summary."""
        self._replace(self.summary_path, summary.to_json())

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the portal's lock; the system gives it back when the process ends, however.

        Raises:
            CrawlUnderWayError: a living process holds it.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / f"{self._portal}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise CrawlUnderWayError(f"portal {self._portal} is being crawled by another process") from error
            yield

    def _replace(self, path: Path, text: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".tmp")
        with temporary.open("w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)


def now() -> datetime:
    """This instant in UTC."""
    return datetime.now(UTC)
