-- Which figures of the sources were corrected, from what to what, why, and does the source still say so?
-- 哪些数据做过更正，从多少改为多少，理由是什么，来源是否仍如此表述？
select
    corrections.correction_id,
    corrections.status,
    corrections.action,
    indicators.name_zh as indicator_name,
    corrections.stated_value,
    corrections.right_value,
    corrections.unit,
    corrections.fact_count,
    corrections.wrong,
    corrections.wrong_zh,
    corrections.reason,
    corrections.reason_zh,
    corrections.evidence,
    corrections.evidence_zh,
    documents.title,
    corrections.author,
    corrections.added_on
from marts.correction as corrections
left join marts.dim_indicator as indicators on corrections.indicator_code = indicators.indicator_code
left join marts.dim_document as documents on corrections.document_id = documents.document_id
order by corrections.correction_id
