-- The change of each curated value since the same period a year earlier, beside the change that a report itself states.
-- One row per curated cell for which either is known.
with curated as (

    select
        *,
        {{ year_before('period_end') }} as earlier_end,
        {{ year_before('period_start') }} as earlier_start
    from {{ ref('indicator_by_region_period') }}

),

indicators as (

    select * from {{ ref('dim_indicator') }}

),

definition_breaks as (

    select * from {{ ref('indicator_breaks') }}

),

territory_breaks as (

    select * from {{ ref('int_region_breaks') }}

),

-- Of several statements, the one in the chosen report counts first, then the one published last.
stated as (

    select
        curated.fact_id,
        changes.fact_id as stated_fact_id,
        changes.document_id as stated_document_id,
        changes.value as stated_change,
        changes.unit as stated_unit,
        changes.printed_step,
        changes.quote as stated_quote,
        case
            when changes.unit = 'percent' then 'percent'
            when changes.unit in ('percentage_point', 'per_mille_point') then 'points'
            when changes.unit_class = curated.unit_class then 'absolute'
        end as stated_basis
    from curated
    inner join {{ ref('fct_observation') }} as changes
        on
            curated.indicator_code = changes.indicator_code
            and curated.ref_area = changes.ref_area
            and curated.period_key = changes.period_key
            and curated.subgroup = changes.subgroup
    where changes.role = 'change' and changes.entity = '' and changes.is_latest_version
    qualify row_number() over (
        partition by curated.fact_id
        order by
            changes.document_id = curated.document_id desc,
            changes.published_on desc nulls last,
            changes.confidence desc,
            changes.char_start,
            changes.fact_id
    ) = 1

),

-- The earlier level as the report that states the change gives it (由A提高到B): where the earlier year was revised, the stated change
-- is one from this level and not from the curated one.
restated as (

    select
        document_id,
        indicator_code,
        ref_area,
        period_key,
        subgroup,
        unit_class,
        arg_min(value, char_start) as value
    from {{ ref('fct_observation') }}
    where role = 'baseline' and entity = '' and is_latest_version
    group by document_id, indicator_code, ref_area, period_key, subgroup, unit_class

),

paired as (

    select
        curated.indicator_code,
        curated.ref_area,
        curated.period_key,
        curated.subgroup,
        curated.indicator_name,
        curated.region_name,
        curated.period_year,
        curated.freq,
        curated.value,
        curated.unit,
        curated.fact_id,
        earlier.period_key as previous_period_key,
        earlier.value as previous_value,
        earlier.fact_id as previous_fact_id,
        indicators.better,
        indicators.yoy_tolerance,
        indicators.yoy_tolerance_kind,
        {{ difference('curated.value', 'earlier.value') }} as change,
        100 * (curated.value / nullif(earlier.value, 0) - 1) as change_percent,
        stated.stated_change,
        stated.stated_unit,
        stated.stated_basis,
        stated.printed_step as stated_step,
        coalesce(curated.printed_step, 0) as value_step,
        coalesce(earlier.printed_step, 0) as previous_step,
        -- Only exact figures can refute a stated change: 超过, 约 and ranges leave it open.
        coalesce(curated.comparator, '=') = '=' and coalesce(earlier.comparator, '=') = '='
        and curated.value_max is null and earlier.value_max is null as is_exact,
        exists (
            select 1 from definition_breaks
            where
                definition_breaks.indicator_code = curated.indicator_code
                and definition_breaks.break_year <= curated.period_year
                and definition_breaks.break_year > earlier.period_year
        )
        or exists (
            select 1 from territory_breaks
            where
                territory_breaks.ref_area = curated.ref_area
                and territory_breaks.break_year <= curated.period_year
                and territory_breaks.break_year > earlier.period_year
        ) as is_across_break,
        stated.stated_fact_id,
        stated.stated_document_id,
        stated.stated_quote,
        restated.value as restated_previous_value,
        {{ difference('curated.value', 'restated.value') }} as restated_change,
        100 * (curated.value / nullif(restated.value, 0) - 1) as restated_change_percent
    from curated
    inner join indicators on curated.indicator_code = indicators.indicator_code
    left join curated as earlier
        on
            curated.indicator_code = earlier.indicator_code
            and curated.ref_area = earlier.ref_area
            and curated.subgroup = earlier.subgroup
            and curated.unit_class = earlier.unit_class
            and curated.freq = earlier.freq
            and curated.earlier_end = earlier.period_end
            -- A flow is the same period a year earlier only when it also began then; a level is judged by its end.
            and (indicators.kind != 'flow' or curated.earlier_start = earlier.period_start)
    left join stated on curated.fact_id = stated.fact_id
    left join restated
        on
            stated.stated_document_id = restated.document_id
            and curated.indicator_code = restated.indicator_code
            and curated.ref_area = restated.ref_area
            and curated.subgroup = restated.subgroup
            and curated.unit_class = restated.unit_class
            and earlier.period_key = restated.period_key

),

recomputed as (

    select
        *,
        case stated_basis
            when 'percent' then change_percent
            when 'points' then change
            when 'absolute' then change
        end as computed_in_stated_terms,
        case stated_basis
            when 'percent' then restated_change_percent
            when 'points' then restated_change
            when 'absolute' then restated_change
        end as restated_in_stated_terms,
        -- The stated change is rounded as printed, and so are the two figures that it is taken from.
        greatest(
            stated_step,
            0.02 * abs(stated_change),
            0.5 * (
                stated_step
                + case
                    when stated_basis = 'percent'
                        then
                            100 * (value_step / nullif(abs(previous_value), 0)
                            + previous_step * abs(value) / nullif(power(previous_value, 2), 0))
                    else value_step + previous_step
                end
            )
        ) + 1e-9 as rounding
    from paired
    where previous_value is not null or stated_change is not null

)

select
    indicator_code,
    ref_area,
    period_key,
    subgroup,
    indicator_name,
    region_name,
    period_year,
    freq,
    value,
    unit,
    previous_period_key,
    previous_value,
    change,
    round(change_percent, 4) as change_percent,
    case
        when change = 0 or better = 'neutral' or is_across_break then null
        else (change > 0) = (better = 'higher')
    end as is_improvement,
    case yoy_tolerance_kind
        when 'points' then abs(change) > yoy_tolerance
        -- As far up as down: 50 % less is as far as 100 % more; to or from nothing is beyond any tolerance.
        when 'relative' then (value = 0) != (previous_value = 0)
            or greatest(value / nullif(previous_value, 0), previous_value / nullif(value, 0)) > 1 + yoy_tolerance
    end as is_beyond_tolerance,
    is_across_break,
    stated_change,
    stated_unit,
    stated_basis,
    round(computed_in_stated_terms, 4) as computed_in_stated_terms,
    restated_previous_value,
    case
        when abs(stated_change - computed_in_stated_terms) <= rounding then true
        when abs(stated_change - restated_in_stated_terms) <= rounding then true
        when computed_in_stated_terms is not null and is_exact then false
    end as is_agreed,
    case stated_basis
        when 'percent' then round(value / nullif(1 + stated_change / 100, 0), 4)
        when 'points' then {{ difference('value', 'stated_change') }}
        when 'absolute' then {{ difference('value', 'stated_change') }}
    end as implied_previous_value,
    fact_id,
    previous_fact_id,
    stated_fact_id,
    stated_document_id,
    stated_quote
from recomputed
order by indicator_code, ref_area, period_key, subgroup
