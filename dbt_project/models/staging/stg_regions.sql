-- One row per area code and the name it had in a span of years: a code may change its name and keep its number.
with source as (

    select * from {{ ref('regions') }}

)

select
    ref_area,
    name_zh,
    short_name,
    level,
    kind,
    coalesce(parent, '') as parent,
    coalesce(parent_name, '') as parent_name,
    valid_from,
    valid_to,
    coalesce(successor, '') as successor,
    coalesce(pinyin, '') as pinyin
from source
