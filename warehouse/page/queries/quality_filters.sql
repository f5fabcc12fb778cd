-- What the quality list can be narrowed to: rules and places, with how many findings each has.
select
    issues.severity,
    issues.rule,
    any_value(issues.rule_name) as rule_name,
    coalesce(issues.ref_area, '') as ref_area,
    coalesce(any_value(regions.name_zh), '') as name_zh,
    coalesce(any_value(regions.pinyin), '') as pinyin,
    coalesce(any_value(regions.parent_name), '') as parent_name,
    count(*) as finding_count
from marts.data_quality_issue as issues
left join marts.dim_region as regions on issues.ref_area = regions.ref_area
group by issues.severity, issues.rule, coalesce(issues.ref_area, '')
order by issues.severity, issues.rule, ref_area
