"""A page that says that there is nothing is no report, whatever its status; a report that speaks of it is one."""

from __future__ import annotations

import time

import pytest
from crawled_nights import Nights

from ingest.crawl.refusals import refusals
from samples.portals.site import Page
from tests.portals import faults
from tests.portals.families import vsb
from tests.portals.reports import Report

MENU = "<ul>" + "".join(f"<li><a href='/{n}/'>政务公开栏目第{n}号</a></li>" for n in range(40)) + "</ul>"
FOOT = "<div>主办单位：示例县人民政府办公室　承办单位：示例县大数据中心　地址：示例县人民路一号　备案序号：示例备</div>"


def page(body: str, title: str = "示例县人民政府门户网站") -> bytes:
    return f"<html><head><title>{title}</title></head><body>{MENU}{body}{FOOT}</body></html>".encode()


@pytest.mark.parametrize(
    "words",
    [
        "您访问的页面不存在。",
        "抱歉，您要访问的页面不存在或已被删除！",
        "对不起，您查看的信息不存在",
        "很抱歉，找不到您要访问的页面",
        "页面找不到了",
        "该文章已被删除，<a href='/'>返回首页</a>",
        "此信息已失效",
        "您正在查找的页面可能已经删除、更名或暂时不可用",
        "404 - 找不到文件或目录",
        "404 Not Found",
        "The requested URL /info/1027/3.htm was not found on this server.",
    ],
)
def test_a_page_that_says_that_there_is_nothing_is_known_by_a_line_of_its_own(words: str) -> None:
    assert refusals().missing(page(f"<div class='err'><p>{words}</p></div>"))
    assert refusals().missing(page(f"<h2>{words}</h2>").decode().encode("gb18030"))


@pytest.mark.parametrize(
    "title", ["404", "404错误页面", "页面不存在-示例县人民政府", "Error 404 Not Found", "找不到页面"]
)
def test_it_is_known_by_its_title_too(title: str) -> None:
    assert refusals().missing(page("<script src='/404.js'></script>", title)) == title


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("关于印发方案的通知（示卫发〔2020〕404号）", "<p>示卫发〔2020〕404号</p><p>各乡镇卫生院：现印发给你们。</p>"),
        ("关于整改网站页面不存在问题的通知", "<p>各科室：请于本周五前整改网站页面不存在的问题。</p>"),
        ("床位数", "<table><tr><td>404</td><td>4040</td></tr></table>"),
        ("通知", "<p>" + "经核查，有两个栏目的页面不存在，" * 4 + "现已补齐。</p>"),
        ("2023年政府信息公开年度报告", "<p>本机关不掌握相关政府信息的答复3件，信息不存在的2件。</p>"),
        ("404种药品纳入目录", "<p>全县404种药品纳入集中采购。</p>" * 12),
    ],
)
def test_a_short_page_that_speaks_of_such_things_is_a_report(title: str, body: str) -> None:
    assert refusals().missing(page(body, title)) == ""


def test_a_report_with_such_a_line_is_a_report() -> None:
    report = Report(1).page("vsb_content", []).decode()
    prose = "<p>" + "全县妇幼健康工作稳步推进，没有发生事故。" * 12 + "</p>"
    assert refusals().missing(report.encode()) == ""
    assert refusals().missing(report.replace("</h1>", f"</h1>{prose}<p>页面不存在。</p>").encode()) == ""


def test_a_page_that_is_not_there_any_more_is_a_reject_and_an_archived_one_is_marked(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 31)))
    never, gone = night.portal.reports[1], night.portal.reports[4]
    night.site.faults[never] = faults.says_missing
    first = night.crawl()
    assert night.reasons() == {never: "not_found_page"}
    assert (first.failed, first.reasons) == (1, {"not_found_page": 1})

    night.site.faults[gone] = faults.says_missing
    second = night.crawl()
    assert (second.gone, second.new) == (1, 0)
    assert night.reasons() == {never: "not_found_page"}
    assert night.paths() == night.portal.documents - {never, gone}

    night.site.faults.clear()
    assert night.crawl(retry_failed=True).new == 1
    assert night.crawl().new == 1, "it is there again"
    assert night.paths() == night.portal.documents
    assert night.reasons() == {}


def test_a_list_page_that_is_not_there_is_told(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 31)))
    night.site.pages[night.portal.start] = Page(page("<p>您访问的页面不存在。</p>"))
    summary = night.crawl()
    assert night.reasons() == {night.portal.start: "not_found_page"}
    assert not summary.passed


@pytest.mark.parametrize(
    "part", ["<a", "<!--", "<script ", "<title ", "<a>", "<div>", " -", "很抱歉您访问的", "页面可能已经"]
)
def test_a_hostile_page_is_looked_at_in_one_pass(part: str) -> None:
    body = (part * 60_000).encode()[: refusals().page_bytes]
    began = time.process_time()
    refusals().missing(body)
    refusals().is_challenge(b"__jsl_clearance" + body[:-20])
    assert time.process_time() - began < 1
