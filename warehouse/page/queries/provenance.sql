-- One fact, whether it is published or kept out, with the text and the document that it was read from.
select
    facts.fact_id,
    facts.document_id,
    facts.char_start,
    facts.char_end,
    facts.quote,
    facts.number_text,
    coalesce(observations.value, facts.value) as value,
    case when observations.fact_id is null then facts.value_max else observations.value_max end as value_max,
    facts.value as stated_value,
    coalesce(corrections.wrong, '') as correction_wrong,
    coalesce(corrections.wrong_zh, '') as correction_wrong_zh,
    coalesce(corrections.reason, '') as correction_reason,
    coalesce(corrections.reason_zh, '') as correction_reason_zh,
    facts.unit,
    facts.comparator,
    facts.role,
    facts.indicator_text,
    facts.indicator_code,
    facts.subgroup,
    facts.entity,
    facts.ref_area,
    facts.period_start,
    facts.period_end,
    facts.repaired_value,
    facts.confidence,
    facts.evidence,
    documents.text,
    documents.title,
    documents.publisher,
    documents.published_on,
    documents.url,
    documents.file_name,
    documents.index_number,
    documents.document_number,
    coalesce(indicators.name_zh, '') as indicator_name_zh,
    coalesce(indicators.name_en, '') as indicator_name_en,
    coalesce(indicators.unit, '') as indicator_unit,
    coalesce(indicators.unit_name_zh, '') as unit_name_zh,
    coalesce(indicators.unit_name_en, '') as unit_name_en,
    coalesce(regions.full_name, '') as region_full_name,
    coalesce(regions.pinyin, '') as region_pinyin,
    coalesce(curated.is_disputed, false) as is_disputed,
    curated.fact_id is not null as is_curated,
    curated.lowest_value,
    curated.highest_value,
    curated.source_count
from staging.facts as facts
inner join staging.documents as documents on facts.document_id = documents.document_id
left join marts.dim_indicator as indicators on facts.indicator_code = indicators.indicator_code
left join marts.dim_region as regions on facts.ref_area = regions.ref_area
left join marts.indicator_by_region_period as curated on facts.fact_id = curated.fact_id
left join marts.fct_observation as observations on facts.fact_id = observations.fact_id
left join marts.correction as corrections
    on observations.correction_id = corrections.correction_id and observations.document_id = corrections.document_id
where facts.fact_id = $fact_id
