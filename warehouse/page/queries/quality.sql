-- The findings of the quality rules that the filters let through, with fact and document, the gravest first.
-- An empty list lets everything through; the words are looked for in the sentence, the indicator and the title.
select
    issues.fact_id,
    issues.severity,
    issues.rule,
    issues.rule_name,
    issues.is_kept_out,
    issues.ref_area,
    coalesce(regions.name_zh, '') as name_zh,
    coalesce(regions.pinyin, '') as pinyin,
    issues.indicator_code,
    coalesce(indicators.name_zh, issues.indicator_text) as indicator_name_zh,
    coalesce(indicators.name_en, issues.indicator_text) as indicator_name_en,
    issues.period_end,
    issues.number_text,
    issues.evidence,
    coalesce(issues.evidence_zh, issues.evidence) as evidence_zh,
    issues.quote,
    coalesce(documents.title, '') as title,
    coalesce(documents.publisher, '') as publisher,
    documents.published_on,
    coalesce(documents.url, '') as url,
    count(*) over () as found_count
from marts.data_quality_issue as issues
left join marts.dim_region as regions on issues.ref_area = regions.ref_area
left join marts.dim_indicator as indicators on issues.indicator_code = indicators.indicator_code
left join marts.dim_document as documents on issues.document_id = documents.document_id
where
    (len($severities) = 0 or list_contains($severities, issues.severity))
    and (len($rules) = 0 or list_contains($rules, issues.rule))
    and (len($places) = 0 or list_contains($places, coalesce(issues.ref_area, '')))
    and (not $is_kept_out_only or issues.is_kept_out)
    and contains(
        lower(concat_ws(
            ' ',
            issues.quote,
            issues.indicator_text,
            indicators.name_zh,
            indicators.name_en,
            documents.title
        )),
        lower($words)
    )
order by
    issues.severity = 'error' desc,
    issues.severity = 'warning' desc,
    issues.rule,
    issues.ref_area,
    issues.period_end desc,
    issues.fact_id
limit $most
