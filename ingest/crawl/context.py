"""What all parts of one crawl share: the portal, the archive, the tally.

Belongs here: the shared object, and how a Scrapy component finds it. Not here: what the parts do with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from scrapy.settings import BaseSettings

from ingest.archive import Archive
from ingest.crawl.items import Target
from ingest.sources.model import Source

SETTING = "WEIJIAN_CRAWL"

# Called now and then with the documents so far and the address of the last answer.
Progress = Callable[[int, str], None]


@dataclass(slots=True)
class Tally:
    """What came of the items, counted while a crawl runs."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    failures: list[Target] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Context:
    """One crawl. It travels in Scrapy's settings, which are copied; the context never is."""

    source: Source
    archive: Archive
    tally: Tally
    seconds: float  # that the crawl may take
    ends_with_window: bool  # whether those seconds end with the portal's nightly window
    retries: tuple[Target, ...] | None = None  # what to ask in place of the start addresses
    resumes_from: datetime | None = None  # since when the answers of a crawl that was killed still hold
    progress: Progress | None = None

    def __deepcopy__(self, memo: dict[int, object]) -> Context:
        return self


def context_of(settings: BaseSettings) -> Context:
    """The crawl that a Scrapy component belongs to."""
    context: Context = settings[SETTING]
    return context
