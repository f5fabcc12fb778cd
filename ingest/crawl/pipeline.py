"""Item pipelines: from what the spider took to the raw archive.

Belongs here: refusing bytes that are not what their address says, storing, rejects, and counting both. Not here:
fetching (`spider`), what the bytes mean (`ingest.parse`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from ingest.archive import Archive, Arrival
from ingest.crawl.batches import Batches
from ingest.crawl.context import Tally, context_of
from ingest.crawl.items import NOT_FOUND_PAGE, Failed, Fetched
from ingest.crawl.names import PROMISES_A_FILE, file_name_of, name_of, promised_name
from ingest.model import Reject
from ingest.sources.model import Source

GONE = (404, 410)
# Headers worth keeping: the validators, and what the portal says the bytes are.
KEPT_HEADERS = ("Content-Type", "ETag", "Last-Modified", "Content-Disposition")


class Inspection:
    """Turns an answer that is not what its address says into a failure."""

    def process_item(self, item: Fetched | Failed) -> Fetched | Failed:
        """Look at the bytes of an answer.

        Args:
            item: as the spider made it.

        Returns:
            The item itself, or the failure that it is.
        """
        if isinstance(item, Failed) or item.is_unchanged:
            return item
        if not item.body.strip():
            return Failed(item.target, "empty_file", "the answer holds no characters", item.status)
        promised = PurePosixPath(promised_name(item).lower()).suffix
        if promised in PROMISES_A_FILE and item.media_type == "text/html":
            detail = f"the name promises {promised}, the answer is a page in HTML"
            return Failed(item.target, "not_the_file", detail, item.status)
        return item


class Keeping:
    """Stores answers and writes down failures."""

    def __init__(self, archive: Archive, source: Source, tally: Tally) -> None:
        self._archive = archive
        self._source_id = source.id
        self._tally = tally
        self._not_followed: list[Failed] = []
        self._batches = Batches(self._put_all)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Keeping:
        context = context_of(crawler.settings)
        keeping = cls(context.archive, context.source, context.tally)
        crawler.signals.connect(keeping.callback_failed, signals.spider_error)
        crawler.signals.connect(keeping.item_failed, signals.item_error)
        return keeping

    async def process_item(self, item: Fetched | Failed) -> Fetched | Failed:
        """Keep an item."""
        if isinstance(item, Fetched):
            await self._store(item)
        elif item.was_fetched:
            self._not_followed.append(item)
        else:
            self._reject(item)
        return item

    def close_spider(self) -> None:
        """Write down what was fetched and could not be followed: the log of a fetch supersedes an earlier refusal."""
        for item in self._not_followed:
            self._reject(item)

    def callback_failed(self, failure: Failure, response: Response) -> None:
        """An answer that the spider failed over, in a way that nobody foresaw."""
        request: Any = response.request
        detail = f"{type(failure.value).__name__}: {failure.value}"
        self._not_followed.append(
            Failed(request.cb_kwargs["target"], "not_followed", detail, response.status, was_fetched=True)
        )

    def item_failed(self, item: Fetched | Failed, failure: Failure, spider: Any) -> None:
        """What cannot be kept (a full disk) ends the crawl; the next one takes it up where this one stopped."""
        spider.stop("not_kept", f"{item.target.url}: {type(failure.value).__name__}: {failure.value}")

    async def _store(self, item: Fetched) -> None:
        # Syncing takes longer than fetching from a near portal: it is done beside the crawl.
        is_known = await self._batches.add(item)
        if item.target.role == "list":
            self._tally.counts["list_pages"] += 1
            return
        self._tally.counts["documents"] += 1
        self._tally.counts["unchanged" if is_known else "new"] += 1

    def _put_all(self, items: Sequence[Fetched]) -> list[bool]:
        """Archive answers; whether the archive held each, as the last of its address."""
        known = [self._archive.last_fetch(self._source_id, item.url) for item in items]
        files = self._archive.put_all([self._arrival(item) for item in items])
        for item in items:
            if item.url != item.target.url:
                self._archive.mark_gone(self._source_id, item.target.url, 301)
        return [
            last is not None and last.raw_sha256 == file.raw_sha256 for last, file in zip(known, files, strict=True)
        ]

    def _arrival(self, item: Fetched) -> Arrival:
        return Arrival(
            source_id=self._source_id,
            url=item.url,
            file_name=name_of(item),
            data=item.body,
            media_type=item.media_type,
            status=item.status,
            headers=item.headers,
            role=item.target.role,
            found_on=item.target.found_on,
        )

    def _reject(self, item: Failed) -> None:
        url = item.target.url
        status = 404 if item.reason == NOT_FOUND_PAGE else item.status
        if status in GONE and self._archive.mark_gone(self._source_id, url, status):
            self._tally.counts["gone"] += 1
            return
        self._tally.counts["failed"] += 1
        self._tally.reasons[item.reason] += 1
        self._tally.failures.append(item.target)
        where = f" (linked from {item.target.found_on})" if item.target.found_on else ""
        self._archive.reject(
            Reject(
                source_id=self._source_id,
                url=url,
                file_name=file_name_of(url),
                stage="fetch",
                reason=item.reason,
                detail=item.detail + where,
                occurred_at=datetime.now(UTC),
            )
        )


def headers_of(headers: Mapping[bytes, list[bytes]]) -> dict[str, str]:
    """The headers worth keeping, as text: UTF-8, or GB18030, in which many portals name their files."""
    kept = {}
    for name in KEPT_HEADERS:
        values = headers.get(name.encode())
        if values:
            kept[name] = _text(values[-1] if isinstance(values, list) else values)
    return kept


def _text(value: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return value.decode(encoding)
        except UnicodeDecodeError:
            continue
    return value.decode("utf-8", "replace")
