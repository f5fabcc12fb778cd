-- How does systematic maternal management develop, county by county and year by year, and which words say so?
-- 各县历年孕产妇系统管理率是多少，出自哪份文件的哪句话？
select
    curated.region_name,
    curated.period_year,
    curated.value as percent,
    curated.is_disputed,
    curated.source_count,
    observations.quote,
    documents.title,
    documents.published_on,
    curated.fact_id
from marts.indicator_by_region_period as curated
inner join marts.fct_observation as observations on curated.fact_id = observations.fact_id
inner join marts.dim_document as documents on curated.document_id = documents.document_id
where
    curated.indicator_code = 'maternal_system_management_rate'
    and curated.freq = 'A'
    and curated.subgroup = ''
order by curated.ref_area, curated.period_year
