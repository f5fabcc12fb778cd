-- One row per version of a document, as the pipeline stored it.
with source as (

    select * from {{ source('staging', 'documents') }}

)

select
    document_id,
    source_id,
    url,
    file_name,
    media_type,
    raw_sha256,
    fetched_at,
    title,
    publisher,
    index_number,
    document_number,
    published_on,
    report_kind,
    ref_area,
    ref_area_candidates,
    period_start,
    period_end,
    text,
    evidence,
    parser_version,
    extractor_version
from source
