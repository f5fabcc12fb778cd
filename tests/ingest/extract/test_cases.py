"""Sentence cases: what is right of each phenomenon stays right.

The cases, the judging and the table lie in `tests/cases`; `python -m tests.cases.report` prints what is reached.
"""

from __future__ import annotations

import pytest

from tests.cases.judge import judge, tallies
from tests.cases.read import Case, read_period, read_phenomena
from tests.cases.report import HELDOUT, reached, read_floors

PHENOMENA = [phenomenon.name for phenomenon in read_phenomena("dev")]


@pytest.mark.parametrize("name", PHENOMENA)
def test_no_phenomenon_falls_below_its_floor(name: str) -> None:
    [tally] = [tally for tally in tallies("dev") if tally.name == name]
    floor = read_floors()[name]
    wrong = [
        f"{verdict.case.id}: {'; '.join(verdict.complaints)}" for verdict in tally.verdicts if not verdict.is_right
    ]
    assert tally.share >= floor, "\n".join(wrong)


def test_the_held_out_cases_together_do_not_fall_below_their_floor() -> None:
    assert reached()[HELDOUT] >= read_floors()[HELDOUT]


def test_every_phenomenon_has_a_floor_and_no_floor_is_left_over() -> None:
    assert set(read_floors()) == {*PHENOMENA, HELDOUT}


def test_there_are_enough_cases_and_a_third_is_held_out() -> None:
    heldout = sum(len(phenomenon.cases) for phenomenon in read_phenomena("heldout"))
    total = heldout + sum(len(phenomenon.cases) for phenomenon in read_phenomena("dev"))
    assert total >= 420
    assert 0.28 <= heldout / total <= 0.36


def test_no_case_is_named_twice() -> None:
    phenomena = [*read_phenomena("dev"), *read_phenomena("heldout")]
    names = [(phenomenon.name, case.id) for phenomenon in phenomena for case in phenomenon.cases]
    assert len(names) == len(set(names))


def test_a_wrong_expectation_is_noticed() -> None:
    right = {"number": "93.6", "value": 93.6, "unit": "percent", "indicator": "hospital_delivery_rate"}
    text = "全县住院分娩率93.6%。"
    assert _judged(text, right)
    for field, value in (
        ("value", 93.5),
        ("unit", "per_mille"),
        ("indicator", "caesarean_rate"),
        ("role", "target"),
        ("comparator", ">="),
        ("subgroup", "农村"),
        ("entity", "县医院"),
        ("ref_area", "640522"),
        ("period", 2022),
        ("flags", ["implausible"]),
    ):
        assert not _judged(text, {**right, field: value}), field
    assert not _judged(text)
    assert not _judged(text, right, {**right, "number": "93"})


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [(2023, "2023-01-01", "2023-12-31"), ("2023-06-30", "2023-06-30", "2023-06-30")],
)
def test_a_period_is_a_year_a_day_or_a_span(written: int | str, start: str, end: str) -> None:
    assert [day.isoformat() for day in read_period(written)] == [start, end]
    assert read_period(f"{start}/{end}") == read_period(written)


def _judged(text: str, *facts: dict[str, object]) -> bool:
    return judge(Case.model_validate({"id": "example", "text": text, "facts": facts})).is_right
