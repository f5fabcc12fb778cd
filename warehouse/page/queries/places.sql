-- Which places have values of one breakdown of an indicator; those with most periods first.
select
    curated.ref_area,
    coalesce(regions.name_zh, any_value(curated.region_name), curated.ref_area) as name_zh,
    coalesce(regions.pinyin, '') as pinyin,
    coalesce(regions.parent_name, '') as parent_name,
    coalesce(regions.level, '') as level,
    count(*) as value_count,
    min(curated.period_year) as first_year,
    max(curated.period_year) as last_year
from marts.indicator_by_region_period as curated
left join marts.dim_region as regions on curated.ref_area = regions.ref_area
where
    curated.indicator_code = $indicator
    and curated.freq = $freq
    and curated.subgroup = $subgroup
    and curated.unit = $unit
group by curated.ref_area, regions.name_zh, regions.pinyin, regions.parent_name, regions.level
order by value_count desc, curated.ref_area
