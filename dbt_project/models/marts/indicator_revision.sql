-- What each report said about an indicator, region, period and subgroup, in order of publication.
-- Where one report says several things, the figure is the one that the rule of indicator_by_region_period would take from it.
with statements as (

    select
        *,
        role = 'baseline' as is_baseline
    from {{ ref('fct_observation') }}
    where entity = '' and role in ('actual', 'baseline')

),

one_a_report as (

    select *
    from statements
    qualify row_number() over (
        partition by indicator_code, ref_area, period_key, subgroup, document_id
        order by is_baseline, is_stated_period_end desc, confidence desc, char_start, fact_id
    ) = 1

),

ordered as (

    select
        *,
        row_number() over in_order as revision_number,
        lag(value) over in_order as previous_value,
        lag(unit_class) over in_order as previous_unit_class,
        last_value(value) over whole_order as latest_value,
        last_value(unit_class) over whole_order as latest_unit_class,
        lead(fact_id) over in_order is null as is_last_word
    from one_a_report
    window in_order as (
        partition by indicator_code, ref_area, period_key, subgroup
        order by published_on nulls first, fetched_at, document_id
    ), whole_order as (
        partition by indicator_code, ref_area, period_key, subgroup
        order by published_on nulls first, fetched_at, document_id
        rows between unbounded preceding and unbounded following
    )

),

curated as (

    select
        indicator_code,
        ref_area,
        period_key,
        subgroup,
        list_prepend(fact_id, other_fact_ids) as fact_ids
    from {{ ref('indicator_by_region_period') }}

)

select
    ordered.indicator_code,
    ordered.ref_area,
    ordered.period_key,
    ordered.subgroup,
    ordered.document_id,
    ordered.revision_number,
    ordered.published_on,
    ordered.fetched_at,
    ordered.period_end,
    ordered.value,
    ordered.unit,
    case when ordered.unit_class = ordered.previous_unit_class then ordered.previous_value end as previous_value,
    case when ordered.unit_class = ordered.previous_unit_class then {{ difference('ordered.value', 'ordered.previous_value') }} end as change,
    case when ordered.unit_class = ordered.latest_unit_class then ordered.latest_value end as latest_value,
    case when ordered.unit_class = ordered.latest_unit_class then {{ difference('ordered.latest_value', 'ordered.value') }} end
        as change_to_latest,
    ordered.is_baseline,
    ordered.is_stated_period_end,
    ordered.is_latest_version,
    ordered.is_last_word,
    cast(nullif(list_position(curated.fact_ids, ordered.fact_id), 0) as bigint) as source_rank,
    coalesce(list_position(curated.fact_ids, ordered.fact_id) = 1, false) as is_curated,
    ordered.fact_id
from ordered
left join curated
    on
        ordered.indicator_code = curated.indicator_code
        and ordered.ref_area = curated.ref_area
        and ordered.period_key = curated.period_key
        and ordered.subgroup = curated.subgroup
order by ordered.indicator_code, ordered.ref_area, ordered.period_end, ordered.period_key, ordered.subgroup, ordered.revision_number
