-- Where do reports contradict each other or themselves most (500 cells), what does each say, and which figure is used?
-- 各文件说法不一或自相矛盾最甚的数据（前500项）有哪些，分别怎么说，采用的是哪一个？
with disputed as materialized (

    select
        indicator_code,
        ref_area,
        period_key,
        subgroup,
        unit_class,
        region_name,
        indicator_name,
        fact_id,
        source_count,
        round(100 * spread / nullif(abs(value), 0), 2) as spread_percent
    from marts.indicator_by_region_period
    where is_disputed
    order by source_count desc, spread_percent desc, ref_area, indicator_code, period_key, subgroup
    limit 500

),

-- The statements about these cells, found by their keys before their words are fetched.
statements as materialized (

    select
        disputed.* exclude (fact_id),
        disputed.fact_id as used_fact_id,
        observations.fact_id
    from disputed
    inner join marts.fct_observation as observations
        on
            disputed.indicator_code = observations.indicator_code
            and disputed.ref_area = observations.ref_area
            and disputed.period_key = observations.period_key
            and disputed.subgroup = observations.subgroup
            and disputed.unit_class = observations.unit_class
    where observations.entity = '' and observations.role in ('actual', 'baseline') and observations.is_latest_version

)

select
    statements.region_name,
    statements.indicator_name,
    statements.period_key,
    statements.subgroup,
    observations.value,
    observations.unit,
    statements.fact_id = statements.used_fact_id as is_used,
    statements.spread_percent,
    statements.source_count,
    observations.quote,
    documents.title,
    observations.published_on
from statements
inner join marts.fct_observation as observations on statements.fact_id = observations.fact_id
inner join marts.dim_document as documents on observations.document_id = documents.document_id
order by
    statements.source_count desc,
    statements.ref_area,
    statements.indicator_code,
    statements.period_key,
    statements.subgroup,
    observations.published_on,
    observations.char_start
