"""Title, kind and period of a report, as its own words give them."""

from __future__ import annotations

from datetime import date

import pytest
from pages import asides, document

from ingest.parse.kind import kind_of
from ingest.parse.period import period_of

BODY = "\n    各项工作稳步推进，全县建立居民健康档案1234份，建档率达到95.6%。\n一、主要工作\n全年接种疫苗4321剂次。\n"


def day(words: str) -> date:
    return date.fromisoformat(words)


@pytest.mark.parametrize(
    ("title", "kind", "start", "end"),
    [
        ("示例县卫生健康局2021年上半年工作总结暨下半年工作计划", "half_year", "2021-01-01", "2021-06-30"),
        ("示例县卫生健康局2021年半年工作总结", "half_year", "2021-01-01", "2021-06-30"),
        ("关于2021年下半年工作情况的汇报", "half_year", "2021-07-01", "2021-12-31"),
        ("示例区卫生健康局2021年工作总结及2022年工作计划", "annual", "2021-01-01", "2021-12-31"),
        ("示例区卫健委2021年工作总结和2022年工作打算", "annual", "2021-01-01", "2021-12-31"),
        ("2021年度示例市卫生健康工作总结", "annual", "2021-01-01", "2021-12-31"),
        ("示例市卫生局二〇一二年工作总结", "annual", "2012-01-01", "2012-12-31"),
        ("示例市卫生局２０１２年工作总结", "annual", "2012-01-01", "2012-12-31"),
        ("示例县卫健局2022年工作计划", "plan", "2022-01-01", "2022-12-31"),
        ("示例县2022年卫生健康工作要点", "plan", "2022-01-01", "2022-12-31"),
        ("示例县2021年第一季度工作总结", "quarter", "2021-01-01", "2021-03-31"),
        ("示例县2021年前三季度卫生健康工作情况汇报", "quarter", "2021-01-01", "2021-09-30"),
        ("示例县2021年1-9月工作总结", "quarter", "2021-01-01", "2021-09-30"),
        ("示例县2021年1—6月工作总结", "half_year", "2021-01-01", "2021-06-30"),
        ("示例县2021年1至10月工作总结", "month", "2021-01-01", "2021-10-31"),
        ("示例县卫健局2021年2月份工作总结", "month", "2021-02-01", "2021-02-28"),
        ("2021年示例市卫生健康事业发展统计公报", "bulletin", "2021-01-01", "2021-12-31"),
        ("示例市“十三五”卫生健康工作总结", "other", "2016-01-01", "2020-12-31"),
        ("示例市“十三五”工作总结和2021年工作计划", "other", "2016-01-01", "2020-12-31"),
        ("示例市2019-2020年度卫生健康工作总结", "annual", "2019-01-01", "2020-12-31"),
        ("示例市卫生局关于二〇一五年工作情况的报告", "annual", "2015-01-01", "2015-12-31"),
    ],
)
def test_the_title_gives_kind_and_period(title: str, kind: str, start: str, end: str) -> None:
    doc = document(title + BODY)
    assert doc.title == title
    assert (doc.report_kind, doc.period_start, doc.period_end) == (kind, day(start), day(end))
    assert doc.evidence["period"].startswith(("title", "five-year plan"))


def test_a_title_without_a_year_takes_it_from_the_lead_else_from_the_publication() -> None:
    lead = "2021年，在上级的领导下，全县卫生健康工作取得新成效，现将工作总结如下。"
    assert period_of("年度工作总结", "annual", lead, lead, None).end == day("2021-12-31")
    assert period_of("年度工作总结", "annual", "一年来稳步推进。", "", day("2022-01-11")).end == day("2021-12-31")
    assert period_of("年度工作总结", "annual", "一年来稳步推进。", "", day("2021-12-20")).end == day("2021-12-31")
    assert period_of("上半年工作总结", "half_year", "半年来稳步推进。", "", day("2021-07-11")).end == day("2021-06-30")
    assert period_of("上半年工作总结", "half_year", "半年来稳步推进。", "", day("2022-02-11")).end == day("2021-06-30")


def test_a_report_that_states_no_year_has_no_period() -> None:
    period = period_of("工作总结", "annual", "各项工作稳步推进。", "各项工作稳步推进。", None)
    assert (period.start, period.end, period.evidence) == (None, None, "no year stated")


def test_a_news_item_that_looks_back_on_a_five_year_plan_is_about_its_years() -> None:
    lead = "全市工作会召开，总结“十三五”成效，谋划“十四五”发展。"
    period = period_of("奋进新征程", "news", lead, lead, None)
    assert (period.start, period.end) == (day("2016-01-01"), day("2020-12-31"))


def test_a_meeting_in_the_title_makes_a_news_item() -> None:
    assert kind_of("示例县召开2021年卫生健康工作会议", "", "").value == "news"
    assert kind_of("示例县2021年卫生健康工作会议召开", "", "").value == "news"


def test_a_title_over_two_lines_is_joined_and_set_aside() -> None:
    doc = document(f"示例县卫生健康局\n2021年上半年工作总结\n暨下半年工作计划{BODY}")
    assert doc.title == "示例县卫生健康局2021年上半年工作总结暨下半年工作计划"
    assert asides(doc).split("\n") == ["示例县卫生健康局", "2021年上半年工作总结", "暨下半年工作计划"]


def test_a_repeated_title_is_set_aside_both_times() -> None:
    doc = document(f"首页 新闻\n示例县卫健局2021年工作总结\n2022-01-11 15:10 示例网\n示例县卫健局2021年工作总结{BODY}")
    assert doc.title == "示例县卫健局2021年工作总结"
    assert asides(doc).count("2021年工作总结") == 2


def test_a_title_that_opens_the_first_line_ends_at_the_blank() -> None:
    doc = document(f"县卫计委XX年工作总结和XX年计划 2021年,各项工作稳步推进。{BODY}")
    assert doc.title == "县卫计委XX年工作总结和XX年计划"
    assert asides(doc) == doc.title
    assert doc.period_end == day("2021-12-31")


def test_a_menu_word_is_not_taken_for_the_title() -> None:
    doc = document(f"首页 信息公开\n工作计划\n工作总结\n示例县卫生健康局2021年工作总结{BODY}")
    assert doc.title == "示例县卫生健康局2021年工作总结"


def test_a_page_without_a_title_has_none() -> None:
    doc = document(BODY)
    assert doc.title == ""
    assert doc.evidence["title"].startswith("none found")


def test_a_yearbook_tells_the_year_before() -> None:
    assert period_of("示例年鉴（2009）", "other", "", "", None).end == day("2008-12-31")
    assert period_of("示例县2009年卫生年鉴", "other", "", "", None).end == day("2008-12-31")


def test_a_heading_that_reviews_a_year_goes_before_the_year_of_the_meeting() -> None:
    lead = "——2017年1月10日在代表大会上，现在，我代表政府向大会报告工作，请予审议。"
    headings = ["一、2016年和过去五年工作回顾", "二、2017年工作总体要求"]
    assert period_of("示例县人民政府工作报告", "annual", lead, lead, None, headings).end == day("2016-12-31")


def test_a_statistical_year_of_other_months_is_taken_as_stated() -> None:
    lead = "现将2006年度(2005年10月1日至2006年9月30日)工作情况报告如下:"
    period = period_of("示例县2006年工作总结", "annual", lead, lead, None)
    assert (period.start, period.end) == (day("2005-10-01"), day("2006-09-30"))


def test_a_letter_that_stands_for_zero_in_a_year_is_read() -> None:
    doc = document(f"示例市妇幼保健所\n二O一五年上半年妇幼卫生工作总结{BODY}")
    assert doc.title == "示例市妇幼保健所二O一五年上半年妇幼卫生工作总结"
    assert doc.period_end == day("2015-06-30")


def test_a_year_of_foundation_in_the_lead_is_not_the_report_s() -> None:
    lead = "中心血站成立于1964年，2001年6月迁入现址。2019年，全市献血人数持续增长。"
    assert period_of("年度工作报告", "annual", lead, lead, day("2020-02-01")).end == day("2019-12-31")


def test_a_title_that_holds_a_menu_word_is_still_a_title() -> None:
    doc = document(f"示例市中心血站\n2019年度部门工作报告及无偿献血信息公开{BODY}")
    assert doc.title == "示例市中心血站2019年度部门工作报告及无偿献血信息公开"
    assert doc.period_end == day("2019-12-31")


def test_the_months_that_a_lead_tells_are_the_report_s() -> None:
    lead = "截至8月底，各项任务有序推进。现将1—8月工作开展情况通报如下："
    told = period_of("健康促进工作简报", "other", lead, lead, day("2021-09-06"))
    assert (told.start, told.end) == (day("2021-01-01"), day("2021-08-31"))
    of_year = period_of("示例县2021年健康促进工作情况", "other", lead, lead, None)
    assert of_year.end == day("2021-08-31")
    assert period_of("示例县2021年上半年工作总结", "half_year", lead, lead, None).end == day("2021-06-30")


@pytest.mark.parametrize(
    ("title", "end"),
    [
        ("在全县卫生工作会议上的讲话\n（二〇〇八年三月六日）", "2007-12-31"),
        ("示例市2019年上半年传染病疫情通报\n2019年7月10日", "2019-06-30"),
    ],
)
def test_speeches_and_notices_are_titles(title: str, end: str) -> None:
    doc = document(title + BODY)
    assert doc.title == title.split("\n")[0]
    assert doc.period_end == day(end)


def test_a_numbered_heading_below_prose_is_no_title() -> None:
    lead = "    各位代表，现在我向大会作书面发言，先谈谈去年培训村医的做法，再谈谈今年的打算，请予审议。\n"
    assert document(lead + "一、认真总结2021年工作情况\n" + BODY).title != "一、认真总结2021年工作情况"


def test_a_menu_far_below_the_report_is_not_its_title() -> None:
    menu = "护士年度工作总结 | 村医年度工作总结 | 药房年度工作总结"
    doc = document(f"{BODY}{BODY}相关阅读\n{menu}\n")
    assert "年度工作总结" not in doc.title
    assert "建档率" not in asides(doc)


def test_a_plan_without_years_in_its_title_takes_them_from_its_lead() -> None:
    lead = "根据上级部署，编制示例县妇幼健康“十二五”（2011-2015年）规划。"
    doc = document(f"发布机构：示例县卫生局 发布日期：2016-03-09\n{lead}{BODY}")
    assert (doc.report_kind, doc.period_start, doc.period_end) == ("plan", day("2011-01-01"), day("2015-12-31"))


def test_the_year_told_last_goes_before_the_date_of_a_copy() -> None:
    lead = "2011年，培训村医四期，随访按时完成。"
    assert period_of("卫生院工作总结", "annual", lead, lead, day("2021-05-06")).end == day("2011-12-31")
    since = "自2008年建院以来，培训从未间断。"
    assert period_of("工作总结", "annual", since, since, day("2021-08-06")).end == day("2021-12-31")


def test_a_meeting_s_year_is_not_the_year_that_it_reviews() -> None:
    lead = "示例市举行2022年妇幼健康推进会，通报2021年培训村医321人。"
    assert period_of("", "news", lead, lead, None).end == day("2021-12-31")


def test_a_yearbook_on_the_page_tells_the_year_before() -> None:
    page = "示例年鉴 2018年卷"
    assert period_of("卫生", "other", "培训按时完成。", "", day("2018-10-09"), page=page).end == day("2017-12-31")


def test_a_date_in_a_title_is_not_its_year() -> None:
    assert period_of("培训纪要 2019-04-02", "other", "2017年完成培训。", "2017年完成培训。", None).end == day(
        "2017-12-31"
    )
