-- By how much did each figure change in a year, and does the change that the report states agree with its figures?
-- 各项数据同比变化多少，与报告自己所说的变化是否一致？
select
    changes.region_name,
    changes.indicator_name,
    changes.period_key,
    changes.subgroup,
    changes.previous_value,
    changes.value,
    changes.change_percent,
    changes.is_improvement,
    changes.stated_change,
    changes.stated_basis,
    changes.computed_in_stated_terms,
    changes.is_agreed,
    changes.stated_quote
from marts.indicator_change as changes
where changes.stated_change is not null
order by changes.is_agreed nulls last, changes.ref_area, changes.indicator_code, changes.period_key, changes.subgroup
