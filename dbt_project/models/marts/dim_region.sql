-- One row per area code, under the last name it had; a code that ended stays, with the code that took its place.
with versions as (

    select * from {{ ref('stg_regions') }}

),

codes as (

    select
        ref_area,
        min(valid_from) as valid_from,
        case when count(*) = count(valid_to) then max(valid_to) end as valid_to,
        list(name_zh order by valid_from) as names
    from versions
    group by ref_area

),

last_names as (

    select *
    from versions
    qualify row_number() over (partition by ref_area order by valid_to desc nulls first, valid_from desc) = 1

),

provinces as (

    select * from last_names
    where level = 'province'

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
    list_filter(codes.names, lambda name: name != last_names.name_zh) as former_names
from last_names
inner join codes on last_names.ref_area = codes.ref_area
left join provinces on left(last_names.ref_area, 2) || '0000' = provinces.ref_area
order by last_names.ref_area
