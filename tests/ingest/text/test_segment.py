"""Sections and sentences: where headings begin and end, how they nest, where sentences close."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text import Reading
from ingest.text.headings import headings_of
from ingest.text.segment import Segments, segment


def headings(text: str) -> list[tuple[int, str]]:
    return [(section.level, section.heading) for section in segment(text, (), ()).sections]


def sentences(text: str) -> list[str]:
    return [text[sentence.start : sentence.end] for sentence in segment(text, (), ()).sentences]


@pytest.mark.parametrize(
    ("line", "level", "heading"),
    [
        ("一、主要工作", 1, "一、主要工作"),
        ("十二、其他工作", 1, "十二、其他工作"),
        ("四、2024年主要工作", 1, "四、2024年主要工作"),
        ("第一部分 工作回顾", 1, "第一部分 工作回顾"),
        ("、年度工作完成情况", 1, "、年度工作完成情况"),
        ("(一)医改工作", 2, "(一)医改工作"),
        ("（三）妇幼健康服务水平稳步提升。一年来,各项指标向好。", 2, "（三）妇幼健康服务水平稳步提升。"),
        ("1.健康教育", 3, "1.健康教育"),
        ("3、妇幼保健工作 完成孕前检查598对,检查率是85%。", 3, "3、妇幼保健工作"),
        ("12．开展培训。全年培训3期。", 3, "12．开展培训。"),
        ("（1）规范管理。管理患者30人。", 4, "（1）规范管理。"),
        ("①加强宣传。发放资料300份。", 4, "①加强宣传。"),
        ("一是加强宣传,发放资料300份。", 5, "一是加强宣传,"),
        ("——坚持规划引领发展。完成规划编制。", 5, "——坚持规划引领发展。"),
        ("第一，加强宣传，发放资料300份。", 5, "第一，加强宣传，"),
    ],
)
def test_an_enumerator_gives_the_level_and_the_heading_ends_where_its_body_begins(
    line: str, level: int, heading: str
) -> None:
    assert headings(line) == [(level, heading)]


@pytest.mark.parametrize(
    "line",
    [
        "2023年,全县共报告传染病261例。",
        "1.5万人参加了培训,覆盖率95%。",
        "3.2025万元用于奖励。",
        "统一是这项工作的前提,之一是宣传。",
        "三、四级手术占比为70.1%。",
        "建档率为95.6%,比上年提高2.1个百分点。",
        "附件：1234份档案清单",
    ],
)
def test_what_only_looks_like_an_enumerator_is_none(line: str) -> None:
    assert headings(line) == []


def test_headings_in_the_middle_of_a_line_are_found() -> None:
    text = (
        "现将工作情况总结如下: 一、本年主要工作 (一)医改工作有新进展 1、县域医共体建立。按照要求推进。"
        " 2、信息化建设。完成对接。 (二)公共卫生工作 1、数据指标。全县共出生1704人。 二、存在问题 人才不足。"
    )
    assert headings(text) == [
        (1, "一、本年主要工作"),
        (2, "(一)医改工作有新进展"),
        (3, "1、县域医共体建立。"),
        (3, "2、信息化建设。"),
        (2, "(二)公共卫生工作"),
        (3, "1、数据指标。"),
        (1, "二、存在问题"),
    ]


def test_an_item_begins_even_where_the_sentence_before_it_lost_its_full_stop() -> None:
    text = "抽检合格率达98.4%二是打造健康宣传街6条,主题公园2个。"
    assert headings(text) == [(5, "二是打造健康宣传街6条,")]
    assert sentences(text) == ["抽检合格率达98.4%", "二是打造健康宣传街6条,主题公园2个。"]


def test_a_short_line_alone_is_a_heading_beside_its_numbered_neighbours() -> None:
    text = (
        "二、主要做法\n(一)党建工作\n全年集中学习11次,参加人数达到300人次以上。\n公共卫生服务体系建设不断加强\n"
        "完成急救站点建设5个,配备急救车辆8台,改造村卫生室55家。\n(三)医疗服务\n全年门诊39451人次。"
    )
    assert headings(text)[2] == (2, "公共卫生服务体系建设不断加强")


def test_an_unnumbered_heading_holds_the_dashes_below_it() -> None:
    body = "——全面深化改革，各项重大医改政策落地见效。\n——狠抓项目建设，健康资源总量大幅增加。"
    found = segment(f"改革：增添新动力\n{body}\n服务：迈上新台阶\n{body}", (), ()).sections
    assert [(section.level, section.parent) for section in found] == [(1, -1), (5, 0), (5, 0), (1, -1), (5, 3), (5, 3)]


def test_signatures_dates_captions_and_lists_of_slogans_are_no_headings() -> None:
    for text in (
        "全县建立居民健康档案1234份,建档率达到95%以上。\n示例县卫生健康局\n2021年7月5日",
        "群众健康知识宣传活动(资料图)\n全县建立居民健康档案1234份,建档率达到95%以上。",
        "扎实实施健康行动\n持续开展细胞建设\n深入开展爱卫运动",
    ):
        assert headings(text) == []


def test_sections_nest_and_end_where_the_next_of_their_level_or_above_begins() -> None:
    text = "一、工作\n(一)医改。甲。\n1、乙。丙。\n(二)公卫。丁。\n二、计划\n(一)戊。己。"
    sections = segment(text, (), ()).sections
    assert [section.parent for section in sections] == [-1, 0, 1, 0, -1, 4]
    assert [text[section.end :][:2] for section in sections] == ["二、", "(二", "(二", "二、", "", ""]


def test_a_section_that_skips_levels_lies_in_the_one_above() -> None:
    sections = segment("一、工作情况\n一是甲。乙。\n二是丙。丁。\n二、问题", (), ()).sections
    assert [(section.level, section.parent) for section in sections] == [(1, -1), (5, 0), (5, 0), (1, -1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲86.23人。乙；丙！", ["甲86.23人。", "乙；", "丙！"]),
        ("他说“完成。”乙。", ["他说“完成。”", "乙。"]),
        ("共70支(固定7支;储备63支),乙。", ["共70支(固定7支;储备63支),乙。"]),
        ("  甲。  \n\n 乙  ", ["甲。", "乙"]),
        ("规范管理率86．23％；乙", ["规范管理率86．23％；", "乙"]),
    ],
)
def test_sentences_close_at_their_marks_and_never_inside_a_number(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_sentence_goes_on_over_a_cut_and_stops_at_any_other_line_end() -> None:
    text = "累计建档12\n345份。甲\n乙"
    found = segment(text, ((6, 7),), ()).sentences
    assert [Reading(text, ((6, 7),), each.start, each.end).text for each in found] == ["累计建档12345份。", "甲", "乙"]


def test_no_sentence_and_no_heading_lies_in_an_aside() -> None:
    text = "首页 新闻\n一、主要工作\n全县建档1234份。\n二、上一篇"
    found = segment(text, (), ((0, 5), (text.index("二、"), len(text))))
    assert [section.heading for section in found.sections] == ["一、主要工作"]
    assert [text[each.start : each.end] for each in found.sentences] == ["一、主要工作", "全县建档1234份。"]


def test_a_sentence_knows_its_innermost_section() -> None:
    text = "前言。\n一、工作\n(一)医改。甲。\n二、计划\n乙。"
    assert [sentence.section for sentence in segment(text, (), ()).sentences] == [-1, 0, 1, 1, 2, 2]


PIECES = [
    "一、",
    "(一)",
    "1、",
    "一是",
    "——",
    "①",
    "甲",
    "乙丙丁戊",
    "。",
    ",",
    "；",
    "\n",
    " ",
    "12.5%",
    "(",
    ")",
    "”",
]


@st.composite
def texts_with_marks(draw: st.DrawFn) -> tuple[str, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    text = "".join(draw(st.lists(st.sampled_from(PIECES), max_size=40)))
    marks = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = list(zip(marks[::2], marks[1::2], strict=False))
    return text, tuple(spans[::2]), tuple(spans[1::2])


@given(texts_with_marks())
def test_sections_and_sentences_lie_in_the_text_and_nest(
    case: tuple[str, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]],
) -> None:
    text, cuts, asides = case
    found: Segments = segment(text, cuts, asides)
    for index, section in enumerate(found.sections):
        assert 0 <= section.start < section.heading_end <= section.end <= len(text)
        assert section.heading == Reading(text, cuts, section.start, section.heading_end).text
        if section.parent >= 0:
            parent = found.sections[section.parent]
            assert section.parent < index
            assert parent.level < section.level
            assert parent.start <= section.start < section.end <= parent.end
    previous = 0
    for sentence in found.sentences:
        assert previous <= sentence.start < sentence.end <= len(text)
        previous = sentence.end
        assert Reading(text, cuts, sentence.start, sentence.end).text.strip() != ""
        assert not any(start < sentence.end and sentence.start < end for start, end in asides)
        assert not any(sentence.start < section.start < sentence.end for section in found.sections)


@given(texts_with_marks())
def test_every_visible_character_outside_asides_and_cuts_is_in_a_sentence(
    case: tuple[str, tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]],
) -> None:
    text, cuts, asides = case
    covered = {at for each in segment(text, cuts, asides).sentences for at in range(each.start, each.end)}
    left = {at for start, end in (*cuts, *asides) for at in range(start, end)}
    missing = [at for at, char in enumerate(text) if not char.isspace() and at not in covered | left]
    assert missing == []


def test_what_a_heading_holds_in_brackets_closes_it_not() -> None:
    text = "二、妇幼健康指标（统计年度：2022年10月1日至2023年9月30日）\n（一）孕产妇保健。全县产妇3102人。\n"
    [heading] = headings_of(text.splitlines()[0])
    assert text[heading.start : heading.end].endswith("9月30日）")
