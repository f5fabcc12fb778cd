-- Every publishable fact: coded, placed in region and time, and broken by no rule that keeps a fact out.
with facts as (

    select * from {{ ref('int_facts_keyed') }}
    where indicator_code != ''

),

kept_out as (

    select fact_id from {{ ref('int_fact_issues') }}
    where is_kept_out
    union
    select fact_id from {{ ref('int_outliers') }}
    where is_kept_out

),

units as (

    select * from {{ ref('stg_units') }}

)

select
    facts.fact_id,
    facts.document_id,
    facts.indicator_code,
    facts.ref_area,
    facts.subgroup,
    facts.entity,
    facts.role,
    facts.period_key,
    facts.period_start,
    facts.period_end,
    year(facts.period_end) as period_year,
    facts.freq,
    facts.period_type,
    facts.time_period,
    facts.value,
    facts.value_max,
    facts.stated_value,
    facts.correction_id,
    coalesce(facts.correction_id, '') != '' as is_corrected,
    facts.unit,
    coalesce(units.unit_class, facts.unit) as unit_class,
    facts.comparator,
    facts.value as obs_value,
    cast(greatest(0, -round(log10(nullif(facts.printed_step, 0)))) as bigint) as decimals,
    facts.printed_step,
    {{ meant_from('facts.value', 'facts.comparator', 'facts.printed_step') }} as meant_from,
    {{ meant_to('facts.value', 'facts.value_max', 'facts.comparator', 'facts.printed_step') }} as meant_to,
    coalesce(units.unit_measure, '_O') as unit_measure,
    coalesce(units.unit_mult, 0) as unit_mult,
    case
        when facts.role = 'target' then 'F'
        when list_contains(facts.quality_flags, 'over_100') then 'U'
        when not facts.is_stated_period_end then 'P'
        when facts.comparator = '~' then 'E'
        else 'A'
    end as obs_status,
    facts.indicator_text,
    facts.number_text,
    facts.quote,
    facts.char_start,
    facts.char_end,
    facts.quality_flags,
    facts.confidence,
    facts.is_stated_period_end,
    facts.published_on,
    facts.fetched_at,
    facts.is_latest_version,
    facts.extractor_version
from facts
left join kept_out on facts.fact_id = kept_out.fact_id
left join units on facts.unit = units.unit
where kept_out.fact_id is null
order by facts.indicator_code, facts.ref_area, facts.period_end, facts.period_key, facts.fact_id
