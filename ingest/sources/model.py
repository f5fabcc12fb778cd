"""What a portal's file may say: where to start, what to take, how gently to ask, where to stop.

Belongs here: the fields with their defaults and their rules. Not here: reading the file (`loader`), acting on it
(`ingest.crawl`).
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

LEAST_DELAY = 0.5  # seconds between requests to a portal of somebody else
MOST_CONNECTIONS = 2
HOST = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tolerance(_Part):
    """How far a crawl may fall short of the one before, as shares, and why."""

    documents: Annotated[float, Field(gt=0, le=1)]
    why: Annotated[str, Field(min_length=1)]


class Limits(_Part):
    """Where a crawl of one night stops, whatever the portal still offers."""

    pages: Annotated[int, Field(gt=0)] = 2_000  # answers downloaded
    list_pages: Annotated[int, Field(gt=0)] = 50  # from one start address
    bytes: Annotated[int, Field(gt=0)] = 2_000_000_000  # of all bodies
    file_bytes: Annotated[int, Field(gt=0)] = 50_000_000  # of one body, decompressed
    seconds: Annotated[int, Field(gt=0)] = 4 * 3600
    grace: Annotated[float, Field(gt=0)] = 120  # seconds after those, in which what is under way may end
    timeout: Annotated[float, Field(gt=0)] = 60  # seconds for one answer


class Manners(_Part):
    """How gently a portal is asked. All times in seconds.

    `delay` is the least time between two requests to a host; above it, the delay adapts to how fast the host answers.
    With a delay of 0 nothing adapts, which only a portal of one's own (`private`) is asked to bear.
    """

    delay: Annotated[float, Field(ge=0)] = 2.0
    connections: Annotated[int, Field(gt=0)] = 1  # to one host
    window: Annotated[str, Field(pattern=r"^\d{2}:\d{2}-\d{2}:\d{2}$")] = "22:00-06:00"  # Beijing time
    cool_off: Annotated[float, Field(ge=0)] = 60  # after a refusal (403, 412, 521, a challenge); doubles each time
    longest_wait: Annotated[float, Field(ge=0)] = 900  # a longer Retry-After ends the night's crawl
    circuit_after: Annotated[int, Field(gt=0)] = 6  # failures in a row that end it

    def hours(self) -> tuple[time, time]:
        """Begin and end of the nightly window; equal when it is always open."""
        begin, _, end = self.window.partition("-")
        return time.fromisoformat(begin), time.fromisoformat("00:00" if end == "24:00" else end)

    @field_validator("window")
    @classmethod
    def _has_hours(cls, window: str) -> str:
        for hour in window.split("-"):
            if hour != "24:00":
                time.fromisoformat(hour)
        return window


class Selection(_Part):
    """What a family reads out of its list pages; a portal's file overrides it field by field.

    CSS selectors, regular expressions and JMESPath expressions, see docs/portals.md.
    """

    reader: Literal["html", "records", "json"] = "html"
    entry: str = ""  # CSS of one row of a list; "": every link of the page is a row
    link: str = "a[href]"  # CSS of the link in a row
    detail: str = ""  # regular expression that a report's address must match; a group `date` may hold eight digits
    date: str = r"(\d{4})\s*[-/年.]\s*(\d{1,2})\s*[-/月.]\s*(\d{1,2})"  # in the row: year, month, day
    next_words: tuple[str, ...] = ()  # words of the link to the next list page
    next_script: str = ""  # regular expression: pages, current page from 0, name, suffix (name_1.suffix is the second)
    record: str = "record"  # reader records: element that holds one row
    next_group: str = "nextgroup"  # reader records: element that holds the link to the next list page
    items: str = ""  # reader json, JMESPath: the rows; the next three are of one row
    item_url: str = "url"
    item_title: str = "title"
    item_date: str = ""
    pages: str = ""  # reader json, JMESPath: how many list pages there are
    page_parameter: str = "page"  # reader json: the parameter of the address that counts them
    content: str = ""  # CSS of the part of a report's page that holds its attachments; "": the whole page
    attachments: tuple[str, ...] = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".zip", ".txt")


class Source(_Part):
    """A portal (with addresses to start from) or an inbox (without).

    `ref_area` is the six-digit code of the place whose portal it is, "" where reports of several places come in.
    `verified` is true once someone has run `weijian source check` against the live portal. `notes` says what is known
    and what is guessed.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: Annotated[str, Field(min_length=1)]
    ref_area: Annotated[str, Field(pattern=r"^(\d{6})?$")] = ""
    family: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    start: tuple[Annotated[str, Field(pattern=r"^https?://")], ...] = ()
    hosts: tuple[Annotated[str, Field(pattern=HOST)], ...] = ()  # allowed besides those of `start`
    private: bool = False  # whether loopback, link-local and private addresses may be asked: a portal of one's own
    titles: tuple[str, ...] = ()  # words of which a report's title holds one; none: every title
    since: date | None = None  # older reports are left alone
    select: dict[str, str | tuple[str, ...]] = {}  # fields of `Selection` that differ from the family's
    limits: Limits = Limits()
    manners: Manners = Manners()
    tolerance: Tolerance | None = None
    verified: bool = False
    notes: str = ""

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The hosts that a crawl may ask, with the port where it is not the usual one."""
        return frozenset({*self.hosts, *(urlsplit(url).netloc.lower() for url in self.start)})

    @field_validator("select")
    @classmethod
    def _overrides_what_exists(cls, select: dict[str, object]) -> dict[str, object]:
        Selection.model_validate(select)
        return select

    @model_validator(mode="after")
    def _starts_where_it_crawls(self) -> Source:
        if self.family != "inbox" and not self.start:
            raise ValueError("a portal needs `start:` with the address of at least one list page")
        return self

    @model_validator(mode="after")
    def _is_gentle_with_others(self) -> Source:
        manners = self.manners
        if not self.private and (manners.delay < LEAST_DELAY or manners.connections > MOST_CONNECTIONS):
            raise ValueError(
                f"manners: a portal of somebody else is asked by at most {MOST_CONNECTIONS} connections, "
                f"at least {LEAST_DELAY:g} s apart"
            )
        return self
