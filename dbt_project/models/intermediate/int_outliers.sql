-- Levels that are about ten, or ten thousand, times what the same place reports for the years around: a lost 万, a lost or added
-- decimal point. One row per fact.
--
-- Where two or more other years are known and agree (the highest at most twice the lowest), the figure itself is wrong and is kept
-- out. Where one other year is known, one of the two is wrong and nobody can say which: both are told.
with facts as (

    select * from {{ ref('int_facts_keyed') }}
    where
        indicator_code != ''
        and entity = ''
        and role in ('actual', 'baseline')
        and is_latest_version
        and freq = 'A'
        and value > 0
        and ref_area != ''

),

kept_out as (

    select distinct fact_id from {{ ref('int_fact_issues') }}
    where is_kept_out

),

-- Small counts and what moves freely (deaths, campaigns) have no neighbours to be measured by: no tolerance.
indicators as (

    select * from {{ ref('dim_indicator') }}
    where yoy_tolerance is not null

),

levels as (

    select
        facts.*,
        year(facts.period_end) as period_year
    from facts
    inner join indicators on facts.indicator_code = indicators.indicator_code
    left join kept_out on facts.fact_id = kept_out.fact_id
    where kept_out.fact_id is null

),

yearly as (

    select
        indicator_code,
        ref_area,
        subgroup,
        unit,
        period_year,
        median(value) as value
    from levels
    group by all

),

beside_neighbours as (

    select
        levels.fact_id,
        levels.value,
        count(*) as neighbour_count,
        min(yearly.value) as lowest,
        max(yearly.value) as highest,
        median(yearly.value) as middle,
        string_agg(yearly.period_year || ' = ' || yearly.value, ', ' order by yearly.period_year) as neighbours
    from levels
    inner join yearly
        on
            levels.indicator_code = yearly.indicator_code
            and levels.ref_area = yearly.ref_area
            and levels.subgroup = yearly.subgroup
            and levels.unit = yearly.unit
            and levels.period_year != yearly.period_year
            and abs(levels.period_year - yearly.period_year) <= 3
    group by levels.fact_id, levels.value

),

scaled as (

    select
        *,
        abs(log10(value / middle)) as magnitude
    from beside_neighbours

),

-- Within a quarter of ten times, or of ten thousand times: 10^0.9 to 10^1.1, 10^3.9 to 10^4.1.
off_the_scale as (

    select
        *,
        case
            when neighbour_count > 1 and highest <= 2 * lowest then 'tenfold_of_neighbours'
            when neighbour_count = 1 then 'tenfold_of_one_neighbour'
        end as rule
    from scaled
    where magnitude between 0.9 and 1.1 or magnitude between 3.9 and 4.1

),

rules as (

    select * from {{ ref('quality_rules') }}

)

select
    off_the_scale.fact_id,
    off_the_scale.rule,
    rules.severity,
    rules.is_kept_out,
    off_the_scale.value || ' beside ' || off_the_scale.neighbours as evidence,
    off_the_scale.value || '，相邻年份：' || off_the_scale.neighbours as evidence_zh
from off_the_scale
inner join rules on off_the_scale.rule = rules.rule
