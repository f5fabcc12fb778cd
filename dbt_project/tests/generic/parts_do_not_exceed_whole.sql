{#
    Parts that one report states for a region, a period and a subgroup do not add up to more than the whole that it states.

    Each part counts once, with its most certain statement. A part without a value cannot be added up: it fails where the whole is
    stated, instead of being left out of the sum. Where the report states no whole, or no part, there is nothing to claim.

    Arguments: `whole`, an indicator code; `parts`, the codes that do not overlap and lie within it.
#}
{% test parts_do_not_exceed_whole(model, whole, parts) %}

with figures as (

    select *
    from {{ model }}
    where
        entity = ''
        and role = 'actual'
        and indicator_code in ('{{ whole }}', '{{ parts | join("', '") }}')
    qualify row_number() over (
        partition by document_id, indicator_code, ref_area, period_key, subgroup, unit
        order by confidence desc, fact_id
    ) = 1

)

select
    document_id,
    ref_area,
    period_key,
    subgroup,
    max(value) filter (where indicator_code = '{{ whole }}') as whole_value,
    sum(value) filter (where indicator_code != '{{ whole }}') as part_sum
from figures
group by document_id, ref_area, period_key, subgroup, unit
having
    count(*) filter (where indicator_code = '{{ whole }}') > 0
    and count(*) filter (where indicator_code != '{{ whole }}') > 0
    and ((part_sum > whole_value and {{ differs('part_sum', 'whole_value') }}) or count(*) != count(value))

{% endtest %}
