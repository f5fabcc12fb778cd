"""How gently a portal is asked: who asks, how often, when, and what a portal that says no is spared."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from crawled_nights import Night, Nights

from ingest.crawl.addresses import is_public
from ingest.crawl.crawl import seconds_until_closing
from ingest.crawl.refusals import refusals
from ingest.crawl.state import Memory, State
from ingest.sources.model import Manners
from samples.portals.site import Page
from tests.portals import faults
from tests.portals.families import vsb
from tests.portals.reports import Report

SHANGHAI = ZoneInfo("Asia/Shanghai")
ALWAYS = "00:00-24:00"
SHORT_OF = 0.02  # seconds by which a timer may ring early, seen from another process


def gaps(night: Night) -> list[float]:
    """The seconds between two requests and the next, robots.txt left out."""
    times = sorted(asked.at for asked in night.site.asked if asked.path != "/robots.txt")
    return [after - before for before, after in pairwise(times)]


def test_the_user_agent_says_who_asks_and_where_to_write(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 3)))
    night.crawl(contact="health@bureau.example")
    [agent] = {asked.agent for asked in night.site.asked}
    assert agent.startswith("Weijian/")
    assert agent.endswith("(health@bureau.example)")


def test_two_requests_are_never_closer_than_the_delay(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 8)), manners={"delay": 0.4, "connections": 1, "window": ALWAYS})
    night.crawl()
    assert len(gaps(night)) >= 7
    assert min(gaps(night)) >= 0.4 - SHORT_OF


def test_a_portal_that_answers_slowly_is_asked_less_often(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 3)), manners={"delay": 0.1, "connections": 1, "window": ALWAYS})
    night.site.faults[night.portal.start] = faults.late(1.5)
    night.crawl()
    first, second, *_ = gaps(night)
    assert first >= 1.5 - SHORT_OF
    assert second >= 0.75 - SHORT_OF  # the answer before it came at once


def test_a_crawl_delay_holds_from_the_first_request_on(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 3)), manners={"delay": 0.1, "connections": 1, "window": ALWAYS})
    night.site.pages["/robots.txt"] = Page(b"User-agent: *\nCrawl-delay: 1\n", "text/plain")
    night.crawl()
    times = sorted(asked.at for asked in night.site.asked)
    assert min(after - before for before, after in pairwise(times)) >= 1 - SHORT_OF


def test_a_robots_txt_that_the_portal_fails_to_give_forbids_everything(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 4)))
    night.site.faults["/robots.txt"] = faults.error_500
    summary = night.crawl()
    assert {asked.path for asked in night.site.asked} == {"/robots.txt"}
    assert night.reasons() == {night.portal.start: "robots_forbid"}
    assert not summary.passed


def test_a_host_that_refuses_is_left_alone_for_a_while_and_longer_each_time(nights: Nights) -> None:
    manners = {"delay": 0, "connections": 4, "window": ALWAYS, "cool_off": 0.4}
    night = nights.open(vsb(range(1, 4)), manners=manners)
    night.site.faults[night.portal.start] = faults.challenge_412
    summary = night.crawl()
    first, second = gaps(night)
    assert first >= 0.4 - SHORT_OF
    assert second >= 0.8 - SHORT_OF
    assert (summary.cool_offs, night.reasons()) == (3, {night.portal.start: "challenge_page"})


def test_a_page_that_holds_a_firewalls_words_and_a_report_is_a_report() -> None:
    report = Report(1).page("vsb_content", []).decode()
    script = "<script>$_ts=window['$_ts']||{};var a='安全验证';</script>"
    prose = "<p>" + "全县食品安全验证工作稳步推进，没有发生事故。" * 12 + "</p>"
    assert refusals().is_challenge(f"<html><head>{script}</head><body></body></html>".encode())
    assert refusals().is_challenge("<html><body>您的访问过于频繁，请稍后再试。</body></html>".encode("gb18030"))
    assert not refusals().is_challenge(report.replace("<body>", f"<body>{script}{prose}").encode())
    assert not refusals().is_challenge(report.encode())


@pytest.mark.parametrize("stated", ["7200", "date"])
def test_a_portal_that_wants_a_long_rest_has_it(nights: Nights, stated: str) -> None:
    night = nights.open(vsb(range(1, 4)))
    until = datetime.now(UTC) + timedelta(days=3)
    retry_after = format_datetime(until, usegmt=True) if stated == "date" else stated
    night.site.faults[night.portal.start] = faults.busy_for(retry_after)
    summary = night.crawl()
    rest = datetime.fromisoformat(Memory(night.raw, night.file.stem).read().rests_until) - datetime.now(UTC)
    assert (summary.outcome, len(night.site.asked)) == ("circuit_open", 2)
    assert "Retry-After" in summary.detail
    assert rest > timedelta(days=2.9) if stated == "date" else rest > timedelta(hours=15)


def test_a_later_night_closes_the_circuit_and_a_failing_one_doubles_the_rest(nights: Nights) -> None:
    manners = {"delay": 0, "connections": 2, "window": ALWAYS, "cool_off": 0.01, "circuit_after": 4}
    night = nights.open(vsb(range(1, 31)), manners=manners)
    memory = Memory(night.raw, night.file.stem)
    night.site.faults = dict.fromkeys(night.portal.reports, faults.error_500)

    def hours_of_rest() -> float:
        rest = datetime.fromisoformat(memory.read().rests_until) - datetime.now(UTC)
        return round(rest.total_seconds() / 3600)

    assert night.crawl().outcome == "circuit_open"
    assert hours_of_rest() == 16
    assert night.crawl().outcome == "circuit_rest"
    night.a_day_passes()
    assert night.crawl().outcome == "circuit_open"
    assert hours_of_rest() == 32
    night.a_day_passes()
    assert night.crawl().outcome == "circuit_rest"
    night.a_day_passes()
    night.site.faults.clear()
    summary = night.crawl()
    assert (summary.outcome, summary.documents) == ("finished", len(night.portal.documents))
    state = memory.read()
    assert (state.rests_until, state.nights_open, state.failures) == ("", 0, ())


def test_a_rest_is_never_longer_than_a_week() -> None:
    now = datetime(2024, 5, 1, tzinfo=UTC)
    state = State()
    for _ in range(9):
        state = state.opened(now, "down", 30 * 86400)
    assert datetime.fromisoformat(state.rests_until) - now == timedelta(days=7)


def test_outside_its_window_a_portal_is_not_asked(nights: Nights) -> None:
    hour = datetime.now(SHANGHAI)
    closed = f"{hour + timedelta(hours=2):%H:%M}-{hour + timedelta(hours=3):%H:%M}"
    night = nights.open(vsb(range(1, 4)), manners={"delay": 0, "connections": 2, "window": closed})
    summary = night.crawl()
    assert (summary.outcome, summary.passed, night.site.asked) == ("outside_window", True, [])
    assert closed in summary.detail
    assert night.crawl(at_any_hour=True).documents == len(night.portal.documents)


@pytest.mark.parametrize(
    ("window", "clock", "hours"),
    [
        ("22:00-06:00", "21:59", 0),
        ("22:00-06:00", "22:00", 8),
        ("22:00-06:00", "23:30", 6.5),
        ("22:00-06:00", "05:30", 0.5),
        ("22:00-06:00", "06:00", 0),
        ("01:00-05:00", "04:00", 1),
        ("01:00-05:00", "00:30", 0),
        ("20:00-24:00", "23:00", 1),
        ("20:00-24:00", "00:00", 0),
        ("00:00-24:00", "12:00", float("inf")),
    ],
)
def test_the_window_is_in_beijing_time_and_passes_midnight(window: str, clock: str, hours: float) -> None:
    local = datetime.fromisoformat(f"2024-03-01T{clock}").replace(tzinfo=SHANGHAI)
    assert seconds_until_closing(Manners(window=window), local.astimezone(UTC)) == hours * 3600


def test_a_crawl_ends_with_its_time_and_the_next_goes_on(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 61)), limits={"seconds": 2, "timeout": 3})
    night.site.most = 40
    summary = night.crawl()
    assert summary.outcome == "time_budget"
    assert night.reasons()[night.portal.start] == "time_budget"
    assert 0 < summary.documents < len(night.portal.documents)
    night.site.most = None
    night.write_file()
    assert night.crawl().outcome == "finished"
    assert night.reasons() == {}
    assert night.paths() == night.portal.documents


INSIDE = (
    "127.0.0.1 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 240.0.0.1 255.255.255.255 "
    "::1 :: fe80::1 fd00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 2002:7f00:1::1 "
    "2001:0:7f00:1::1 localhost 0x7f000001 127.1"
)


@pytest.mark.parametrize("address", INSIDE.split(" "))
def test_no_address_inside_a_network_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["203.119.25.1", "2400:da00::6666", "::ffff:203.119.25.1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)
