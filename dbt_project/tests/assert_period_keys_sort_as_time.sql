-- Within one sort of period, the order of the keys as text is the order of time. Spans are left out: days and months mix there.
with keys as (

    select distinct
        period_type,
        freq,
        period_key,
        period_end
    from {{ ref('fct_observation') }}
    where period_type != 'span'

),

in_order as (

    select
        *,
        lag(period_end) over (partition by period_type, freq order by period_key) as earlier_end
    from keys

)

select
    period_type,
    freq,
    period_key,
    period_end,
    earlier_end
from in_order
where earlier_end >= period_end
