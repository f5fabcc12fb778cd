-- What all reports said of the same indicator, place, period and subgroup as one fact, in order of publication.
with cell as (

    select
        indicator_code,
        ref_area,
        period_key,
        subgroup
    from marts.fct_observation
    where fact_id = $fact_id and entity = '' and role in ('actual', 'baseline')

)

select
    statements.fact_id,
    statements.published_on,
    statements.value,
    statements.unit,
    statements.comparator,
    statements.role,
    revisions.revision_number,
    revisions.change,
    curated.fact_id is not null as is_used,
    statements.quote,
    coalesce(documents.title, '') as title,
    coalesce(documents.publisher, '') as publisher
from marts.fct_observation as statements
inner join cell
    on
        statements.indicator_code = cell.indicator_code
        and statements.ref_area = cell.ref_area
        and statements.period_key = cell.period_key
        and statements.subgroup = cell.subgroup
left join marts.indicator_revision as revisions
    on
        statements.fact_id = revisions.fact_id
        and statements.indicator_code = revisions.indicator_code
        and statements.period_key = revisions.period_key
left join marts.indicator_by_region_period as curated on statements.fact_id = curated.fact_id
left join marts.dim_document as documents on statements.document_id = documents.document_id
where statements.entity = '' and statements.role in ('actual', 'baseline')
order by statements.published_on, revisions.revision_number, statements.char_start, statements.fact_id
