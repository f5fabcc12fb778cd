-- Targets beside what came true: one row a target that a report sets for a whole region, with the curated result if there is one,
-- and else the last level that is known before the deadline.
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

-- Until when a region's reports speak of what has been: a result that is not among them was not reported.
reported as (

    select
        ref_area,
        max(period_end) as reported_until
    from {{ ref('dim_document') }}
    where is_latest_version and report_kind != 'plan'
    group by ref_area

),

paired as (

    select
        targets.*,
        results.value as result_value,
        results.fact_id as result_fact_id,
        results.published_on as result_published_on,
        reported.reported_until,
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
    left join reported on targets.ref_area = reported.ref_area

),

-- Where it stood when the target was set, or was last seen before the deadline.
last_levels as (

    select
        targets.fact_id,
        arg_max(levels.value, levels.period_end) as last_value,
        max(levels.period_end) as last_value_on
    from targets
    inner join results as levels
        on
            targets.indicator_code = levels.indicator_code
            and targets.ref_area = levels.ref_area
            and targets.subgroup = levels.subgroup
            and targets.unit_class = levels.unit_class
            and targets.freq = levels.freq
            and levels.period_end < targets.period_end
    group by targets.fact_id

),

judged as (

    select
        paired.*,
        last_levels.last_value,
        last_levels.last_value_on,
        coalesce(
            paired.unit_class = 'count'
            and paired.direction != 'lower'
            and paired.value < {{ var('target_floor') }} * coalesce(last_levels.last_value, paired.result_value),
            false
        ) as is_addition,
        case
            when is_addition then null
            when direction = 'higher' and comparator = '>' then result_value > value
            when direction = 'higher' then result_value >= value
            when direction = 'lower' and comparator = '<' then result_value < value
            when direction = 'lower' then result_value <= coalesce(value_max, value)
        end as is_attained
    from paired
    left join last_levels on paired.fact_id = last_levels.fact_id

)

select
    judged.fact_id,
    judged.document_id,
    judged.indicator_code,
    judged.ref_area,
    judged.period_key,
    judged.subgroup,
    judged.period_end as deadline_on,
    judged.published_on,
    judged.value as target_value,
    judged.value_max as target_value_max,
    judged.comparator,
    judged.direction,
    judged.unit,
    judged.result_value,
    judged.result_fact_id,
    judged.result_published_on,
    {{ difference('judged.result_value', 'judged.value') }} as difference,
    judged.is_attained,
    case
        when judged.is_addition then 'not_comparable'
        when judged.is_attained then 'attained'
        when not judged.is_attained then 'missed'
        when judged.result_value is not null then 'undirected'
        when judged.reported_until >= judged.period_end then 'not_reported'
        else 'pending'
    end as status,
    judged.last_value,
    judged.last_value_on,
    {{ difference('judged.value', 'judged.last_value') }} as distance_from_last,
    row_number() over (
        partition by judged.indicator_code, judged.ref_area, judged.period_key, judged.subgroup
        order by
            judged.published_on desc nulls last,
            judged.confidence desc,
            judged.fetched_at desc,
            judged.char_start,
            judged.fact_id
    ) = 1 as is_latest_target,
    judged.quote
from judged
order by judged.indicator_code, judged.ref_area, deadline_on, judged.period_key, judged.subgroup, judged.published_on, judged.fact_id
