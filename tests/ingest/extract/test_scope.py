"""Scope: the place, the institution and the part of the population that a number speaks for."""

from __future__ import annotations

import pytest

from ingest.extract.groups import ages, groups
from ingest.extract.mentions import institutions, towns
from tests.ingest.extract.reading import document_of, fact_of, facts_of


def test_a_number_speaks_for_the_documents_area() -> None:
    body = "全县住院分娩率达99.8%。"
    assert fact_of(body, "99.8").ref_area == document_of(body).ref_area == "320921"


def test_an_institution_before_the_number_is_its_entity() -> None:
    assert fact_of("县人民医院开放床位620张。", "620").entity == "县人民医院"


def test_a_word_for_the_whole_area_ends_an_institution() -> None:
    assert fact_of("县人民医院加快建设，全县开放床位2620张。", "2620").entity == ""


def test_what_is_the_areas_largest_is_still_the_institution() -> None:
    assert fact_of("县人民医院是全县最大的医院，开放床位620张。", "620").entity == "县人民医院"


def test_several_institutions_are_no_entity() -> None:
    assert fact_of("县人民医院、县中医院共开放床位1180张。", "1180").entity == ""


def test_the_heading_carries_its_institution() -> None:
    body = "一、县人民医院\n\n开放床位620张。\n\n二、公共卫生\n\n建立健康档案52万份。"
    assert [fact.entity for fact in facts_of(body)] == ["县人民医院", ""]


def test_a_hospitals_own_report_is_about_itself() -> None:
    fact = fact_of("开放床位620张。", "620", title="响水县人民医院2023年工作总结")
    assert fact.entity == "响水县人民医院"


def test_an_age_that_the_indicator_does_not_imply_is_a_part() -> None:
    assert fact_of("80岁以上老年人健康管理率71.5%。", "71.5").subgroup != ""
    assert fact_of("65岁以上老年人健康管理率71.5%。", "71.5").subgroup == ""


def test_ages_and_groups_are_found_where_they_stand() -> None:
    text = "0-6岁儿童和65岁以上老年人"
    assert [text[age.start : age.end] for age in ages(text)] == ["0-6岁", "65岁以上"]
    assert any(mention.name == "儿童" for mention, _ in groups().mentions(text))


def test_a_kind_of_institution_is_no_institution() -> None:
    assert institutions().mentions("二级以上医院和乡镇卫生院", [], towns("350524")) == []


def test_a_health_centre_may_be_named_by_its_town_alone() -> None:
    assert fact_of("其中小尖中心卫生院门诊3.1万人次。", "3.1").entity == "小尖中心卫生院"


def test_what_is_built_is_measured_for_itself() -> None:
    fact = fact_of("县人民医院新院年底投入使用，床位增加到350张。", "350")
    assert (fact.entity, fact.indicator_code) == ("县人民医院", "beds_hospital")


def test_a_county_named_in_a_prefectures_report_ends_with_the_prefecture() -> None:
    body = "东海县新增三级医院1家，全市三级医院达到11家。"
    assert fact_of(body, "11", title="连云港市2023年卫生健康工作总结").ref_area == "320700"


def test_a_kind_of_institutions_that_opens_a_sentence_is_the_subject_of_its_rates() -> None:
    body = "17个乡镇卫生院全部实施基本药物制度，门诊次均费用由46.8元下降到38.5元。"
    assert [fact.subgroup for fact in facts_of(body)[1:]] == ["乡镇卫生院", "乡镇卫生院"]


def test_a_part_is_carried_only_where_it_divides() -> None:
    body = "全县脱贫人口参加基本医保5.27万人，大病专项救治病种30种。"
    assert fact_of(body, "30").subgroup == ""


def test_those_under_special_support_are_divided() -> None:
    body = "特别扶助对象387人（独生子女伤残217人、死亡170人）。"
    facts = facts_of(body)
    assert {fact.indicator_code for fact in facts} == {"family_planning_special_support_recipients"}
    assert [bool(fact.subgroup) for fact in facts] == [False, True, True]


def test_institutions_in_order_have_a_value_each() -> None:
    facts = facts_of("县人民医院、县中医院药占比分别为28.6%和31.2%。")
    assert [fact.entity for fact in facts] == ["县人民医院", "县中医院"]


def test_who_speaks_for_an_institution_speaks_of_it() -> None:
    body = "主持人：请提问。\n\n县人民医院负责人：谢谢。2023年门急诊86.3万人次。\n\n主持人：全县出生3215人。"
    assert [fact.entity for fact in facts_of(body)] == ["县人民医院", ""]


def test_a_difference_from_another_places_average_is_ones_own() -> None:
    body = "次均门诊费用低于全省平均水平18元。"
    assert fact_of(body, "18").ref_area == "320921"


def test_a_bracket_may_name_other_places() -> None:
    facts = facts_of("每千人口床位数8.73张（全省7.78张、全国6.46张）。")
    assert [fact.ref_area for fact in facts] == ["320921", "320000", "000000"]


def test_a_group_may_make_an_indicator_of_its_own() -> None:
    facts = facts_of("建档立卡贫困人口参加基本医保1.2万人，家庭医生签约服务率100%。")
    assert (facts[1].indicator_code, facts[1].subgroup) == ("family_doctor_poor_sign_rate", "")


def test_an_institution_in_a_county_of_the_prefecture_has_the_countys_code() -> None:
    fact = fact_of("东海县人民医院开放床位800张。", "800", title="连云港市2023年卫生健康工作总结")
    assert (fact.ref_area, fact.entity) == ("320722", "东海县人民医院")


def test_the_oldest_of_a_stock_are_a_part_of_it() -> None:
    facts = facts_of("全县236名乡村医生中60周岁以上的有97人。")
    assert [fact.indicator_code for fact in facts] == ["village_doctors", "village_doctors"]
    assert [fact.subgroup for fact in facts] == ["", "60周岁以上"]


def test_a_level_behind_and_is_the_other_places() -> None:
    fact = fact_of("每千人口执业（助理）医师2.03人，与全省2.33人的平均水平相比仍有差距。", "2.33")
    assert fact.ref_area == "320000"


def test_a_group_named_before_is_meant_by_its_last_word() -> None:
    facts = facts_of("县医疗集团挂牌成立。集团实际支出医保基金1.21亿元。")
    assert [fact.entity for fact in facts] == ["县医疗集团"]


def test_that_hospital_in_time_is_no_list() -> None:
    assert fact_of("县人民医院门诊量上升，该院及时腾调儿科床位60张。", "60").entity != ""


@pytest.mark.parametrize(
    ("body", "number", "entity"),
    [
        pytest.param(
            "改扩建小尖、响水等6所乡镇卫生院，新增床位240张。", "240", "", id="several that are rebuilt are no entity"
        ),
        pytest.param(
            "县中医院通过复评，15家乡镇卫生院设立中医馆，中医处方占比21.8%。",
            "21.8",
            "",
            id="a kind of institutions takes the subject over",
        ),
        pytest.param(
            "县疾控中心核定编制62名，在岗仅47人。",
            "47",
            "县疾控中心",
            id="the staff of a centre for disease control is its own",
        ),
        pytest.param(
            "县人民医院与省人民医院建立专科联盟，全年门急诊21.4万人次。",
            "21.4",
            "县人民医院",
            id="what one institution does with others is its own",
        ),
    ],
)
def test_whose_figure_it_is(body: str, number: str, entity: str) -> None:
    assert fact_of(body, number).entity == entity
