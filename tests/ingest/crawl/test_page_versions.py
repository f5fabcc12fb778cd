"""The same address on another night: unchanged, changed, moved, gone; and a crawl that was killed."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from dataclasses import replace

import pytest
from crawled_nights import Nights

from ingest.archive import Archive
from ingest.crawl.launch import CrawlFailedError, command_of
from ingest.crawl.state import Memory
from samples.portals.site import Page
from tests.portals import faults
from tests.portals.families import plain, trs_wcm, vsb
from tests.portals.reports import Report
from tests.waiting import eventually


def test_another_night_asks_conditionally_and_tells_changed_moved_and_gone_pages(nights: Nights) -> None:
    night = nights.open(trs_wcm(range(1, 31)))
    site, reports = night.site, night.portal.reports
    first = night.crawl()
    log = (night.raw / "fetch_log.jsonl").read_bytes()
    sent = sum(asked.sent for asked in site.asked)
    assert (first.conditional, first.bytes) == (0, sent)

    second = night.crawl()
    assert (second.requests, second.conditional) == (first.requests, first.requests - 1)  # all but robots.txt
    assert second.not_modified == second.conditional
    assert {asked.status for asked in site.asked if asked.path != "/robots.txt"} == {304}
    assert (second.new, second.unchanged, second.documents) == (0, first.documents, first.documents)
    assert (night.raw / "fetch_log.jsonl").read_bytes() == log

    changed, moved, gone, unlisted = reports[0], reports[1], reports[2], reports[-1]
    site.pages[changed] = Page(site.pages[changed].body.replace("床位".encode(), "编制床位".encode()))
    site.pages["/trs/new/t20250101_9.html"] = site.pages[moved]
    site.faults[moved] = faults.redirect("/trs/new/t20250101_9.html", 301)
    site.faults[gone] = faults.gone
    lists = [path for path in site.pages if "/index" in path]
    for path in lists:  # no list names this one any more, and it is gone too
        body = site.pages[path].body.replace(unlisted.rpartition("/")[2].encode(), b"t20000101_1.html")
        site.pages[path] = replace(site.pages[path], body=body)
    del site.pages[unlisted]
    site.pages[unlisted.rpartition("/")[0] + "/t20000101_1.html"] = site.pages[reports[3]]
    third = night.crawl()
    archive = Archive(night.raw)
    versions = [file.url.removeprefix(night.root) for file in archive.files()]
    assert versions.count(changed) == 2
    assert third.gone == 2
    last = {fetch.url.removeprefix(night.root): fetch for fetch in archive.addresses(night.file.stem)}
    assert [(last[path].status, last[path].raw_sha256) for path in (gone, unlisted)] == [(410, ""), (404, "")]
    assert last[moved].status == 301
    assert last["/trs/new/t20250101_9.html"].raw_sha256
    assert {gone, unlisted, moved} <= set(versions), "what was archived stays"
    assert night.reasons() == {}


def test_a_portal_without_validators_is_fetched_again_and_nothing_is_new(nights: Nights) -> None:
    night = nights.open(plain(range(1, 16)))
    first = night.crawl()
    log = (night.raw / "fetch_log.jsonl").read_bytes()
    second = night.crawl()
    assert (second.new, second.unchanged) == (0, first.documents)
    assert (night.raw / "fetch_log.jsonl").read_bytes() == log


def test_a_killed_crawl_is_completed_without_fetching_again_what_the_archive_holds(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 121)))
    night.site.pages = {path: replace(page, has_validators=False) for path, page in night.site.pages.items()}
    night.site.most = 60
    process = subprocess.Popen(command_of(night.file, night.raw), stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def archived() -> set[str]:
        return {fetch.url.removeprefix(night.root) for fetch in Archive(night.raw).addresses(night.file.stem)}

    eventually(lambda: len(archived()) > 20 or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = archived()
    assert 20 < len(kept) < len(night.portal.documents)

    night.site.most = None
    summary = night.crawl()
    asked = {asked.path for asked in night.site.asked}
    assert summary.resumed
    assert asked & kept == set()
    assert night.paths() == night.portal.documents
    assert (summary.outcome, summary.documents) == ("finished", len(night.portal.documents))
    assert not night.crawl().resumed


def test_a_crawl_that_hangs_is_ended_and_told_and_the_next_one_completes_it(nights: Nights) -> None:
    """An expression of the portal's file that never comes to an end holds the loop, and with it every clock in it."""
    night = nights.open(vsb(range(1, 31)))
    endless = b"<li><a href='/info/" + b"1" * 64 + b"/x'>1</a></li></ul>"
    hanging = night.portal.pages[night.portal.start].body.replace(b"</ul>", endless)
    start = f"{night.portal.start}?hanging"
    night.site.pages[start] = Page(hanging)
    starts = [night.portal.start, start]
    limits = {"seconds": 2, "grace": 4, "timeout": 2}
    night.write_file(start=starts, limits=limits, select={"detail": r"/info/1027/\d+\.htm|/info/(1+)+$"})
    began = time.monotonic()
    with pytest.raises(CrawlFailedError, match=r"the crawl hung and was ended .* in File .*, line \d+ in "):
        night.crawl()
    assert 6 <= time.monotonic() - began < 40
    assert Memory(night.raw, night.file.stem).read_summary() is None

    night.write_file(start=starts)
    summary = night.crawl()
    assert (summary.outcome, summary.resumed) == ("finished", True)
    assert night.paths() == night.portal.documents


def test_a_crawl_that_yields_half_of_what_it_had_fails_with_the_reason(nights: Nights) -> None:
    tolerance = {"documents": 0.4, "why": "a list may lose a year"}
    night = nights.open(vsb(range(1, 46)), tolerance=tolerance)
    assert night.crawl().passed
    kept = set(night.portal.documents) - {path for path in night.portal.documents if "/1027/" in path}
    assert kept == set()
    for number in range(10, 46):
        night.site.faults[f"/vsb/info/1027/{number}.htm"] = faults.error_500
    night.write_file(
        tolerance=tolerance,
        manners={"delay": 0, "connections": 8, "window": "00:00-24:00", "cool_off": 0, "circuit_after": 500},
    )
    summary = night.crawl()
    assert not summary.passed
    assert summary.verdict.startswith(f"{summary.documents} documents; the crawl before had 60")
    assert "a list may lose a year" in summary.verdict
    written = json.loads((night.raw / "crawl" / f"{night.file.stem}.summary.json").read_text())
    assert (written["passed"], written["reasons"]) == (False, {"http_500": 36})


def test_older_reports_and_other_titles_are_left_alone(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 46)), since="2021-01-01")
    night.crawl()
    recent = [Report(number) for number in range(1, 46) if Report(number).published >= (2021, 1, 1)]
    asked = [asked.path for asked in night.site.asked]
    assert sorted(path for path in asked if "/info/" in path and path.endswith(".htm")) == sorted(
        f"/vsb/info/1027/{report.number}.htm" for report in recent
    )
    assert not [path for path in asked if "?other" in path]
