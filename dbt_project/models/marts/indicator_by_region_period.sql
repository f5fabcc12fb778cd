-- One value for each indicator, region, period and subgroup. The rule:
--
--   1. Only figures of the whole region (entity empty), of role actual or baseline, from the latest version of a document;
--      unflagged, or flagged over_100 alone (fct_observation holds no other).
--   2. A baseline (the earlier level in "由A提高到B") serves only a period that no report states directly: is_baseline.
--   3. The report published last wins over earlier ones; a report without a date comes after those with one.
--   4. In the same day's reports, a stated end of period wins over "截至目前".
--   5. Ties go to the higher confidence, then to the later fetch, then to what a report says first (the whole before its parts),
--      then to the smaller fact_id, so that a rebuild chooses alike.
--   6. Nothing is averaged. Other values stay beside the chosen one as lowest_value, highest_value, spread and is_disputed,
--      counted over the candidates that the chosen value's unit can be compared with (unit_class). They are disputed when no number
--      could be meant by all of them: 28.65万 and 286512 are one figure, as are 95%以上 and 95.3%.
with candidates as (

    select
        *,
        role = 'baseline' as is_baseline
    from {{ ref('fct_observation') }}
    where
        entity = ''
        and role in ('actual', 'baseline')
        and is_latest_version

),

ranked as (

    select
        *,
        row_number() over (
            partition by indicator_code, ref_area, period_key, subgroup
            order by
                is_baseline,
                published_on desc nulls last,
                is_stated_period_end desc,
                confidence desc,
                fetched_at desc,
                char_start,
                fact_id
        ) as source_rank
    from candidates

),

chosen as (

    select * from ranked
    where source_rank = 1

),

-- Who would have answered in its place, best first.
others as (

    select
        indicator_code,
        ref_area,
        period_key,
        subgroup,
        list(fact_id order by source_rank) as fact_ids
    from ranked
    where source_rank > 1
    group by all

),

agreement as (

    select
        indicator_code,
        ref_area,
        period_key,
        subgroup,
        unit_class,
        count(*) as statement_count,
        count(distinct document_id) as source_count,
        min(value) as lowest_value,
        max(value) as highest_value,
        max(coalesce(meant_from, value)) as meant_from,
        min(coalesce(meant_to, value)) as meant_to
    from candidates
    group by all

),

indicators as (

    select * from {{ ref('dim_indicator') }}

),

regions as (

    select * from {{ ref('dim_region') }}

)

select
    chosen.indicator_code,
    chosen.ref_area,
    chosen.period_key,
    chosen.subgroup,
    indicators.name_zh as indicator_name,
    regions.name_zh as region_name,
    chosen.period_start,
    chosen.period_end,
    chosen.period_year,
    chosen.freq,
    chosen.period_type,
    chosen.value,
    chosen.value_max,
    chosen.is_corrected,
    chosen.unit,
    chosen.unit_class,
    chosen.printed_step,
    chosen.comparator,
    chosen.obs_status,
    chosen.is_baseline,
    chosen.is_stated_period_end,
    chosen.confidence,
    chosen.quality_flags,
    agreement.source_count,
    agreement.statement_count,
    agreement.lowest_value,
    agreement.highest_value,
    {{ difference('agreement.highest_value', 'agreement.lowest_value') }} as spread,
    agreement.meant_from > agreement.meant_to and {{ differs('agreement.meant_from', 'agreement.meant_to') }} as is_disputed,
    coalesce(others.fact_ids, []) as other_fact_ids,
    chosen.fact_id,
    chosen.document_id,
    chosen.published_on
from chosen
inner join agreement
    on
        chosen.indicator_code = agreement.indicator_code
        and chosen.ref_area = agreement.ref_area
        and chosen.period_key = agreement.period_key
        and chosen.subgroup = agreement.subgroup
        and chosen.unit_class = agreement.unit_class
left join others
    on
        chosen.indicator_code = others.indicator_code
        and chosen.ref_area = others.ref_area
        and chosen.period_key = others.period_key
        and chosen.subgroup = others.subgroup
left join indicators on chosen.indicator_code = indicators.indicator_code
left join regions on chosen.ref_area = regions.ref_area
order by chosen.indicator_code, chosen.ref_area, chosen.period_end, chosen.period_key, chosen.subgroup
