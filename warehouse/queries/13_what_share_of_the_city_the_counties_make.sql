-- What share of their city's births, beds or visits do the counties make that have reported, and which have not?
-- 已报告的各县占全市出生、床位、诊疗量的多少，哪些县尚缺？
select
    shares.region_name as city,
    shares.indicator_name,
    shares.period_year,
    shares.children_reporting || ' / ' || shares.children_total as counties,
    shares.parent_value as city_value,
    shares.share_percent,
    shares.is_covered,
    shares.children_sum,
    shares.is_parent_exceeded,
    shares.missing_children
from marts.region_parent_share as shares
where
    shares.freq = 'A'
    and shares.parent_value is not null
    and shares.indicator_code in ('births', 'beds', 'health_technicians', 'outpatient_visits', 'discharges')
order by shares.ref_area, shares.indicator_code, shares.period_year
