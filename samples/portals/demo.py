"""The demo portal: the sample pack's reports, published as a county portal publishes them.

Belongs here: list pages around the files of `samples/reports`. Not here: serving them (`site`), the reports.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path, PurePosixPath

from samples.portals.site import Page, Site

REPORTS = Path(__file__).resolve().parent.parent / "reports"
PORT = 8617  # also in ingest/sources/demo.yaml: an address is part of a document's identity
LIST = "/xxgk/gzbg"
ROWS = 8
MEDIA_TYPES = {
    ".html": "text/html",  # without a charset, as many portals send them: the page itself declares it
    ".txt": "text/plain",
    ".pdf": "application/pdf",
}
KINDS = {"annual": "工作总结", "half_year": "上半年工作总结", "bulletin": "统计公报", "plan": "工作计划"}
NAME = re.compile(r"(?P<place>[a-z]+)_(?P<year>\d{4})_(?P<kind>[a-z_]+)")


def build_site(reports: Path = REPORTS) -> Site:
    """The portal's pages: lists in the manner of TRS WCM, and each report at its own address.

    Args:
        reports: the folder of the reports.
    """
    pages = {"/robots.txt": Page(b"User-agent: *\nDisallow: /admin/\n", "text/plain")}
    rows = []
    for number, file in enumerate(sorted(reports.glob("*.*")), start=1):
        if file.suffix not in MEDIA_TYPES:
            continue
        # Web pages take the form of the system's addresses, other files keep their own names.
        name = f"t20240206_{number:06d}.html" if file.suffix == ".html" else file.name
        pages[f"{LIST}/{name}"] = Page(file.read_bytes(), MEDIA_TYPES[file.suffix])
        rows.append(f'<li><a href="./{name}" title="{escape(_title(file))}">{escape(_title(file))}</a></li>')
    chunks = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)]
    for current, chunk in enumerate(chunks):
        name = "index.html" if current == 0 else f"index_{current}.html"
        pages[f"{LIST}/{name}"] = Page(_list_page(chunk, len(chunks), current).encode())
    pages["/"] = Page(f'<html><body><p>示例门户</p><a href="{LIST}/index.html">工作报告</a></body></html>'.encode())
    return Site(pages)


def _title(file: Path) -> str:
    match = NAME.match(PurePosixPath(file.name).stem)
    if match is None:
        return f"工作报告（{file.stem}）"
    return f"{match['year']}年{KINDS.get(match['kind'], match['kind'])}（{match['place']}）"


def _list_page(rows: list[str], pages: int, current: int) -> str:
    return (
        "<!doctype html>\n<html><head><meta charset='utf-8'><title>工作报告</title></head><body>\n"
        "<p>示例门户：本网站所有数字均为虚构，仅供演示。</p>\n<ul class='list'>\n"
        + "\n".join(rows)
        + f'\n</ul>\n<script>createPageHTML({pages}, {current}, "index", "html");</script>\n</body></html>\n'
    )
