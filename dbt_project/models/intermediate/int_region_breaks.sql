-- One row per place and year in which its territory changed under a code that went on, as far as the region table tells:
-- another place was merged into it, or a county came from or went to another city. Derived from successors.
with regions as (

    select * from {{ ref('dim_region') }}
    where region_kind = 'division'

),

steps as (

    select
        earlier.ref_area,
        earlier.name_zh,
        earlier.valid_to as break_year,
        earlier.parent as old_parent,
        later.ref_area as next_area,
        later.parent as new_parent,
        later.valid_from < earlier.valid_to - 1 as is_older
    from regions as earlier
    inner join regions as later on earlier.successor = later.ref_area

),

-- The code that took it over was there before; one that began then has no series that could break.
merged as (

    select
        next_area as ref_area,
        break_year,
        name_zh || ' was merged into it' as what_en,
        '并入' || name_zh as what_zh
    from steps
    where is_older

),

moved as (

    select
        steps.*,
        above.name_zh as new_parent_name
    from steps
    inner join regions as below on steps.old_parent = below.ref_area
    inner join regions as above on steps.new_parent = above.ref_area
    where below.level = 'prefecture' and above.level = 'prefecture' and below.current_area != above.current_area

),

changes as (

    select * from merged
    union all
    select
        new_parent as ref_area,
        break_year,
        name_zh || ' came to it' as what_en,
        '划入' || name_zh as what_zh
    from moved
    union all
    select
        old_parent as ref_area,
        break_year,
        name_zh || ' went to ' || new_parent_name as what_en,
        name_zh || '划归' || new_parent_name as what_zh
    from moved
    union all
    select
        ref_area,
        break_year,
        what_en,
        what_zh
    from {{ ref('region_breaks') }}

)

select
    changes.ref_area,
    changes.break_year,
    string_agg(changes.what_en, '; ' order by changes.what_en) as what_en,
    '起' || string_agg(changes.what_zh, '、' order by changes.what_zh) as what_zh
from changes
inner join regions on changes.ref_area = regions.ref_area
-- A city that ended in that very year has no figures after it.
where regions.valid_to is null or regions.valid_to > changes.break_year
group by changes.ref_area, changes.break_year
order by changes.ref_area, changes.break_year
