-- Rates recomputed from the counts that the same report states for the same place and period (seed indicator_rates).
with observations as (

    select * from {{ ref('fct_observation') }}
    where entity = '' and role = 'actual' and subgroup = '' and value_max is null

),

-- A report may repeat a figure: each counts once, with its most certain statement.
figures as (

    select *
    from observations
    qualify row_number() over (
        partition by document_id, indicator_code, ref_area, period_end, freq
        order by is_stated_period_end desc, confidence desc, char_start, fact_id
    ) = 1

),

rates as (

    select * from {{ ref('indicator_rates') }}

),

recomputed as (

    select
        stated.fact_id,
        rates.rate_code,
        numerators.fact_id as numerator_fact_id,
        denominators.fact_id as denominator_fact_id,
        numerators.value as numerator_value,
        denominators.value as denominator_value,
        stated.value as stated_value,
        stated.printed_step,
        rates.tolerance,
        rates.per * numerators.value / nullif(denominators.value, 0) as recomputed_value
    from figures as stated
    inner join rates on stated.indicator_code = rates.rate_code
    inner join figures as numerators
        on
            rates.numerator_code = numerators.indicator_code
            and stated.document_id = numerators.document_id
            and stated.ref_area = numerators.ref_area
            and stated.period_end = numerators.period_end
            and stated.freq = numerators.freq
    inner join figures as denominators
        on
            rates.denominator_code = denominators.indicator_code
            and stated.document_id = denominators.document_id
            and stated.ref_area = denominators.ref_area
            and stated.period_end = denominators.period_end
            and stated.freq = denominators.freq

)

select
    fact_id,
    rate_code,
    numerator_fact_id,
    denominator_fact_id,
    numerator_value,
    denominator_value,
    stated_value,
    recomputed_value,
    -- Rounding of the rate as printed, and what averages and rounded counts explain.
    abs(stated_value - recomputed_value)
    <= greatest(0.5 * printed_step, tolerance * abs(recomputed_value)) + 1e-9 as is_consistent
from recomputed
where recomputed_value is not null
