"""Labelled metadata and what is made of it: publisher and date of publication."""

from __future__ import annotations

from datetime import date

import pytest
from pages import asides, document

from ingest.parse.fields import fields_of, values_of
from ingest.text.lines import lines_of

BODY = "\n全县建立居民健康档案1234份，建档率达到95.6%。\n一、主要工作\n全年接种疫苗4321剂次，无事故发生。\n"
TITLE = "示例县卫生健康局2021年工作总结\n"


def values(text: str) -> dict[str, str]:
    return {name: field.value for name, field in values_of(fields_of(lines_of(text))).items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("索引号 640522/21-01 文号 生成日期 2021-07-05", {"index_number": "640522/21-01", "document_number": ""}),
        ("索 引 号：640522017/2021-00001", {"index_number": "640522017/2021-00001"}),
        ("文  号 效力状态 有效", {"document_number": ""}),
        ("【索引号】A-1 【发文字号】示卫〔2021〕3号", {"index_number": "A-1", "document_number": "示卫〔2021〕3号"}),
        ("索引号 | 11/21 | 发布机构 | 示例县卫生健康局", {"index_number": "11/21", "publisher": "示例县卫生健康局"}),
        ("发布机构\n示例县卫生健康局\n索引号\n11/2021", {"publisher": "示例县卫生健康局", "index_number": "11/2021"}),
        ("信息来源：示例县卫生健康局 浏览次数：88 字体：大 中 小", {"source": "示例县卫生健康局"}),
    ],
)  # fmt: skip
def test_values_stand_behind_their_labels_and_end_at_the_next(text: str, expected: dict[str, str]) -> None:
    found = values(text)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    "text", ["本年度信息来源广泛。", "全县时间安排紧凑", "来源 广泛的资金支持了项目", "编辑了宣传折页1200份"]
)
def test_prose_that_holds_a_label_is_no_metadata(text: str) -> None:
    assert values(text) == {}


def test_metadata_lines_are_set_aside_and_give_the_fields() -> None:
    metadata = "索引号 11/2021-3 文号 生成日期 2021-12-30 16:35:00\n公开方式 主动公开 所属机构 示例县卫生健康局"
    doc = document(f"首页 > 信息公开\n{TITLE}{metadata}{BODY}")
    assert (doc.index_number, doc.document_number, doc.publisher) == ("11/2021-3", "", "示例县卫生健康局")
    assert doc.published_on == date(2021, 12, 30)
    assert "公开方式" in asides(doc)
    assert "1234" not in asides(doc)
    assert doc.evidence["published_on"] == "label 生成日期: 2021-12-30 16:35:00"


def test_a_labelled_date_goes_before_the_signature_and_the_signature_before_the_head() -> None:
    signed = "示例县卫生健康局\n2021年7月5日\n"
    stamp = "2021-07-08 10:11 示例网\n"
    assert document(f"{TITLE}发布日期：2021年7月9日{BODY}{signed}").published_on == date(2021, 7, 9)
    assert document(f"{TITLE}{stamp}{BODY}{signed}").published_on == date(2021, 7, 5)
    assert document(f"{TITLE}{stamp}{BODY}").published_on == date(2021, 7, 8)
    assert document(f"{TITLE}{BODY}").published_on is None


@pytest.mark.parametrize(
    "signature",
    [
        "示例县卫生健康局\n2021年7月5日",
        "示例县卫生健康局 2021年7月5日",
        "示例县卫生健康局\n二〇二一年七月五日",
        "２０２１年７月５日\n示例县卫生健康局",
    ],
)
def test_a_signature_names_publisher_and_date(signature: str) -> None:
    doc = document(f"2021年上半年工作总结{BODY}{signature}\n扫一扫在手机打开\n版权所有 示例网")
    assert (doc.publisher, doc.published_on) == ("示例县卫生健康局", date(2021, 7, 5))


def test_the_newspaper_is_the_publisher_only_where_nothing_else_names_one() -> None:
    credit = "示例日报记者：张三 编辑：李四 审核：王五\n"
    assert document(f"健康新篇章{BODY}{credit}").publisher == "示例日报"
    assert document(f"{TITLE}{BODY}{credit}").publisher == "示例县卫生健康局"


def test_an_anonymised_title_names_no_publisher() -> None:
    assert document(f"县卫计委XX年工作总结和XX年计划 2021年,各项工作稳步推进。{BODY}").publisher == ""


def test_a_law_s_date_in_the_text_is_no_date_of_publication() -> None:
    assert (
        document(f"{TITLE}全县认真贯彻上级精神，自2020年6月1日起全面实施新的法律，成效明显。{BODY}").published_on
        is None
    )


def test_a_dateline_is_a_date_of_publication_and_a_cut_off_date_is_none() -> None:
    body = "全县建立居民健康档案1234份，建档率达到95.6%。"
    assert document(f"健康新篇章\n（示例日报讯 2021年7月5日）{body}{BODY}").published_on == date(2021, 7, 5)
    assert document(f"健康新篇章\n截至2021年6月30日，{body}{BODY}").published_on is None


@pytest.mark.parametrize("words", ["字号：大 中 小", "文号：\n（资料图）", "发文字号：无"])
def test_letter_sizes_and_captions_are_no_document_numbers(words: str) -> None:
    assert values(f"{words}\n全年接种疫苗4321剂次，无事故发生。").get("document_number", "") == ""
