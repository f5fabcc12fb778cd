-- Wholes beside the sum of their parts as one report states them for one region, period and subgroup (seed indicator_parts).
with observations as (

    select * from {{ ref('fct_observation') }}
    where entity = '' and role = 'actual'

),

parts as (

    select
        *,
        count(*) over (partition by whole_code, split) as split_size
    from {{ ref('indicator_parts') }}

),

-- A report may repeat a figure: each part counts once, with its most certain statement.
figures as (

    select *
    from observations
    qualify row_number() over (
        partition by document_id, indicator_code, ref_area, period_key, subgroup
        order by is_stated_period_end desc, confidence desc, char_start, fact_id
    ) = 1

)

select
    wholes.fact_id,
    parts.split,
    wholes.value as whole_value,
    sum(part_figures.value) as part_sum,
    count(*) as part_count,
    -- The report states every part of a split that leaves nothing out: they must give the whole.
    bool_and(parts.is_complete) and count(*) = any_value(parts.split_size) as is_every_part_stated,
    string_agg(part_figures.indicator_code || ' ' || part_figures.value, ' + ' order by part_figures.indicator_code) as parts
from figures as wholes
inner join parts on wholes.indicator_code = parts.whole_code
inner join figures as part_figures
    on
        parts.part_code = part_figures.indicator_code
        and wholes.document_id = part_figures.document_id
        and wholes.ref_area = part_figures.ref_area
        and wholes.period_key = part_figures.period_key
        and wholes.subgroup = part_figures.subgroup
        and wholes.unit_class = part_figures.unit_class
group by wholes.fact_id, parts.split, wholes.value
