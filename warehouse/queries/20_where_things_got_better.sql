-- Where did an indicator get better from one year to the next, where worse, and by how much?
-- 哪些地方哪些指标比上年改善，哪些变差，幅度多少？
select
    changes.period_year,
    changes.indicator_name,
    changes.region_name,
    changes.previous_value,
    changes.value,
    changes.change,
    changes.unit,
    changes.is_improvement,
    changes.is_beyond_tolerance,
    rank() over (
        partition by changes.indicator_code, changes.period_key
        order by changes.is_improvement desc, abs(changes.change_percent) desc
    ) as place
from marts.indicator_change as changes
where changes.freq = 'A' and changes.subgroup = '' and changes.is_improvement is not null
order by changes.period_year, changes.indicator_code, place, changes.ref_area
