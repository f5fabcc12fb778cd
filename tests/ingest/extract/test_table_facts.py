"""Cells as facts: what heads, captions and neighbours make of a number."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract import extract
from ingest.model import ArchivedFile, Document, Fact
from ingest.parse import parse
from tests.ingest.extract.reading import facts_of

TITLE = "安溪县卫生健康局2023年工作总结"
YEAR = (date(2023, 1, 1), date(2023, 12, 31))


def document(text: str, media_type: str = "text/plain") -> Document:
    data = text.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    return parse(
        ArchivedFile("inbox", "inbox/r.txt", "r.txt", sha256, media_type, datetime(2024, 2, 1, tzinfo=UTC), len(data)),
        data,
    )


def facts(table: str, title: str = TITLE) -> dict[str, Fact]:
    """The facts of a report that holds a table, by number."""
    return {fact.number_text: fact for fact in extract(document(f"{title}\n\n全年工作有序推进。\n\n{table}\n"))}


def codes(table: str, title: str = TITLE) -> dict[str, tuple[str, float | None, str]]:
    """Number -> indicator, value, unit."""
    return {number: (fact.indicator_code, fact.value, fact.unit) for number, fact in facts(table, title).items()}


def test_a_unit_in_a_head_holds_for_its_cells_and_multiplies_them() -> None:
    table = "|指标|2023年|\n|---|---|\n|门急诊人次(万)|138.62|\n|平均住院日(天)|8.1|\n|孕产妇死亡率(1/10万)|6.2|"
    assert codes(table) == {
        "138.62": ("outpatient_visits", 1386200, "visit"),
        "8.1": ("average_length_of_stay", 8.1, "day"),
        "6.2": ("maternal_mortality_ratio", 6.2, "per_100k"),
    }


def test_a_unit_stands_in_a_column_of_its_own_or_above_the_table() -> None:
    column = "指标 单位 2023年\n总诊疗人次 万人次 412.6\n病床使用率 % 78.2\n床位数 张 5120"
    assert codes(column) == {
        "412.6": ("outpatient_visits", 4126000, "visit"),
        "78.2": ("bed_occupancy_rate", 78.2, "percent"),
        "5120": ("beds", 5120, "bed"),
    }
    above = "2023年投入情况（单位：万元）\n|项目|金额|\n|设备采购|812.5|\n|房屋维修|120|"
    assert {number: (value, unit) for number, (_, value, unit) in codes(above).items()} == {
        "812.5": (8125000, "CNY"),
        "120": (1200000, "CNY"),
    }


def test_a_head_says_target_result_earlier_year_and_change() -> None:
    found = facts(
        "指标 2023年目标 2023年完成 2022年 同比增减（%）\n"
        "住院分娩率（%） ≥98 99.9 99.7 0.2\n"
        "活产数（人） 6800 7012 7923 -11.5"
    )
    assert {number: fact.role for number, fact in found.items()} == {
        "98": "target",
        "99.9": "actual",
        "99.7": "actual",
        "0.2": "change",
        "6800": "target",
        "7012": "actual",
        "7923": "actual",
        "-11.5": "change",
    }
    assert found["98"].comparator == ">="
    assert (found["7923"].period_start, found["7923"].period_end) == (date(2022, 1, 1), date(2022, 12, 31))
    assert (found["-11.5"].value, found["-11.5"].unit, found["-11.5"].indicator_code) == (
        -11.5,
        "percent",
        "live_births",
    )


def test_the_same_period_of_the_year_before_is_a_baseline() -> None:
    found = facts("|指标|本期|上年同期|\n|出院人次|8120|7930|", "安溪县卫生健康局2023年上半年工作总结")
    assert (found["7930"].role, found["7930"].period_end) == ("baseline", date(2022, 6, 30))
    assert (found["8120"].role, found["8120"].period_end) == ("actual", date(2023, 6, 30))


def test_heads_of_two_lines_name_indicator_and_year_together() -> None:
    found = facts(
        "指标名称      2023年         2022年\n           目标  完成    目标  完成\n"
        "住院分娩率（%）  98   99.9   97   99.7\n儿童系统管理率  90   95.1   89   94.2"
    )
    assert [(fact.number_text, fact.role, fact.period_end) for fact in found.values()][:4] == [
        ("98", "target", date(2023, 12, 31)),
        ("99.9", "actual", date(2023, 12, 31)),
        ("97", "target", date(2022, 12, 31)),
        ("99.7", "actual", date(2022, 12, 31)),
    ]
    grouped = (
        "|乡镇|家庭医生||高血压患者||\n||签约人数|签约率|管理人数|规范管理率|\n"
        "|---|---|---|---|---|\n|湖头镇|28160|45.2%|4120|78.1%|"
    )
    assert [code for code, _, _ in codes(grouped).values()] == [
        "family_doctor_signed",
        "family_doctor_sign_rate",
        "hypertension_managed",
        "hypertension_management_rate",
    ]


def test_rows_that_are_places_towns_institutions_or_the_whole() -> None:
    counties = facts("|地区|床位数|\n|安溪县|5120|\n|永春县|3010|\n|全市|48120|", "泉州市卫生健康委员会2023年工作总结")
    assert [(fact.ref_area, fact.entity) for fact in counties.values()] == [
        ("350524", ""),
        ("350525", ""),
        ("350500", ""),
    ]
    others = facts("|单位名称|门急诊人次|床位数|\n|县医院|812345|1000|\n|湖头镇卫生院|52345|80|\n|合计|864690|1080|")
    assert others["812345"].entity == "县医院"
    assert others["52345"].entity == "湖头镇卫生院"
    assert others["864690"].entity == ""
    assert others["1000"].indicator_code == "beds_hospital"
    assert others["1080"].indicator_code == "beds"


def test_a_disease_takes_its_own_code_or_that_of_its_class_with_a_subgroup() -> None:
    found = facts(
        "表1 乙类、丙类传染病发病情况\n病种      发病数    发病率(1/10万)   死亡数\n"
        "肺结核     812      95.12     1\n手足口病    1458     170.79    0"
    )
    assert [(fact.indicator_code, fact.subgroup) for fact in found.values()] == [
        ("tuberculosis_cases", ""),
        ("notifiable_disease_incidence", "肺结核"),
        ("notifiable_disease_deaths", "肺结核"),
        ("notifiable_disease_cases_class_c", "手足口病"),
        ("notifiable_disease_incidence", "手足口病"),
        ("notifiable_disease_deaths", "手足口病"),
    ]


def test_parts_take_the_whole_above_or_beside_them() -> None:
    rows = facts("|指标|单位|2023年|\n|床位数|张|5120|\n|其中：医院|张|3980|\n|乡镇卫生院床位数|张|1140|")
    assert [fact.indicator_code for fact in rows.values()] == ["beds", "beds_hospital", "beds_township"]
    columns = facts(
        "年份    出生人数（人）   出生率（‰）   其中男婴\n2022年   7923    7.6    4023\n2023年   7012    6.8    3523"
    )
    assert (columns["3523"].indicator_code, columns["3523"].subgroup) == ("births", "男")
    assert (columns["7923"].period_start, columns["7923"].period_end) == (date(2022, 1, 1), date(2022, 12, 31))


def test_indented_rows_divide_the_row_above_them() -> None:
    head = "指标\t单位\t2023年\t2022年\n总诊疗人次\t万人次\t412.6\t398.1\n"
    table = f"{head}  医院\t万人次\t176.3\t170.2\n出院人数\t人\t61208\t60117"
    found = facts(table)
    assert [(found[number].indicator_code, found[number].subgroup) for number in ("176.3", "61208")] == [
        ("outpatient_visits", "医院"),
        ("discharges", ""),
    ]


def test_a_count_that_looks_like_a_year_is_a_count() -> None:
    table = "|地区|床位(张)|\n|---|---|\n|城厢镇|1968|\n|官桥镇|842|\n|龙门镇|1127|"
    assert facts(table)["1968"].value == 1968


def test_per_how_many_people_is_said_by_the_name_where_the_catalogue_has_none() -> None:
    table = "|指标|单位|2023年|2025年目标|\n|---|---|---|---|\n|每千人口药师数|人|0.41|0.54|\n|人均预期寿命|岁|78.1|79|"
    found = facts(table)
    assert found["0.41"].unit == "per_1k"
    assert (found["79"].indicator_code, found["79"].role) == ("life_expectancy", "target")


def test_serial_numbers_ranks_telephones_and_empty_cells_give_nothing() -> None:
    table = "|序号|医疗机构|床位数|排名|联系电话|\n|1|县医院|1000|1|23232323|\n|2|县中医院|—|2|0595-23232425|"
    assert list(facts(table)) == ["1000"]
    assert facts("科室 | 姓名 | 电话\n办公室 | 张某 | 23232323\n医政股 | 李某 | 23232325") == {}


def test_a_share_of_a_task_or_of_a_whole_has_no_code() -> None:
    found = facts("项目 | 全年目标 | 完成数 | 完成率\n活产数 | 6800 | 7012 | 103.1%\n出院人次 | 8000 | 8120 | 101.5%")
    assert [(found[number].indicator_code, found[number].unit) for number in ("103.1", "101.5")] == [
        ("", "percent")
    ] * 2


def test_a_table_of_a_page_gives_the_facts_of_its_text_twin() -> None:
    rows = [["指标", "2022年", "2023年"], ["床位数（张）", "5010", "5120"], ["住院分娩率（%）", "99.7", "99.9"]]
    text = "\n".join("|" + "|".join(row) + "|" for row in rows)
    markup = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    page = f"<html><body><h1>{TITLE}</h1><p>全年工作有序推进。</p><table>{markup}</table></body></html>"

    def told(found: list[Fact]) -> list[tuple[object, ...]]:
        return [(f.indicator_code, f.value, f.unit, f.role, f.period_start, f.period_end) for f in found]

    expected = told(list(facts(text).values()))
    assert len(expected) == 4
    assert told(extract(document(page, "text/html"))) == expected


@pytest.mark.parametrize("separator", ["|", "\t", "    "])
def test_a_cell_is_read_once_and_its_fact_says_where_it_stands(separator: str) -> None:
    lines = [["指标", "2022年", "2023年"], ["床位数（张）", "5,010", "5,120"], ["病床使用率（%）", "78.1", "79.3"]]
    source = document(f"{TITLE}\n\n" + "\n".join(separator.join(row) for row in lines) + "\n")
    found = extract(source)
    assert [fact.number_text for fact in found] == ["5,010", "5,120", "78.1", "79.3"]
    for fact in found:
        assert source.text[fact.char_start : fact.char_end] == fact.number_text
        assert fact.quote in source.text
        assert fact.number_text in fact.quote
        assert fact.evidence["row"] in {"床位数(张)", "病床使用率(%)"}
    assert [fact.evidence["column"] for fact in found] == ["2022年", "2023年"] * 2


@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["", "—", "指标", "床位数(张)", "合计", "12", "3,400", "≥95%", "2022年", "其中:男", "1/10万"]
            ),
            min_size=2,
            max_size=5,
        ),
        min_size=2,
        max_size=6,
    )
)
def test_whatever_the_cells_every_number_and_quote_lies_in_the_document(rows: list[list[str]]) -> None:
    source = document(f"{TITLE}\n\n" + "\n".join("|" + "|".join(row) + "|" for row in rows) + "\n")
    for fact in extract(source):
        assert source.text[fact.char_start : fact.char_end] == fact.number_text
        assert fact.quote in source.text


def test_an_attached_table_is_not_of_the_plan_before_it() -> None:
    body = (
        "一、2023年工作\n\n全县出生3215人。\n\n二、2024年工作计划\n\n继续做好各项工作。\n\n"
        "附表1　2023年主要指标完成情况\n指标名称\t单位\t目标值\t2022年\t2023年\n"
        "居民健康档案建档率\t%\t≥90\t93.87\t94.51\n产后访视率\t%\t≥90\t96.83\t97.20\n"
        "附表2　部分单位考核情况\n单位\t常住人口（人）\t建档率（%）\n小尖镇\t21634\t95.32\n黄圩镇\t30217\t96.08\n"
    )
    told = {fact.number_text: (fact.role, str(fact.period_end)) for fact in facts_of(body)}
    assert told["94.51"] == ("actual", "2023-12-31")
    assert told["21634"] == ("actual", "2023-12-31")
    assert {fact.role for fact in facts_of(body) if fact.number_text == "90"} == {"target"}


def test_heads_of_two_rows_keep_what_stands_in_the_first() -> None:
    body = (
        "| 类别 | 指标名称 | 单位 | 2023年 |  | 2024年目标 |\n| --- | --- | --- | --- | --- | --- |\n"
        "|  |  |  | 目标值 | 完成值 |  |\n| 妇幼健康 | 孕产妇死亡率 | 1/10万 | ≤18 | 15.12 | ≤17 |\n"
        "|  | 孕产妇系统管理率 | % | ≥88 | 91.86 | ≥90 |\n"
    )
    told = {fact.number_text: (fact.indicator_code, fact.role, fact.unit) for fact in facts_of(body)}
    assert told["15.12"] == ("maternal_mortality_ratio", "actual", "per_100k")
    assert told["91.86"] == ("maternal_system_management_rate", "actual", "percent")


def test_a_head_put_together_from_words_for_values_names_nothing() -> None:
    body = (
        "|序号|服务项目|考核指标|目标任务|实际完成|\n|1|老年人健康管理|老年人健康管理率|≥67%|72.46%|\n"
        "|2|高血压患者健康管理|规范管理率|≥60%|76.83%|\n"
    )
    told = [(fact.indicator_code, fact.role) for fact in facts_of(body)]
    assert told[:2] == [("elderly_management_rate", "target"), ("elderly_management_rate", "actual")]
    assert told[3][0] == "hypertension_management_rate"


def test_those_who_should_be_served_are_not_those_who_were() -> None:
    body = (
        "| 项目 | 应管理（服务）人数 | 已管理（服务）人数 | 管理率（%） | 省考核标准（%） |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| 高血压患者规范管理 | 14120 | 10098 | 71.52 | 60 |\n| 2型糖尿病患者规范管理 | 3236 | 2341 | 72.34 | 61 |\n"
    )
    facts = {fact.number_text: (fact.indicator_code, fact.role) for fact in facts_of(body)}
    assert facts["14120"][0] == ""
    assert facts["10098"] == ("hypertension_managed", "actual")
    assert facts["60"] == ("hypertension_management_rate", "target")
