"""Every way in which a portal goes wrong ends in a recovery or in a row that says why; nothing else is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from crawled_nights import Nights

from ingest.archive import Archive
from ingest.crawl.families import families
from ingest.crawl.launch import crawl_in_process
from ingest.crawl.readers import UnreadableListError, read_list
from ingest.parse import parse
from samples.portals.site import Page
from tests.portals import faults
from tests.portals.families import ucap, vsb
from tests.portals.faults import Fault
from tests.portals.reports import Report

# Reports of the portal by number: the fault, and the reason of the reject ("" where the crawl recovers).
OF_REPORTS: dict[int, tuple[Fault, str]] = {
    2: (faults.slow, "timeout"),
    4: (faults.cut_off, "cut_off"),
    5: (faults.once(faults.cut_off), ""),
    7: (faults.once(faults.error_500), ""),
    8: (faults.error_500, "http_500"),
    10: (faults.missing, "http_404"),
    11: (faults.challenge_412, "challenge_page"),
    13: (faults.challenge_200, "challenge_page"),
    14: (faults.once(faults.challenge_200), ""),
    16: (faults.forbidden, "http_403"),
    17: (faults.redirect_loop, "redirect_loop"),
    35: (faults.redirect("/vsb/there.htm"), "redirect_loop"),
    19: (faults.redirect("http://10.20.30.40/info/1027/19.htm"), "host_not_allowed"),
    20: (faults.redirect("http://169.254.169.254/latest/meta-data/"), "host_not_allowed"),
    22: (faults.redirect("file:///etc/passwd"), "http_302"),
    23: (faults.wrong_charset, ""),
    25: (faults.no_charset, ""),
    26: (faults.longer_than_stated, "cut_off"),
    28: (faults.no_length, ""),
    29: (faults.busy_once, ""),
    31: (faults.gzip_bomb, "too_large"),
    32: (faults.empty, "empty_file"),
}
# Attachments likewise.
OF_FILES: dict[int, tuple[Fault, str]] = {
    18: (faults.huge, "too_large"),
    21: (faults.page_as_file, "not_the_file"),
    36: (faults.huge_as_stated, "too_large"),
    39: (faults.once(faults.slow), ""),
}
# A crawl for which the server of the test counts as one of the public internet, and that knows one more name.
AS_A_STRANGER = """
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit
from ingest.crawl import addresses
from ingest.crawl.crawl import crawl
from ingest.sources import load_source

source = load_source(Path(sys.argv[1]))
is_public = addresses.is_public
addresses.is_public = lambda address: address == urlsplit(source.start[0]).hostname or is_public(address)
by_name = socket.gethostbyname
socket.gethostbyname = lambda name: "10.20.30.40" if name == "inside.example" else by_name(name)
crawl(source.model_copy(update={"private": False}), Path(sys.argv[2]), contact="tests@portal.example", at_any_hour=True)
"""
REFUSED = {"challenge_page", "http_403"}


@pytest.fixture
def faulty(nights: Nights):
    night = nights.open(vsb(range(1, 61)), limits={"timeout": 5, "file_bytes": 2_000_000})
    report_path = {Report(number).title: path for number, path in enumerate(night.portal.reports, start=1)}
    reasons: dict[str, str] = {}
    for number, (fault, reason) in OF_REPORTS.items():
        path = report_path[Report(number).title]
        night.site.faults[path] = fault
        reasons[path] = reason
    for number, (fault, reason) in OF_FILES.items():
        [path] = [path for path in night.portal.attachments if f"P0{number:06d}" in path]
        night.site.faults[path] = fault
        reasons[path] = reason
    forbidden = night.portal.reports[-2]
    night.site.pages["/robots.txt"] = Page(f"User-agent: *\nDisallow: {forbidden}\n".encode(), "text/plain")
    reasons[forbidden] = "robots_forbid"
    [there] = [path for path in reasons if path.endswith("/35.htm")]
    night.site.faults["/vsb/there.htm"] = faults.redirect(there)
    return night, reasons


def test_every_fault_is_recovered_or_told_and_nothing_else_is_lost(faulty) -> None:
    night, reasons = faulty
    summary = night.crawl()
    failed = {path: reason for path, reason in reasons.items() if reason}
    redirected = {path for path, reason in night.reasons().items() if path not in reasons}
    assert redirected == set()
    assert night.reasons() == failed
    # An attachment is lost with the page that links to it; no page with an attachment has a fault of its own here.
    assert night.paths() == night.portal.documents - set(failed)
    assert summary.documents == len(night.portal.documents) - len(failed)
    assert (summary.outcome, summary.failed) == ("finished", len(failed))
    assert summary.cool_offs >= len(REFUSED)
    assert sum(asked.sent for asked in night.site.asked if "P0000018" in asked.path) < 30_000_000
    assert max(len(Archive(night.raw).read(file.raw_sha256)) for file in Archive(night.raw).files()) < 2_000_000

    archive = Archive(night.raw)
    for number in (23, 25):  # whatever charset was stated, the report reads as it was written
        [file] = [file for file in archive.files() if file.url.endswith(f"/{number}.htm")]
        assert Report(number).title in parse(file, archive.read(file.raw_sha256)).text

    # Once the portal is mended, what failed is asked for alone, and nothing is missing any more.
    night.site.faults.clear()
    night.site.pages["/robots.txt"] = Page(b"", "text/plain")
    again = night.crawl(retry_failed=True)
    asked = {asked.path for asked in night.site.asked} - {"/robots.txt"}
    assert asked == set(failed)
    assert (again.new, again.failed) == (len(failed), 0)
    assert night.paths() == night.portal.documents
    assert night.reasons() == {}


def test_a_name_that_stands_for_a_private_address_is_never_asked(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 4)))
    port = night.root.rpartition(":")[2]
    gentle = {"delay": 0.5, "connections": 1, "window": "00:00-24:00"}
    night.write_file(manners=gentle)
    text = night.file.read_text().replace('"private": true', '"private": false')
    night.file.write_text(text.replace(night.root, f"http://localhost:{port}"))
    with pytest.raises(RuntimeError, match="WEIJIAN_CONTACT"):
        night.crawl()
    summary = crawl_in_process(night.file, night.raw, contact="tests@portal.example")
    assert night.site.asked == []
    assert set(night.reasons().values()) == {"private_address"}
    assert (summary.passed, summary.verdict) == (False, "the crawl yielded nothing")


def test_a_redirect_to_an_allowed_host_inside_a_network_is_not_followed(nights: Nights) -> None:
    """The portal's file allows the host; its name stands for an address of the network, or it is one itself."""
    for host in ("inside.example", "10.20.30.40"):
        night = nights.open(vsb(range(1, 4)), hosts=[host])
        night.site.faults[night.portal.reports[1]] = faults.redirect(f"http://{host}/info/1027/2.htm")
        finished = subprocess.run(
            [sys.executable, "-c", AS_A_STRANGER, str(night.file), str(night.raw)], capture_output=True, text=True
        )
        assert finished.returncode == 0, finished.stderr
        assert night.reasons() == {night.portal.reports[1]: "private_address"}
        assert night.paths() == night.portal.documents - {night.portal.reports[1]}


def test_a_list_that_cannot_be_followed_is_told(nights: Nights) -> None:
    faulty = {
        "empty_list": nights.open(vsb(range(1, 4))),
        "unreadable_list": nights.open(ucap(range(1, 4))),
        "not_followed": nights.open(ucap(range(1, 4)), select={"item_title": "title[["}),
    }
    faulty["empty_list"].site.pages[faulty["empty_list"].portal.start] = Page(b"<html><body>new layout</body></html>")
    faulty["unreadable_list"].site.pages[faulty["unreadable_list"].portal.start] = Page(b"[" * 100_000)
    for reason, night in faulty.items():
        for _ in range(2):  # the list is archived; what it lacks is told each night
            summary = night.crawl()
            assert night.reasons() == {night.portal.start: reason}
            assert (summary.failed, summary.reasons) == (1, {reason: 1})
            assert not summary.passed


def test_a_hostile_record_store_is_read_in_one_pass() -> None:
    body = b"<record>" * 500_000 + b"<![CDATA[" * 50_000
    assert read_list("http://portal.example/col/", body, families()["jcms"]).entries == ()
    with pytest.raises(UnreadableListError, match="no list page"):
        read_list("http://portal.example/col/", body * 2, families()["jcms"])


def test_a_disk_that_takes_nothing_ends_the_crawl_and_the_next_one_completes_it(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 31)))
    night.raw.mkdir()
    (night.raw / "objects").write_bytes(b"no folder")
    summary = night.crawl()
    assert summary.outcome == "not_kept"
    assert "FileExistsError" in summary.detail or "NotADirectoryError" in summary.detail
    assert night.reasons() == {night.portal.start: "not_kept"}
    (night.raw / "objects").unlink()
    again = night.crawl()
    assert (again.outcome, again.resumed) == ("finished", True)
    assert night.paths() == night.portal.documents
    assert night.reasons() == {}


def test_a_list_without_an_end_ends_at_its_budget_and_one_that_repeats_itself_at_once(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 4)), limits={"list_pages": 7})
    for number in range(40):
        rows = f'<li><a href="/vsb/info/1027/{1 + number % 3}.htm?copy={number}">会议通知</a></li>'
        more = f'<a href="/endless/{number + 1}.htm">下页</a>'
        night.site.pages[f"/endless/{number}.htm"] = Page(f"<html><ul>{rows}</ul>{more}</html>".encode())
        same = f'<li><a href="/vsb/info/1027/1.htm">会议通知</a></li><a href="/same/{number + 1}.htm">下页</a>'
        night.site.pages[f"/same/{number}.htm"] = Page(f"<html><ul>{same}</ul></html>".encode())
    starts = [night.root + path for path in (night.portal.start, "/endless/0.htm", "/same/0.htm")]
    night.write_file(start=[path.removeprefix(night.root) for path in starts], limits={"list_pages": 7})
    summary = night.crawl()
    asked = [asked.path for asked in night.site.asked]
    assert sum(path.startswith("/endless/") for path in asked) == 7
    assert sum(path.startswith("/same/") for path in asked) == 2
    assert night.reasons() == {"/endless/7.htm": "list_budget"}
    assert summary.documents == len(night.portal.documents)


def test_a_portal_that_only_refuses_is_left_alone_till_another_night(nights: Nights) -> None:
    manners = {"delay": 0, "connections": 2, "window": "00:00-24:00", "cool_off": 0.01, "circuit_after": 6}
    night = nights.open(vsb(range(1, 46)), manners=manners)
    night.site.faults = dict.fromkeys(night.portal.reports, faults.challenge_200)
    summary = night.crawl()
    assert summary.outcome == "circuit_open"
    assert "6 failures in a row" in summary.detail
    assert (summary.passed, summary.verdict) == (False, "the crawl yielded nothing")
    assert len(night.site.asked) < 15
    assert night.reasons()[night.portal.start] == "circuit_open"
    rested = night.crawl()
    assert (rested.outcome, night.site.asked) == ("circuit_rest", [])
    assert "failures in a row" in rested.detail


def test_pages_and_bytes_have_a_budget(nights: Nights, tmp_path: Path) -> None:
    night = nights.open(vsb(range(1, 46)), limits={"pages": 20})
    summary = night.crawl()
    assert summary.outcome == "page_budget"
    assert 20 <= summary.requests < 40
    assert night.reasons()[night.portal.start] == "page_budget"
    night.write_file(limits={"bytes": 5_000})
    assert night.crawl().outcome == "byte_budget"
