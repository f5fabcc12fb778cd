-- How many outpatient and emergency visits a year, and how much more or less than the year before?
-- 各地历年诊疗人次是多少，比上年增减多少？
with annual as (

    select
        ref_area,
        region_name,
        period_year,
        value
    from marts.indicator_by_region_period
    where indicator_code = 'outpatient_visits' and freq = 'A' and subgroup = ''

)

select
    this_year.region_name,
    this_year.period_year,
    this_year.value as visits,
    this_year.value - last_year.value as change,
    round(100 * (this_year.value / last_year.value - 1), 1) as change_percent
from annual as this_year
left join annual as last_year
    on this_year.ref_area = last_year.ref_area and this_year.period_year = last_year.period_year + 1
order by this_year.ref_area, this_year.period_year
