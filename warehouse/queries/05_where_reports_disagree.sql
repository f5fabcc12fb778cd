-- Where do reports contradict each other or themselves, what does each say, and which figure is used?
-- 哪些数据各文件说法不一或自相矛盾，分别怎么说，采用的是哪一个？
select
    curated.region_name,
    curated.indicator_name,
    curated.period_key,
    curated.subgroup,
    statements.value,
    statements.unit,
    statements.fact_id = curated.fact_id as is_used,
    round(100 * curated.spread / nullif(abs(curated.value), 0), 2) as spread_percent,
    curated.source_count,
    statements.quote,
    documents.title,
    statements.published_on
from marts.indicator_by_region_period as curated
inner join marts.fct_observation as statements
    on
        curated.indicator_code = statements.indicator_code
        and curated.ref_area = statements.ref_area
        and curated.period_key = statements.period_key
        and curated.subgroup = statements.subgroup
        and curated.unit_class = statements.unit_class
inner join marts.dim_document as documents on statements.document_id = documents.document_id
where
    curated.is_disputed
    and statements.entity = ''
    and statements.role in ('actual', 'baseline')
    and statements.is_latest_version
order by
    curated.source_count desc,
    curated.ref_area,
    curated.indicator_code,
    curated.period_key,
    curated.subgroup,
    statements.published_on,
    statements.char_start
