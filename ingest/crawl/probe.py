"""Probing a portal: a few pages of it, and field by field what they gave.

Belongs here: a small crawl into a folder of its own, what was read from it. Not here: the crawl (`launch`), printing,
writing a portal's file (`template`).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest.archive import Archive
from ingest.crawl.families import selection_of
from ingest.crawl.launch import crawl_in_process
from ingest.crawl.readers import ListPage, UnreadableListError, read_list
from ingest.crawl.summary import Summary
from ingest.model import Document, Reject
from ingest.parse import ParseError, parse
from ingest.sources import Source, load_source

# What a probe may ask: two list pages from each start address, and a few reports.
PROBE_PAGES = 8
PROBE_LIST_PAGES = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One field of what a portal answered: what was found, and whether that is what a report needs."""

    field: str
    found: str
    is_well: bool


@dataclass(frozen=True, slots=True)
class Probe:
    """What a portal answered."""

    summary: Summary
    findings: tuple[Finding, ...]
    list_page: bytes  # of the first start address, b"" where it did not answer

    @property
    def is_well(self) -> bool:
        """Whether the portal's file does what it should."""
        return all(finding.is_well for finding in self.findings)


def probe(portal_file: Path, *, contact: str = "", pages: int = PROBE_PAGES) -> Probe:
    """Ask a portal for a few pages and read them. Nothing of it goes into the warehouse's archive.

    Args:
        portal_file: the portal's file.
        contact: who asks; `WEIJIAN_CONTACT` where it is empty.
        pages: answers at most, robots.txt included.

    Returns:
        What the portal answered, field by field.

    Raises:
        CrawlFailedError: the crawl's process failed.
        SourceError: the file is wrong.
    """
    with _small_portal(portal_file, pages) as (small_file, raw):
        source = load_source(small_file)
        summary = crawl_in_process(small_file, raw, contact=contact, at_any_hour=True)
        archive = Archive(raw)
        body, page, problem = _first_list(source, archive)
        findings = [
            Finding("answers", ", ".join(f"{status}: {count}" for status, count in summary.statuses.items()), True),
            Finding("refusals", "; ".join(f"{r.reason} {r.url}" for r in _refusals(archive)) or "none", True),
            *_of_list(page, problem, source),
            *_of_reports(archive),
        ]
        return Probe(summary, tuple(findings), body)


@contextmanager
def _small_portal(portal_file: Path, pages: int) -> Iterator[tuple[Path, Path]]:
    """A copy of the portal's file with small limits, and an archive that is thrown away."""
    folder = Path(tempfile.mkdtemp(prefix="weijian-probe-"))
    try:
        source = load_source(portal_file)
        content = yaml.safe_load(portal_file.read_text(encoding="utf-8"))
        limits = source.limits.model_dump()
        content["limits"] = {
            **limits,
            "pages": min(pages, source.limits.pages),
            "list_pages": min(PROBE_LIST_PAGES, source.limits.list_pages),
        }
        small = folder / portal_file.name
        small.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        yield small, folder / "raw"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _first_list(source: Source, archive: Archive) -> tuple[bytes, ListPage | None, str]:
    fetch = archive.last_fetch(source.id, source.start[0])
    if fetch is None or not fetch.raw_sha256:
        return b"", None, "the start address gave no list page"
    body = archive.read(fetch.raw_sha256)
    try:
        return body, read_list(fetch.url, body, selection_of(source)), ""
    except UnreadableListError as error:
        return body, None, str(error)


def _refusals(archive: Archive) -> list[Reject]:
    budgets = {"page_budget", "list_budget"}  # the probe's own
    return [reject for reject in archive.rejects() if reject.reason not in budgets]


def _of_list(page: ListPage | None, problem: str, source: Source) -> list[Finding]:
    if page is None:
        return [Finding("list page", problem, False)]
    named = [entry for entry in page.entries if entry.title]
    dated = [entry for entry in page.entries if entry.published_on]
    wanted = [entry for entry in page.entries if any(words in entry.title for words in source.titles or ("",))]
    return [
        Finding("rows of the list", str(len(page.entries)), bool(page.entries)),
        Finding("rows with a title", f"{len(named)}, the first: {named[0].title}" if named else "0", bool(named)),
        Finding("rows with a date", f"{len(dated)}, the first: {dated[0].published_on}" if dated else "0", bool(dated)),
        Finding("rows of wanted titles", str(len(wanted)), bool(wanted)),
        Finding("next list page", page.next_url or "none", True),
    ]


def _of_reports(archive: Archive) -> list[Finding]:
    documents, problems = [], []
    for file in archive.files():
        try:
            documents.append(parse(file, archive.read(file.raw_sha256)))
        except ParseError as error:
            problems.append(f"{file.file_name}: {error.reason}")
    findings = [Finding("reports read", str(len(documents)), bool(documents))]
    if problems:
        findings.append(Finding("not read", "; ".join(problems), False))
    if documents:
        findings += _of_document(documents[0])
    return findings


def _of_document(document: Document) -> list[Finding]:
    stated = {
        "title": document.title,
        "publisher": document.publisher,
        "published on": str(document.published_on or ""),
        "report kind": document.report_kind,
        "place": document.ref_area,
        "period end": str(document.period_end or ""),
    }
    findings = [Finding(f"first report: {name}", value or "not found", bool(value)) for name, value in stated.items()]
    findings.append(Finding("first report: index number", document.index_number or "none", True))
    findings.append(Finding("first report: characters", f"{len(document.text):,}", len(document.text) > 0))
    return findings
