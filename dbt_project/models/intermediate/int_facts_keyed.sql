-- Every fact beside its document, its indicator and the keys that place it in time; corrected where a correction says so.
with facts as (

    select * from {{ ref('stg_facts') }}

),

documents as (

    select * from {{ ref('dim_document') }}

),

indicators as (

    select * from {{ ref('dim_indicator') }}

),

corrections as (

    select * from {{ ref('int_correction_facts') }}

)

select
    facts.fact_id,
    facts.document_id,
    facts.indicator_code,
    facts.indicator_text,
    facts.ref_area,
    facts.subgroup,
    facts.entity,
    facts.role,
    facts.period_start,
    facts.period_end,
    indicators.kind,
    {{ period_freq('indicators.kind', 'facts.period_start', 'facts.period_end') }} as freq,
    {{ period_key('indicators.kind', 'facts.period_start', 'facts.period_end') }} as period_key,
    {{ period_sdmx('indicators.kind', 'facts.period_start', 'facts.period_end') }} as time_period,
    {{ period_type('indicators.kind', 'facts.period_start', 'facts.period_end') }} as period_type,
    case when corrections.action = 'replace' then corrections.right_value else facts.value end as value,
    case when corrections.action = 'replace' then null else facts.value_max end as value_max,
    facts.value as stated_value,
    coalesce(corrections.correction_id, '') as correction_id,
    coalesce(corrections.action = 'drop', false) as is_dropped,
    facts.unit,
    facts.comparator,
    facts.number_text,
    {{ printed_step('facts.number_text', "if(corrections.action = 'replace', corrections.right_value, facts.value)") }} as printed_step,
    facts.quote,
    facts.char_start,
    facts.char_end,
    -- The flags speak of the number as stated; a figure that was put right has none.
    case when corrections.action = 'replace' then [] else facts.quality_flags end as quality_flags,
    facts.confidence,
    facts.is_stated_period_end,
    facts.extractor_version,
    documents.published_on,
    documents.fetched_at,
    documents.is_latest_version
from facts
inner join documents on facts.document_id = documents.document_id
left join indicators on facts.indicator_code = indicators.indicator_code
left join corrections on facts.fact_id = corrections.fact_id
