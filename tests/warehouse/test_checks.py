"""The checks find what they claim to find, and let through what is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from warehouse.checks import Coverage, coverage, number_in_quote, quote_in_document, spans_hold, uncoded_share
from warehouse.connections import connect_build


@pytest.fixture
def con(build: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect_build(build) as connection:
        yield connection


def test_sound_facts_pass(con: duckdb.DuckDBPyConnection) -> None:
    assert [check(con).passed for check in (spans_hold, quote_in_document, number_in_quote)] == [True] * 3
    assert spans_hold(con).total == 10


@pytest.mark.parametrize(
    "damage",
    [
        "char_start = -1",
        "char_end = 11",
        "char_end = 1000",
        "char_end = char_start",
        "number_text = '1'",
        "document_id = 'nowhere'",
    ],
)
def test_spans_hold_finds(con: duckdb.DuckDBPyConnection, damage: str) -> None:
    con.execute(f"update staging.facts set {damage} where fact_id = 'fact3'")
    result = spans_hold(con)
    assert (result.failed, result.examples) == (1, ("fact3",))


def test_a_lost_number_may_have_an_empty_span(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update staging.facts set char_end = char_start, number_text = '', quality_flags = ['digits_lost']")
    assert spans_hold(con).passed


@pytest.mark.parametrize("damage", ["quote = ''", "quote = '出生人口9999人'", "document_id = 'nowhere'"])
def test_quote_in_document_finds(con: duckdb.DuckDBPyConnection, damage: str) -> None:
    con.execute(f"update staging.facts set {damage} where fact_id = 'fact3'")
    assert quote_in_document(con).examples == ("fact3",)


@pytest.mark.parametrize(
    "damage",
    [
        "quote = '示例数据'",  # in the document, far from the number
        "quote = '口100'",  # ends within the number
        "char_start = 0, char_end = 4",  # the span lies before the quote
        "document_id = 'nowhere'",
    ],
)
def test_number_in_quote_finds(con: duckdb.DuckDBPyConnection, damage: str) -> None:
    con.execute(f"update staging.facts set {damage} where fact_id = 'fact3'")
    assert number_in_quote(con).examples == ("fact3",)


def test_a_quote_that_is_the_number_alone_holds_it(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update staging.facts set quote = number_text")
    assert number_in_quote(con).passed


def test_uncoded_share_counts_facts_without_a_code(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("update staging.facts set indicator_code = '' where fact_id in ('fact1', 'fact2', 'fact3')")
    assert uncoded_share(con) == pytest.approx(0.3)
    con.execute("delete from staging.facts")
    assert uncoded_share(con) == 0


def test_coverage_tells_what_shrank(con: duckdb.DuckDBPyConnection) -> None:
    before = coverage(con)
    assert before == Coverage(documents=10, facts=10, coded=10, regions=1, indicators=1)
    con.execute("delete from staging.facts where fact_id = 'fact1'")
    now = coverage(con)
    assert now.shrunk_since(before) == ("facts 10 → 9", "coded 10 → 9")
    assert now.shrunk_since(before, tolerance=0.1) == ()
    assert before.shrunk_since(now) == ()
