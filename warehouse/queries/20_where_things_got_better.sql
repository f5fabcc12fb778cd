-- Which ten places improved most in each indicator from one year to the next, and by how much?
-- 各项指标比上年改善最大的十个地方是哪些，幅度多少？
select
    changes.period_year,
    changes.indicator_name,
    changes.region_name,
    changes.previous_value,
    changes.value,
    changes.change,
    changes.unit,
    changes.is_beyond_tolerance,
    rank() over (
        partition by changes.indicator_code, changes.period_key
        order by abs(changes.change_percent) desc, changes.ref_area
    ) as place
from marts.indicator_change as changes
where changes.freq = 'A' and changes.subgroup = '' and changes.is_improvement
qualify place <= 10
order by changes.period_year, changes.indicator_code, place, changes.ref_area
