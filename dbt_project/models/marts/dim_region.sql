-- One row per area code, under the last name it had; a code that ended stays, with the code that took its place.
with versions as (

    select * from {{ ref('stg_regions') }}

),

last_names as (

    select *
    from versions
    qualify row_number() over (partition by ref_area order by valid_to desc nulls first, valid_from desc) = 1

),

-- The years of a code; what statistics had under it before it became a division's is another place (232701).
codes as (

    select
        versions.ref_area,
        min(versions.valid_from) as valid_from,
        case when count(*) = count(versions.valid_to) then max(versions.valid_to) end as valid_to,
        list(versions.name_zh order by versions.valid_from) as names
    from versions
    inner join last_names on versions.ref_area = last_names.ref_area and versions.kind = last_names.kind
    group by versions.ref_area

),

provinces as (

    select * from last_names
    where level = 'province'

),

-- A code that ended leads to the one that took its place, and that one perhaps to a further one.
predecessors as (

    select
        successor as ref_area,
        list(ref_area order by ref_area) as predecessors
    from last_names
    where successor != ''
    group by successor

),

steps as (

    select
        last_names.ref_area,
        last_names.successor as next_area,
        -- The successor is the same place under a new code when nothing else went into it and it began as this one ended.
        coalesce(len(predecessors.predecessors), 0) = 1
        and successors.valid_from >= codes.valid_to - 1 as is_same_place
    from last_names
    inner join codes on last_names.ref_area = codes.ref_area
    inner join codes as successors on last_names.successor = successors.ref_area
    left join predecessors on last_names.successor = predecessors.ref_area

),

lineage as (

    select
        last_names.ref_area,
        coalesce(third_step.next_area, second_step.next_area, first_step.next_area, last_names.ref_area) as current_area,
        coalesce(first_step.is_same_place, true)
        and coalesce(second_step.is_same_place, true)
        and coalesce(third_step.is_same_place, true) as is_same_place
    from last_names
    left join steps as first_step on last_names.ref_area = first_step.ref_area
    left join steps as second_step on first_step.next_area = second_step.ref_area
    left join steps as third_step on second_step.next_area = third_step.ref_area

)

select
    last_names.ref_area,
    last_names.name_zh,
    last_names.short_name,
    last_names.pinyin,
    last_names.level,
    last_names.kind as region_kind,
    last_names.parent,
    last_names.parent_name,
    coalesce(provinces.ref_area, '') as province,
    coalesce(provinces.name_zh, '') as province_name,
    case
        when last_names.level = 'county' and last_names.parent != provinces.ref_area
            then provinces.name_zh || last_names.parent_name || last_names.name_zh
        when last_names.level in ('prefecture', 'county') then provinces.name_zh || last_names.name_zh
        else last_names.name_zh
    end as full_name,
    codes.valid_from,
    codes.valid_to,
    codes.valid_to is null as is_current,
    last_names.successor,
    coalesce(predecessors.predecessors, []) as predecessors,
    lineage.current_area,
    lineage.is_same_place,
    list_filter(codes.names, lambda name: name != last_names.name_zh) as former_names
from last_names
inner join codes on last_names.ref_area = codes.ref_area
inner join lineage on last_names.ref_area = lineage.ref_area
left join predecessors on last_names.ref_area = predecessors.ref_area
left join provinces on left(last_names.ref_area, 2) || '0000' = provinces.ref_area
order by last_names.ref_area
