"""Confidence: from kinds of evidence to a share, calibrated on reports with gold."""

from __future__ import annotations

from ingest.extract.confidence import KINDS, confidence, features
from ingest.lexicon import load_yaml
from tests.ingest.extract.reading import fact_of, facts_of

EVIDENCE = {
    "indicator": "whole_name: 住院分娩率",
    "unit": "%",
    "role": "result",
    "period": "document",
    "ref_area": "document",
}


def of(**changed: str) -> float:
    return confidence({**EVIDENCE, **changed}, "actual", "", "area", ())


def test_a_confidence_is_a_share() -> None:
    for fact in facts_of("全县住院分娩率99.8%，出生2308人，县人民医院开放床位620张，修路14公里。"):
        assert 0 < fact.confidence < 1


def test_a_whole_name_is_surer_than_a_borrowed_subject() -> None:
    assert of() > of(indicator="inherited: 孕产妇、系统管理率")


def test_a_damaged_number_is_never_sure() -> None:
    assert confidence(EVIDENCE, "actual", "", "area", ("digits_corrupt",)) < 0.35


def test_evidence_that_was_never_seen_counts_as_other() -> None:
    assert of(period="by the moon: 初三") == of(period="by the stars: 初四")


def test_the_words_do_not_count_but_their_length() -> None:
    assert of(indicator="whole_name: 新生儿访视率") == of(indicator="whole_name: 产妇住院率呀")
    assert of(indicator="whole_name: 出生") != of(indicator="whole_name: 孕产妇系统保健管理率")


def test_every_fact_says_what_its_confidence_goes_by() -> None:
    fact = fact_of("全县住院分娩率达99.8%。", "99.8")
    assert len(features(fact.evidence, fact.role, fact.subgroup, "area")) == len(KINDS)
    again = confidence(fact.evidence, fact.role, fact.subgroup, "area", fact.quality_flags)
    assert fact.confidence == again


def test_every_kind_of_evidence_has_a_weight_for_others() -> None:
    weights = load_yaml("confidence.yaml")["weights"]
    assert set(weights) == set(KINDS) and all("other" in values for values in weights.values())
