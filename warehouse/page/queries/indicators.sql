-- Which indicators have values, for how many places and years; the best covered first, rates before counts.
select
    indicators.indicator_code,
    indicators.name_zh,
    indicators.name_en,
    indicators.domain,
    indicators.kind,
    indicators.better,
    indicators.unit,
    indicators.unit_name_zh,
    indicators.unit_name_en,
    count(*) as value_count,
    count(distinct curated.ref_area) as place_count,
    min(curated.period_year) as first_year,
    max(curated.period_year) as last_year
from marts.indicator_by_region_period as curated
inner join marts.dim_indicator as indicators on curated.indicator_code = indicators.indicator_code
group by all
order by
    count(distinct curated.ref_area) * count(distinct curated.period_year) desc,
    any_value(indicators.kind) = 'rate' desc,
    count(*) filter (curated.subgroup = '' and curated.freq = 'A') desc,
    indicators.indicator_code
