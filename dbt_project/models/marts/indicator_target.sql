-- Targets beside what came true: one row a target that a report sets for a whole region, with the curated result if there is one.
with targets as (

    select * from {{ ref('fct_observation') }}
    where entity = '' and role = 'target' and is_latest_version

),

results as (

    select * from {{ ref('indicator_by_region_period') }}

),

indicators as (

    select * from {{ ref('dim_indicator') }}

),

paired as (

    select
        targets.*,
        results.value as result_value,
        results.fact_id as result_fact_id,
        results.published_on as result_published_on,
        -- The words of the target say which way it holds; a bare figure holds the way in which the indicator is better.
        case
            when targets.comparator in ('>=', '>') then 'higher'
            when targets.comparator in ('<=', '<') then 'lower'
            else indicators.better
        end as direction
    from targets
    inner join indicators on targets.indicator_code = indicators.indicator_code
    left join results
        on
            targets.indicator_code = results.indicator_code
            and targets.ref_area = results.ref_area
            and targets.period_key = results.period_key
            and targets.subgroup = results.subgroup
            and targets.unit_class = results.unit_class

)

select
    fact_id,
    document_id,
    indicator_code,
    ref_area,
    period_key,
    subgroup,
    period_end as deadline_on,
    published_on,
    value as target_value,
    value_max as target_value_max,
    comparator,
    unit,
    result_value,
    result_fact_id,
    result_published_on,
    {{ difference('result_value', 'value') }} as difference,
    case direction
        when 'higher' then result_value >= value
        when 'lower' then result_value <= coalesce(value_max, value)
    end as is_attained,
    row_number() over (
        partition by indicator_code, ref_area, period_key, subgroup
        order by published_on desc nulls last, confidence desc, fetched_at desc, char_start, fact_id
    ) = 1 as is_latest_target,
    quote
from paired
order by indicator_code, ref_area, deadline_on, period_key, subgroup, published_on, fact_id
