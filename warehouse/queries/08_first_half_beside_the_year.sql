-- What part of the year's births, visits and other counts fell in the first half?
-- 上半年的出生、诊疗等数量占全年多少？
with flows as (

    select
        curated.ref_area,
        curated.region_name,
        curated.indicator_code,
        curated.indicator_name,
        curated.period_key,
        curated.period_year,
        curated.freq,
        curated.subgroup,
        curated.unit,
        curated.value
    from marts.indicator_by_region_period as curated
    inner join marts.dim_indicator as indicators on curated.indicator_code = indicators.indicator_code
    where indicators.kind = 'flow' and curated.freq in ('A', 'S')

)

select
    first_half.region_name,
    first_half.indicator_name,
    first_half.period_year,
    first_half.subgroup,
    first_half.value as first_half_value,
    whole_year.value as whole_year_value,
    round(100 * first_half.value / nullif(whole_year.value, 0), 1) as share_percent
from flows as first_half
left join flows as whole_year
    on
        first_half.ref_area = whole_year.ref_area
        and first_half.indicator_code = whole_year.indicator_code
        and first_half.period_year = whole_year.period_year
        and first_half.subgroup = whole_year.subgroup
        and first_half.unit = whole_year.unit
        and whole_year.freq = 'A'
where first_half.freq = 'S' and first_half.period_key like '%-H1'
order by first_half.ref_area, first_half.period_year, first_half.indicator_code, first_half.subgroup
