-- Which reports and core indicators are missing, place by place?
-- 各地缺哪些年份的报告、哪些常用指标？
select
    gaps.region_name,
    gaps.report_year,
    bool_or(gaps.missing = 'report') as is_report_missing,
    count(*) filter (where gaps.missing = 'indicator') as missing_indicators,
    string_agg(gaps.indicator_name, '、' order by gaps.indicator_code) filter (where gaps.missing = 'indicator') as which
from marts.coverage_gap as gaps
group by gaps.ref_area, gaps.region_name, gaps.report_year
order by gaps.ref_area, gaps.report_year
