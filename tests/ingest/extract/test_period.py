"""Periods: by sentence, paragraph, section and document."""

from __future__ import annotations

from datetime import date

from tests.ingest.extract.reading import fact_of, facts_of


def span(body: str, number: str) -> tuple[date | None, date | None]:
    fact = fact_of(body, number)
    return fact.period_start, fact.period_end


def test_without_a_time_the_documents_own_period_holds() -> None:
    assert span("全县出生2308人。", "2308") == (date(2023, 1, 1), date(2023, 12, 31))


def test_a_stretch_before_the_number_holds() -> None:
    assert span("1—9月，全县出生1708人。", "1708") == (date(2023, 1, 1), date(2023, 9, 30))


def test_a_time_in_a_later_clause_does_not_reach_back() -> None:
    assert span("全县出生2308人，其中10月出生188人。", "2308") == (date(2023, 1, 1), date(2023, 12, 31))


def test_the_founding_year_of_an_institution_is_not_the_figures() -> None:
    assert span("县血站成立于1996年，现有职工45人。", "45")[1] == date(2023, 12, 31)


def test_an_earlier_level_lies_before_the_document() -> None:
    assert span("每千人口床位数由5.1张增加到6.4张。", "5.1")[1] == date(2022, 12, 31)


def test_times_in_order_go_with_values_in_order() -> None:
    facts = facts_of("2021年、2022年全县活产数分别为2604人、2455人。")
    assert [fact.period_end for fact in facts] == [date(2021, 12, 31), date(2022, 12, 31)]


def test_a_target_of_a_plan_is_for_the_next_year() -> None:
    body = "一、2023年工作总结\n\n全县住院分娩率达99%。\n\n二、下一步工作计划\n\n全县建档率达到93%。"
    assert span(body, "93")[1] == date(2024, 12, 31)


def test_a_stretch_that_opens_a_paragraph_holds_to_its_end_and_not_beyond() -> None:
    body = "1—6月，全县出生1108人。死亡902人。\n\n全县住院分娩率达99%。"
    assert [fact.period_end for fact in facts_of(body)] == [
        date(2023, 6, 30),
        date(2023, 6, 30),
        date(2023, 12, 31),
    ]


def test_a_month_of_the_plan_lies_in_its_year() -> None:
    body = "一、2023年工作\n\n全县出生3215人。\n\n二、2024年工作计划\n\n3月底前老年人健康管理率达到72%以上。"
    fact = fact_of(body, "72")
    assert (fact.role, str(fact.period_end)) == ("target", "2024-03-31")


def test_a_statistical_year_in_brackets_holds_for_its_paragraph() -> None:
    body = "2023年计划生育统计年度（2022年10月1日至2023年9月30日），全县共出生1987人；\n出生率8.23‰。"
    assert {str(fact.period_end) for fact in facts_of(body)} == {"2023-09-30"}


def test_figures_that_lag_behind_hold_for_their_paragraph() -> None:
    body = "妇幼健康保障有力。1—5月，全县活产703人。免费婚检316对。"
    title = "响水县2023年上半年卫生健康工作总结"
    assert {str(fact.period_end) for fact in facts_of(body, title)} == {"2023-05-31"}
