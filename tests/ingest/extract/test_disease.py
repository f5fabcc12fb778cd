"""Diseases: the number behind a disease's name."""

from __future__ import annotations

import pytest

from ingest.extract.disease import case_code, diseases
from tests.ingest.extract.reading import fact_of


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
