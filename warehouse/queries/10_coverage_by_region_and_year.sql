-- For which places and years do we hold reports, how much do they say, and which years between are missing?
-- 哪些地方哪些年份有文件，内容多少，中间缺哪些年？
with years as (

    select
        ref_area,
        any_value(region_name) as region_name,
        report_year,
        sum(document_count) as documents,
        string_agg(report_kind, ', ' order by report_kind) as report_kinds,
        sum(fact_count) as facts,
        sum(observation_count) as observations,
        max(indicator_count) as most_indicators_in_a_kind
    from marts.coverage
    where ref_area != '' and report_year is not null
    group by ref_area, report_year

)

select
    region_name,
    report_year,
    documents,
    report_kinds,
    facts,
    observations,
    round(100 * observations / nullif(facts, 0), 1) as publishable_percent,
    most_indicators_in_a_kind,
    report_year - lag(report_year) over (partition by ref_area order by report_year) - 1 as missing_years_before
from years
order by ref_area, report_year
