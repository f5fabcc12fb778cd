"""What stands around a report is set aside, and nothing of the report is."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import archived, asides, document, sentences

from ingest.parse.document import document_of
from ingest.parse.text import read_text

HEAD = """欢迎访问示例县人民政府门户网站 登录 无障碍阅读
首页 政府信息公开 新闻中心 网上办事
您现在的位置：首页 > 政府信息公开 > 规划计划 > 工作总结

示例县卫生健康局2021年工作总结

发布时间：2021-12-30 来源：示例县卫生健康局 浏览次数：1520次
"""
BODY = """
    各项工作稳步推进，全县建立居民健康档案1234份，建档率达到95.6%。
一、主要工作
(一)公共卫生
全年接种疫苗4321剂次，无事故发生。
二、下一步打算
力争签约率达到75%以上。
"""
TAIL = """
示例县卫生健康局
2021年12月29日
扫一扫在手机打开当前页
【打印本页】 【关闭窗口】
上一篇：示例县2020年工作总结
下一篇：某地新增就业4500人
相关链接 国家部委网站 各省网站
版权所有：示例县人民政府 示ICP备12345678号 您是第987654位访问者
"""


def test_menus_breadcrumbs_metadata_and_footers_are_set_aside() -> None:
    left = asides(document(HEAD + BODY + TAIL))
    for words in ("无障碍阅读", "网上办事", "您现在的位置", "1520次", "打印本页", "新增就业4500人", "987654位"):
        assert words in left
    for words in ("1234份", "一、主要工作", "4321剂次", "75%以上", "2021年12月29日"):
        assert words not in left


@pytest.mark.parametrize(
    "line",
    [
        "记者：张三 编辑：李四",
        "责任编辑：李四",
        "/////////",
        "热门推荐",
        "返回顶部",
        "主办单位：示例县人民政府办公室",
        "分享到：",
        "已阅 12 打印 下载",
    ],
)
def test_a_line_of_furniture_below_the_report_is_set_aside(line: str) -> None:
    assert line in asides(document(f"示例县2021年工作总结{BODY}{line}\n"))


@pytest.mark.parametrize(
    "line",
    [
        "附件：健康档案统计表",
        "收藏馆参观人数达到3000人，分享经验12次。",
        "下载宣传资料1200份，打印折页3000份。",
        "建档率 | 95.6 | 94.1",
    ],
)
def test_a_line_of_the_report_that_begins_like_furniture_stays(line: str) -> None:
    assert line not in asides(document(f"示例县2021年工作总结{BODY}{line}\n"))


def test_a_table_in_text_above_the_first_sentence_stays() -> None:
    doc = document(
        "示例县2021年统计公报\n指标 | 数值\n建档率 | 95.6\n签约率 | 70.1\n以上为初步统计数，不含民营医疗机构的数据。"
    )
    assert "建档率 | 95.6" in sentences(doc)


def test_a_page_number_between_paragraphs_is_set_aside() -> None:
    doc = document(f"示例县2021年工作总结{BODY}- 12 -\n(三)人才队伍\n全年引进人才35名，培训1200人次。")
    assert "- 12 -" in asides(doc)


LINES = st.sampled_from([*HEAD.splitlines(), *BODY.splitlines(), *TAIL.splitlines(), "甲" * 50 + "，", "1、", "2、乙"])


@settings(deadline=None)
@given(st.lists(st.one_of(LINES, st.text(alphabet=st.characters(codec="utf-8"), max_size=30)), max_size=30))
def test_any_text_becomes_a_document_whose_spans_lie_in_it(lines: list[str]) -> None:
    data = "\n".join(["示例县", *lines]).encode()
    doc = document_of(archived(data), read_text(data))
    for spans in (doc.cuts, doc.asides):
        assert all(0 <= start < end <= len(doc.text) for start, end in spans)
        assert all(before[1] < after[0] for before, after in pairwise(spans))
    for sentence in doc.sentences:
        assert doc.text[sentence.start : sentence.end].strip()
        assert not any(start < sentence.end and sentence.start < end for start, end in doc.asides)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", categories=["Lo", "Nd", "Po"]), max_size=200))
def test_plain_text_keeps_its_length(words: str) -> None:
    text = "示例县" + words
    assert len(document(text).text) == len(text)


def test_no_line_of_a_broken_paragraph_becomes_an_aside() -> None:
    text = (
        "示例县卫生健康局2021年工作总结\n"
        "全年开展义诊活动41场，惠及群众3千余人，其中农\n村居民占到七成，发放健康读本3.4万册，群众知晓率\n达91%。\n"
    )
    assert asides(document(text)) == "示例县卫生健康局2021年工作总结"


def test_cells_of_a_table_are_no_menu() -> None:
    cells = "指标\n注册护士\n1520\n%\n"
    text = f"示例县卫生健康局2021年工作总结\n\n{cells}全年各项工作任务按照年初的计划完成，群众满意。\n{cells}—\n"
    assert asides(document(text)) == "示例县卫生健康局2021年工作总结"
