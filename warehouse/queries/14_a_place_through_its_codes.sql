-- How did the health institutions and beds of each place develop, through changes of its code and of the definition?
-- 各地医疗卫生机构和床位历年变化如何（区划代码和统计口径变化已衔接）？
select
    series.region_name,
    series.indicator_name,
    series.period_year,
    series.value,
    series.unit,
    series.stated_region_name,
    series.segment,
    series.break_zh,
    series.publisher_body,
    series.value - lag(series.value) over same_definition as change_within_definition
from marts.harmonised_series as series
where series.indicator_code in ('health_institutions', 'beds') and series.subgroup = '' and series.is_in_series
window same_definition as (
    partition by series.ref_area, series.indicator_code, series.segment
    order by series.period_year
)
order by series.ref_area, series.indicator_code, series.period_year
