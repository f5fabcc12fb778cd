-- What an analyst should know about a fact before believing it: the rule it breaks, the evidence, what follows from it.
with fact_issues as (

    select * from {{ ref('int_fact_issues') }}

),

rules as (

    select * from {{ ref('quality_rules') }}

),

exceeded as (

    select
        fact_id,
        'parts_exceed_whole' as rule,
        string_agg(parts || ' = ' || part_sum || ' > ' || whole_value, '; ' order by split) as evidence
    from {{ ref('int_part_sums') }}
    where part_sum > whole_value and {{ differs('part_sum', 'whole_value') }}
    group by fact_id

),

disputed as (

    select
        fact_id,
        case when source_count = 1 then 'report_disagrees_with_itself' else 'sources_disagree' end as rule,
        statement_count || ' statements of ' || source_count || ' reports, from ' || lowest_value || ' to ' || highest_value as evidence
    from {{ ref('indicator_by_region_period') }}
    where is_disputed

),

across_facts as (

    select * from exceeded
    union all
    select * from disputed

),

issues as (

    select
        fact_id,
        rule,
        severity,
        is_kept_out,
        evidence
    from fact_issues
    union all
    select
        across_facts.fact_id,
        across_facts.rule,
        rules.severity,
        rules.is_kept_out,
        across_facts.evidence
    from across_facts
    inner join rules on across_facts.rule = rules.rule

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
