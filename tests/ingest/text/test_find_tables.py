"""Tables in plain text: which lines are one, and where its cells stand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Table
from ingest.text.tables import find_tables, kind_of_cell
from tests.steps import steps_of

PROJECT = Path(__file__).resolve().parents[3]
WITH_TABLES = {
    "chongming_bulletin_2015": 1,
    "chongqing_xiushan_2017_annual": 1,
    "dayao_2019_bphs": 2,
    "fujian_zhao_an_2012_annual": 1,
    "gansu_huixian_2018_annual": 1,
    "gansu_minqin_2018_annual": 1,
    "hebei_ningjin_2024_annual": 1,
    "heilongjiang_fangzheng_2018_annual": 1,
    "heilongjiang_zhaodong_2014_annual": 1,
    "henan_xinyang_shihe_2013_annual": 1,
    "huairou_bulletin_2016": 1,
    "jiaxing_bulletin_2023": 1,
    "liaoning_huanren_bphs_2019": 2,
    "puding_145plan_2021": 1,
    "shaanxi_pingli_2019_annual": 1,
    "taoyuan_cdc_2012": 1,
    "tengzhou_hospital_2018": 1,
    "tongliao_bulletin_2021": 2,
    "weixian_2023m11": 1,
    "xianfeng_chc_2020": 1,
    "xinjiang_qitai_2020_annual": 1,
    "yunnan_honghe_2020_annual": 1,
    "yushui_2020_review": 1,
}


def rows_of(text: str, table: Table) -> list[list[str]]:
    """The cells' words, row by row."""
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(text[cell.start : cell.end])
    return [rows[row] for row in sorted(rows)]


def only_table(text: str) -> tuple[Table, list[list[str]]]:
    tables = find_tables(text, ())
    assert len(tables) == 1
    return tables[0], rows_of(text, tables[0])


@pytest.mark.parametrize(
    "text",
    [
        "|指标|目标|完成|\n|---|:--:|---|\n|甲率|90|93.4|\n|乙率|95|97.1|",
        "指标 | 目标 | 完成\n甲率 | 90 | 93.4\n乙率 | 95 | 97.1",
        "｜指标｜目标｜完成｜\n\n｜甲率｜90｜93.4｜\n\n｜乙率｜95｜97.1｜",
        "指标\t目标\t完成\n甲率\t90\t93.4\n乙率\t95\t97.1",
        "指标      目标     完成\n甲率      90     93.4\n乙率      95       97.1",
        "指标　　目标　　完成\n甲率　　90　　93.4\n乙率　　95　　97.1",
        "指标 目标 完成\n甲率 90 93.4\n乙率 95 97.1",
        "指标\n目标\n完成\n甲率\n90\n93.4\n乙率\n95\n97.1",
    ],
)
def test_a_table_is_found_however_its_cells_are_kept_apart(text: str) -> None:
    for before, after in (("", ""), ("全年工作有序推进。\n", "\n二、存在的问题\n基层人员不足。")):
        table, rows = only_table(before + text + after)
        assert rows == [["指标", "目标", "完成"], ["甲率", "90", "93.4"], ["乙率", "95", "97.1"]]
        assert {cell.row for cell in table.cells if cell.is_header} == {0}


def test_a_caption_is_the_short_lines_above() -> None:
    text = "全年工作有序推进。\n表2 主要指标\n（单位：万元）\n|项目|金额|\n|甲|12|\n|乙|30|"
    assert only_table(text)[0].caption == "表2 主要指标 （单位：万元）"


def test_an_empty_cell_keeps_its_column() -> None:
    text = "|指标|上半年|全年|\n|甲|41|86|\n|乙| |31|"
    table, rows = only_table(text)
    assert rows[2] == ["乙", "", "31"]
    aligned = "指标      上半年     全年\n甲数       41        86\n乙数                 31"
    table, rows = only_table(aligned)
    assert [(aligned[cell.start : cell.end], cell.column) for cell in table.cells if cell.row == 2] == [
        ("乙数", 0),
        ("31", 2),
    ]


def test_a_head_over_several_columns_covers_them() -> None:
    text = (
        "指标名称      2023年         2022年\n           目标  完成    目标  完成\n"
        "甲率        60    78      61    75\n乙率        62    77      60    74"
    )
    table, _ = only_table(text)
    spans = {text[cell.start : cell.end]: (cell.column, cell.column_span) for cell in table.cells if cell.row == 0}
    assert spans == {"指标名称": (0, 1), "2023年": (1, 2), "2022年": (3, 2)}
    piped = "|乡镇|签约||管理||\n||人数|率|人数|率|\n|---|---|---|---|---|\n|甲镇|812|45%|412|78%|"
    table, _ = only_table(piped)
    assert {(cell.column, cell.column_span) for cell in table.cells if cell.row == 0 and cell.column_span > 1} == {
        (1, 2),
        (3, 2),
    }


def test_tables_under_each_other_stay_apart() -> None:
    text = "|甲|乙|\n|一|2|\n|二|3|\n\n|丙|丁|\n|三|4|\n|四|5|"
    assert [rows_of(text, table)[0] for table in find_tables(text, ())] == [["甲", "乙"], ["丙", "丁"]]


def test_labels_and_values_without_a_head_need_a_unit() -> None:
    with_unit = "甲率（%）\n93.2\n乙率（%）\n99.9"
    assert rows_of(with_unit, find_tables(with_unit, ())[0]) == [["甲率（%）", "93.2"], ["乙率（%）", "99.9"]]
    assert find_tables("甲类事项\n93\n乙类事项\n99", ()) == []


@pytest.mark.parametrize(
    "text",
    [
        "全年接种甲疫苗3200剂次，乙疫苗1500剂次。\n二是开展培训12期，参训人员860人次。\n三是完成体检4300人。",
        "首页 | 信息公开 | 办事服务\n发布时间：2023-01-05    来源：办公室    浏览：358",
        "来源：县卫健局    发布时间：2024-01-08    阅读：87\n一、主要工作\n全年门诊12.4万人次。",
        "        2023年工作总结        \n　　今年以来，全县卫生健康系统完成诊疗31万人次。\n　　住院2.4万人次。",
        "一、工作回顾\n二、存在问题\n三、下一步打算",
        "附件：\n1.任务清单\n2.责任分工\n3.时间安排",
        "科室 | 姓名\n办公室 | 张某\n医政股 | 李某",
        "1\n2\n3\n4\n5\n6",
    ],
)
def test_prose_lists_and_menus_are_no_tables(text: str) -> None:
    assert find_tables(text, ()) == []


def test_no_table_reaches_into_what_is_not_the_report() -> None:
    text = "|甲|乙|\n|一|2|\n|二|3|"
    assert find_tables(text, [(0, len(text))]) == []


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("1,234.5", "number"),
        ("≥95", "number"),
        ("12.4万人次", "number"),
        ("1217(85.9%)", "number"),
        ("5.2/10万", "number"),
        ("-3.4%", "number"),
        ("—", "blank"),
        ("/", "blank"),
        ("2017年", "year"),
        ("2017", "year"),
        ("3月5日", "text"),
        ("2018-03-05", "text"),
        ("0595-23232323", "text"),
        ("1.建立档案", "text"),
        ("65岁以上老年人", "text"),
    ],
)
def test_a_cell_is_a_number_a_year_nothing_or_words(cell: str, kind: str) -> None:
    assert kind_of_cell(cell) == kind


@given(st.text(alphabet="甲乙率数12.9%|\t\n 　。，（）年—", max_size=400))
def test_cells_lie_in_their_table_and_tables_apart(text: str) -> None:
    end = 0
    for table in find_tables(text, ()):
        assert end <= table.start < table.end <= len(text)
        end = table.end
        assert all(table.start <= cell.start <= cell.end <= table.end for cell in table.cells)
        assert all("\n" not in text[cell.start : cell.end] for cell in table.cells)


@pytest.mark.parametrize(
    "line",
    [
        "甲 | 乙 | 丙\n",
        "甲    乙    丙\n",
        "甲率\n12\n",
        "指标\n",
        "甲\t乙\n\n",
        "|",
        "1 ",
        "甲(",
        "12.",
        "指标 目标\n",
    ],
)
def test_the_work_grows_with_the_length_and_not_its_square(line: str) -> None:
    short, long = (line * (size // len(line)) for size in (2_000, 8_000))
    find_tables(short, ())  # word lists are loaded once a process
    assert steps_of(lambda: find_tables(long, ())) < 4.4 * steps_of(lambda: find_tables(short, ()))


def test_the_reports_in_prose_hold_no_table() -> None:
    seeds = Path(os.environ.get("WEIJIAN_REPORTS", PROJECT.parent / "shared" / "seeds"))
    if not seeds.is_dir():
        pytest.skip(f"no reports in {seeds}; set WEIJIAN_REPORTS")
    for path in seeds.glob("*.txt"):
        assert find_tables(path.read_text(encoding="utf-8"), ()) == []


def test_our_own_reports_hold_the_tables_that_were_written_into_them() -> None:
    for path in (PROJECT / "tests" / "reports" / "dev").glob("*.txt"):
        found = find_tables(path.read_text(encoding="utf-8"), ())
        assert len(found) == WITH_TABLES.get(path.stem, 0), path.stem


def test_a_numbered_caption_of_two_words_is_no_row() -> None:
    text = "表1    2022年主要指标\n指标名称    目标值    完成\n建档率（%）    ≥90    93.1\n建证率（%）    ≥98    99.4\n"
    [table] = find_tables(text, ())
    assert [text[cell.start : cell.end] for cell in table.cells if cell.row == 0] == ["指标名称", "目标值", "完成"]
    assert table.caption.startswith("表1")


def test_rows_of_a_group_stand_under_their_numbers() -> None:
    head = "类别 | 序号 | 指标 | 单位 | 2025年\n健康 | 1 | 期望寿命 | 岁 | 80\n"
    text = f"{head}2 | 婴儿死亡率 | ‰ | 4 |\n3 | 素养水平 | % | 35 |\n"
    [table] = find_tables(text, ())
    rows = {
        row: {cell.column: text[cell.start : cell.end] for cell in table.cells if cell.row == row} for row in (2, 3)
    }
    assert [row[2] for row in rows.values()] == ["婴儿死亡率", "素养水平"]
    assert [row[4] for row in rows.values()] == ["4", "35"]


def test_a_numbered_caption_ends_the_table_before() -> None:
    text = "指标名称\t目标值\t完成\n建档率\t90\t93.1\n建证率\t98\t99.4\n"
    text += "附表2　抽查情况\n单位\t人口\n甲镇\t21634\n乙镇\t30217\n"
    assert [table.caption for table in find_tables(text, ())] == ["", "附表2　抽查情况"]


def test_a_head_of_wide_and_narrow_gaps_stands_above_rows_of_narrow_ones() -> None:
    text = "机构类别 机构数（个）  床位数（张）\n2020年 2021年 2021年\n总计 4123 4087 19241\n医院 91 94 15396\n"
    [table] = find_tables(text, ())
    assert rows_of(text, table)[-1] == ["医院", "91", "94", "15396"]


def test_words_spread_over_their_columns_are_one_cell() -> None:
    text = "指　　标    单　　位    2022年\n床位数    张    318\n医师数    人    204\n"
    [table] = find_tables(text, ())
    assert [text[cell.start : cell.end] for cell in table.cells if cell.row == 0] == ["指　　标", "单　　位", "2022年"]
