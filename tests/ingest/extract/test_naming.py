"""Naming: the stretch of a sentence that names a number; lists, bare numbers, rows."""

from __future__ import annotations

from tests.ingest.extract.reading import facts_of


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
