-- A flag other than over_100 keeps a fact out of what is published.
select
    fact_id,
    quality_flags
from {{ ref('fct_observation') }}
where len(list_filter(quality_flags, lambda flag: flag != 'over_100')) > 0
