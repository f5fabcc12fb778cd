-- Which ten places improved most in each indicator from one year to the next, and by how much?
-- 各项指标比上年改善最大的十个地方是哪些，幅度多少？
with best as (

    select
        min_by(fact_id, (-coalesce(abs(change_percent), 0), ref_area), 10) as fact_ids
    from marts.indicator_change
    where freq = 'A' and subgroup = '' and is_improvement
    group by indicator_code, period_key

),

-- The ten by their facts alone; what is said of each is fetched afterwards.
placed as materialized (

    select
        unnest(fact_ids) as fact_id,
        generate_subscripts(fact_ids, 1) as place
    from best

)

select
    changes.period_year,
    changes.indicator_name,
    changes.region_name,
    changes.previous_value,
    changes.value,
    changes.change,
    changes.unit,
    changes.is_beyond_tolerance,
    placed.place
from placed
inner join marts.indicator_change as changes on placed.fact_id = changes.fact_id
order by changes.period_year, changes.indicator_code, placed.place, changes.ref_area
