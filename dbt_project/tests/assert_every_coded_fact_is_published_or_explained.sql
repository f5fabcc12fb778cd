-- Nothing is dropped without a row: a coded fact is an observation, or an issue says why it is kept out; never both.
with coded as (

    select fact_id from {{ ref('stg_facts') }}
    where indicator_code != ''

),

observed as (

    select fact_id from {{ ref('fct_observation') }}

),

kept_out as (

    select distinct fact_id from {{ ref('data_quality_issue') }}
    where is_kept_out

)

select coded.fact_id
from coded
left join observed on coded.fact_id = observed.fact_id
left join kept_out on coded.fact_id = kept_out.fact_id
where (observed.fact_id is null) = (kept_out.fact_id is null)
