-- One row per correction: what it corrects, on what grounds, and whether the source still says what it expects.
--
--   applied             the latest version of its document still says so, and facts were corrected
--   expectation_failed  the latest version no longer says so, or no fact is found there: the source may have mended it
--   no_document         the warehouse does not hold its document
with corrections as (

    select * from {{ ref('stg_corrections') }}

),

documents as (

    select
        dim.document_id,
        dim.url,
        dim.file_name,
        texts.text
    from {{ ref('dim_document') }} as dim
    inner join {{ ref('stg_documents') }} as texts on dim.document_id = texts.document_id
    where dim.is_latest_version

),

facts as (

    select
        matched.correction_id,
        matched.document_id,
        count(*) as fact_count,
        list(matched.fact_id order by matched.fact_id) as fact_ids,
        any_value(stated.value) as stated_value,
        any_value(stated.unit) as unit
    from {{ ref('int_correction_facts') }} as matched
    inner join {{ ref('stg_facts') }} as stated on matched.fact_id = stated.fact_id
    group by matched.correction_id, matched.document_id

),

judged as (

    select
        corrections.*,
        documents.document_id,
        case
            when documents.document_id is null then 'no_document'
            when corrections.sentence != '' and not contains(documents.text, corrections.sentence) then 'expectation_failed'
            when facts.fact_count is null then 'expectation_failed'
            else 'applied'
        end as status,
        coalesce(facts.fact_count, 0) as fact_count,
        coalesce(facts.fact_ids, []) as fact_ids,
        facts.stated_value,
        facts.unit
    from corrections
    left join documents
        on
            (corrections.url = '' or corrections.url = documents.url)
            and (corrections.file_name = '' or corrections.file_name = documents.file_name)
    left join facts
        on corrections.correction_id = facts.correction_id and documents.document_id = facts.document_id

)

select
    correction_id,
    document_id,
    status,
    action,
    url,
    file_name,
    indicator_code,
    number_text,
    sentence,
    stated_value,
    right_value,
    unit,
    fact_count,
    fact_ids,
    wrong,
    wrong_zh,
    reason,
    reason_zh,
    evidence,
    evidence_zh,
    author,
    added_on
from judged
order by correction_id, document_id
