-- What is missing: years without a report between the first and the last that a region has, and core indicators without a value in
-- the years that it reports on. One row per region, year and missing thing.
with documents as (

    select
        ref_area,
        year(period_end) as report_year
    from {{ ref('dim_document') }}
    where is_latest_version and ref_area != '' and period_end is not null and report_kind != 'plan'

),

spans as (

    select
        ref_area,
        min(report_year) as first_year,
        max(report_year) as last_year
    from documents
    group by ref_area

),

years as (

    select
        ref_area,
        unnest(range(first_year, last_year + 1)) as report_year
    from spans

),

reported_years as (

    select distinct
        ref_area,
        report_year
    from documents

),

core as (

    select * from {{ ref('dim_indicator') }}
    where is_core

),

known as (

    select distinct
        ref_area,
        period_year,
        indicator_code
    from {{ ref('indicator_by_region_period') }}
    where freq = 'A' and subgroup = ''

),

without_report as (

    select
        years.ref_area,
        years.report_year,
        'report' as missing,
        '' as indicator_code
    from years
    left join reported_years on years.ref_area = reported_years.ref_area and years.report_year = reported_years.report_year
    where reported_years.ref_area is null

),

without_value as (

    select
        years.ref_area,
        years.report_year,
        'indicator' as missing,
        core.indicator_code
    from years
    cross join core
    left join known
        on
            years.ref_area = known.ref_area
            and years.report_year = known.period_year
            and core.indicator_code = known.indicator_code
    where known.ref_area is null

),

gaps as (

    select * from without_report
    union all
    select * from without_value

)

select
    gaps.ref_area,
    regions.name_zh as region_name,
    gaps.report_year,
    gaps.missing,
    gaps.indicator_code,
    coalesce(core.name_zh, '') as indicator_name
from gaps
inner join {{ ref('dim_region') }} as regions on gaps.ref_area = regions.ref_area
left join core on gaps.indicator_code = core.indicator_code
order by gaps.ref_area, gaps.report_year, gaps.missing desc, gaps.indicator_code
