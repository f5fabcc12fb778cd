-- Which frequencies, subgroups and units an indicator has; the whole before its parts, the best covered first.
select
    freq,
    subgroup,
    unit,
    count(*) as value_count
from marts.indicator_by_region_period
where indicator_code = $indicator
group by freq, subgroup, unit
order by min(subgroup != ''), min(freq != 'A'), value_count desc, freq, subgroup, unit
