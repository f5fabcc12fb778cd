"""The marts on real DuckDB: what a build of hand-written staging rows publishes, keeps out, says and describes.

Not here: the selection rule case by case (unit tests beside the models) and the data tests themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from staged_sample import PROJECT, Built, node_name, run_dbt

from warehouse.corrections import unmet_corrections

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
    "coverage_gap",
    "correction",
    "indicator_change",
    "region_parent_share",
    "region_profile",
    "harmonised_series",
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
    "beds-2022": "tenfold_of_neighbours",
    "withdrawn": "dropped_by_correction",
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
        ("d22hc", "2 statements of 1 report, from 1.4 to 5.9")
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
        where indicator_code = 'outpatient_visits' and period_key = '2022' and ref_area = '640522'
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
    query = "select fact_id, result_fact_id, status, last_value from marts.indicator_target order by fact_id"
    assert rows(marts, query) == [
        ("t23", "m23", "attained", 95.8),
        ("t23b", "i23", "missed", None),
        ("t25", None, "pending", 96.2),
    ]


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


def test_every_finding_tells_its_evidence_in_chinese_too(marts: duckdb.DuckDBPyConnection) -> None:
    query = """
        select rule, evidence, evidence_zh from marts.data_quality_issue
        where evidence_zh = evidence or not regexp_matches(evidence_zh, '[一-龥]')
    """
    # A code is the same in every language.
    codes = [("indicator_not_in_catalogue", "not_in_the_catalogue"), ("region_not_in_table", "999999")]
    assert sorted(rows(marts, query)) == [(rule, code, code) for rule, code in codes]


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


@pytest.mark.parametrize(
    ("rule", "fact_id", "evidence"),
    [
        ("tenfold_of_neighbours", "beds-2022", "21900.0 beside 2020 = 2100.0, 2021 = 2150.0, 2023 = 2230.0"),
        ("tenfold_of_one_neighbour", "nurses-2021", "310.0 beside 2022 = 3150.0"),
        ("tenfold_of_one_neighbour", "nurses-2022", "3150.0 beside 2021 = 310.0"),
        ("rate_not_recomputed", "beds-rate", "stated 6.9, but 2230.0 of 400000.0 give 5.58"),
        ("jump_beyond_tolerance", "nurses-2022", "from 310.0 (2021-12-31) to 3150.0"),
        ("stated_change_disagrees", "discharges-more", "stated 30.0 percent, but from 1000.0 to 1200.0 is 20.0"),
        ("children_exceed_parent", "births-hs", "1 of 6 areas below make 111.11 % of 900.0"),
    ],
)
def test_figures_that_do_not_fit_together_are_told_with_both_sides(
    marts: duckdb.DuckDBPyConnection, rule: str, fact_id: str, evidence: str
) -> None:
    query = "select evidence from marts.data_quality_issue where rule = ? and fact_id = ?"
    assert rows(marts, query, rule, fact_id) == [(evidence,)]


def test_all_parts_that_give_less_than_their_whole_are_told(marts: duckdb.DuckDBPyConnection) -> None:
    query = "select fact_id, evidence from marts.data_quality_issue where rule = 'parts_do_not_sum'"
    ((fact_id, evidence),) = rows(marts, query)
    assert fact_id == "births-lz" and evidence.endswith("= 900.0 < 1000.0")


def test_a_figure_that_its_neighbours_refute_is_in_no_mart_of_values(marts: duckdb.DuckDBPyConnection) -> None:
    query = """
        select period_year, value from marts.indicator_by_region_period
        where indicator_code = 'beds' and ref_area = '420281' order by period_year
    """
    assert rows(marts, query) == [(2020, 2100.0), (2021, 2150.0), (2023, 2230.0)]


def test_a_correction_shows_in_the_value_and_keeps_what_the_source_says(marts: duckdb.DuckDBPyConnection) -> None:
    query = """
        select curated.value, observed.stated_value, observed.correction_id, curated.is_corrected
        from marts.indicator_by_region_period as curated
        inner join marts.fct_observation as observed using (fact_id)
        where fact_id = 'mended'
    """
    assert rows(marts, query) == [(4.5, 45.0, "decimal-point", True)]
    statuses = rows(marts, "select correction_id, status, fact_ids from marts.correction order by correction_id")
    assert statuses == [
        ("decimal-point", "applied", ["mended"]),
        ("elsewhere", "no_document", []),
        ("other-county", "applied", ["withdrawn"]),
    ]


def test_a_stated_change_stands_beside_the_computed_one(marts: duckdb.DuckDBPyConnection) -> None:
    query = """
        select indicator_code, change, stated_change, is_agreed from marts.indicator_change
        where stated_fact_id is not null and ref_area = '420281' order by indicator_code
    """
    assert rows(marts, query) == [("discharges", 200.0, 30.0, False), ("outpatient_visits", 10000.0, 10.0, True)]


def test_a_series_follows_a_place_through_its_codes_and_counts_in_one_unit(marts: duckdb.DuckDBPyConnection) -> None:
    place = """
        select period_year, value, stated_region_name, segment from marts.harmonised_series
        where ref_area = '110118' and is_in_series order by period_year
    """
    assert rows(marts, place) == [(2014, 600.0, "密云县", 2), (2017, 610.0, "密云区", 2)]
    merged = """
        select period_year, segment, is_break, break_zh, break_en from marts.harmonised_series
        where ref_area = '330105' order by period_year
    """
    assert rows(marts, merged) == [
        (2020, 0, False, "", ""),
        (2022, 1, False, "起并入下城区", "下城区 was merged into it"),
    ]
    unit = "select value, unit, stated_unit from marts.harmonised_series where fact_id = 'couples'"
    assert rows(marts, unit) == [(1000.0, "person", "couple")]


def test_a_profile_has_one_row_a_region_and_year_and_the_thirty_core_indicators(
    marts: duckdb.DuckDBPyConnection,
) -> None:
    query = """
        select births, beds_per_1k, physicians from marts.region_profile
        where ref_area = '640522' and period_year = 2022
    """
    assert rows(marts, query) == [(1764.0, 6.3, None)]
    columns = rows(marts, "select count(*) from duckdb_columns() where table_name = 'region_profile'")
    core = rows(marts, "select count(*) from marts.dim_indicator where is_core")
    assert (columns, core) == ([(38,)], [(30,)])


def test_what_is_missing_is_listed(marts: duckdb.DuckDBPyConnection) -> None:
    query = "select report_year from marts.coverage_gap where ref_area = '420281' and missing = 'report'"
    assert rows(marts, query) == []
    missing = """
        select count(*) from marts.coverage_gap
        where ref_area = '420281' and report_year = 2020 and missing = 'indicator'
    """
    assert rows(marts, missing) == [(29,)]


def test_every_indicator_has_a_definition_and_its_semantics(marts: duckdb.DuckDBPyConnection) -> None:
    without = rows(
        marts, "select indicator_code from marts.dim_indicator where definition_zh = '' or definition_en = ''"
    )
    assert without == []
    strays = """
        select indicator_code from seeds.indicator_semantics
        where indicator_code not in (select indicator_code from marts.dim_indicator)
    """
    assert rows(marts, strays) == []


def test_the_rates_of_the_lexicon_are_rates_of_the_catalogue(marts: duckdb.DuckDBPyConnection) -> None:
    """The extractor flags what one report contradicts; the marts recompute the same rates, and some more."""
    path = PROJECT / "ingest" / "lexicon" / "consistency.yaml"
    lexicon = {
        (rate["rate"], rate["numerator"], rate["denominator"], rate["per"])
        for rate in yaml.safe_load(path.read_text(encoding="utf-8"))["rates"]
    }
    seed = rows(marts, "select rate_code, numerator_code, denominator_code, per from seeds.indicator_rates")
    assert lexicon <= set(seed)


def test_a_correction_whose_source_was_mended_fails_the_build_by_name(built: Built, tmp_path: Path) -> None:
    """The next version of the report says 4.5: the correction that expects 45 must be looked at, and goes."""
    database = tmp_path / "build.duckdb"  # views of the build name its catalog
    database.write_bytes(built.database.read_bytes())
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            """
            insert into staging.documents
            select * replace (
                'lz2023-mended' as document_id,
                fetched_at + interval 30 day as fetched_at,
                replace(text, '婴儿死亡率45‰', '婴儿死亡率4.5‰') as text
            )
            from staging.documents where document_id = 'lz2023'
            """
        )
    test = "assert_every_correction_meets_what_it_expects"
    selected = ["dim_document", "int_correction_facts", "correction", test]
    result = run_dbt(["build", "--exclude", "test_type:unit", "--select", *selected], database, tmp_path / "target")
    assert result.code != 0
    assert result.statuses[test] == "fail", result.output[-3000:]
    told = [line.partition(". ")[0] for line in unmet_corrections(database)]
    assert told == [
        "correction decimal-point: lz2023.html no longer says 婴儿死亡率45‰",
        "correction other-county: lz2023.html no longer says caesarean_rate",
    ]
