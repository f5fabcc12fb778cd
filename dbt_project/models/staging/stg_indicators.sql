-- One row per indicator of the catalogue.
with source as (

    select * from {{ ref('indicators') }}

)

select
    indicator_code,
    name_zh,
    name_en,
    domain,
    unit,
    kind,
    better,
    plausible_min,
    plausible_max,
    coalesce(reference, '') as reference
from source
