"""Indicators: composing a name from subject, service and measure, and the near misses that stay uncoded."""

from __future__ import annotations

import pytest

from ingest.extract.catalogue import catalogue
from ingest.extract.indicator import Hit, Hits, find_link
from tests.ingest.extract.reading import fact_of, facts_of


def named(words: str, unit: str) -> str:
    """The indicator that words alone name, right before a number."""
    hits = [Hit(start, end, word) for word, start, end in catalogue().hits(words)]
    end = (len(words), len(words))
    link = find_link(catalogue(), unit, hits, [], lambda _: True, end, lambda start, stop: start >= stop)
    return link.indicator.code if link else ""


@pytest.mark.parametrize(
    ("words", "unit", "code"),
    [
        ("高血压患者规范管理率", "percent", "hypertension_management_rate"),
        ("规范管理高血压患者", "person", "hypertension_managed"),
        ("孕产妇系统管理率", "percent", "maternal_system_management_rate"),
        ("产后访视率", "percent", "postnatal_visit_rate"),
        ("每千人口床位数", "per_1k", "beds_per_1k"),
        ("家庭医生签约率", "percent", "family_doctor_sign_rate"),
    ],
)
def test_words_in_a_row_make_a_name(words: str, unit: str, code: str) -> None:
    assert named(words, unit) == code


def test_the_unit_tells_a_rate_from_a_count() -> None:
    assert named("家庭医生签约", "percent") != named("家庭医生签约", "person")


def test_a_unit_that_an_indicator_never_has_leaves_it_out() -> None:
    assert named("每千人口床位数", "CNY") == ""


def test_a_subject_is_borrowed_from_the_clause_before() -> None:
    fact = fact_of("高血压患者建档登记3124人，规范管理率75.2%。", "75.2")
    assert fact.indicator_code == "hypertension_management_rate"


def test_the_nearer_subject_is_borrowed() -> None:
    body = "高血压患者登记3124人，糖尿病患者登记1180人，规范管理率75.2%。"
    assert fact_of(body, "75.2").indicator_code == "diabetes_management_rate"


@pytest.mark.parametrize(
    "sentence",
    [
        "购置救护车12辆。",
        "培训乡村医生120人。",
        "申报卫生村36个。",
        "改造卫生室45所。",
    ],
)
def test_bought_trained_and_rebuilt_ones_are_not_the_stock(sentence: str) -> None:
    assert [fact.indicator_code for fact in facts_of(sentence)] in ([""], []), sentence


def test_a_share_of_the_task_is_no_rate() -> None:
    fact = fact_of("孕前优生健康检查完成目标任务的103.5%。", "103.5")
    assert fact.indicator_code == ""


def test_hits_are_found_by_span_and_overlap() -> None:
    hits = Hits([(4, 6, 1), (0, 3, 2), (0, 8, 3), (5, 9, 4)])
    assert hits.within(0, 8) == [Hit(0, 3, 2), Hit(0, 8, 3), Hit(4, 6, 1)]
    assert hits.within(5, 5) == []


def test_every_entry_of_the_catalogue_is_named_by_its_own_name() -> None:
    index = catalogue()
    missing = []
    for indicator in index.indicators:
        name = indicator.name_zh.replace("“", "").replace("”", "")
        name = name.split("(")[0] if name.endswith(")") else name
        unit = indicator.unit if indicator.unit != "*" else "person"
        if named(name, unit) != indicator.code:
            missing.append(f"{indicator.code}: {named(name, unit) or 'nothing'}")
    assert len(missing) <= 6, missing


def test_averages_in_a_list_share_their_first_word() -> None:
    facts = facts_of("次均门诊、住院费用分别为183.2元、5120元。")
    assert [fact.indicator_code for fact in facts] == ["outpatient_cost_per_visit", "inpatient_cost_per_stay"]


def test_a_comparison_between_keeps_no_subject_away() -> None:
    assert facts_of("出生1208人，同比减少41人，死亡1633人。")[2].indicator_code == "deaths"


def test_ordinals_of_a_list_share_what_they_number() -> None:
    facts = facts_of("累计接种新冠疫苗98万剂次，全人群第一、二剂接种率分别为92.4%、90.1%。")
    codes = ["covid_vaccine_first_dose_rate", "covid_vaccine_second_dose_rate"]
    assert [fact.indicator_code for fact in facts[1:]] == codes


def test_kinds_of_places_go_on_the_inspections() -> None:
    facts = facts_of("全年监督检查公共场所412户次，医疗机构328户次。")
    assert [fact.indicator_code for fact in facts] == ["supervision_inspections", "supervision_inspections"]
