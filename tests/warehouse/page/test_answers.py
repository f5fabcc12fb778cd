"""What the page asks of the published file, without Streamlit."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_published import FORMULA, HANDLER, PINGJIANG, RATE, SCRIPT, YUEYANG

from warehouse.page import answers
from warehouse.page.answers import Breakdown, QualityFilter, marked_sentence

ANNUAL_RATE = Breakdown(RATE, "A", "", "percent")


def test_the_first_indicator_is_the_one_with_most_places_and_years(con: duckdb.DuckDBPyConnection) -> None:
    found = answers.indicators(con)
    assert list(found["indicator_code"]) == [RATE, "beds", "children"]
    assert found.iloc[0][["place_count", "first_year", "last_year"]].tolist() == [2, 2021, 2023]


def test_years_and_half_years_are_never_on_one_axis(con: duckdb.DuckDBPyConnection) -> None:
    assert answers.breakdowns(con, RATE) == [ANNUAL_RATE, Breakdown(RATE, "S", "", "percent")]
    annual = answers.series(con, ANNUAL_RATE)
    assert set(annual["fact_id"]) == {"pj22", "pj23", "yy21", "yy23"}
    assert set(annual["period_label"]) == {"2021", "2022", "2023"}


def test_chosen_values_follow_the_order_of_the_places(con: duckdb.DuckDBPyConnection) -> None:
    values = answers.series(con, ANNUAL_RATE)
    assert list(answers.chosen(values, [PINGJIANG, YUEYANG], (2022, 2023))["fact_id"]) == ["pj22", "pj23", "yy23"]
    assert list(answers.chosen(values, [YUEYANG], (2021, 2021))["fact_id"]) == ["yy21"]
    assert answers.chosen(values, [], (2021, 2023)).empty


@pytest.mark.parametrize(("better", "first"), [("higher", "yy23"), ("lower", "pj23"), ("neutral", "yy23")])
def test_a_ranking_begins_with_the_best(con: duckdb.DuckDBPyConnection, better: str, first: str) -> None:
    ranked = answers.ranking(answers.series(con, ANNUAL_RATE), "2023", better)
    assert ranked["fact_id"].iloc[0] == first
    assert list(ranked["place"]) == [1, 2]


def test_equal_values_share_a_place(con: duckdb.DuckDBPyConnection) -> None:
    values = answers.series(con, ANNUAL_RATE).assign(value=95.0)
    assert list(answers.ranking(values, "2023", "higher")["place"]) == [1, 1]


def test_a_ranking_of_one_level_leaves_the_others_out(con: duckdb.DuckDBPyConnection) -> None:
    ranked = answers.ranking(answers.series(con, ANNUAL_RATE), "2023", "higher", "county")
    assert list(ranked["fact_id"]) == ["pj23"]


def test_the_fullest_period_is_the_one_to_rank_first(con: duckdb.DuckDBPyConnection) -> None:
    assert answers.fullest_period(answers.series(con, ANNUAL_RATE)) == "2023"


def test_provenance_has_the_sentence_the_document_and_what_others_said(con: duckdb.DuckDBPyConnection) -> None:
    found = answers.provenance(con, "pj22")
    assert found is not None
    assert (
        "".join(piece.text for piece in found.sentence) == f"{HANDLER}全县孕产妇系统管理率93.86%，{SCRIPT}较上年提高。"
    )
    assert [piece.text for piece in found.sentence if piece.emphasis == "number"] == ["93.86"]
    assert found.fact["publisher"] == FORMULA
    assert list(found.statements["fact_id"]) == ["pj22", "pj22again"]
    assert list(found.statements["is_used"]) == [True, False]
    assert list(found.issues["rule"]) == ["sources_disagree"]
    assert found.reasons["period"] == "document"


def test_a_number_that_is_kept_out_has_its_provenance_too(con: duckdb.DuckDBPyConnection) -> None:
    found = answers.provenance(con, "lost")
    assert found is not None
    assert found.fact["value"] is None
    assert next(piece for piece in found.sentence if piece.emphasis == "number").text == ""
    assert found.statements.empty
    assert bool(found.issues["is_kept_out"].all())


def test_a_fact_that_is_not_there_has_no_provenance(con: duckdb.DuckDBPyConnection) -> None:
    assert answers.provenance(con, "' or 1=1 --") is None


@pytest.mark.parametrize(
    ("narrowed", "facts"),
    [
        (QualityFilter(), ["lost", "pj22"]),
        (QualityFilter(severities=("info",)), ["pj22"]),
        (QualityFilter(rules=("digits_lost",)), ["lost"]),
        (QualityFilter(places=(PINGJIANG,)), ["pj22"]),
        (QualityFilter(is_kept_out_only=True), ["lost"]),
        (QualityFilter(words="注册护士"), ["lost"]),
        (QualityFilter(words=" <SCRIPT> "), ["lost", "pj22"]),
        (QualityFilter(words="100%' or true --"), []),
    ],
)
def test_each_filter_narrows_the_quality_list(
    con: duckdb.DuckDBPyConnection, narrowed: QualityFilter, facts: list[str]
) -> None:
    assert list(answers.quality(con, narrowed)["fact_id"]) == facts


def test_a_cut_quality_list_tells_how_many_there_are(con: duckdb.DuckDBPyConnection) -> None:
    cut = answers.quality(con, QualityFilter(), most=1)
    assert (len(cut), cut["found_count"].iloc[0]) == (1, 2)


def test_nothing_that_is_asked_can_change_the_file(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(duckdb.InvalidInputException, match="read-only"):
        con.execute("delete from marts.coverage")


@given(st.text(alphabet="一二三。；\n 4.%", max_size=60), st.data())
def test_the_pieces_of_a_sentence_are_its_words_in_order(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote_start = data.draw(st.integers(0, start))
    quote_end = data.draw(st.integers(end, len(text)))
    pieces = marked_sentence(text, text[quote_start:quote_end], start, end)
    assert "".join(piece.text for piece in pieces) in text
    assert [piece.text for piece in pieces if piece.emphasis == "number"] == [text[start:end]]
