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


def test_a_paragraph_may_turn_to_plans_without_a_heading() -> None:
    body = (
        "一、2023年工作\n\n全县出生3215人。\n\n2024年，我们将重点抓好以下工作：老年人健康管理率达到72%；新增托位120个。"
    )
    assert {fact.role for fact in facts_of(body)[1:]} == {"target"}
    assert {str(fact.period_end) for fact in facts_of(body)[1:]} == {"2024-12-31"}


def test_a_heading_that_says_its_tasks_were_done_is_no_plan() -> None:
    body = "二、“十三五”目标任务圆满收官\n\n县域内就诊率91.7%。\n\n三、确保目标任务圆满完成\n\n住院分娩率99.9%。"
    assert [fact.role for fact in facts_of(body)] == ["actual", "target"]


def test_the_values_of_a_list_are_meant_alike() -> None:
    body = "二、2024年工作计划\n\n高血压、糖尿病患者规范管理率分别不低于75%、76%。"
    assert [fact.role for fact in facts_of(body)] == ["target", "target"]


def test_a_growth_to_be_kept_is_a_target() -> None:
    body = "二、2024年工作计划\n\n公立医院医疗费用增幅控制在10%以内。"
    assert fact_of(body, "10").role == "target"


def test_within_the_year_is_no_plan_once_it_is_over() -> None:
    assert fact_of("年内发展新党员6名。", "6").role == "actual"


def test_a_bound_of_the_whole_year_is_a_target_before_it_is_over() -> None:
    body = "全年完成两癌筛查9000人以上，1—6月已筛查4100人。"
    roles = {fact.number_text: fact.role for fact in facts_of(body, "响水县2023年上半年卫生健康工作总结")}
    assert roles == {"9000": "target", "4100": "actual"}


def test_the_whole_year_in_the_plan_of_its_second_half_is_a_target() -> None:
    body = "一、上半年工作\n\n1—6月筛查4100人。\n\n二、下半年工作安排\n\n全年完成大肠癌筛查9000人。"
    fact = next(fact for fact in facts_of(body, "响水县2023年上半年卫生健康工作总结") if fact.number_text == "9000")
    assert (fact.role, str(fact.period_start), str(fact.period_end)) == ("target", "2023-01-01", "2023-12-31")


def test_a_plan_that_is_carried_out_makes_no_target() -> None:
    assert fact_of("实施地中海贫血防治计划，全县免费婚检7216人。", "7216").role == "actual"
    assert fact_of("计划免费婚检7216人。", "7216").role == "target"
