"""One crawl of one portal in this process: settings, budgets, the engine, the summary.

Belongs here: putting Scrapy together and what stands before and after its run. Not here: what is asked (`spider`),
being started as a process of its own (`__main__`, `launch`): Scrapy's engine runs once in a process.
"""

from __future__ import annotations

import faulthandler
import resource
import sys
from dataclasses import replace
from datetime import datetime, time, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scrapy import Request, signals
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Response

from ingest.archive import Archive
from ingest.crawl.context import SETTING, Context, Progress, Tally, context_of
from ingest.crawl.items import Target
from ingest.crawl.spider import PortalSpider
from ingest.crawl.state import Memory, State, now
from ingest.crawl.summary import Summary, judge
from ingest.model import Reject
from ingest.sources.model import Manners, Source

BEIJING = ZoneInfo("Asia/Shanghai")
ITEMS = 2  # tasks for one answer (Scrapy makes a hundred): one keeps its bytes, the other sends on what it links to
WAITING_BYTES = 500_000  # of answers that wait for the disk; with more (or one that is larger), no request goes out
RETRIES = 2
REDIRECTS = 5
SLOWEST_DELAY = 60.0
PROGRESS_EVERY = 25  # answers
TAKEN_UP_AGAIN = frozenset({"interrupted", "not_kept"})  # outcomes after which the next crawl resumes


class ContactError(ValueError):
    """A portal of somebody else must be told who asks."""


def settings_of(source: Source, contact: str) -> dict[str, Any]:
    """Scrapy's settings for a portal's file.

    Args:
        source: the portal.
        contact: an address that the portal's people can write to.

    Returns:
        Settings by name, as Scrapy documents them.
    """
    manners, limits = source.manners, source.limits
    package = "ingest.crawl"
    return {
        "USER_AGENT": f"Weijian/{version('weijian')} ({contact})" if contact else f"Weijian/{version('weijian')}",
        "ROBOTSTXT_OBEY": True,
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/json,*/*;q=0.8", "Accept-Language": "zh-CN,zh"},
        "CONCURRENT_REQUESTS": manners.connections * len(source.allowed_hosts),
        "CONCURRENT_ITEMS": ITEMS,
        "SCRAPER_SLOT_MAX_ACTIVE_SIZE": WAITING_BYTES,
        "CONCURRENT_REQUESTS_PER_DOMAIN": manners.connections,
        "DOWNLOAD_DELAY": manners.delay,
        "DOWNLOAD_DELAY_JITTER": 0,  # half of a delay would be less than the least
        "AUTOTHROTTLE_ENABLED": manners.delay > 0,
        "AUTOTHROTTLE_START_DELAY": manners.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(SLOWEST_DELAY, manners.delay),
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(manners.connections),
        "DOWNLOAD_TIMEOUT": limits.timeout,
        "DOWNLOAD_MAXSIZE": limits.file_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": False,  # many county portals' certificates have lapsed; nothing secret is sent
        "RETRY_TIMES": RETRIES,
        "REDIRECT_MAX_TIMES": REDIRECTS,
        "HTTPCACHE_ENABLED": True,
        "HTTPCACHE_POLICY": f"{package}.cache.RevalidationPolicy",
        "HTTPCACHE_STORAGE": f"{package}.cache.ArchiveStorage",
        "TWISTED_DNS_RESOLVER": f"{package}.addresses.PublicResolver",
        "DOWNLOADER_MIDDLEWARES": {
            # Ours is stricter: Scrapy's lets subdomains pass, and whatever is retried.
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            f"{package}.addresses.AddressGuard": 50,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            f"{package}.manners.StrictRobots": 100,
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
            f"{package}.redirects.MetaRefreshes": 580,
            f"{package}.manners.Manners": 585,
            "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
            f"{package}.redirects.Redirects": 600,
            "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
            f"{package}.cache.ArchiveCache": 900,
        },
        "ITEM_PIPELINES": {f"{package}.pipeline.Inspection": 100, f"{package}.pipeline.Keeping": 200},
        "EXTENSIONS": {f"{package}.crawl.Budget": 100},
    }


class Budget:
    """Counts answers and bytes as they come, ends the crawl where the portal's file says so, and tells of progress."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._context = context_of(crawler.settings)
        self._limits = self._context.source.limits
        self._answers = 0
        self._bytes = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Budget:
        budget = cls(crawler)
        crawler.signals.connect(budget.opened, signals.spider_opened)
        crawler.signals.connect(budget.answered, signals.response_downloaded)
        return budget

    def opened(self, spider: PortalSpider) -> None:
        """Set the clock."""
        from twisted.internet import reactor  # Scrapy installs the reactor after this module is imported

        clock: Any = reactor
        seconds = self._context.seconds
        outcome = "window_closed" if self._context.ends_with_window else "time_budget"
        end = clock.callLater(seconds, spider.stop, outcome, f"the crawl ended after {seconds:.0f} s")
        self._crawler.signals.connect(lambda: end.cancel() if end.active() else None, signals.spider_closed, weak=False)

    def answered(self, response: Response, request: Request, spider: PortalSpider) -> None:
        """Count one answer."""
        self._answers += 1
        self._bytes += len(response.body)
        self._crawler.stats.set_value("weijian/body_bytes", self._bytes)
        if self._answers >= self._limits.pages:
            spider.stop("page_budget", f"the crawl ended after {self._answers} answers (limits.pages)")
        elif self._bytes >= self._limits.bytes:
            spider.stop("byte_budget", f"the crawl ended after {self._bytes} bytes (limits.bytes)")
        if self._context.progress is not None and self._answers % PROGRESS_EVERY == 0:
            self._context.progress(self._context.tally.counts["documents"], response.url)


def crawl(
    source: Source,
    raw: Path,
    *,
    contact: str = "",
    retry_failed: bool = False,
    at_any_hour: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Crawl one portal into the raw archive. Call it once in a process.

    Args:
        source: the portal.
        raw: the archive's folder.
        contact: who asks, for the user agent; may be empty for a portal of one's own only.
        retry_failed: ask only for what failed the last time.
        at_any_hour: also outside the portal's nightly window.
        progress: told now and then.

    Returns:
        What was done; it is written beside the archive as well.

    Raises:
        ContactError: nobody is named.
        FamilyError: the portal's file names no known family.
        CrawlUnderWayError: another process crawls this portal.
    """
    if not contact and not source.private:
        raise ContactError(f"Who asks {source.id}? Set WEIJIAN_CONTACT to an address that its people can write to.")
    memory = Memory(raw, source.id)
    with memory.alone():
        began, state = now(), memory.read()
        seconds_left = seconds_until_closing(source.manners, began)
        if not at_any_hour and seconds_left <= 0:
            summary = _rested(source, began, "outside_window", f"open {source.manners.window} Beijing time")
        elif state.is_resting(began) and not retry_failed:
            summary = _rested(source, began, "circuit_rest", f"until {state.rests_until}: {state.rest_reason}")
        else:
            summary, state = _run(
                source,
                raw,
                state,
                began,
                contact=contact,
                retry_failed=retry_failed,
                seconds_left=float("inf") if at_any_hour else seconds_left,
                progress=progress,
                memory=memory,
            )
            memory.write(state)
        memory.write_summary(summary)
    return summary


def _run(
    source: Source,
    raw: Path,
    state: State,
    began: datetime,
    *,
    contact: str,
    retry_failed: bool,
    seconds_left: float,
    progress: Progress | None,
    memory: Memory,
) -> tuple[Summary, State]:
    resumes_from = state.resumes_from(began)
    if not retry_failed:
        state = replace(state, began=resumes_from.isoformat() if resumes_from else began.isoformat())
        memory.write(state)
    tally = Tally()
    context = Context(
        source=source,
        archive=Archive(raw),
        tally=tally,
        seconds=min(source.limits.seconds, seconds_left),
        ends_with_window=seconds_left <= source.limits.seconds,
        retries=state.failures if retry_failed else None,
        resumes_from=resumes_from,
        progress=progress,
    )
    process = CrawlerProcess({**settings_of(source, contact), SETTING: context})
    crawler = process.create_crawler(PortalSpider)
    process.crawl(crawler)
    # The clock that ends a crawl turns with Scrapy's loop; this one ends the process where the loop itself hangs.
    faulthandler.dump_traceback_later(context.seconds + source.limits.grace, exit=True)
    process.start(install_signal_handlers=True)
    faulthandler.cancel_dump_traceback_later()
    spider = crawler.spider
    if not isinstance(spider, PortalSpider):
        raise RuntimeError(f"the crawl of {source.id} did not start; see its log")
    if crawler.stats.get_value("finish_reason") == "shutdown":
        spider.outcome, spider.detail = "interrupted", "the process was asked to end"
    ended = now()
    if spider.is_stopping:
        _tell_early_end(context, spider.outcome, spider.detail)
    summary = _summary(source, crawler, spider, tally, began, ended, retry_failed, resumes_from is not None)
    verdict = judge(summary.outcome, summary.documents, state.documents, source.tolerance)
    if not retry_failed:
        summary = replace(summary, passed=verdict.passed, verdict=verdict.reason)
    return summary, _after(state, spider, summary, tally, ended, retry_failed)


def _tell_early_end(context: Context, outcome: str, detail: str) -> None:
    """Leave a row for what the crawl did not come to; the portal's next crawl supersedes it."""
    source = context.source
    name = f"portal {source.id}"
    context.archive.reject(Reject(source.id, source.start[0], name, "fetch", outcome, detail, now()))


def _after(
    state: State, spider: PortalSpider, summary: Summary, tally: Tally, ended: datetime, retry_failed: bool
) -> State:
    """What to remember of a crawl that ended."""
    failures: tuple[Target, ...] = tuple(tally.failures)
    if spider.outcome == "circuit_open":
        state = state.opened(ended, spider.detail, spider.asks_for_rest)
    elif summary.documents:
        state = state.closed()
    if retry_failed:
        return replace(state, failures=failures)
    documents = summary.documents if spider.outcome == "finished" and summary.passed else state.documents
    began = state.began if spider.outcome in TAKEN_UP_AGAIN else ""
    return replace(state, began=began, failures=failures, documents=documents)


def _summary(
    source: Source,
    crawler: Crawler,
    spider: PortalSpider,
    tally: Tally,
    began: datetime,
    ended: datetime,
    retry_failed: bool,
    resumed: bool,
) -> Summary:
    stats = crawler.stats.get_stats()
    prefix = "downloader/response_status_count/"
    statuses = {name.removeprefix(prefix): count for name, count in stats.items() if name.startswith(prefix)}
    seconds = (ended - began).total_seconds()
    return Summary(
        portal=source.id,
        began=began.isoformat(timespec="seconds"),
        ended=ended.isoformat(timespec="seconds"),
        outcome=spider.outcome,
        detail=spider.detail,
        retried_failures=retry_failed,
        resumed=resumed,
        requests=stats.get("downloader/request_count", 0) - stats.get("httpcache/hit", 0),
        conditional=stats.get("weijian/conditional", 0),
        not_modified=stats.get("httpcache/revalidate", 0),
        bytes=stats.get("weijian/body_bytes", 0),
        retries=stats.get("retry/count", 0),
        cool_offs=stats.get("weijian/cool_offs", 0),
        list_pages=tally.counts["list_pages"],
        documents=tally.counts["documents"],
        new=tally.counts["new"],
        unchanged=tally.counts["unchanged"],
        gone=tally.counts["gone"],
        failed=tally.counts["failed"],
        reasons=dict(sorted(tally.reasons.items())),
        statuses=dict(sorted(statuses.items())),
        seconds=round(seconds, 2),
        pages_per_second=round((tally.counts["documents"] + tally.counts["list_pages"]) / max(seconds, 0.001), 1),
        memory_mb=round(peak_memory(), 1),
    )


def _rested(source: Source, began: datetime, outcome: str, detail: str) -> Summary:
    instant = began.isoformat(timespec="seconds")
    return Summary(portal=source.id, began=instant, ended=instant, outcome=outcome, detail=detail, verdict=detail)


def seconds_until_closing(manners: Manners, instant: datetime) -> float:
    """The seconds until the nightly window closes, 0 or less outside it, infinite when it is always open."""
    begin, end = manners.hours()
    if begin == end:
        return float("inf")
    local = instant.astimezone(BEIJING)
    clock = local.time().replace(tzinfo=None)
    is_open = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not is_open:
        return 0.0
    closing = datetime.combine(local.date(), end, BEIJING)
    if (begin > end and clock >= begin) or end == time.min:
        closing += timedelta(days=1)
    return (closing - local).total_seconds()


def peak_memory() -> float:
    """The megabytes that this process had in memory at most.

    `ru_maxrss` also counts what the process that started this one had.
    """
    status = Path("/proc/self/status")
    if status.exists():
        words = status.read_text(encoding="ascii", errors="replace").split()
        return int(words[words.index("VmHWM:") + 1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 if sys.platform != "darwin" else peak / 1024**2
