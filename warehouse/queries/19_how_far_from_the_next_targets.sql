-- How far is each place from the targets whose deadline is still ahead, or whose result nobody reported?
-- 距离尚未到期或尚无结果的目标还差多少？
select
    regions.name_zh as region_name,
    indicators.name_zh as indicator_name,
    targets.deadline_on,
    targets.status,
    targets.comparator || ' ' || targets.target_value as target,
    targets.last_value,
    targets.last_value_on,
    targets.distance_from_last,
    targets.quote
from marts.indicator_target as targets
inner join marts.dim_indicator as indicators on targets.indicator_code = indicators.indicator_code
inner join marts.dim_region as regions on targets.ref_area = regions.ref_area
where targets.is_latest_target and targets.status in ('pending', 'not_reported')
order by targets.ref_area, targets.deadline_on, targets.indicator_code, targets.subgroup
