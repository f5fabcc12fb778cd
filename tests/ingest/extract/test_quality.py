"""Quality: values that cannot be right, or that do not fit each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.extract import quality
from ingest.extract.catalogue import catalogue
from ingest.model import Fact
from tests.ingest.extract.reading import fact_of, facts_of


@pytest.fixture(scope="module")
def rate() -> Fact:
    """A rate without a fault."""
    return fact_of("全县住院分娩率达99.8%。", "99.8")


def flags(*facts: Fact) -> list[tuple[str, ...]]:
    return [fact.quality_flags for fact in quality.flag(facts, catalogue())]


def test_a_plausible_rate_is_left_as_it_is(rate: Fact) -> None:
    assert quality.flag([rate], catalogue()) == [rate]


def test_a_rate_a_little_above_100_is_told_from_an_impossible_one(rate: Fact) -> None:
    assert flags(replace(rate, value=103.0), replace(rate, value=412.0)) == [("over_100",), ("implausible",)]


def test_a_change_is_never_implausible(rate: Fact) -> None:
    assert flags(replace(rate, value=412.0, role="change")) == [()]


def test_parts_above_their_whole_are_told() -> None:
    facts = facts_of("全县有医院12家，其中公立医院9家、民营医院6家。")
    assert {fact.indicator_code for fact in facts} == {"hospitals", "hospitals_public", "hospitals_private"}
    assert all("inconsistent" in fact.quality_flags for fact in facts)


def test_parts_that_add_up_are_not() -> None:
    facts = facts_of("全县有医院15家，其中公立医院9家、民营医院6家。")
    assert not any(fact.quality_flags for fact in facts)


def test_flags_that_stand_already_are_kept(rate: Fact) -> None:
    assert flags(replace(rate, value=412.0, quality_flags=("digits_corrupt",))) == [("digits_corrupt", "implausible")]
