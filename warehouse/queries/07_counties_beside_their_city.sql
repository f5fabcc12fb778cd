-- How do the counties stand beside the city above them in the most used rates of the same year?
-- 各县的常用比率与所属市同年水平相比如何？
with rates as (

    select
        curated.ref_area,
        curated.region_name,
        curated.indicator_code,
        curated.indicator_name,
        curated.period_key,
        curated.value,
        indicators.better
    from marts.indicator_by_region_period as curated
    inner join marts.dim_indicator as indicators on curated.indicator_code = indicators.indicator_code
    where indicators.kind = 'rate' and indicators.is_core and curated.freq = 'A' and curated.subgroup = ''

)

select
    cities.region_name as city,
    counties.region_name as county,
    counties.indicator_name,
    counties.period_key,
    counties.value as county_value,
    cities.value as city_value,
    round(counties.value - cities.value, 2) as difference,
    case counties.better
        when 'higher' then counties.value > cities.value
        when 'lower' then counties.value < cities.value
    end as is_better
from rates as counties
inner join marts.dim_region as regions on counties.ref_area = regions.ref_area
inner join rates as cities
    on
        regions.parent = cities.ref_area
        and counties.indicator_code = cities.indicator_code
        and counties.period_key = cities.period_key
order by cities.ref_area, counties.indicator_code, counties.period_key, counties.ref_area
