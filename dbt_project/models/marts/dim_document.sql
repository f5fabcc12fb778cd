-- One row per version of a document: the bytes behind one address and title may change. The latest is the last fetched of those
-- that the extractor could read, so that a version that it rejects does not take the place of one that holds facts.
with documents as (

    select * from {{ ref('stg_documents') }}

),

numbered as (

    select
        *,
        -- Without an address nothing says that two documents are versions of one.
        case when url = '' then document_id else source_id || ' ' || url || ' ' || title end as document_series
    from documents

),

-- Bureaus were renamed in 2013 and 2018; the longest pattern that a name contains says which body it is.
bodies as (

    select
        documents.document_id,
        arg_max(bodies.body, length(bodies.pattern)) as publisher_body,
        arg_max(bodies.lineage, length(bodies.pattern)) as publisher_lineage
    from documents
    inner join {{ ref('publishing_bodies') }} as bodies on contains(documents.publisher, bodies.pattern)
    group by documents.document_id

)

select
    numbered.document_id,
    source_id,
    url,
    file_name,
    media_type,
    title,
    publisher,
    coalesce(bodies.publisher_body, '') as publisher_body,
    coalesce(bodies.publisher_lineage, '') as publisher_lineage,
    index_number,
    document_number,
    published_on,
    report_kind,
    ref_area,
    period_start,
    period_end,
    length(text) as text_length,
    fetched_at,
    row_number() over (partition by document_series order by fetched_at, numbered.document_id) as version_number,
    row_number() over (partition by document_series order by extractor_version = '', fetched_at desc, numbered.document_id desc) = 1
        as is_latest_version,
    raw_sha256,
    parser_version,
    extractor_version
from numbered
left join bodies on numbered.document_id = bodies.document_id
order by numbered.document_id
