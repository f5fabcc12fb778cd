-- A curated value is one fact's value, never computed: it equals the value of the fact that it names.
select
    curated.fact_id,
    curated.value,
    facts.value as stated_value
from {{ ref('indicator_by_region_period') }} as curated
left join {{ ref('stg_facts') }} as facts on curated.fact_id = facts.fact_id
where facts.fact_id is null or curated.value is distinct from facts.value
