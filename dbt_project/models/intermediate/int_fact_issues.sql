-- What is wrong with a fact, one row for each rule that it breaks; the seed quality_rules says what follows from it.
with facts as (

    select * from {{ ref('int_facts_keyed') }}

),

indicators as (

    select * from {{ ref('dim_indicator') }}

),

regions as (

    select * from {{ ref('dim_region') }}

),

units as (

    select * from {{ ref('stg_units') }}

),

rules as (

    select * from {{ ref('quality_rules') }}

),

coded as (

    select
        facts.*,
        indicators.unit as expected_unit,
        coalesce(units.unit_class, facts.unit) as unit_class,
        expected_units.unit_class as expected_unit_class,
        indicators.plausible_min,
        indicators.plausible_max,
        indicators.indicator_code is not null as is_in_catalogue,
        regions.ref_area is not null as is_region_in_table,
        facts.role != 'change' as is_level
    from facts
    left join indicators on facts.indicator_code = indicators.indicator_code
    left join regions on facts.ref_area = regions.ref_area
    left join units on facts.unit = units.unit
    left join units as expected_units on indicators.unit = expected_units.unit
    where facts.indicator_code != ''

),

flagged as (

    select
        fact_id,
        unnest(list_distinct(quality_flags)) as rule,
        'flagged when the report was read' as evidence,
        '读取报告时标记' as evidence_zh
    from facts

),

without_value as (

    select
        fact_id,
        'value_missing' as rule,
        'number as written: ' || number_text as evidence,
        '原文数字：' || number_text as evidence_zh
    from coded
    where
        value is null
        and not list_has_any(quality_flags, ['digits_lost', 'digits_corrupt'])

),

out_of_range as (

    select
        fact_id,
        'out_of_range' as rule,
        value || coalesce(' to ' || value_max, '') || ' is outside ' || plausible_min || ' to ' || plausible_max as evidence,
        value || coalesce('至' || value_max, '') || ' 不在 ' || plausible_min || ' 至 ' || plausible_max || ' 之间' as evidence_zh
    from coded
    where
        is_level
        and (value not between plausible_min and plausible_max or value_max not between plausible_min and plausible_max)
        and not list_has_any(quality_flags, ['implausible', 'over_100'])

),

in_another_unit as (

    select
        fact_id,
        'unit_unexpected' as rule,
        unit || ' instead of ' || expected_unit as evidence,
        '单位为 ' || unit || '，应为 ' || expected_unit as evidence_zh
    from coded
    where is_level and expected_unit != '*' and unit_class != expected_unit_class

),

outside_catalogue as (

    select
        fact_id,
        'indicator_not_in_catalogue' as rule,
        indicator_code as evidence,
        indicator_code as evidence_zh
    from coded
    where not is_in_catalogue

),

without_region as (

    select
        fact_id,
        'region_unknown' as rule,
        'no area code' as evidence,
        '无地区代码' as evidence_zh
    from coded
    where ref_area = ''

),

outside_region_table as (

    select
        fact_id,
        'region_not_in_table' as rule,
        ref_area as evidence,
        ref_area as evidence_zh
    from coded
    where ref_area != '' and not is_region_in_table

),

without_period as (

    select
        fact_id,
        'period_unknown' as rule,
        coalesce(strftime(period_start, '%Y-%m-%d'), '?') || ' to ' || coalesce(strftime(period_end, '%Y-%m-%d'), '?') as evidence,
        coalesce(strftime(period_start, '%Y-%m-%d'), '?') || ' 至 ' || coalesce(strftime(period_end, '%Y-%m-%d'), '?') as evidence_zh
    from coded
    where is_in_catalogue and period_key is null

),

reversed_period as (

    select
        fact_id,
        'period_reversed' as rule,
        period_start || ' to ' || period_end as evidence,
        period_start || ' 至 ' || period_end as evidence_zh
    from coded
    where period_start > period_end

),

-- A plan's figure that was taken for a result: what has been cannot be told long before its period ends.
ahead as (

    select
        fact_id,
        'period_after_publication' as rule,
        'ends ' || period_end || ', reported ' || coalesce(published_on, cast(fetched_at as date)) as evidence,
        '截至 ' || period_end || '，发布于 ' || coalesce(published_on, cast(fetched_at as date)) as evidence_zh
    from coded
    where
        role != 'target'
        and period_end > coalesce(published_on, cast(fetched_at as date)) + {{ var('days_ahead') }}

),

dropped as (

    select
        fact_id,
        'dropped_by_correction' as rule,
        'correction ' || correction_id as evidence,
        '更正 ' || correction_id as evidence_zh
    from facts
    where is_dropped

),

replaced as (

    select
        fact_id,
        'replaced_by_correction' as rule,
        'correction ' || correction_id || ': ' || stated_value || ' became ' || value as evidence,
        '更正 ' || correction_id || '：' || stated_value || ' 改为 ' || value as evidence_zh
    from facts
    where correction_id != '' and not is_dropped

),

issues as (

    select * from flagged
    union all
    select * from dropped
    union all
    select * from replaced
    union all
    select * from without_value
    union all
    select * from out_of_range
    union all
    select * from in_another_unit
    union all
    select * from outside_catalogue
    union all
    select * from without_region
    union all
    select * from outside_region_table
    union all
    select * from without_period
    union all
    select * from reversed_period
    union all
    select * from ahead

)

-- A flag that the rules do not know yet keeps its fact out: damage is never let through by an omission.
select
    issues.fact_id,
    issues.rule,
    coalesce(rules.severity, 'error') as severity,
    coalesce(rules.is_kept_out, true) as is_kept_out,
    issues.evidence,
    issues.evidence_zh
from issues
left join rules on issues.rule = rules.rule
