-- The areas below beside the area above: one row per area, indicator and period with a figure of at least one area below.
-- Counts of counties are never added up in silence: the sum stands only where enough of them have reported (minimum_coverage);
-- otherwise there is a share of what is known, and the names of those that are missing.
with cells as (

    select
        curated.*,
        indicators.is_additive
    from {{ ref('indicator_by_region_period') }} as curated
    inner join {{ ref('dim_indicator') }} as indicators on curated.indicator_code = indicators.indicator_code
    where curated.subgroup = '' and indicators.is_additive

),

regions as (

    select * from {{ ref('dim_region') }}
    where region_kind = 'division' and parent != ''

),

years as (

    select distinct period_year from cells

),

expected as (

    select
        regions.parent,
        years.period_year,
        count(*) as children_total,
        list(regions.ref_area order by regions.ref_area) as children,
        list(regions.name_zh order by regions.ref_area) as children_names
    from regions
    inner join years
        on years.period_year >= regions.valid_from and (regions.valid_to is null or years.period_year < regions.valid_to)
    group by regions.parent, years.period_year

),

reported as (

    select
        regions.parent,
        cells.indicator_code,
        any_value(cells.indicator_name) as indicator_name,
        cells.period_key,
        cells.period_year,
        cells.freq,
        cells.unit_class,
        count(*) as children_reporting,
        sum(cells.value) as known_sum,
        list(cells.ref_area) as reporting,
        list(cells.fact_id order by cells.ref_area) as child_fact_ids
    from cells
    inner join regions on cells.ref_area = regions.ref_area
    group by regions.parent, cells.indicator_code, cells.period_key, cells.period_year, cells.freq, cells.unit_class

)

select
    reported.parent as ref_area,
    parents.name_zh as region_name,
    reported.indicator_code,
    reported.indicator_name,
    reported.period_key,
    reported.period_year,
    reported.freq,
    reported.unit_class,
    expected.children_total,
    reported.children_reporting,
    round(reported.children_reporting / expected.children_total, 4) as coverage,
    cast({{ var('minimum_coverage') }} as double) as minimum_coverage,
    reported.children_reporting / expected.children_total >= {{ var('minimum_coverage') }} as is_covered,
    above.value as parent_value,
    round(100 * reported.known_sum / nullif(above.value, 0), 2) as share_percent,
    case when reported.children_reporting / expected.children_total >= {{ var('minimum_coverage') }} then reported.known_sum end
        as children_sum,
    reported.known_sum > 1.005 * above.value as is_parent_exceeded,
    list_filter(expected.children_names, lambda name, position: not list_contains(reported.reporting, expected.children[position]))
        as missing_children,
    above.fact_id as parent_fact_id,
    reported.child_fact_ids
from reported
inner join expected on reported.parent = expected.parent and reported.period_year = expected.period_year
inner join {{ ref('dim_region') }} as parents on reported.parent = parents.ref_area
left join cells as above
    on
        reported.parent = above.ref_area
        and reported.indicator_code = above.indicator_code
        and reported.period_key = above.period_key
        and reported.unit_class = above.unit_class
order by reported.parent, reported.indicator_code, reported.period_key, reported.unit_class
