{#
    No unflagged level lies outside the plausible range of its indicator (dim_indicator).

    Fails too for what could not be compared, so that the test never passes because it had nothing to compare with: an unflagged
    row without a value, and a code that the catalogue lacks or gives no range. Changes have no range of their own. Rows flagged
    `implausible`, `over_100` or damaged have been dealt with where they were read.
#}
{% test value_within_plausible_range(model) %}

with levels as (

    select * from {{ model }}
    where
        indicator_code != ''
        and role != 'change'
        and not list_has_any(quality_flags, ['implausible', 'over_100', 'digits_lost', 'digits_corrupt'])

),

ranges as (

    select
        indicator_code,
        plausible_min,
        plausible_max
    from {{ ref('dim_indicator') }}

)

select
    levels.fact_id,
    levels.indicator_code,
    levels.value,
    levels.value_max,
    ranges.plausible_min,
    ranges.plausible_max
from levels
left join ranges on levels.indicator_code = ranges.indicator_code
where
    levels.value is null
    or ranges.plausible_min is null
    or ranges.plausible_max is null
    or levels.value not between ranges.plausible_min and ranges.plausible_max
    or coalesce(levels.value_max, levels.value) not between ranges.plausible_min and ranges.plausible_max

{% endtest %}
