"""A small build file: staging as the pipeline writes it, and marts as the models would leave them.

Belongs here: what the tests of the store share. Not here: the real models (their tests are dbt's and `tests/e2e`).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.connections import connect_build

MARTS = """
create schema if not exists marts;
create or replace table marts.dim_region as
    select '640522' as ref_area, '示例县' as name_zh, ['示例旧县'] as former_names;
create or replace table marts.dim_indicator as 
    select 'births' as indicator_code, '出生人口' as name_zh, 'Births' as name_en
    union all select 'beds', '医院床位数', 'Beds of hospitals';
create or replace table marts.dim_document as select document_id, title from staging.documents;
create or replace table marts.data_quality_issue (fact_id varchar, rule varchar, is_kept_out boolean);
create or replace table marts.fct_observation as
    select
        fact_id, document_id, indicator_code, ref_area, period_end, value, unit, quote, char_start, char_end,
        confidence, value as stated_value, '' as correction_id
    from staging.facts order by hash(fact_id);
create or replace table marts.indicator_by_region_period as
    select
        *, '示例县' as region_name, 2023 as period_year, '2023' as period_key, 'A' as freq, '' as subgroup,
        false as is_disputed, false as is_baseline, false as is_corrected
    from marts.fct_observation;
create or replace table marts.harmonised_series as
    select
        fact_id, ref_area, region_name, indicator_code, period_year, subgroup, value, unit, ref_area as stated_ref_area,
        region_name as stated_region_name, 0 as segment, false as is_break,
        '' as break_zh, '' as break_en, '' as publisher, is_disputed,
        true as is_in_series
    from marts.indicator_by_region_period;
create or replace table marts.indicator_revision as select * from marts.fct_observation;
create or replace table marts.indicator_target as select * from marts.fct_observation where false;
create or replace view marts.coverage as
    select ref_area, count(*) as document_count from staging.documents group by all;
comment on table marts.fct_observation is 'One row a publishable fact; it''s all here.';
comment on column marts.fct_observation.value is 'In the canonical unit.';
"""


def add_documents(con: duckdb.DuckDBPyConnection, numbers: range) -> None:
    """Add documents with one fact each to the staging tables of an open build file."""
    con.execute(
        """
        insert into staging.documents by name
        select
            'doc' || n as document_id, 'sample' as source_id, 'inbox/' || n as url, n || '.txt' as file_name,
            'text/plain' as media_type, '' as raw_sha256, timestamptz '2024-01-31 08:30:00+00' as fetched_at,
            '示例数据' || n as title, '' as publisher, '' as index_number, '' as document_number,
            date '2024-01-15' as published_on, 'annual' as report_kind, '640522' as ref_area,
            [] as ref_area_candidates, date '2023-01-01' as period_start, date '2023-12-31' as period_end,
            '示例数据。😀全县出生人口' || (1000 + n) || '人。' as text, '{}' as evidence, 'p1' as parser_version,
            'e1' as extractor_version
        from range(?, ?) as numbers (n)
        """,
        [numbers.start, numbers.stop],
    )
    con.execute(
        """
        insert into staging.facts by name
        select
            'fact' || n as fact_id, 'doc' || n as document_id, 12 as char_start, 16 as char_end,
            '出生人口' || (1000 + n) || '人' as quote, (1000 + n)::varchar as number_text, 1000 + n as value,
            null as value_max, 'person' as unit, '=' as comparator, 'actual' as role, '出生人口' as indicator_text,
            'births' as indicator_code, '' as subgroup, '' as entity, '640522' as ref_area,
            date '2023-01-01' as period_start, date '2023-12-31' as period_end, [] as quality_flags,
            null as repaired_value, 0.9 as confidence, '{}' as evidence, 'e1' as extractor_version
        from range(?, ?) as numbers (n)
        """,
        [numbers.start, numbers.stop],
    )


def grow(build: Path, numbers: range) -> None:
    """Add documents to a build file and make its marts anew."""
    with connect_build(build) as con:
        add_documents(con, numbers)
        con.execute(MARTS)
