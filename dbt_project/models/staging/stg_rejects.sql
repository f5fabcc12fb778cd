-- One row per thing that could not be taken in.
with source as (

    select * from {{ source('staging', 'rejects') }}

)

select
    source_id,
    url,
    file_name,
    stage,
    reason,
    detail,
    occurred_at
from source
