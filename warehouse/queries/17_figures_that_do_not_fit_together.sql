-- Which figures do not fit with others that belong to them, by which rule and on what evidence?
-- 哪些数据与相关数据勾稽不符，违反什么规则，依据是什么？
select
    issues.severity,
    issues.rule_name,
    regions.name_zh as region_name,
    indicators.name_zh as indicator_name,
    issues.period_end,
    issues.value,
    issues.evidence,
    issues.is_kept_out,
    len(issues.related_fact_ids) as related_facts,
    issues.quote,
    issues.fact_id
from marts.data_quality_issue as issues
inner join marts.dim_indicator as indicators on issues.indicator_code = indicators.indicator_code
inner join marts.dim_region as regions on issues.ref_area = regions.ref_area
where issues.rule in (
    'tenfold_of_neighbours',
    'tenfold_of_one_neighbour',
    'rate_not_recomputed',
    'parts_exceed_whole',
    'parts_do_not_sum',
    'children_exceed_parent',
    'jump_beyond_tolerance',
    'stated_change_disagrees',
    'sources_disagree'
)
order by issues.severity, issues.rule, issues.ref_area, issues.indicator_code, issues.period_end, issues.fact_id
