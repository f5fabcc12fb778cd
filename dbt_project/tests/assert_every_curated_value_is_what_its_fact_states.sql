-- A curated value is one fact's value, never computed: it equals the value of the fact that it names, or, where a correction with its
-- reasons put that right, the value of the correction.
select
    curated.fact_id,
    curated.value,
    facts.value as stated_value
from {{ ref('indicator_by_region_period') }} as curated
left join {{ ref('stg_facts') }} as facts on curated.fact_id = facts.fact_id
left join {{ ref('int_correction_facts') }} as corrections on curated.fact_id = corrections.fact_id
where
    facts.fact_id is null
    or curated.value is distinct from coalesce(corrections.right_value, facts.value)
    or curated.is_corrected is distinct from (corrections.fact_id is not null)
