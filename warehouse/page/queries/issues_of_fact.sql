-- The quality rules that one fact breaks, the gravest first.
select
    rule,
    rule_name,
    severity,
    is_kept_out,
    evidence,
    coalesce(evidence_zh, evidence) as evidence_zh
from marts.data_quality_issue
where fact_id = $fact_id
order by severity = 'error' desc, severity = 'warning' desc, rule
