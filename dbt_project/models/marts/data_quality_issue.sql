-- What an analyst should know about a fact before believing it: the rule it breaks, the evidence, what follows from it.
-- Rules of single facts first (int_fact_issues), then those that set figures beside each other (int_outliers, int_findings).
with issues as (

    select
        fact_id,
        rule,
        severity,
        is_kept_out,
        evidence,
        evidence_zh,
        cast([] as varchar[]) as related_fact_ids
    from {{ ref('int_fact_issues') }}
    union all
    select
        fact_id,
        rule,
        severity,
        is_kept_out,
        evidence,
        evidence_zh,
        cast([] as varchar[]) as related_fact_ids
    from {{ ref('int_outliers') }}
    union all
    select
        fact_id,
        rule,
        severity,
        is_kept_out,
        evidence,
        evidence_zh,
        related_fact_ids
    from {{ ref('int_findings') }}

),

rules as (

    select * from {{ ref('quality_rules') }}

),

facts as (

    select * from {{ ref('int_facts_keyed') }}

)

select
    issues.fact_id,
    issues.rule,
    coalesce(rules.name_zh, issues.rule) as rule_name,
    issues.severity,
    issues.is_kept_out,
    issues.evidence,
    issues.evidence_zh,
    issues.related_fact_ids,
    facts.document_id,
    facts.indicator_code,
    facts.indicator_text,
    facts.ref_area,
    facts.period_end,
    facts.role,
    facts.value,
    facts.unit,
    facts.number_text,
    facts.quote
from issues
inner join facts on issues.fact_id = facts.fact_id
left join rules on issues.rule = rules.rule
order by issues.severity, issues.rule, facts.document_id, facts.char_start, issues.fact_id
