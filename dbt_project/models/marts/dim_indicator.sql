-- One row per indicator of the catalogue, with the unit it is measured in.
with indicators as (

    select * from {{ ref('stg_indicators') }}

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
    indicators.plausible_min,
    indicators.plausible_max,
    indicators.reference
from indicators
left join units on indicators.unit = units.unit
order by indicators.domain, indicators.indicator_code
