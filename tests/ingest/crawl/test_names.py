"""What a fetched file is called: as its answer, its address or the link to it says, and never a path."""

from __future__ import annotations

import pytest
from crawled_nights import Nights

from ingest.archive import Archive
from ingest.crawl.items import Fetched, Target
from ingest.crawl.names import file_name_of, name_of
from ingest.crawl.pipeline import headers_of
from samples.portals.site import Page
from tests.portals.families import vsb
from tests.portals.reports import Report, file_of

DOWNLOAD = "http://portal.example/system/_content/download.jsp?urltype=news.DownloadAttachUrl&wbfileid=8000123"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://portal.example/P020240118.pdf", "P020240118.pdf"),
        ("http://portal.example/%E6%80%BB%E7%BB%93.doc?v=2", "总结.doc"),
        ("http://portal.example/downfile.jsp?classid=0&filename=%E8%A1%A8.xls", "表.xls"),
        ("http://portal.example/get?file=../../etc/evil.pdf", "evil.pdf"),
        ("http://portal.example/a/..%2F..%2Fpasswd", "passwd"),
        ("http://portal.example/a%5C..%5Cb%00c.htm", "a_.._b_c.htm"),
        ("http://portal.example", "portal.example"),
    ],
)
def test_a_file_is_named_by_its_address_without_a_way_out(url: str, name: str) -> None:
    assert file_name_of(url) == name


def fetched(
    disposition: bytes = b"", title: str = "", url: str = DOWNLOAD, media_type: str = "application/pdf"
) -> Fetched:
    headers = headers_of({b"Content-Disposition": [disposition]}) if disposition else {}
    return Fetched(Target(url, "document", title=title), url, 200, b"%PDF", media_type, headers)


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ('attachment; filename="统计表.xls"'.encode(), "统计表.xls"),
        ('attachment; filename="统计表.xls"'.encode("gb18030"), "统计表.xls"),
        (b'attachment; filename="%E7%BB%9F%E8%AE%A1%E8%A1%A8.xls"', "统计表.xls"),
        (b"attachment; filename*=UTF-8''%E7%BB%9F%E8%AE%A1%E8%A1%A8.xls", "统计表.xls"),
        (b'attachment; filename="../../etc/evil.pdf"', "evil.pdf"),
        (b'attachment; filename="..%2F..%2Fevil.pdf"', "evil.pdf"),
        (b'attachment; filename="c:\\x\\evil.pdf"', "evil.pdf"),
        (b'attachment; filename=".."', "download.jsp"),
        (b"attachment", "download.jsp"),
        (b"\xff\xfe; filename=", "download.jsp"),
    ],
)
def test_a_name_that_the_answer_states_comes_first(disposition: bytes, name: str) -> None:
    assert name_of(fetched(disposition, title="别的.pdf" if name != "download.jsp" else "")) == name


def test_where_the_address_names_a_program_the_link_names_the_file() -> None:
    assert name_of(fetched(title="附件1：统计表.xls")) == "附件1：统计表.xls"
    assert name_of(fetched(title="../附件.pdf")) == "附件.pdf"
    assert name_of(fetched(title="附件下载")) == "download.jsp"
    assert name_of(fetched(title="总结.doc", media_type="text/html", url="http://portal.example/3.htm")) == "3.htm"
    assert name_of(fetched(title="别的.pdf", url="http://portal.example/P0201.pdf")) == "P0201.pdf"


def test_an_attachment_that_a_program_hands_out_is_named_and_an_error_page_in_its_place_is_told(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 3)))
    well, ill = "/vsb/download.jsp?wbfileid=1", "/vsb/download.jsp?wbfileid=2"
    report = night.portal.reports[0]
    links = f"<a href='{well}'>统计表.xlsx</a><a href='{ill}'>另一张表.xlsx</a>".encode()
    page = night.site.pages[report]
    night.site.pages[report] = Page(page.body.replace(b"</div></body>", links + b"</div></body>"))
    night.site.pages[well] = Page(file_of(".xlsx", Report(1)), "application/octet-stream")
    stated = {"Content-Disposition": "attachment; filename=table.xlsx"}
    night.site.pages[ill] = Page("<html><body>系统繁忙</body></html>".encode(), headers=stated)
    night.crawl()
    [file] = [file for file in Archive(night.raw).files() if file.url.endswith(well)]
    assert file.file_name == "统计表.xlsx"
    assert night.reasons() == {ill: "not_the_file"}
