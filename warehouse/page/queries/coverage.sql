-- How much there is of each place and year, over all kinds of reports.
select
    coverage.ref_area,
    coalesce(regions.name_zh, any_value(coverage.region_name), '') as name_zh,
    coalesce(regions.pinyin, '') as pinyin,
    coalesce(regions.parent_name, '') as parent_name,
    coverage.report_year,
    string_agg(coverage.report_kind, ',' order by coverage.report_kind) as report_kinds,
    sum(coverage.document_count)::bigint as document_count,
    sum(coverage.fact_count)::bigint as fact_count,
    sum(coverage.observation_count)::bigint as observation_count,
    sum(coverage.curated_count)::bigint as curated_count
from marts.coverage as coverage
left join marts.dim_region as regions on coverage.ref_area = regions.ref_area
group by coverage.ref_area, regions.name_zh, regions.pinyin, regions.parent_name, coverage.report_year
order by coverage.ref_area, coverage.report_year
