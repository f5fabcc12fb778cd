"""Cuts: marks and line breaks that interrupt a sentence, and numbered lists that do not."""

from __future__ import annotations

from ingest.text import Reading
from ingest.text.cuts import chunk_marks, hard_breaks, page_numbers
from ingest.text.lines import lines_of

# 180 characters that close no sentence at their end.
STRETCH = "全县各级医疗机构认真落实各项制度,持续改进服务流程,群众就医体验得到改善" * 5


def without_breaks(text: str) -> str:
    cuts = hard_breaks(lines_of(text))
    return Reading(text, cuts).text


def test_page_chunk_marks_are_cut_with_the_line_break_before_them() -> None:
    text = f"1、{STRETCH}\n2、{STRETCH}\n3、{STRETCH}。"
    assert Reading(text, chunk_marks(lines_of(text))).text == f"{STRETCH}{STRETCH}{STRETCH}。"


def test_a_chunk_mark_may_stand_before_a_comma_of_the_sentence() -> None:
    text = f"1、{STRETCH}\n2、、合理用药{STRETCH}\n3、{STRETCH}"
    assert "改善、合理用药" in Reading(text, chunk_marks(lines_of(text))).text


def test_a_chunk_that_happens_to_end_with_its_sentence_is_still_a_chunk() -> None:
    text = f"1、{STRETCH}\n2、{STRETCH}。\n3、{STRETCH}\n4、{STRETCH}"
    assert len(chunk_marks(lines_of(text))) == 4


def test_a_numbered_list_of_closed_sentences_is_no_chunking() -> None:
    text = f"1、{STRETCH}。\n2、{STRETCH};\n3、{STRETCH}。"
    assert chunk_marks(lines_of(text)) == []


def test_numbered_headings_are_no_chunking() -> None:
    text = f"1、加强组织领导\n{STRETCH}。\n2、完善工作机制\n{STRETCH}。\n3、强化督导检查\n{STRETCH}。"
    assert chunk_marks(lines_of(text)) == []


def test_a_list_that_does_not_count_from_one_is_no_chunking() -> None:
    text = f"2、{STRETCH}\n4、{STRETCH}\n5、{STRETCH}"
    assert chunk_marks(lines_of(text)) == []


def test_text_wrapped_at_a_width_is_read_as_paragraphs() -> None:
    text = (
        "    今年以来全系统干部职工团结协作攻坚克难较好地完成了年初确定的各项工\n"
        "作任务，累计建立居民健康档案一百二十三万份，规范化电子建档率达到86.5%，\n"
        "高血压患者规范管理率72.1%，糖尿病患者规范管理率71.3%，老年人健康管理率\n"
        "达到70.2%。\n"
        "    全年共接种国家免疫规划疫苗12345剂次，接种率保持在较高的水平上，没有发\n"
        "生预防接种事故。\n"
    )
    assert without_breaks(text).count("\n") == 2
    assert "各项工作任务" in without_breaks(text)
    assert "没有发生预防接种事故" in without_breaks(text)


def test_a_number_that_a_wrapped_line_splits_is_read_whole() -> None:
    text = (
        "今年以来全系统干部职工团结协作攻坚克难较好地完成了年初确定的各项工作任\n"
        "务，其中全县管理高血压患者人数比去年有较大幅度的增长，目前已经累计达到12\n"
        "345人，其中规范管理人数比去年也有一定幅度的增长，占全部管理人数的比例在\n"
        "全市各县区当中排在前列的位置，受到市里的表扬和各个兄弟县区的一致好评。\n"
    )
    assert "达到12345人" in without_breaks(text)


def test_a_line_that_ends_with_a_comma_goes_on_in_the_next() -> None:
    assert without_breaks("全年门诊量达到23.4万人次，\n\n同比增长3.2%。") == "全年门诊量达到23.4万人次，同比增长3.2%。"


def test_a_heading_after_an_unclosed_line_begins_a_line_of_its_own() -> None:
    text = "力争年底有2家卫生院达到基本标准,\n\n(五)加强人才培养工作。扎实开展进修培训。"
    assert without_breaks(text) == text


def test_headings_signatures_and_table_rows_keep_their_lines() -> None:
    for text in (
        "一、主要工作\n全县建立居民健康档案1234份,建档率95%。",
        "公共卫生服务体系建设不断加强\n全县建立居民健康档案1234份,建档率95%。",
        "示例县卫生健康局\n2021年7月5日",
        "指标 | 目标 | 实际\n建档率 | 90 | 95,\n签约率 | 70 | 75",
        "扎实实施健康行动\n持续开展健康细胞建设\n深入开展爱国卫生运动",
    ):
        assert without_breaks(text) == text


def test_page_numbers_are_found_and_figures_are_none() -> None:
    text = "- 3 -\n第3页 共12页\n— 12 —\n1234\n95.2%\n-2.53\n12/345人"
    assert page_numbers(lines_of(text)) == [0, 1, 2]


def test_short_chunks_are_seen_where_their_words_can_only_be_the_rest_of_a_sentence() -> None:
    text = f"1、{STRETCH}，全区肺结核患\n2、者管理率达到89.3%，规则服药率96.1%；免费体检老年\n3、人8214名。"
    assert len(chunk_marks(lines_of(text))) == 3
    assert "肺结核患者管理率" in Reading(text, chunk_marks(lines_of(text))).text


def test_a_list_of_unclosed_items_is_no_chunking() -> None:
    items = ["健全工作机制，落实部门责任，强化考核结果运用", "开展专项督查，通报突出问题，限期整改到位"]
    text = "\n".join(f"{number}、{item}，{item}" for number, item in enumerate(items, start=1))
    assert chunk_marks(lines_of(text)) == []


def test_a_number_split_by_a_mark_or_by_a_line_end_is_one_number() -> None:
    chunks = f"1、{STRETCH}，累计服务71\n2、35人次，{STRETCH}"
    assert "累计服务7135人次" in Reading(chunks, chunk_marks(lines_of(chunks))).text
    assert "随访糖尿病患者7135人" in without_breaks("全年随访糖尿病患者71\n35人，血糖达标率61.2%。")


def test_a_few_narrow_lines_are_one_paragraph() -> None:
    text = "全区开展义诊活动41场，惠及群众3千余人，其中农\n村居民占到七成，发放健康读本3.4万册，群众知晓率\n达91%。"
    assert without_breaks(text).count("\n") == 0
    heading = "坚持预防为主，促进医防融合\n全区开展义诊活动41场，惠及群众3千余人，其中农村居民占七成。"
    assert without_breaks(heading) == heading


def test_a_full_width_number_that_did_not_fit_its_line_begins_the_next() -> None:
    full = "全年报告甲类和乙类传染病一千五百三十例全县没有发生重大突发公共卫生事件"
    begun = "　　艾滋病防治。全面启动攻坚工程并且完成艾滋病病毒抗体检测"
    text = f"{full}\n{full}\n{full}\n{full}\n{begun}\n１８６２２人次以及病毒载量和耐药性的检测若干\n"
    assert "抗体检测１８６２２人次" in without_breaks(text)
