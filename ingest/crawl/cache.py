"""The archive as Scrapy's HTTP cache: an address that is archived is asked with its ETag and Last-Modified.

Belongs here: what the cache middleware finds in the archive, and when it must ask the portal. Not here: storing
(`pipeline`; nothing is stored twice).
"""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.extensions.httpcache import RFC2616Policy
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings

from ingest.crawl.context import context_of

VALIDATORS = ("ETag", "Last-Modified")
CONDITIONS = ("If-None-Match", "If-Modified-Since")
RESUMED = "resumed"  # flag of a response that the interrupted crawl had fetched: it is not asked for again


class ArchiveStorage:
    """Finds the last answer of an address in the archive."""

    def __init__(self, settings: BaseSettings) -> None:
        context = context_of(settings)
        self._archive = context.archive
        self._resumes_from = context.resumes_from
        self._source_id = context.source.id

    def open_spider(self, spider: Spider) -> None:
        """Nothing to open: the archive is open."""

    def close_spider(self, spider: Spider) -> None:
        """Nothing to close."""

    def retrieve_response(self, spider: Spider, request: Request) -> Response | None:
        """The archived answer with its validators, None when there is none or the address was gone."""
        fetch = self._archive.last_fetch(self._source_id, request.url)
        if fetch is None or not fetch.raw_sha256:
            return None
        is_resumed = self._resumes_from is not None and fetch.logged_at >= self._resumes_from
        if not is_resumed and not any(name in fetch.headers for name in VALIDATORS):
            return None
        try:
            body = self._archive.read(fetch.raw_sha256)
        except FileNotFoundError:
            return None
        # An HTML response, so that the meta-refresh middleware treats it as it treated the first answer.
        flags = [RESUMED] if is_resumed else []
        return HtmlResponse(request.url, fetch.status, dict(fetch.headers), body, flags, request, encoding="utf-8")

    def store_response(self, spider: Spider, request: Request, response: Response) -> None:
        """Nothing: the pipeline stores what the spider took."""


class RevalidationPolicy(RFC2616Policy):
    """Always asks the portal whether an answer still holds, except for what an interrupted crawl fetched already."""

    def should_cache_response(self, response: Response, request: Request) -> bool:
        """Never: see `ArchiveStorage.store_response`."""
        return False

    def is_cached_response_fresh(self, cachedresponse: Response, request: Request) -> bool:
        """Whether no request is needed; otherwise the request gets its conditions."""
        if RESUMED in cachedresponse.flags:
            return True
        self._set_conditional_validators(request, cachedresponse)
        return False

    def is_cached_response_valid(self, cachedresponse: Response, response: Response, request: Request) -> bool:
        """Whether the portal confirmed the archived answer; an error of the portal confirms nothing."""
        return response.status == 304


class ArchiveCache(HttpCacheMiddleware):
    """Scrapy's cache middleware, with conditions that never outlive a redirect, and no stale answer for a failure."""

    def process_request(self, request: Request, spider: Spider | None = None) -> Request | Response | None:
        """Look the address up; conditions that a redirect carried over from another address are taken off first."""
        for name in CONDITIONS:
            request.headers.pop(name, None)
        request.meta.pop("cached_response", None)
        found: Request | Response | None = super().process_request(request)
        if found is None and any(name in request.headers for name in CONDITIONS):
            self.stats.inc_value("weijian/conditional")
        return found

    def process_exception(self, request: Request, exception: Exception, spider: Spider | None = None) -> None:
        """Leave a failure a failure."""
        request.meta.pop("cached_response", None)
