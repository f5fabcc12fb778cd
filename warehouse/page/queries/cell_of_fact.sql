-- What one curated value stands for, so that its view can be opened by its number alone.
select
    indicator_code as indicator,
    freq,
    subgroup,
    ref_area as places
from marts.indicator_by_region_period
where fact_id = $fact_id
