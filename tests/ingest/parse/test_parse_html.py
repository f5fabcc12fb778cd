"""Pages of portals: what is visible, tables with their spans, metadata of the page, the main column, encodings."""

from __future__ import annotations

from datetime import date

import pytest
from pages import archived, asides, document, sentences

from ingest.parse import ParseError, parse
from ingest.parse.sniff import sniff

PARAGRAPHS = """
<p>&nbsp;&nbsp;&nbsp;&nbsp;2021年，各项工作稳步推进，全县建立居民健康档案1234份，建档率达到95.6%。</p>
<p>一、主要工作</p><p>全年接种疫苗4321剂次，没有发生预防接种事故。</p>
"""


def page(body: str, head: str = "", charset: str = "utf-8") -> str:
    return f'<!DOCTYPE html><html><head><meta charset="{charset}">{head}</head><body>{body}</body></html>'


def test_a_portal_page_gives_title_metadata_and_text() -> None:
    head = (
        '<title>示例县2021年工作总结-示例县人民政府</title><meta name="ArticleTitle" content="示例县2021年工作总结">'
        '<meta name="PubDate" content="2022-01-18 09:30"><meta name="ContentSource" content="示例县卫生健康局">'
    )
    menus = "<nav><ul><li>首页</li><li>机构职能共12个</li></ul></nav>"
    footer = "<footer>版权所有 示ICP备1234号 访问3456次</footer>"
    doc = document(page(f"{menus}<h1>示例县2021年工作总结</h1><div>{PARAGRAPHS}</div>{footer}", head))
    assert (doc.title, doc.publisher, doc.published_on) == (
        "示例县2021年工作总结",
        "示例县卫生健康局",
        date(2022, 1, 18),
    )
    assert "机构职能共12个" in asides(doc)
    assert "3456次" in asides(doc)
    assert sentences(doc)[-1] == "全年接种疫苗4321剂次，没有发生预防接种事故。"
    assert doc.sections[0].heading == "一、主要工作"


def test_a_metadata_table_gives_fields_and_is_no_table_of_the_report() -> None:
    table = (
        "<table><tr><td>索 引 号：</td><td>11/2021-3</td><td>文　号：</td><td></td></tr>"
        "<tr><td>发布机构：</td><td>示例县卫生健康局</td><td>发文日期：</td><td>2022年1月8日</td></tr></table>"
    )
    doc = document(page(f"{table}<h2>示例县2021年工作总结</h2>{PARAGRAPHS}"))
    assert (doc.index_number, doc.document_number, doc.publisher) == ("11/2021-3", "", "示例县卫生健康局")
    assert doc.published_on == date(2022, 1, 8)
    assert doc.tables == ()


def test_cells_keep_their_place_when_others_span_rows_and_columns() -> None:
    table = """<table><caption>主要指标</caption>
    <tr><th rowspan="2">指标</th><th colspan="2">2021年</th></tr><tr><th>目标</th><th>实际</th></tr>
    <tr><td>建档率</td><td>90</td><td>95.2</td></tr><tr><td>签约率</td><td colspan=2>70.1</td></tr></table>"""
    note = "<p>以上数据均为初步统计，最终以年报数据为准，特此说明。</p>"
    doc = document(page(f"<h1>示例县2021年工作总结</h1>{PARAGRAPHS}{table}{note}"))
    (found,) = doc.tables
    cells = {(cell.row, cell.column): doc.text[cell.start : cell.end] for cell in found.cells}
    assert cells == {
        (0, 0): "指标", (0, 1): "2021年", (1, 1): "目标", (1, 2): "实际",
        (2, 0): "建档率", (2, 1): "90", (2, 2): "95.2", (3, 0): "签约率", (3, 1): "70.1",
    }  # fmt: skip
    spans = {(cell.row, cell.column): (cell.row_span, cell.column_span, cell.is_header) for cell in found.cells}
    assert (spans[0, 0], spans[0, 1], spans[3, 1]) == ((2, 1, True), (1, 2, True), (1, 2, False))
    assert found.caption == "主要指标"
    assert doc.text[found.start : found.end].splitlines()[-2:] == ["建档率 | 90 | 95.2", "签约率 | 70.1 | "]


def test_the_line_above_a_table_is_its_caption_where_it_has_none() -> None:
    rows = "<tr><td>项目</td><td>金额</td></tr><tr><td>设备采购</td><td>812.5</td></tr>"
    table = f"<table>{{}}{rows}</table><p>以上数据均为初步统计，最终以年报数据为准，特此说明。</p>"
    above = f"<h1>示例县2021年工作总结</h1>{PARAGRAPHS}<p>附表 投入情况（单位：万元）</p>"
    (found,) = document(page(above + table.format(""))).tables
    assert found.caption == "附表 投入情况（单位：万元）"
    (named,) = document(page(above + table.format("<caption>投入</caption>"))).tables
    assert named.caption == "投入"


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    column = f"<h1>示例县2021年工作总结</h1>{PARAGRAPHS}"
    doc = document(page(f"<table><tr><td>首页<br>新闻</td><td>{column}</td></tr></table>"))
    assert doc.tables == ()
    assert doc.title == "示例县2021年工作总结"
    assert "全年接种疫苗4321剂次，没有发生预防接种事故。" in sentences(doc)


@pytest.mark.parametrize(
    "body",
    [
        "<div>　　全县建立居民健康档案1234份。</div><div>　　建档率达到95.6%。</div>",
        "　　全县建立居民健康档案1234份。<br>　　建档率达到95.6%。",
        "<span>全县建立居民健康档案</span><span>12</span><b>34</b>份。<p>建档率达到<font>95.6</font>%。",
        "<p>全县建立居民健康档案1234份。<script>x = 5</script></p>建档率达到95.6%。<i style='display: none'>9份。</i>",
        "<pre>全县建立居民健康档案1234份。\n建档率达到95.6%。</pre>",
        "<ul><li>全县建立居民健康档案1234份。<li>建档率达到95.6%。</ul><!-- 7份。 -->",
    ],
)
def test_each_way_of_setting_paragraphs_gives_the_same_sentences(body: str) -> None:
    doc = document(page(f"<h1>示例县2021年工作总结</h1>{body}"))
    assert sentences(doc) == ["全县建立居民健康档案1234份。", "建档率达到95.6%。"]


def test_a_line_break_inside_a_sentence_is_read_over() -> None:
    doc = document(page("<h1>示例县2021年工作总结</h1><p>全年门诊量达到23.4万人次，<br>同比增长3.2%。</p>"))
    assert sentences(doc) == ["全年门诊量达到23.4万人次，同比增长3.2%。"]


@pytest.mark.parametrize(
    ("charset", "encoding", "rule"),
    [
        ("gb2312", "gb18030", "gb18030: declared as gb2312"),
        ("utf-8", "gb18030", "gb18030: not UTF-8"),
        ("gbk", "utf-8", "utf-8: strict"),
        ("utf-8", "utf-8", "utf-8: declared as utf-8"),
        ("no-such-charset", "utf-8", "utf-8: strict"),
    ],
)
def test_the_encoding_is_the_declared_one_where_it_holds_else_the_one_that_fits(
    charset: str, encoding: str, rule: str
) -> None:
    doc = document(page(f"<h1>示例县2021年工作总结</h1>{PARAGRAPHS}", charset=charset).encode(encoding))
    assert doc.title == "示例县2021年工作总结"
    assert doc.evidence["encoding"] == rule


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ("全县建档1234份。".encode("gb18030"), "gb18030: not UTF-8"),
        ("全县建档1234份。".encode() + "份".encode()[:2], "utf-8: strict but for a last character that is cut off"),
        ("全县建档1234份。".encode("utf-8-sig"), "utf-8: byte order mark"),
        ("全县建档1234份。".encode("utf-16"), "utf-16-le: byte order mark"),
        ("全县建档1234份。".encode() * 40 + b"\xe5" + "全县建档1234份。".encode(), "utf-8: 1 damaged characters"),
    ],
)
def test_the_encoding_of_a_text_file_is_found_and_told(data: bytes, rule: str) -> None:
    doc = document(data)
    assert doc.text.startswith("全县建档1234份。")
    assert doc.evidence["encoding"] == rule


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        ("<html><body>页面</body></html>".encode(), "text/html"),
        ("\ufeff<!DOCTYPE HTML PUBLIC>".encode(), "text/html"),
        ("全县建档率<90%的有3个乡镇，>90%的有5个乡镇。".encode(), "text/plain"),
        (b"%PDF-1.4\n%\xe2\xe3", "application/pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64), "application/msword"),
        (b"\x89PNG\r\n\x1a\n" + bytes(16), "image/png"),
        (bytes(range(256)), ""),
    ],
)
def test_the_media_type_is_told_from_the_bytes(data: bytes, media_type: str) -> None:
    assert sniff(data) == media_type


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (page("").encode(), "no_text"),
        (page("<script>1</script><div>  &nbsp; </div>").encode(), "no_text"),
        (b"ID3\x03" + bytes(64), "unsupported_format"),
    ],
)
def test_a_page_with_nothing_to_read_is_an_error_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(archived(data), data)
    assert caught.value.reason == reason


def test_a_page_that_nests_a_thousand_levels_is_read() -> None:
    doc = document(page("<div>" * 1000 + "<p>全县建立居民健康档案1234份。</p>" + "</div>" * 1000))
    assert "全县建立居民健康档案1234份。" in doc.text


def test_a_table_whose_spans_no_table_of_data_has_is_read_as_lines() -> None:
    rows = "<tr><td rowspan=150 colspan=150>甲</td><td>乙</td></tr>" * 200
    doc = document(page(f"<p>全县建立居民健康档案1234份，建档率达到95.6%，比上年有所提高。</p><table>{rows}</table>"))
    assert doc.tables == ()
    assert "全县建立居民健康档案1234份，建档率达到95.6%，比上年有所提高。" in sentences(doc)
