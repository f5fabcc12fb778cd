-- A region in a year at a glance: one wide row with the thirty most used indicators (dbt_project.yml, profile_indicators).
-- Values are those of indicator_by_region_period at the end of the year, for the whole region.
with curated as (

    select * from {{ ref('indicator_by_region_period') }}
    where freq = 'A' and subgroup = ''

),

regions as (

    select * from {{ ref('dim_region') }}

)

select
    curated.ref_area,
    any_value(regions.name_zh) as region_name,
    any_value(regions.full_name) as full_name,
    any_value(regions.level) as level,
    curated.period_year,
    count(distinct curated.indicator_code) as indicator_count,
    count(*) filter (where curated.is_baseline) as baseline_count,
    count(*) filter (where curated.is_disputed) as disputed_count,
    {%- for code in var('profile_indicators') %}
    max(curated.value) filter (where curated.indicator_code = '{{ code }}') as {{ code }}{{ ',' if not loop.last }}
    {%- endfor %}
from curated
inner join regions on curated.ref_area = regions.ref_area
group by curated.ref_area, curated.period_year
order by curated.ref_area, curated.period_year
