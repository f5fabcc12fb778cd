"""The marts on real DuckDB: what a build of hand-written staging rows publishes, keeps out, says and describes.

Not here: the selection rule case by case (unit tests beside the models) and the data tests themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from staged_sample import PROJECT, Built, node_name

CONTRACT = {
    "dim_region",
    "dim_indicator",
    "dim_document",
    "fct_observation",
    "indicator_by_region_period",
    "indicator_revision",
    "indicator_target",
    "data_quality_issue",
    "coverage",
}
KEPT_OUT = {
    "lost": "digits_lost",
    "corrupt": "digits_corrupt",
    "implausible": "implausible",
    "unflagged": "out_of_range",
    "unit": "unit_unexpected",
    "strange": "indicator_not_in_catalogue",
    "noplace": "region_unknown",
    "badplace": "region_not_in_table",
    "notime": "period_unknown",
    "backwards": "period_reversed",
    "newflag": "a_flag_of_tomorrow",
}


@pytest.fixture(scope="module")
def marts(built: Built) -> Iterator[duckdb.DuckDBPyConnection]:
    assert built.result.code == 0, built.result.output[-4000:]
    with duckdb.connect(str(built.database), read_only=True) as connection:
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    return connection.execute(query, parameters).fetchall()


def test_the_build_is_green_and_warns_of_just_what_is_wrong_with_the_rows(built: Built) -> None:
    remarkable = {name: status for name, status in built.result.statuses.items() if status not in ("pass", "success")}
    assert remarkable == {
        "value_within_plausible_range_stg_facts": "warn",
        "relationships_int_fact_issues_rule": "warn",
        "parts_do_not_exceed_whole_fct_observation_births": "warn",
    }, built.result.output[-4000:]


def test_the_relations_of_the_contract_lie_in_marts_and_no_others(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(marts, "select table_name from information_schema.tables where table_schema = 'marts'")
    assert {name for (name,) in found} == CONTRACT


def test_every_relation_and_column_of_the_marts_is_described_in_the_database(marts: duckdb.DuckDBPyConnection) -> None:
    tables = rows(marts, "select table_name from duckdb_tables() where schema_name = 'marts' and comment is null")
    columns = rows(
        marts, "select table_name, column_name from duckdb_columns() where schema_name = 'marts' and comment is null"
    )
    assert (tables, columns) == ([], [])


def test_each_defect_keeps_its_fact_out_and_says_why(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(marts, "select fact_id, rule from marts.data_quality_issue where is_kept_out")
    assert dict(found) == KEPT_OUT and len(found) == len(KEPT_OUT)
    published = {fact_id for (fact_id,) in rows(marts, "select fact_id from marts.fct_observation")}
    coded = {fact_id for (fact_id,) in rows(marts, "select fact_id from staging.facts where indicator_code != ''")}
    assert published == coded - set(KEPT_OUT)


def test_a_dispute_and_parts_that_exceed_their_whole_are_told_without_keeping_anything_out(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    query = "select fact_id, evidence from marts.data_quality_issue where rule = ?"
    assert rows(marts, query, "sources_disagree") == [("m22b", "2 statements of 2 reports, from 95.4 to 95.8")]
    assert rows(marts, query, "report_disagrees_with_itself") == [
        ("d22hc", "2 statements of 1 reports, from 1.4 to 5.9")
    ]
    ((fact_id, evidence),) = rows(marts, query, "parts_exceed_whole")
    assert fact_id == "b-hc" and evidence.endswith("= 2400.0 > 2000.0")
    assert rows(marts, "select value from marts.fct_observation where fact_id = 'b-hc'") == [(2000.0,)]


def test_the_curated_answer_is_the_latest_report_and_leads_back_to_its_words(marts: duckdb.DuckDBPyConnection) -> None:
    query = """
        select
            curated.value,
            curated.is_disputed,
            curated.source_count,
            documents.text[facts.char_start + 1:facts.char_end]
        from marts.indicator_by_region_period as curated
        inner join staging.facts as facts on curated.fact_id = facts.fact_id
        inner join staging.documents as documents on curated.document_id = documents.document_id
        where
            curated.indicator_code = 'maternal_system_management_rate'
            and curated.ref_area = '640522'
            and curated.period_year = 2022
    """
    assert rows(marts, query) == [(95.8, True, 2, "95.80")]


def test_an_institution_never_stands_for_its_county(marts: duckdb.DuckDBPyConnection) -> None:
    query = """
        select value, source_count
        from marts.indicator_by_region_period
        where indicator_code = 'outpatient_visits' and period_key = '2022'
    """
    assert rows(marts, query) == [(208000.0, 1)]


def test_annual_flows_and_levels_meet_in_one_year(marts: duckdb.DuckDBPyConnection) -> None:
    query = """
        select indicator_code, period_key
        from marts.indicator_by_region_period
        where ref_area = '640522' and period_year = 2022 and freq = 'A' and indicator_code in ('births', 'beds_per_1k')
        order by indicator_code
    """
    assert rows(marts, query) == [("beds_per_1k", "2022-12-31"), ("births", "2022")]


def test_a_target_stands_beside_what_came_true(marts: duckdb.DuckDBPyConnection) -> None:
    query = "select fact_id, result_fact_id, is_attained from marts.indicator_target order by fact_id"
    assert rows(marts, query) == [("t23", "m23", True), ("t23b", "i23", False)]


def test_coverage_counts_every_fact_of_every_document_once(marts: duckdb.DuckDBPyConnection) -> None:
    query = (
        "select sum(document_count), sum(fact_count), sum(observation_count), sum(kept_out_count) from marts.coverage"
    )
    counted = """
        select
            (select count(*) from staging.documents),
            (select count(*) from staging.facts),
            (select count(*) from marts.fct_observation),
            (select count(distinct fact_id) from marts.data_quality_issue where is_kept_out)
    """
    assert rows(marts, query) == rows(marts, counted)


def test_a_code_has_one_row_under_its_last_name(marts: duckdb.DuckDBPyConnection) -> None:
    query = "select name_zh, former_names, is_current, successor from marts.dim_region where ref_area = ?"
    assert rows(marts, query, "130502") == [("襄都区", ["桥东区"], True, "")]
    assert rows(marts, query, "110228") == [("密云县", [], False, "110118")]
    full_name = "select full_name from marts.dim_region where ref_area in ('000000', '110118', '640500', '640522')"
    assert rows(marts, f"{full_name} order by ref_area") == [
        ("全国",),
        ("北京市密云区",),
        ("宁夏回族自治区中卫市",),
        ("宁夏回族自治区中卫市海原县",),
    ]


def test_no_two_data_tests_share_a_name_and_every_name_is_plain_ascii(built: Built) -> None:
    names = [node_name(test_id) for test_id in built.result.tests]
    assert len(names) > 100
    assert len(names) == len(set(names))
    assert all(name.isascii() and name.isidentifier() for name in names)


def test_the_catalogue_is_carried_whole(marts: duckdb.DuckDBPyConnection) -> None:
    lines = (PROJECT / "ingest" / "lexicon" / "catalogue" / "indicators.csv").read_text(encoding="utf-8").splitlines()
    assert rows(marts, "select count(*) from marts.dim_indicator") == [(len(lines) - 1,)]


def test_a_seed_of_an_older_shape_is_replaced(marts: duckdb.DuckDBPyConnection) -> None:
    assert rows(marts, "select count(*) filter (where unit = 'furlong'), count(unit_class) > 20 from seeds.units") == [
        (0, True)
    ]
