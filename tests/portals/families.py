"""Portals of our own making, one a family: lists, reports and attachments as these systems lay them out.

Belongs here: addresses and markup. Not here: serving them (`samples.portals.site`), going wrong (`faults`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from samples.portals.site import Page
from tests.portals.reports import Report, file_of

ROWS = 15
KINDS = (".pdf", ".docx", ".xlsx", ".doc", ".zip", ".txt", ".xls")
OTHER = "关于召开2023年度会议的通知"  # a row that is no report


@dataclass(frozen=True, slots=True)
class Portal:
    """What one portal publishes. `reports` and `attachments` are the paths that a crawl should find."""

    family: str
    start: str
    pages: dict[str, Page]
    reports: tuple[str, ...]
    attachments: tuple[str, ...]
    select: dict[str, str]

    @property
    def documents(self) -> frozenset[str]:
        """Every path that should end as a document."""
        return frozenset({*self.reports, *self.attachments})


def portal_file(portal_id: str, root: str, start: list[str], family: str, **fields: object) -> str:
    """A portal's file for a server of our own; YAML is a superset of JSON.

    Args:
        portal_id: its id.
        root: the address of the server.
        start: paths of list pages.
        family: as in families.yaml.
        fields: of `ingest.sources.model.Source`, over those of a quick and private portal.
    """
    content = {
        "id": portal_id,
        "name": "测试门户",
        "ref_area": "640522",
        "family": family,
        "start": [root + path for path in start],
        "titles": ["工作总结"],
        "private": True,
        "manners": {"delay": 0, "connections": 8, "window": "00:00-24:00", "cool_off": 0.05, "circuit_after": 60},
        "limits": {"file_bytes": 2_000_000},
        **fields,
    }
    return json.dumps(content, ensure_ascii=False)


def jcms(numbers: range, prefix: str = "/jcms") -> Portal:
    """A record store in the first list page; the next come from a program that answers with the store alone."""

    def detail(report: Report) -> str:
        year, month, day = report.published
        return f"{prefix}/art/{year}/{month}/{day}/art_1275_{100000 + report.number}.html"

    def row(report: Report, url: str) -> str:
        year, month, day = report.published
        cut = report.title[:12] + "..."
        return f'<li><a href="{url}" title="{report.title}">{cut}</a><span>{year}-{month:02d}-{day:02d}</span></li>'

    def listed(rows: list[str], current: int, pages: int) -> Page:
        following = f'<a href="{prefix}/module/web/jpage/dataproxy.jsp?page={current + 2}&columnid=1275"></a>'
        store = (
            "<datastore><nextgroup><![CDATA["
            + (following if current + 1 < pages else "")
            + "]]></nextgroup><recordset>"
            + "".join(f"<record><![CDATA[{row}]]></record>" for row in rows)
            + "</recordset></datastore>"
        )
        if current:
            return Page(store.encode(), "text/xml")
        body = f"<html><body><ul></ul><script type='text/xml'>{store}</script></body></html>"
        return Page(body.encode(), "text/html")

    def list_path(current: int) -> str:
        if current == 0:
            return f"{prefix}/col/col1275/index.html"
        return f"{prefix}/module/web/jpage/dataproxy.jsp?page={current + 1}&columnid=1275"

    def file(report: Report, kind: str) -> str:
        return f"{prefix}/module/download/downfile.jsp?classid=0&filename=P0{report.number:06d}{kind}"

    return _publish("jcms", numbers, detail, row, listed, list_path, content_id="zoom", file=file)


def trs_wcm(numbers: range, prefix: str = "/trs") -> Portal:
    """Pages that are turned by a script; addresses with the date in them."""

    def detail(report: Report) -> str:
        year, month, day = report.published
        return f"{prefix}/gzzj/{year}{month:02d}/t{year}{month:02d}{day:02d}_{3000000 + report.number}.html"

    def row(report: Report, url: str) -> str:
        relative = url.removeprefix(f"{prefix}/gzzj/")
        return f'<li><a href="./{relative}" target="_blank">{report.title}</a></li>'

    def listed(rows: list[str], current: int, pages: int) -> Page:
        script = f'<script>createPageHTML({pages}, {current}, "index", "html");</script>'
        return Page(f"<html><body><ul>{''.join(rows)}</ul>{script}</body></html>".encode())

    def list_path(current: int) -> str:
        return f"{prefix}/gzzj/index{f'_{current}' if current else ''}.html"

    return _publish("trs_wcm", numbers, detail, row, listed, list_path, content_id="TRS_Editor")


def vsb(numbers: range, prefix: str = "/vsb") -> Portal:
    """Numbered pages that count downward behind a link 下页."""
    pages_of_list = -(-len(numbers) // ROWS)

    def detail(report: Report) -> str:
        return f"{prefix}/info/1027/{report.number}.htm"

    def row(report: Report, url: str) -> str:
        year, month, day = report.published
        return f'<li><span>{year}/{month:02d}/{day:02d}</span><a href="{url}">{report.title}</a></li>'

    def listed(rows: list[str], current: int, pages: int) -> Page:
        following = f'<a href="{list_path(current + 1)}" class="Next">下页</a>' if current + 1 < pages else ""
        return Page(f"<html><body><ul>{''.join(rows)}</ul>{following}</body></html>".encode())

    def list_path(current: int) -> str:
        return f"{prefix}/gzjh.htm" if current == 0 else f"{prefix}/gzjh/{pages_of_list - current}.htm"

    return _publish("vsb", numbers, detail, row, listed, list_path, content_id="vsb_content")


def ucap(numbers: range, prefix: str = "/ucap") -> Portal:
    """A list in JSON."""

    def detail(report: Report) -> str:
        year, month, _ = report.published
        return f"{prefix}/c{report.number:06d}/{year}{month:02d}/content.shtml"

    def row(report: Report, url: str) -> str:
        year, month, day = report.published
        stated = f"{year}-{month:02d}-{day:02d} 09:30:00"
        return json.dumps({"title": report.title, "url": url, "publishedTimeStr": stated})

    def listed(rows: list[str], current: int, pages: int) -> Page:
        items = ",".join(row if row.startswith("{") else json.dumps({"title": OTHER, "url": "/other"}) for row in rows)
        body = f'{{"data": {{"page": {current + 1}, "pages": {pages}, "results": [{items}]}}}}'
        return Page(body.encode(), "application/json")

    def list_path(current: int) -> str:
        return f"{prefix}/common/search?channel=a1b2&page={current + 1}"

    return _publish("ucap_json", numbers, detail, row, listed, list_path, content_id="UCAP-CONTENT")


def plain(numbers: range, prefix: str = "/plain") -> Portal:
    """A portal of no known system, in GB18030, with a table for a list; its file says where the rows are."""

    def detail(report: Report) -> str:
        return f"{prefix}/show.asp?id={report.number}"

    def row(report: Report, url: str) -> str:
        year, month, day = report.published
        return f"<tr class='row'><td><a href='{url}'>{report.title}</a></td><td>{year}年{month}月{day}日</td></tr>"

    def listed(rows: list[str], current: int, pages: int) -> Page:
        following = f"<a href='{list_path(current + 1)}'>下一页 ></a>" if current + 1 < pages else ""
        body = f"<html><body><table>{''.join(rows)}</table>{following}</body></html>"
        return Page(body.encode("gb18030"), "text/html", has_validators=False)

    def list_path(current: int) -> str:
        return f"{prefix}/list.asp?p={current + 1}"

    select = {"entry": "tr.row", "detail": r"show\.asp", "content": "#main"}
    return _publish(
        "plain", numbers, detail, row, listed, list_path, content_id="main", charset="gb18030", select=select
    )


FAMILIES: dict[str, Callable[[range], Portal]] = {
    "jcms": jcms,
    "trs_wcm": trs_wcm,
    "vsb": vsb,
    "ucap_json": ucap,
    "plain": plain,
}


def _publish(
    family: str,
    numbers: range,
    detail: Callable[[Report], str],
    row: Callable[[Report, str], str],
    listed: Callable[[list[str], int, int], Page],
    list_path: Callable[[int], str],
    *,
    content_id: str,
    charset: str = "utf-8",
    select: dict[str, str] | None = None,
    file: Callable[[Report, str], str] | None = None,
) -> Portal:
    """Reports, an attachment at every third of them, and the lists; one row on each list page is no report."""
    pages: dict[str, Page] = {}
    reports, attachments, rows = [], [], []
    for number in numbers:
        report = Report(number)
        url = detail(report)
        files = []
        if number % 3 == 0:
            kind = KINDS[number // 3 % len(KINDS)]
            beside = f"{url.partition('?')[0].rpartition('/')[0]}/P0{number:06d}{kind}"
            path = file(report, kind) if file is not None else beside
            pages[path] = Page(file_of(kind, report), "application/octet-stream")
            files.append(path)
        pages[url] = Page(report.page(content_id, files, charset), "text/html", has_validators=charset == "utf-8")
        reports.append(url)
        attachments += files
        rows.append(row(report, url))
    chunks = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    for current, chunk in enumerate(chunks):
        other = f'<li><a href="{reports[0]}?other">{OTHER}</a></li>'
        pages[list_path(current)] = listed([*chunk, other], current, len(chunks))
    return Portal(family, list_path(0), pages, tuple(reports), tuple(attachments), select or {})
