-- Where do reports contradict each other, what does each say, and which figure is used?
-- 哪些数据各文件说法不一，分别怎么说，采用的是哪一个？
select
    curated.region_name,
    curated.indicator_name,
    curated.period_key,
    curated.subgroup,
    revisions.value,
    revisions.unit,
    revisions.is_curated as is_used,
    round(100 * curated.spread / nullif(abs(curated.value), 0), 2) as spread_percent,
    documents.title,
    revisions.published_on
from marts.indicator_by_region_period as curated
inner join marts.indicator_revision as revisions
    on
        curated.indicator_code = revisions.indicator_code
        and curated.ref_area = revisions.ref_area
        and curated.period_key = revisions.period_key
        and curated.subgroup = revisions.subgroup
inner join marts.dim_document as documents on revisions.document_id = documents.document_id
where curated.is_disputed
order by curated.ref_area, curated.indicator_code, curated.period_key, curated.subgroup, revisions.revision_number
