-- No cell is lost on the way: each indicator, region, period and subgroup with a region-level figure has exactly one value.
with stated as (

    select distinct
        indicator_code,
        ref_area,
        period_key,
        subgroup
    from {{ ref('fct_observation') }}
    where entity = '' and role in ('actual', 'baseline') and is_latest_version

),

curated as (

    select
        indicator_code,
        ref_area,
        period_key,
        subgroup
    from {{ ref('indicator_by_region_period') }}

)

(select * from stated except select * from curated)
union all
(select * from curated except select * from stated)
