-- Which place has the most hospital beds for its people, by the latest year that each has reported?
-- 按最近一年的数据，各地每千人口床位数如何排名？
with latest as (

    select *
    from marts.indicator_by_region_period
    where indicator_code = 'beds_per_1k' and subgroup = ''
    qualify row_number() over (partition by ref_area order by period_end desc) = 1

)

select
    rank() over (order by latest.value desc) as place,
    regions.full_name,
    regions.level,
    latest.period_end as as_of,
    latest.value as beds_per_1k,
    latest.is_baseline
from latest
inner join marts.dim_region as regions on latest.ref_area = regions.ref_area
order by place, latest.ref_area
