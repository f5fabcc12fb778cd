-- How much is known of each region and year, by report kind: documents, facts, observations, indicators.
with documents as (

    select * from {{ ref('dim_document') }}
    where is_latest_version

),

facts as (

    select
        document_id,
        count(*) as fact_count,
        count(*) filter (where indicator_code != '') as coded_count
    from {{ ref('int_facts_keyed') }}
    group by document_id

),

observations as (

    select
        document_id,
        count(*) as observation_count,
        list(distinct indicator_code) as indicator_codes
    from {{ ref('fct_observation') }}
    group by document_id

),

kept_out as (

    select
        document_id,
        count(distinct fact_id) as kept_out_count
    from {{ ref('data_quality_issue') }}
    where is_kept_out and indicator_code != ''
    group by document_id

),

chosen as (

    select
        document_id,
        count(*) as curated_count
    from {{ ref('indicator_by_region_period') }}
    group by document_id

),

regions as (

    select * from {{ ref('dim_region') }}

),

core as (

    select list(indicator_code order by indicator_code) as core_codes
    from {{ ref('dim_indicator') }}
    where is_core

)

select
    documents.ref_area,
    any_value(regions.name_zh) as region_name,
    year(documents.period_end) as report_year,
    documents.report_kind,
    count(*) as document_count,
    cast(sum(coalesce(facts.fact_count, 0)) as bigint) as fact_count,
    cast(sum(coalesce(facts.coded_count, 0)) as bigint) as coded_count,
    cast(sum(coalesce(kept_out.kept_out_count, 0)) as bigint) as kept_out_count,
    cast(sum(coalesce(observations.observation_count, 0)) as bigint) as observation_count,
    cast(sum(coalesce(chosen.curated_count, 0)) as bigint) as curated_count,
    coalesce(len(list_distinct(flatten(list(observations.indicator_codes)))), 0) as indicator_count,
    min(documents.published_on) as first_published_on,
    max(documents.published_on) as last_published_on
from documents
left join facts on documents.document_id = facts.document_id
left join observations on documents.document_id = observations.document_id
left join kept_out on documents.document_id = kept_out.document_id
left join chosen on documents.document_id = chosen.document_id
left join regions on documents.ref_area = regions.ref_area
group by documents.ref_area, report_year, documents.report_kind
order by documents.ref_area, report_year, documents.report_kind
