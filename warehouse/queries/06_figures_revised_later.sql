-- Which figures did a later report change, in which direction and how soon?
-- 哪些数据后来被修订，往哪个方向、隔了多久？
select
    regions.name_zh as region_name,
    indicators.name_zh as indicator_name,
    revisions.period_key,
    revisions.subgroup,
    revisions.previous_value,
    revisions.value as revised_value,
    revisions.change,
    revisions.is_baseline as is_from_a_comparison,
    revisions.published_on as revised_on,
    date_diff('day', revisions.period_end, revisions.published_on) as days_after_period,
    revisions.fact_id
from marts.indicator_revision as revisions
inner join marts.dim_indicator as indicators on revisions.indicator_code = indicators.indicator_code
inner join marts.dim_region as regions on revisions.ref_area = regions.ref_area
where revisions.change != 0
order by revisions.ref_area, revisions.indicator_code, revisions.period_key, revisions.revision_number
