-- One row per correction of a known error of a source (warehouse/corrections/*.yaml).
with source as (

    select * from {{ source('staging', 'corrections') }}

)

select
    correction_id,
    url,
    file_name,
    action,
    indicator_code,
    number_text,
    sentence,
    right_value,
    wrong,
    wrong_zh,
    reason,
    reason_zh,
    evidence,
    evidence_zh,
    author,
    added_on
from source
