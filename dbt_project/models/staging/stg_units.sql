-- One row per canonical unit.
with source as (

    select * from {{ ref('units') }}

)

select
    unit,
    name_zh,
    name_en,
    unit_measure,
    unit_mult,
    base,
    unit_class
from source
