-- The curated values of one breakdown of an indicator, each with the words and the document it comes from.
select
    curated.indicator_code,
    curated.indicator_name,
    curated.ref_area,
    curated.region_name,
    curated.period_key,
    case when curated.freq = 'A' then curated.period_year::varchar else curated.period_key end as period_label,
    curated.period_end,
    curated.period_year,
    curated.freq,
    curated.subgroup,
    curated.value,
    curated.value_max,
    curated.unit,
    curated.comparator,
    curated.obs_status,
    curated.is_baseline,
    coalesce(curated.is_corrected, false) as is_corrected,
    curated.is_disputed,
    curated.source_count,
    curated.lowest_value,
    curated.highest_value,
    curated.spread,
    coalesce(regions.level, '') as level,
    curated.fact_id,
    coalesce(observations.quote, '') as quote,
    coalesce(documents.title, '') as title,
    coalesce(documents.publisher, '') as publisher,
    curated.published_on,
    coalesce(documents.url, '') as url
from marts.indicator_by_region_period as curated
left join marts.dim_region as regions on curated.ref_area = regions.ref_area
left join marts.fct_observation as observations on curated.fact_id = observations.fact_id
left join marts.dim_document as documents on curated.document_id = documents.document_id
where
    curated.indicator_code = $indicator
    and curated.freq = $freq
    and curated.subgroup = $subgroup
    and curated.unit = $unit
order by curated.ref_area, curated.period_end, curated.period_key
