-- The facts that a correction speaks of: those of its document with its indicator and its number as written.
-- A correction that names no number speaks of every fact of the document (and of the indicator, if it names one).
with corrections as (

    select * from {{ ref('stg_corrections') }}

),

documents as (

    select * from {{ ref('stg_documents') }}

),

facts as (

    select * from {{ ref('stg_facts') }}

)

select
    facts.fact_id,
    corrections.correction_id,
    corrections.action,
    case when corrections.action = 'replace' then corrections.right_value end as right_value,
    documents.document_id
from corrections
inner join documents
    on
        (corrections.url = '' or corrections.url = documents.url)
        and (corrections.file_name = '' or corrections.file_name = documents.file_name)
        and (corrections.sentence = '' or contains(documents.text, corrections.sentence))
inner join facts
    on
        documents.document_id = facts.document_id
        and (corrections.indicator_code = '' or corrections.indicator_code = facts.indicator_code)
        and (corrections.number_text = '' or corrections.number_text = facts.number_text)
        -- The number stands within the sentence, not merely in the same document.
        and (
            corrections.sentence = ''
            or facts.char_start between
                strpos(documents.text, corrections.sentence) - 1
                and strpos(documents.text, corrections.sentence) - 1 + length(corrections.sentence)
        )
