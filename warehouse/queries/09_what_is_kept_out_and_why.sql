-- Which figures are kept out of the marts, by what rule, and how does the report word them?
-- 哪些数据被剔除，依据什么规则，原文怎么写？
select
    issues.severity,
    issues.rule,
    issues.rule_name,
    count(*) over (partition by issues.rule) as facts_of_this_rule,
    coalesce(regions.name_zh, '(未定)') as region_name,
    issues.indicator_text,
    issues.number_text,
    issues.evidence,
    issues.quote,
    documents.title,
    issues.fact_id
from marts.data_quality_issue as issues
inner join marts.dim_document as documents on issues.document_id = documents.document_id
left join marts.dim_region as regions on issues.ref_area = regions.ref_area
where issues.is_kept_out
order by issues.severity, facts_of_this_rule desc, issues.rule, issues.ref_area, issues.fact_id
