"""Roles: what is, what is meant to be, what was, how much it changed."""

from __future__ import annotations

import pytest

from ingest.extract.role import heading_speaks_of_plans
from tests.ingest.extract.reading import fact_of, facts_of


@pytest.mark.parametrize(
    ("sentence", "number", "role"),
    [
        ("全县住院分娩率达99.8%。", "99.8", "actual"),
        ("力争住院分娩率达到99.5%以上。", "99.5", "target"),
        ("住院分娩率99.8%，高于95%的国家标准。", "95", "target"),
        ("住院分娩率99.8%，比上年提高0.6个百分点。", "0.6", "change"),
        ("全县出生2308人，同比减少211人。", "211", "change"),
        ("每千人口床位数由5.1张增加到6.4张。", "5.1", "baseline"),
        ("每千人口床位数由5.1张增加到6.4张。", "6.4", "actual"),
        ("全县出生2308人，上年同期为2519人。", "2519", "baseline"),
        ("计划生育服务站共12个。", "12", "actual"),
    ],
)
def test_the_words_around_a_number_give_its_role(sentence: str, number: str, role: str) -> None:
    assert fact_of(sentence, number).role == role


def test_a_decrease_is_negative() -> None:
    assert fact_of("全县出生2308人，同比减少211人。", "211").value == -211


def test_a_section_of_plans_makes_targets_but_not_of_what_is_done() -> None:
    body = "一、下一步工作计划\n\n全县住院分娩率达99%。目前已建成卫生室84所。"
    assert [(fact.number_text, fact.role) for fact in facts_of(body)] == [("99", "target"), ("84", "actual")]


def test_new_ones_change_the_stock() -> None:
    fact = fact_of("全县新增床位320张。", "320")
    assert (fact.role, fact.value) == ("change", 320)


@pytest.mark.parametrize(
    ("heading", "speaks"),
    [
        ("三、下一步工作打算", True),
        ("二、2023年工作总结", False),
        ("（一）计划生育工作", None),
        ("2024年重点任务", True),
        ("工作完成情况和明年计划", True),
    ],
)
def test_the_last_cue_of_a_heading_decides(heading: str, speaks: bool | None) -> None:
    assert heading_speaks_of_plans(heading, 2023) is speaks


def test_a_forecast_ends_with_its_clause() -> None:
    body = "预计全年出生不足3000人，老龄化程度加深，65岁以上老年人口占比达17.1%。"
    assert fact_of(body, "17.1").role == "actual"
