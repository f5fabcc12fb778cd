"""From a portal that goes wrong to the tables: each fault is recovered or a row of `staging.rejects`, nothing is lost.

The same portal is crawled, parsed and loaded twice: well, and with every fault. The documents must be the same.
"""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from crawled_nights import Night, Nights

from ingest.archive import Archive
from ingest.crawl.summary import Summary
from ingest.derived import Derived
from ingest.load import load
from ingest.process import extract_pending, parse_pending
from samples.portals.site import Page
from tests.portals import faults
from tests.portals.families import Portal, vsb
from tests.portals.faults import Fault
from tests.portals.reports import Report, file_of
from warehouse.connections import connect_build

# Reports of the portal (by number) that come through although something goes wrong.
RECOVERED: dict[int, Fault] = {
    1: faults.once(faults.error_500),
    2: faults.once(faults.cut_off),
    4: faults.once(faults.challenge_200),
    5: faults.busy_once,
    7: faults.wrong_charset,
    8: faults.no_charset,
    10: faults.no_length,
    11: faults.late(1.0),
}
# Addresses that only the second portal lists: what is wrong with them, and the stage and reason of their rejects.
LOST: dict[str, tuple[Fault, tuple[str, str]]] = {
    "/x/info/1/1.htm": (faults.slow, ("fetch", "timeout")),
    "/x/info/1/2.htm": (faults.cut_off, ("fetch", "cut_off")),
    "/x/info/1/3.htm": (faults.error_500, ("fetch", "http_500")),
    "/x/info/1/4.htm": (faults.missing, ("fetch", "http_404")),
    "/x/info/1/5.htm": (faults.challenge_412, ("fetch", "challenge_page")),
    "/x/info/1/6.htm": (faults.challenge_200, ("fetch", "challenge_page")),
    "/x/info/1/7.htm": (faults.redirect_loop, ("fetch", "redirect_loop")),
    "/x/info/1/8.htm": (faults.redirect("http://10.20.30.40/"), ("fetch", "host_not_allowed")),
    "/x/info/1/9.htm": (faults.longer_than_stated, ("fetch", "cut_off")),
    "/x/info/1/10.htm": (faults.gzip_bomb, ("fetch", "too_large")),
    "/x/info/1/11.htm": (faults.empty, ("fetch", "empty_file")),
    "/x/info/1/13.htm": (faults.says_missing, ("fetch", "not_found_page")),
    "/x/huge.pdf": (faults.huge, ("fetch", "too_large")),
    "/x/page.pdf": (faults.page_as_file, ("fetch", "not_the_file")),
    "/x/bomb.zip": (lambda handler, page, times: handler.send_page(bomb()), ("parse", "zip_bomb")),
    "/x/long.pdf": (lambda handler, page, times: handler.send_page(long_pdf()), ("parse", "too_many_pages")),
    "/x/cut.docx": (lambda handler, page, times: handler.send_page(broken_docx()), ("parse", "broken_zip")),
    "/x/broken.docx": (lambda handler, page, times: handler.send_page(hollow_docx()), ("parse", "broken_docx")),
}
FORBIDDEN = "/x/info/1/12.htm"
WITHOUT_ANTIWORD = set() if shutil.which("antiword") else {("parse", "missing_program")}
MANNERS = {"delay": 0, "connections": 8, "window": "00:00-24:00", "cool_off": 0.05, "circuit_after": 100}
LIMITS = {"timeout": 3, "file_bytes": 2_000_000, "list_pages": 5}


@cache
def bomb() -> Page:
    """A ZIP of 30 KB that unpacks to 30 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("zeros.txt", bytes(30_000_000))
    return Page(out.getvalue(), "application/zip")


@cache
def long_pdf() -> Page:
    """A PDF of a thousand pages."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(1000):
        document.new_page(100, 100)
    out = io.BytesIO()
    document.save(out)
    return Page(out.getvalue(), "application/pdf")


def broken_docx() -> Page:
    """The first half of a Word file."""
    data = file_of(".docx", Report(900))
    return Page(data[: len(data) // 2])


def hollow_docx() -> Page:
    """A Word file without what Word needs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<w:document>")
    return Page(out.getvalue())


@dataclass(frozen=True, slots=True)
class Staged:
    """What came of a crawl in the tables."""

    documents: set[tuple[str, str]]  # path and text
    facts: int
    rejects: dict[str, tuple[str, str]]  # path to stage and reason


def staged(night: Night, folder: Path) -> Staged:
    """Parse, extract and load what a night archived."""
    archive, derived = Archive(night.raw), Derived(folder / "derived")
    parse_pending(archive, derived)
    extract_pending(derived)
    with connect_build(folder / "build.duckdb") as con:
        load(con, archive, derived)
        documents = con.execute("select url, text from staging.documents").fetchall()
        [(facts,)] = con.execute("select count(*) from staging.facts").fetchall()
        rejects = con.execute("select url, stage, reason, detail from staging.rejects").fetchall()
    assert all(detail for *_, detail in rejects)
    return Staged(
        {(url.removeprefix(night.root), text) for url, text in documents},
        facts,
        {url.removeprefix(night.root): (stage, reason) for url, stage, reason, _ in rejects},
    )


@pytest.fixture(scope="module")
def portal() -> Portal:
    return vsb(range(1, 28))  # one file of each old format: they are all the same


@pytest.fixture(scope="module")
def well(portal: Portal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Summary, Staged]]:
    """The portal without a fault."""
    folder = tmp_path_factory.mktemp("well")
    nights = Nights(folder)
    night = nights.open(portal, manners=MANNERS, limits=LIMITS)
    yield night.crawl(), staged(night, folder)
    nights.close()


def test_faults_end_as_recoveries_or_rejects_and_the_documents_are_those_of_a_portal_without(
    nights: Nights, portal: Portal, well: tuple[Summary, Staged], tmp_path: Path
) -> None:
    night = nights.open(portal)
    night.write_file(
        start=[portal.start, "/x/list.htm", "/x/endless/0.htm"], manners=MANNERS, limits=LIMITS, titles=["工作总结"]
    )
    for number, fault in RECOVERED.items():
        night.site.faults[f"/vsb/info/1027/{number}.htm"] = fault
    listed = "".join(f'<li><a href="{path}">2020年工作总结</a></li>' for path in [*LOST, FORBIDDEN])
    night.site.pages["/x/list.htm"] = Page(f"<ul>{listed}</ul>".encode())
    night.site.pages |= dict.fromkeys(LOST, portal.pages[portal.reports[0]])
    night.site.faults |= {path: fault for path, (fault, _) in LOST.items()}
    night.site.pages["/robots.txt"] = Page(f"User-agent: *\nDisallow: {FORBIDDEN}\n".encode(), "text/plain")
    for number in range(9):  # a list without an end, of rows that are no reports
        row = f'<li><a href="/info/1/{number}.htm">会议通知</a></li><a href="/x/endless/{number + 1}.htm">下页</a>'
        night.site.pages[f"/x/endless/{number}.htm"] = Page(f"<ul>{row}</ul>".encode())

    summary, found = night.crawl(), staged(night, tmp_path / "faulty")
    before, expected = well
    told = {path: outcome for path, (_, outcome) in LOST.items()}
    told |= {FORBIDDEN: ("fetch", "robots_forbid"), "/x/endless/5.htm": ("fetch", "list_budget")}
    assert set(expected.rejects.values()) == WITHOUT_ANTIWORD
    assert found.rejects == told | expected.rejects
    assert len(found.documents) == len(expected.documents)
    assert {path for path, _ in found.documents} == {path for path, _ in expected.documents}
    assert found.documents == expected.documents, "the words are the same too, whatever charset was stated"
    assert found.facts == expected.facts > 0
    assert summary.outcome == "finished"
    assert summary.documents == before.documents + sum(stage == "parse" for stage, _ in told.values())


def test_every_format_of_the_portal_becomes_a_document(well: tuple[Summary, Staged], portal: Portal) -> None:
    _, found = well
    kinds = {path.rpartition(".")[2] for path, _ in found.documents}
    assert kinds | {"doc"} == {"htm", "pdf", "docx", "xlsx", "doc", "xls", "txt"}
    assert ("doc" in kinds) != bool(WITHOUT_ANTIWORD)
    assert any("zip!/" in path for path, _ in found.documents)


def test_a_changed_page_is_a_version_and_a_moved_one_is_the_same_document(
    nights: Nights, portal: Portal, tmp_path: Path
) -> None:
    night = nights.open(portal, manners=MANNERS, limits=LIMITS)
    night.crawl()
    before = staged(night, tmp_path)
    changed, moved, redrawn = portal.reports[0], portal.reports[1], portal.reports[3]
    pages = night.site.pages
    pages[changed] = Page(pages[changed].body.replace("共有床位".encode(), "共有编制床位".encode()))
    pages[redrawn] = Page(pages[redrawn].body.replace(b"<body>", b"<body class='new'><!-- counter 7 -->"))
    pages["/vsb/info/2027/2.htm"] = pages[moved]
    night.site.faults[moved] = faults.redirect("/vsb/info/2027/2.htm", 301)
    summary = night.crawl()
    after = staged(night, tmp_path)
    assert summary.new == 3
    assert after.rejects == before.rejects
    new = after.documents - before.documents
    assert [path for path, _ in new] == [changed]
    assert "编制床位" in new.pop()[1]
    assert before.documents <= after.documents
