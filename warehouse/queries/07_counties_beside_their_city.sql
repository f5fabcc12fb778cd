-- How do the counties stand beside the city above them in the most used rates of the same year?
-- 各县的常用比率与所属市同年水平相比如何？
-- Pairs are found by their codes alone; the names, which are wider, come to what is left.
with rates as (

    select ref_area, indicator_code, period_key, value
    from marts.indicator_by_region_period
    where
        freq = 'A'
        and subgroup = ''
        and indicator_code in (select indicator_code from marts.dim_indicator where kind = 'rate' and is_core)

)

select
    cities.name_zh as city,
    counties.name_zh as county,
    indicators.name_zh as indicator_name,
    county_rates.period_key,
    county_rates.value as county_value,
    city_rates.value as city_value,
    round(county_rates.value - city_rates.value, 2) as difference,
    case indicators.better
        when 'higher' then county_rates.value > city_rates.value
        when 'lower' then county_rates.value < city_rates.value
    end as is_better
from rates as county_rates
inner join marts.dim_region as counties on county_rates.ref_area = counties.ref_area
inner join rates as city_rates
    on
        counties.parent = city_rates.ref_area
        and county_rates.indicator_code = city_rates.indicator_code
        and county_rates.period_key = city_rates.period_key
inner join marts.dim_region as cities on counties.parent = cities.ref_area
inner join marts.dim_indicator as indicators on county_rates.indicator_code = indicators.indicator_code
order by cities.ref_area, indicators.indicator_code, county_rates.period_key, counties.ref_area
