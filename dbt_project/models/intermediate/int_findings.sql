-- What does not fit together between figures, one row per fact and rule: rates and their counts, parts and wholes, areas below and
-- above, one year and the next, a report's stated change and its figures. None of these says which figure is wrong.
with rates as (

    select
        fact_id,
        'rate_not_recomputed' as rule,
        'stated ' || stated_value || ', but ' || numerator_value || ' of ' || denominator_value || ' give '
        || round(recomputed_value, 2) as evidence,
        '原文为 ' || stated_value || '，但 ' || numerator_value || ' ÷ ' || denominator_value || ' 得 '
        || round(recomputed_value, 2) as evidence_zh,
        [numerator_fact_id, denominator_fact_id] as related_fact_ids
    from {{ ref('int_rate_checks') }}
    where not is_consistent

),

sums as (

    select
        fact_id,
        part_sum,
        whole_value,
        is_every_part_stated,
        parts || ' = ' || part_sum as words,
        split
    from {{ ref('int_part_sums') }}
    where {{ differs('part_sum', 'whole_value') }}

),

exceeded as (

    select
        fact_id,
        'parts_exceed_whole' as rule,
        string_agg(words || ' > ' || whole_value, '; ' order by split) as evidence,
        '分项之和大于总数：' || string_agg(words || ' > ' || whole_value, '；' order by split) as evidence_zh,
        cast([] as varchar[]) as related_fact_ids
    from sums
    where part_sum > whole_value
    group by fact_id

),

incomplete as (

    select
        fact_id,
        'parts_do_not_sum' as rule,
        string_agg(words || ' < ' || whole_value, '; ' order by split) as evidence,
        '分项之和小于总数：' || string_agg(words || ' < ' || whole_value, '；' order by split) as evidence_zh,
        cast([] as varchar[]) as related_fact_ids
    from sums
    where part_sum < whole_value and is_every_part_stated
    group by fact_id

),

areas as (

    select
        parent_fact_id as fact_id,
        'children_exceed_parent' as rule,
        children_reporting || ' of ' || children_total || ' areas below make ' || share_percent || ' % of ' || parent_value as evidence,
        '下级 ' || children_total || ' 个地区中的 ' || children_reporting || ' 个合计为 '
        || parent_value || ' 的 ' || share_percent || '%' as evidence_zh,
        child_fact_ids as related_fact_ids
    from {{ ref('region_parent_share') }}
    where is_parent_exceeded

),

jumps as (

    select
        fact_id,
        'jump_beyond_tolerance' as rule,
        'from ' || previous_value || ' (' || previous_period_key || ') to ' || value as evidence,
        '由 ' || previous_value || '（' || previous_period_key || '）变为 ' || value as evidence_zh,
        [previous_fact_id] as related_fact_ids
    from {{ ref('indicator_change') }}
    where is_beyond_tolerance and not is_across_break

),

stated_changes as (

    select
        stated_fact_id as fact_id,
        'stated_change_disagrees' as rule,
        'stated ' || stated_change || ' ' || stated_unit || ', but from ' || previous_value || ' to ' || value || ' is '
        || computed_in_stated_terms as evidence,
        '原文变化为 ' || stated_change || ' ' || stated_unit || '，但由 ' || previous_value || ' 到 ' || value || ' 为 '
        || computed_in_stated_terms as evidence_zh,
        [fact_id, previous_fact_id] as related_fact_ids
    from {{ ref('indicator_change') }}
    where not is_agreed
    -- One statement may be set beside two readings of the same cell; it is told once.
    qualify row_number() over (partition by stated_fact_id order by fact_id) = 1

),

disputed as (

    select
        fact_id,
        case when source_count = 1 then 'report_disagrees_with_itself' else 'sources_disagree' end as rule,
        statement_count || ' statements of ' || source_count || if(source_count = 1, ' report', ' reports') || ', from '
        || lowest_value || ' to ' || highest_value as evidence,
        source_count || ' 份报告的 ' || statement_count || ' 处说法，'
        || lowest_value || ' 至 ' || highest_value as evidence_zh,
        cast([] as varchar[]) as related_fact_ids
    from {{ ref('indicator_by_region_period') }}
    where is_disputed

),

findings as (

    select * from rates
    union all
    select * from exceeded
    union all
    select * from incomplete
    union all
    select * from areas
    union all
    select * from jumps
    union all
    select * from stated_changes
    union all
    select * from disputed

),

rules as (

    select * from {{ ref('quality_rules') }}

)

select
    findings.fact_id,
    findings.rule,
    rules.severity,
    rules.is_kept_out,
    findings.evidence,
    findings.evidence_zh,
    findings.related_fact_ids
from findings
inner join rules on findings.rule = rules.rule
