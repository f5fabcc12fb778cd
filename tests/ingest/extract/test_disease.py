"""Diseases: the number behind a disease's name."""

from __future__ import annotations

import pytest

from ingest.extract.disease import case_code, diseases
from tests.ingest.extract.reading import fact_of, facts_of


@pytest.mark.parametrize(
    ("sentence", "number", "code"),
    [
        ("全县报告法定传染病，其中手足口病320例。", "320", "notifiable_disease_cases"),
        ("报告乙类传染病，其中肺结核112例。", "112", "tuberculosis_cases"),
        ("报告传染病，狂犬病死亡1例。", "1", "notifiable_disease_deaths"),
    ],
)
def test_cases_and_deaths_have_their_indicator(sentence: str, number: str, code: str) -> None:
    fact = fact_of(sentence, number)
    assert fact.indicator_code == code


def test_without_a_word_of_notification_cases_are_nobodys() -> None:
    assert fact_of("完成手足口病320例随访。", "320").indicator_code == ""


def test_the_class_that_the_text_names_decides() -> None:
    (mention,) = diseases().mentions("猩红热")
    assert case_code(mention.disease, "乙类传染病猩红热") == "notifiable_disease_cases_class_b"
    assert case_code(mention.disease, "传染病猩红热") == "notifiable_disease_cases"


def test_the_longest_name_is_the_disease() -> None:
    (mention,) = diseases().mentions("流行性感冒")
    assert mention.end - mention.start == 5


def test_a_diseases_rates_go_on_by_the_year() -> None:
    facts = facts_of("肺结核报告发病率由2021年的112.6/10万下降到2022年的78.3/10万、2023年的55.5/10万。")
    assert {(fact.indicator_code, fact.subgroup) for fact in facts} == {("notifiable_disease_incidence", "肺结核")}


def test_a_disease_of_a_paragraph_on_notifiable_ones_counts_as_one() -> None:
    facts = facts_of("全县报告传染病1365例。布病38例，仍居首位。")
    assert (facts[1].indicator_code, facts[1].subgroup) == ("notifiable_disease_cases", "布鲁氏菌病")


def test_cases_of_both_classes_are_not_those_of_one() -> None:
    fact = facts_of("全县报告甲乙类传染病412例。")[0]
    assert fact.indicator_code == "notifiable_disease_cases_class_ab"
