"""Confidence: from kinds of evidence to a share, calibrated on reports with gold."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.extract.confidence import KINDS, features, repeats, sentence, weigh
from ingest.lexicon import load_yaml
from ingest.model import Fact
from tests.ingest.extract.reading import document_of, fact_of, facts_of

BODY = "全县住院分娩率达99.8%。"


@pytest.fixture
def fact() -> Fact:
    return fact_of(BODY, "99.8")


def of(fact: Fact, **changed: str) -> float:
    """The confidence of the fact with other evidence."""
    return weigh([replace(fact, evidence={**fact.evidence, **changed})], document_of(BODY))[0].confidence


def test_a_confidence_is_a_share() -> None:
    for fact in facts_of("全县住院分娩率99.8%，出生2308人，县人民医院开放床位620张，修路14公里。"):
        assert 0 < fact.confidence < 1


def test_a_whole_name_is_surer_than_a_borrowed_subject(fact: Fact) -> None:
    assert of(fact) > of(fact, indicator="inherited: 孕产妇、系统管理率")


def test_a_damaged_number_is_never_sure(fact: Fact) -> None:
    damaged = replace(fact, quality_flags=("digits_corrupt",))
    assert weigh([damaged], document_of(BODY))[0].confidence < 0.35


def test_evidence_that_was_never_seen_counts_as_other(fact: Fact) -> None:
    assert of(fact, period="by the moon: 初三") == of(fact, period="by the stars: 初四")


def test_the_words_do_not_count_but_how_much_the_name_takes_of_them(fact: Fact) -> None:
    assert of(fact, indicator="whole_name: 新生儿访视") == of(fact, indicator="whole_name: 产妇住院率")
    assert of(fact, indicator="whole_name: 出生") != of(fact, indicator="whole_name: 新生儿访视")


def test_a_fact_of_no_known_place_is_half_as_sure(fact: Fact) -> None:
    [unplaced] = weigh([replace(fact, ref_area="")], document_of(BODY))
    assert unplaced.confidence == pytest.approx(fact.confidence / 2, abs=0.001)


def test_facts_that_claim_one_cell_are_less_sure(fact: Fact) -> None:
    twice = weigh([fact, replace(fact, value=88.0)], document_of(BODY))
    assert repeats(twice) == [2, 2]
    assert twice[0].confidence < fact.confidence


def test_a_crowded_sentence_is_told_apart(fact: Fact) -> None:
    lone, crowd = (sentence(numbers, is_behind_institution=False) for numbers in (1, 30))
    assert of(fact, sentence=lone) != of(fact, sentence=crowd)


def test_every_fact_says_what_its_confidence_goes_by(fact: Fact) -> None:
    assert len(features(fact, "annual", "area", 1)) == len(KINDS)
    assert weigh([fact], document_of(BODY)) == [fact]


def test_every_kind_of_evidence_has_a_weight_for_others() -> None:
    weights = load_yaml("confidence.yaml")["weights"]
    assert set(weights) == set(KINDS) and all("other" in values for values in weights.values())
