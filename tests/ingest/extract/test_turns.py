"""Turns of phrase that several numbers share: what one of them takes from another, from a list or from a head."""

from __future__ import annotations

import pytest

from tests.ingest.extract.reading import facts_of

CITY = "天水市卫生健康委员会2022年度工作总结"


def told(body: str, *fields: str, title: str | None = None) -> list[tuple[object, ...]]:
    """Some fields of each fact, in the order of the text."""
    facts = facts_of(body, title) if title else facts_of(body)
    ordered = sorted(facts, key=lambda fact: fact.char_start)
    return [tuple(getattr(fact, field) for field in fields) for fact in ordered]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        # a rate beside the count it is of
        ("新生儿死亡17例、2.06‰。", ["", "neonatal_mortality_rate"]),
        ("围产儿出生缺陷52例，发生率97.31/万。", ["", "birth_defect_rate"]),
        (
            "报告甲乙类传染病318例，报告发病率151.2/10万，下降4.3%。",
            ["notifiable_disease_cases_class_ab", *["notifiable_disease_incidence_class_ab"] * 2],
        ),
        # a share that the catalogue names, and one that it does not
        ("完成三、四级手术2915台次，占手术总量的38.6%。", ["surgeries", "surgeries_level34_share"]),
        (
            "乙类传染病287例，报告发病率136.4/10万，占发病总数的51.3%。",
            ["notifiable_disease_cases_class_b", "notifiable_disease_incidence", ""],
        ),
        # a head before the parts that share it
        ("基础免疫接种率:卡介苗98.4%;乙肝疫苗97.6%。", ["immunization_rate"] * 2),
        ("2022年总诊疗量中，医院41.6万人次，基层医疗卫生机构58.3万人次。", ["outpatient_visits"] * 2),
        ("卫生技术人员3218人，其中：医院2306人。", ["health_technicians"] * 2),
        (
            "医疗卫生机构416个，其中医院23个（公立9个、民营14个）。",
            ["health_institutions", "hospitals", "hospitals_public", "hospitals_private"],
        ),
        # a part of the people alone goes on with the rate
        ("家庭医生签约率达到46%，重点人群达到72%。", ["family_doctor_sign_rate", "family_doctor_key_group_sign_rate"]),
        # lists go on with the subjects of the list before
        (
            "在管高血压患者2.1万人、糖尿病患者0.8万人，规范管理率分别为78.2%、77.5%，控制率分别为64.1%、58.7%。",
            [
                *("hypertension_managed", "diabetes_managed"),
                *("hypertension_management_rate", "diabetes_management_rate"),
                *("hypertension_control_rate", "diabetes_control_rate"),
            ],
        ),
        ("以手足口病和流行性感冒为主，报告丙类传染病分别为96例、71例。", ["notifiable_disease_cases_class_c"] * 2),
        # one rate that two subjects have
        ("高血压、糖尿病患者规范管理率稳定在76%以上。", ["hypertension_management_rate", "diabetes_management_rate"]),
        # what changed is the level before it, never a share or an uncoded number between
        ("业务收入7216万元，增长11.8%。", ["", ""]),
        ("门诊次均费用196元，按当年价格比上年上涨3.1%。", ["outpatient_cost_per_visit"] * 2),
        ("住院次均费用同比下降2.7%。", ["inpatient_cost_per_stay"]),
        ("人均预期寿命78.3岁，比五年前提高1.9岁。", ["life_expectancy"] * 2),
        # how many each has is no stock
        ("每个村卫生室至少有1名乡村医生。", [""]),
        ("床位按规模分，800张及以上床位医院3家。", ["hospitals"]),
        # whom the words name themselves they borrow from nobody
        ("肺结核患者规则服药率97.2%；慢性乙肝患者建档管理3102人。", ["", ""]),
        ("千人拥有床位5.12张、医师2.31人。", ["beds_per_1k", "physicians_per_1k"]),
    ],
)  # fmt: skip
def test_a_name_is_found_in_the_words_of_another_number(body: str, codes: list[str]) -> None:
    assert [code for (code,) in told(body, "indicator_code")] == codes


@pytest.mark.parametrize(
    ("body", "entities"),
    [
        ("投资2.3亿元的县人民医院新院区竣工，设置床位600张。", ["县人民医院", "县人民医院"]),
        ("投资8600万元扩建县中医院，建筑面积1.4万平方米。", ["县中医院", "县中医院"]),
        ("县中医院顺利通过复评，16家乡镇卫生院设立中医馆。", [""]),
        ("县中医院整体搬迁等8个项目开工。", [""]),
        ("县人民医院与省肿瘤医院、市中心医院等6家医院签约。", ["县人民医院"]),
        ("在县人民医院支持下，全年体检老年人2.3万人。", [""]),
        ("县人民医院门急诊18.2万人次；出院1.1万人次。", ["县人民医院", "县人民医院"]),
        ("全国医院病床使用率71.4%。", [""]),
    ],
)
def test_an_institution_speaks_for_what_is_its_own(body: str, entities: list[str]) -> None:
    assert [entity for (entity,) in told(body, "entity")] == entities


def test_a_hospital_is_told_behind_a_slogan() -> None:
    title = "凝心聚力开新局\n——响水县人民医院2023年工作总结"
    assert told("全年出院2.6万人次。", "entity", title=title) == [("响水县人民医院",)]


def test_a_station_that_treats_tells_of_its_wards_and_of_its_area() -> None:
    title = "响水县妇幼保健院2023年工作总结"
    body = "全县产妇3102人。全院门急诊6.8万人次。平均住院日5.1天。"
    assert told(body, "entity", title=title) == [("",), ("响水县妇幼保健院",), ("响水县妇幼保健院",)]


@pytest.mark.parametrize(
    ("body", "subgroups"),
    [
        ("检查公共场所、学校、医疗机构等各类单位863户次。", [""]),
        ("报告乙类传染病212例，无甲类传染病报告，死亡2例。", ["", "乙类"]),
        ("发放计划生育奖扶、特扶资金386万元。", [""]),
        ("全年诊疗612万人次，其中:医院381万人次，专业公共卫生机构46万人次。", ["", "医院", "专业公共卫生机构"]),
    ],
)
def test_only_what_limits_a_number_is_its_part(body: str, subgroups: list[str]) -> None:
    assert [subgroup for (subgroup,) in told(body, "subgroup")] == subgroups


def test_hospitals_of_a_size_are_a_part() -> None:
    body = "医院按床位数分:100张以下床位医院21个,100-199张床位医院6个。"
    assert told(body, "indicator_code", "subgroup", "unit") == [
        ("hospitals", "100张以下床位医院", "item"),
        ("hospitals", "100-199张床位医院", "item"),
    ]


def test_a_bound_said_once_holds_for_the_list() -> None:
    assert told("高血压、糖尿病患者规范管理率分别达到76%、74%以上。", "comparator") == [(">=",), (">=",)]
    assert told("2024年，高血压、糖尿病患者规范管理率分别不低于76%和74%。", "comparator") == [(">=",), (">=",)]


def test_three_short_names_in_a_row_are_places() -> None:
    body = "秦州、麦积、清水三县区签约率分别为45.2%、46.7%、53.1%。"
    assert [area for (area,) in told(body, "ref_area", title=CITY)] == ["620502", "620503", "620521"]


def test_a_bracket_behind_a_number_speaks_of_its_place() -> None:
    body = "全省门诊总量比上年增加1.2亿人次(增长3.4%)。"
    assert [area for (area,) in told(body, "ref_area", title=CITY)] == ["620000", "620000"]


def test_a_difference_from_another_place_is_ones_own() -> None:
    assert told("参保率99.1%，高于全省0.6个百分点。", "ref_area", title=CITY)[1] == ("620500",)


@pytest.mark.parametrize(
    ("body", "number", "end"),
    [
        ("完成全年任务的63%。", "63", "2023-12-31"),
        ("检测能力8万管，是2021年底的3.2倍，实验室47个。", "47", "2023-12-31"),
        ("由2016年的61例下降到38例，乙肝由92例下降到71例。", "92", "2016-12-31"),
    ],
)
def test_a_time_belongs_to_the_number_that_it_dates(body: str, number: str, end: str) -> None:
    assert [str(last) for text, last in told(body, "number_text", "period_end") if text == number] == [end]


def test_a_stretch_that_opens_a_paragraph_holds_behind_a_run_in_heading() -> None:
    body = "一、妇幼健康\n\n（一）服务能力提升。1-9月，全县产妇2206人。发生孕产妇死亡1例。"
    assert {str(end) for (end,) in told(body, "period_end")} == {"2023-09-30"}


def test_a_press_conference_speaks_of_this_year_from_its_own() -> None:
    title = "“响水这十年”新闻发布会实录\n\n来源：响水县融媒体中心 2022-09-23 09:40"
    body = "截至2021年末，全县床位2310张。2021年门诊88万人次。今年上半年门诊41万人次。"
    assert [str(end) for (end,) in told(body, "period_end", title=title)][-1] == "2022-06-30"


def test_what_is_still_to_be_done_is_a_target() -> None:
    assert told("“两癌”免费筛查任务6000人，实际筛查6108人。", "role") == [("target",), ("actual",)]
    assert told("完成“双随机”抽检任务74件。", "role") == [("actual",)]


def test_a_count_that_its_change_follows_is_the_earlier_level() -> None:
    assert told("报告传染病612例，较去年同期698例下降12.3%。", "role") == [("actual",), ("baseline",), ("change",)]
