-- A place and an indicator through the years as one series, whatever code the place had and whatever name the bureau.
-- One row per curated annual value: under today's code, in one unit, with the breaks of its definition and its territory.
with curated as (

    select * from {{ ref('indicator_by_region_period') }}
    where freq = 'A'

),

regions as (

    select * from {{ ref('dim_region') }}

),

-- A year in which a name ended and the next began belongs to the next.
names as (

    select * from {{ ref('stg_regions') }}

),

documents as (

    select * from {{ ref('dim_document') }}

),

-- Two people make a couple: the only units in which one indicator is counted differently and which convert exactly.
in_one_unit as (

    select
        curated.*,
        case when curated.unit = 'couple' then 'person' else curated.unit end as series_unit,
        case when curated.unit = 'couple' then 2 * curated.value else curated.value end as series_value
    from curated

),

followed as (

    select
        regions.current_area,
        regions.is_same_place,
        -- As the place was called in that year: 襄樊市 before 2010, 襄阳市 after.
        coalesce(names.name_zh, in_one_unit.region_name) as stated_region_name,
        in_one_unit.*
    from in_one_unit
    inner join regions on in_one_unit.ref_area = regions.ref_area
    left join names
        on
            in_one_unit.ref_area = names.ref_area
            and in_one_unit.period_year >= names.valid_from
            and (names.valid_to is null or in_one_unit.period_year < names.valid_to)

),

-- Every break up to a value's year; two of one year are one.
breaks as (

    select
        followed.fact_id,
        breaks.break_year,
        breaks.what_zh,
        breaks.what_en
    from followed
    inner join {{ ref('indicator_breaks') }} as breaks
        on followed.indicator_code = breaks.indicator_code and followed.period_year >= breaks.break_year
    union all
    select
        followed.fact_id,
        breaks.break_year,
        breaks.what_zh,
        breaks.what_en
    from followed
    inner join {{ ref('int_region_breaks') }} as breaks
        on followed.current_area = breaks.ref_area and followed.period_year >= breaks.break_year

),

break_years as (

    select
        fact_id,
        break_year,
        string_agg(what_zh, '；' order by what_zh) as what_zh,
        string_agg(what_en, '; ' order by what_en) as what_en
    from breaks
    group by fact_id, break_year

),

passed_breaks as (

    select
        fact_id,
        count(*) as segment,
        max(break_year) as last_break_year,
        arg_max(what_zh, break_year) as what_zh,
        arg_max(what_en, break_year) as what_en
    from break_years
    group by fact_id

)

select
    followed.current_area as ref_area,
    today.name_zh as region_name,
    followed.indicator_code,
    followed.indicator_name,
    followed.period_year,
    followed.period_key,
    followed.subgroup,
    followed.series_value as value,
    followed.series_unit as unit,
    followed.ref_area as stated_ref_area,
    followed.stated_region_name,
    followed.unit as stated_unit,
    followed.is_same_place,
    -- The year's own code comes first, so that a place has one value a year even when its two codes report the same year.
    followed.is_same_place
    and row_number() over (
        partition by
            followed.current_area,
            followed.is_same_place,
            followed.indicator_code,
            followed.period_key,
            followed.subgroup
        order by followed.published_on desc nulls last, followed.ref_area desc
    ) = 1 as is_in_series,
    coalesce(passed_breaks.segment, 0) as segment,
    coalesce(passed_breaks.last_break_year = followed.period_year, false) as is_break,
    coalesce(passed_breaks.what_zh, '') as break_zh,
    coalesce(passed_breaks.what_en, '') as break_en,
    documents.publisher,
    documents.publisher_body,
    documents.publisher_lineage,
    followed.is_baseline,
    followed.is_disputed,
    followed.fact_id
from followed
left join passed_breaks on followed.fact_id = passed_breaks.fact_id
inner join documents on followed.document_id = documents.document_id
inner join regions as today on followed.current_area = today.ref_area
order by ref_area, followed.indicator_code, followed.period_key, followed.subgroup, stated_ref_area
