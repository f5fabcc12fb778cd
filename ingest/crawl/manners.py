"""Manners: leaving a host alone when it says so, and stopping for the night when it keeps saying so.

Belongs here: what follows from refusals and challenge pages, cool-off, Retry-After, Crawl-delay, robots that cannot be
read, the circuit.
Not here: delays that adapt (Scrapy's AutoThrottle), retries (Scrapy's RetryMiddleware), which hosts may be asked
(`addresses`), what is remembered till another night (`state`).
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.robotstxt import RobotParser
from scrapy.utils.asyncio import sleep
from scrapy.utils.httpobj import urlparse_cached

from ingest.crawl.context import context_of
from ingest.crawl.items import RefusedError
from ingest.crawl.refusals import refusals

logger = logging.getLogger(__name__)

REFUSAL_RETRIES = 2
LOOKS_UP_EVERY = 0.2  # seconds in which a request that waits sees that the crawl ended
BUSY = (429, 503)  # may come with Retry-After
TROUBLE = 500  # and above: an error of the portal
FORBID_ALL = b"User-agent: *\nDisallow: /\n"


class Manners:
    """Waits while a host wants to be left alone; opens the circuit after failures in a row."""

    def __init__(self, crawler: Crawler) -> None:
        source = context_of(crawler.settings).source
        self._crawler = crawler
        self._manners = source.manners
        self._refusals = refusals()
        self._not_before: defaultdict[str, float] = defaultdict(float)
        self._cool_offs: defaultdict[str, int] = defaultdict(int)
        self._failures: defaultdict[str, int] = defaultdict(int)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Manners:
        middleware = cls(crawler)
        crawler.signals.connect(middleware.robots_parsed, signals.robots_parsed)
        return middleware

    async def process_request(self, request: Request) -> None:
        """Wait until the host may be asked again.

        Raises:
            RefusedError: the crawl ended meanwhile.
        """
        host = urlparse_cached(request).netloc
        while (wait := self._not_before[host] - time.monotonic()) > 0:
            if self._spider.is_stopping:
                raise RefusedError("crawl_ended", "the crawl ended while this address waited for its turn")
            await sleep(min(wait, LOOKS_UP_EVERY))

    def process_response(self, request: Request, response: Response) -> Response | Request:
        """Take a refusal for what it is.

        Raises:
            RefusedError: the host refused this address each time it was asked.
        """
        if "cached" in response.flags:
            return response
        host = urlparse_cached(request).netloc
        is_challenge = self._refusals.is_challenge(response.body)
        if is_challenge or response.status in self._refusals.statuses:
            self._count_failure(host, f"answered {response.status}{' with a challenge page' * is_challenge}")
            return self._after_refusal(request, response, host, is_challenge)
        if response.status in BUSY and (wait := _retry_after(response)) is not None:
            self._leave_alone(host, wait, "Retry-After")
        if response.status >= TROUBLE or response.status in BUSY:
            self._count_failure(host, f"answered {response.status}")
        else:
            self._failures[host] = 0
            self._cool_offs[host] = 0
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count a failure of the network; what was not asked at all is none."""
        if not isinstance(exception, IgnoreRequest):
            self._count_failure(urlparse_cached(request).netloc, type(exception).__name__)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Take the Crawl-delay of a robots.txt for the least delay."""
        rules: Any = getattr(robotparser, "rp", None)
        delay = rules.crawl_delay(self._crawler.settings["USER_AGENT"]) if rules is not None else None
        throttle = self._crawler.get_extension(AutoThrottle)
        if delay and throttle is not None:
            throttle.mindelay = max(throttle.mindelay, float(delay))
            throttle.maxdelay = max(throttle.maxdelay, throttle.mindelay)
            # The throttle looks at it with the next answer; the host's next request goes out before that.
            slots = self._crawler.engine.downloader.slots
            slot = slots.get(urlparse_cached(request).hostname or "")
            if slot is not None:
                slot.delay = max(slot.delay, throttle.mindelay)

    def _after_refusal(self, request: Request, response: Response, host: str, is_challenge: bool) -> Request:
        reason = "challenge_page" if is_challenge else f"http_{response.status}"
        if self._not_before[host] <= time.monotonic():  # the others that were under way say nothing new
            self._leave_alone(host, self._manners.cool_off * 2 ** self._cool_offs[host], reason)
            self._cool_offs[host] += 1
        again = get_retry_request(request, spider=self._spider, reason=reason, max_retry_times=REFUSAL_RETRIES)
        if again is None:
            words = "a challenge page" if is_challenge else "a refusal"
            raise RefusedError(reason, f"{words} with status {response.status}, each of {REFUSAL_RETRIES + 1} times")
        return again

    def _leave_alone(self, host: str, seconds: float, why: str) -> None:
        if seconds > self._manners.longest_wait:
            self._open_circuit(host, f"{why}: {seconds:.0f} s are longer than this night's patience", seconds)
            return
        logger.info("%s is left alone for %.1f s (%s)", host, seconds, why)
        self._crawler.stats.inc_value("weijian/cool_offs")
        self._not_before[host] = max(self._not_before[host], time.monotonic() + seconds)

    def _count_failure(self, host: str, why: str) -> None:
        self._failures[host] += 1
        if self._failures[host] >= self._manners.circuit_after:
            self._open_circuit(host, f"{self._failures[host]} failures in a row, the last: {host} {why}", 0)

    def _open_circuit(self, host: str, why: str, seconds: float) -> None:
        self._spider.stop("circuit_open", why, seconds)

    @property
    def _spider(self) -> Any:
        return self._crawler.spider


class StrictRobots(RobotsTxtMiddleware):
    """Scrapy's robots middleware; a robots.txt that the portal fails to give forbids everything.

    Source: RFC 9309, 2.3.1.4 ("Unreachable" status: assume complete disallow).
    """

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= TROUBLE:
            response = response.replace(body=FORBID_ALL)
        elif response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)


def _retry_after(response: Response) -> float | None:
    """The seconds that a Retry-After header asks for, None when there is none that can be read."""
    stated = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if stated.isdigit():
        return float(stated)
    try:
        until = parsedate_to_datetime(stated)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
