"""The spider: list pages to reports to their attachments, of whatever family.

Belongs here: which addresses are asked and in what role, and where a crawl stops. Not here: reading a list (`readers`),
asking (Scrapy and the middlewares), keeping (`pipeline`).
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from ingest.crawl.context import context_of
from ingest.crawl.families import selection_of
from ingest.crawl.items import NOT_FOUND_PAGE, Failed, Fetched, Target, reason_of
from ingest.crawl.pipeline import headers_of
from ingest.crawl.readers import Entry, UnreadableListError, read_attachments, read_list
from ingest.crawl.refusals import refusals
from ingest.parse.sniff import sniff

Yield = Iterator[Request | Fetched | Failed]
LIST_PRIORITY = 10  # lists first: what there is, is known before the budget ends


class PortalSpider(Spider):
    """Crawls one portal as its file says."""

    name = "portal"

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(name=self.name)
        context = context_of(crawler.settings)
        self.source = context.source
        self.archive = context.archive
        self.retries = context.retries
        self.select = selection_of(self.source)
        self.outcome = "finished"
        self.detail = ""
        self.asks_for_rest = 0.0  # seconds that the portal wants to be left alone, when the circuit opened
        self._asked: set[str] = set()
        self._lists: Counter[str] = Counter()  # pages, by start address
        self._seen: defaultdict[str, set[str]] = defaultdict(set)  # rows, by start address
        self._is_revalidated = False
        self._closing: asyncio.Task[Any] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> PortalSpider:
        spider = cls(crawler)
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.revalidate, signals.spider_idle)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The start addresses, or what failed the last time."""
        targets = self.retries
        if targets is None:
            targets = tuple(Target(url, "list", start=url) for url in self.source.start)
        for target in targets:
            yield self._request(target)

    @property
    def is_stopping(self) -> bool:
        """Whether the crawl ends before its end."""
        return self._closing is not None

    def stop(self, outcome: str, detail: str, asks_for_rest: float = 0.0) -> None:
        """End the crawl before its end; what is under way is still taken.

        Args:
            outcome: a short stable code.
            detail: for a person.
            asks_for_rest: seconds that the portal wants to be left alone.
        """
        if self.outcome == "finished":
            self.outcome, self.detail, self.asks_for_rest = outcome, detail, asks_for_rest
            closing = self.crawler.engine.close_spider_async(reason=outcome)
            self._closing = asyncio.get_running_loop().create_task(closing)

    def on_list(self, response: Response, target: Target) -> Yield:
        """Follow a list page: to the reports that it names, and to the next page."""
        fetched = _fetched(response, target)
        if missing := _missing(fetched):
            yield missing
            return
        yield fetched
        try:
            page = read_list(response.url, response.body, self.select)
        except UnreadableListError as error:
            yield Failed(target, "unreadable_list", str(error), response.status, was_fetched=True)
            return
        self._lists[target.start] += 1
        if not page.entries and self._lists[target.start] == 1:
            detail = f"no link on the first list page is one of family {self.source.family}"
            yield Failed(target, "empty_list", detail, response.status, was_fetched=True)
        seen = self._seen[target.start]
        fresh = [entry for entry in page.entries if entry.url not in seen and not self._is_old(entry)]
        seen.update(entry.url for entry in fresh)
        # A page that brings nothing new ends the list: some portals repeat their last page for ever.
        if page.next_url and fresh:
            yield from self._turn(page.next_url, target, response.url)
        for entry in fresh:
            if self._is_report(entry) and entry.url not in self._asked:
                yield self._request(Target(entry.url, "document", response.url, entry.title))

    def on_document(self, response: Response, target: Target) -> Yield:
        """Take a report, and ask for its attachments."""
        fetched = _fetched(response, target)
        if missing := _missing(fetched):
            yield missing
            return
        yield fetched
        if fetched.media_type != "text/html":
            return
        for entry in read_attachments(response.url, response.body, self.select):
            if entry.url not in self._asked:
                yield self._request(Target(entry.url, "document", response.url, entry.title))

    def on_failure(self, failure: Failure) -> Yield:
        """Write down what could not be fetched."""
        request: Any = failure.request  # type: ignore[attr-defined]  # Scrapy adds it
        target: Target = request.cb_kwargs["target"]
        error = failure.value
        if isinstance(error, HttpError):
            status = error.response.status
            yield Failed(target, f"http_{status}", f"the portal answered {status}", status)
        else:
            reason, detail = reason_of(error)
            yield Failed(target, reason, detail)

    def revalidate(self) -> None:
        """Once all lists are followed: ask whether archived reports that no list names any more still stand.

        Raises:
            DontCloseSpider: there are such reports.
        """
        if self._is_revalidated or self.retries is not None or self.outcome != "finished":
            return
        self._is_revalidated = True
        others = self.archive.addresses(self.source.id, besides=self._asked)
        unasked = [fetch.url for fetch in others if fetch.raw_sha256]
        for url in unasked:
            self.crawler.engine.crawl(self._request(Target(url, "document")))
        if unasked:
            raise DontCloseSpider

    def _request(self, target: Target) -> Request:
        self._asked.add(target.url)
        is_list = target.role == "list"
        return Request(
            target.url,
            callback=self.on_list if is_list else self.on_document,
            errback=self.on_failure,
            cb_kwargs={"target": target},
            priority=LIST_PRIORITY if is_list else 0,
        )

    def _turn(self, next_url: str, target: Target, found_on: str) -> Yield:
        if self._lists[target.start] < self.source.limits.list_pages:
            if next_url not in self._asked:
                yield self._request(Target(next_url, "list", found_on, start=target.start))
            return
        detail = f"the list goes on after {self.source.limits.list_pages} pages (limits.list_pages)"
        yield Failed(Target(next_url, "list", found_on, start=target.start), "list_budget", detail)

    def _is_old(self, entry: Entry) -> bool:
        since = self.source.since
        return since is not None and entry.published_on is not None and entry.published_on < since

    def _is_report(self, entry: Entry) -> bool:
        return not self.source.titles or any(words in entry.title for words in self.source.titles)


def _missing(fetched: Fetched) -> Failed | None:
    """The failure that an answer is when it says that there is nothing."""
    words = refusals().missing(fetched.body) if fetched.media_type.startswith("text/") else ""
    if not words:
        return None
    detail = f"the portal answered {fetched.status} with a page that says: {words}"
    return Failed(fetched.target, NOT_FOUND_PAGE, detail, fetched.status)


def _fetched(response: Response, target: Target) -> Fetched:
    return Fetched(
        target=target,
        url=response.url,
        status=response.status,
        body=response.body,
        media_type=sniff(response.body),
        headers=headers_of(response.headers),
        is_unchanged="cached" in response.flags,
    )
