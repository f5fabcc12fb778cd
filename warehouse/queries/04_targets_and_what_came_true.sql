-- Which targets were reached, which were missed and by how much, and which still wait for their result?
-- 哪些目标已达到，哪些未达到、差多少，哪些尚无结果？
select
    regions.name_zh as region_name,
    indicators.name_zh as indicator_name,
    targets.deadline_on,
    targets.comparator || ' ' || targets.target_value as target,
    targets.result_value as result,
    targets.difference,
    case
        when targets.status = 'not_comparable' then '增量，不可比 an addition, no level'
        when targets.result_value is null then '尚无结果 no result yet'
        when targets.is_attained then '达到 reached'
        when not targets.is_attained then '未达到 missed'
        else '无方向 no direction'
    end as outcome,
    targets.quote
from marts.indicator_target as targets
inner join marts.dim_indicator as indicators on targets.indicator_code = indicators.indicator_code
inner join marts.dim_region as regions on targets.ref_area = regions.ref_area
where targets.is_latest_target
order by targets.result_value is null, outcome, targets.ref_area, targets.deadline_on, targets.indicator_code
