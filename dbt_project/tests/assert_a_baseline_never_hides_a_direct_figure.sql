-- A baseline is chosen only where no report states the period directly.
select
    curated.indicator_code,
    curated.ref_area,
    curated.period_key,
    curated.subgroup
from {{ ref('indicator_by_region_period') }} as curated
inner join {{ ref('fct_observation') }} as direct
    on
        curated.indicator_code = direct.indicator_code
        and curated.ref_area = direct.ref_area
        and curated.period_key = direct.period_key
        and curated.subgroup = direct.subgroup
where
    curated.is_baseline
    and direct.role = 'actual'
    and direct.entity = ''
    and direct.is_latest_version
