-- One row per fact, with what its evidence says about the period read out: a figure "截至目前" is not a stated one.
with source as (

    select * from {{ source('staging', 'facts') }}

),

evidenced as (

    select
        *,
        case
            when json_valid(evidence) then coalesce(json_extract_string(evidence, '$.period'), '')
            else ''
        end as period_evidence
    from source

)

select
    fact_id,
    document_id,
    char_start,
    char_end,
    quote,
    number_text,
    value,
    value_max,
    unit,
    comparator,
    role,
    indicator_text,
    indicator_code,
    subgroup,
    entity,
    ref_area,
    period_start,
    period_end,
    quality_flags,
    repaired_value,
    confidence,
    evidence,
    period_evidence,
    not contains(period_evidence, 'as_of_now') as is_stated_period_end,
    extractor_version
from evidenced
