"""Naming: the stretch of a sentence that names a number; lists, bare numbers, rows."""

from __future__ import annotations

import pytest

from tests.ingest.extract.reading import fact_of, facts_of


def codes(body: str) -> list[tuple[str, str]]:
    return [(fact.number_text, fact.indicator_code) for fact in facts_of(body)]


def test_values_in_order_take_their_names_in_order() -> None:
    assert codes("高血压、糖尿病患者规范管理率分别为75.2%、73.8%。") == [
        ("75.2", "hypertension_management_rate"),
        ("73.8", "diabetes_management_rate"),
    ]


def test_one_value_for_all_is_a_fact_for_each() -> None:
    assert codes("高血压、糖尿病患者规范管理率均达75%。") == [
        ("75", "hypertension_management_rate"),
        ("75", "diabetes_management_rate"),
    ]


def test_a_rate_in_brackets_belongs_to_the_count_before() -> None:
    assert codes("新生儿听力筛查2204人(筛查率97.1%)。")[1] == ("97.1", "newborn_hearing_screening_rate")


def test_a_sum_is_not_one_more_of_the_last() -> None:
    found = codes("建设健康村18个、健康社区9个、健康企业3家，共计30家。")
    assert found[-1] == ("30", "")


def test_a_part_takes_the_wholes_indicator_and_its_own_words() -> None:
    facts = facts_of("全县共报告艾滋病病毒感染者206例，其中男性151例。")
    assert [bool(fact.subgroup) for fact in facts] == [False, True]


def test_the_words_of_an_uncoded_number_are_kept_for_people() -> None:
    (fact,) = facts_of("修建健身步道14公里。")
    assert (fact.indicator_code, fact.indicator_text) == ("", "修建健身步道")


def test_a_change_names_by_its_measure_which_level_it_is_of() -> None:
    body = "全县报告法定传染病2416例，死亡9例，报告发病率286.9/10万，与上年同期相比发病数下降12.4%。"
    fact = fact_of(body, "12.4")
    assert (fact.indicator_code, fact.role, fact.value) == ("notifiable_disease_cases", "change", -12.4)


def test_a_task_is_a_target_of_what_was_done() -> None:
    body = "孕前优生健康检查412对，完成年度任务1800对的22.9%。"
    fact = fact_of(body, "1800")
    assert (fact.indicator_code, fact.role) == ("preconception_exam_count", "target")


def test_rates_without_a_subject_follow_the_counts_before_them() -> None:
    body = "管理高血压患者9124人、糖尿病患者2036人，规范管理率为76.8%、75.3%。"
    assert [fact.indicator_code for fact in facts_of(body)[-2:]] == [
        "hypertension_management_rate",
        "diabetes_management_rate",
    ]


def test_registered_patients_are_not_the_managed_ones() -> None:
    facts = facts_of("全县登记在册严重精神障碍患者1187人，规范管理1073人。")
    assert [fact.indicator_code for fact in facts] == ["", "mental_disorder_managed"]


def test_a_level_is_compared_with_another_places() -> None:
    body = "每千人口执业（助理）医师数仍低于全省2.87人的平均水平。"
    fact = fact_of(body, "2.87")
    assert (fact.indicator_code, fact.ref_area) == ("physicians_per_1k", "320000")


def test_nobody_had_an_indicator_before_its_first_year() -> None:
    title = "响水县2018年卫生健康工作总结"
    assert fact_of("疫苗加强免疫接种率98.1%。", "98.1", title=title).indicator_code == ""
    assert fact_of("疫苗加强免疫接种率98.1%。", "98.1").indicator_code == "covid_vaccine_booster_dose_rate"


def test_drawn_beds_are_not_there() -> None:
    assert fact_of("县人民医院新院区规划床位500张。", "500").indicator_code == ""
    assert fact_of("县人民医院开放床位500张。", "500").indicator_code == "beds_hospital"


def test_kinds_of_things_are_not_the_things() -> None:
    assert fact_of("发放健康教育宣传资料86种。", "86").indicator_code == ""
    assert fact_of("集中救治30种大病。", "30").indicator_code == "serious_diseases_covered"


def test_institutions_that_have_a_centre_count_the_centres() -> None:
    assert fact_of("12家乡镇卫生院均建成中医馆。", "12").indicator_code == "tcm_centres"


def test_one_value_of_each_is_a_fact_for_each() -> None:
    found = codes("农村妇女宫颈癌、乳腺癌免费检查各9300人。")
    assert [code for _, code in found] == ["cervical_cancer_screening_count", "breast_cancer_screening_count"]


def test_a_share_is_of_the_whole_that_the_part_is_counted_in() -> None:
    body = "全市医疗机构总诊疗186.4万人次，其中基层医疗机构112.3万人次，占比60.3%。"
    assert fact_of(body, "60.3").indicator_code == "primary_care_visit_share"


def test_a_bracket_may_hold_the_values_of_the_names_before_it() -> None:
    body = "每千人口床位数、执业（助理）医师均低于全省平均水平（分别为6.23张、2.62人）。"
    told = [(fact.indicator_code, fact.ref_area) for fact in facts_of(body)]
    assert told == [("beds_per_1k", "320000"), ("physicians_per_1k", "320000")]


@pytest.mark.parametrize(
    ("body", "number", "code"),
    [
        pytest.param(
            "实施临床路径管理病种102个，入径率52.3%，完成率83.7%。",
            "83.7",
            "clinical_pathway_completion_rate",
            id="a bare rate beside a rate is another one of the same subject",
        ),
        pytest.param(
            "65岁及以上老年人中医体质辨识27604人，管理率67.2%。",
            "67.2",
            "tcm_elderly_management_rate",
            id="the clause before brings what speaks against a borrowed name",
        ),
        pytest.param(
            "发放农村部分计划生育家庭奖励扶助金464.3万元，涉及4837人。",
            "4837",
            "family_planning_reward_recipients",
            id="money is shared with those whom it reaches",
        ),
        pytest.param(
            "65岁及以上老年人健康管理37922人；管理2型糖尿病患者7216人，规范管理率、血糖控制率分别为74.9%、58.4%。",
            "74.9",
            "diabetes_management_rate",
            id="a list borrows from the nearest clause",
        ),
        pytest.param(
            "兑现农村奖励扶助对象3126人，每人每年960元，资金300.1万元。",
            "300.1",
            "family_planning_support_funds",
            id="money completes the name of those before it",
        ),
    ],
)
def test_a_number_takes_its_name_from_what_stands_before(body: str, number: str, code: str) -> None:
    assert fact_of(body, number).indicator_code == code
