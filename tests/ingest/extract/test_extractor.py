"""The extractor as a whole: order, spans, sameness, evidence."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.extract import EXTRACTOR_VERSION, extract
from ingest.parse import ParseError
from tests.ingest.extract.reading import document_of, facts_of

PIECES = [
    "全县高血压患者规范管理率75.2%，",
    "其中65岁以上老年人健康管理率71.4%。",
    "县人民医院开放床位620张；",
    "由5.1张提高到6.4张，",
    "分别为12例、8例和3例。",
    "力争达到90%以上，",
    "上年同期1708人。",
    "1—9月，",
    "（一）妇幼健康",
    "二、下一步工作打算",
    "同比下降3.2%，",
    "床位数达到张，",
    "接种1,204,566剂次",
    "2022年：",
    "（筛查率97.1%）",
    "\n\n",
    "12",
    "效劳",
    "。",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25))
def test_facts_lie_in_their_document_in_order_and_come_out_the_same_again(pieces: list[str]) -> None:
    try:
        document = document_of("".join(pieces))
    except ParseError:
        return
    facts = extract(document)
    assert facts == extract(document)
    assert [fact.char_start for fact in facts] == sorted(fact.char_start for fact in facts)
    for fact in facts:
        assert document.text[fact.char_start : fact.char_end] == fact.number_text
        assert fact.quote in document.text
        assert fact.value is None or not set(fact.quality_flags) & {"digits_lost", "digits_corrupt"}


def test_facts_of_tables_and_sentences_come_in_the_order_of_the_text() -> None:
    table = "指标 | 单位 | 数量\n床位数 | 张 | 2620\n住院分娩率 | % | 99.8"
    body = f"全县出生2308人。\n\n{table}\n\n死亡902人。"
    assert [fact.number_text for fact in facts_of(body)] == ["2308", "2620", "99.8", "902"]


def test_every_fact_says_which_rule_gave_each_answer() -> None:
    for fact in facts_of("全县住院分娩率99.8%，县人民医院开放床位620张。"):
        assert set(fact.evidence) >= {"indicator", "unit", "role", "period", "ref_area"}
        assert fact.extractor_version == EXTRACTOR_VERSION


def test_two_facts_never_share_an_id() -> None:
    facts = facts_of("高血压、糖尿病患者规范管理率均达75%。全县出生2308人。")
    assert len({fact.fact_id for fact in facts}) == len(facts) == 3
