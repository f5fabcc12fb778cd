-- What do reports say of single hospitals and towns, beside the figure of the whole place?
-- 报告中单个医院、乡镇的数据是多少，占全地区多少？
select
    regions.name_zh as region_name,
    own.entity,
    indicators.name_zh as indicator_name,
    own.period_key,
    own.value,
    own.unit,
    whole.value as region_value,
    case when indicators.is_additive then round(100 * own.value / nullif(whole.value, 0), 1) end as share_percent,
    own.fact_id
from marts.fct_observation as own
inner join marts.dim_indicator as indicators on own.indicator_code = indicators.indicator_code
inner join marts.dim_region as regions on own.ref_area = regions.ref_area
left join marts.indicator_by_region_period as whole
    on
        own.indicator_code = whole.indicator_code
        and own.ref_area = whole.ref_area
        and own.period_key = whole.period_key
        and own.subgroup = whole.subgroup
        and own.unit_class = whole.unit_class
where own.entity != '' and own.role = 'actual' and own.is_latest_version
order by own.ref_area, own.entity, own.indicator_code, own.period_key, own.fact_id
