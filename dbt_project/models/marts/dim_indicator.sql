-- One row per indicator of the catalogue: its unit, what it means, how it behaves and which counts give it.
with indicators as (

    select * from {{ ref('stg_indicators') }}

),

semantics as (

    select * from {{ ref('indicator_semantics') }}

),

rates as (

    select * from {{ ref('indicator_rates') }}

),

units as (

    select * from {{ ref('stg_units') }}

)

select
    indicators.indicator_code,
    indicators.name_zh,
    indicators.name_en,
    indicators.domain,
    indicators.kind,
    indicators.better,
    indicators.unit,
    units.name_zh as unit_name_zh,
    units.name_en as unit_name_en,
    units.unit_measure,
    units.unit_mult,
    coalesce(semantics.definition_zh, '') as definition_zh,
    coalesce(semantics.definition_en, '') as definition_en,
    coalesce(rates.numerator_code, '') as numerator_code,
    coalesce(rates.denominator_code, '') as denominator_code,
    rates.per as rate_per,
    rates.tolerance as rate_tolerance,
    coalesce(semantics.is_additive, false) as is_additive,
    semantics.yoy_tolerance,
    coalesce(semantics.yoy_tolerance_kind, '') as yoy_tolerance_kind,
    indicators.indicator_code in ('{{ var("profile_indicators") | join("', '") }}') as is_core,
    indicators.plausible_min,
    indicators.plausible_max,
    indicators.reference
from indicators
left join units on indicators.unit = units.unit
left join semantics on indicators.indicator_code = semantics.indicator_code
left join rates on indicators.indicator_code = rates.rate_code
order by indicators.domain, indicators.indicator_code
