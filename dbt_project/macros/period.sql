{#
    Periods: how a time span becomes a frequency, a key that sorts and joins, and an SDMX time period.

    A flow (births, visits) is known by its start and its end. A stock or a rate (beds, coverage) is judged by its end
    alone, whatever span the report gave it: "2022年" and "截至2022年底" are the same level. See doc blocks
    `freq`, `period_key` and `time_period`.
#}

{% macro period_freq(kind, period_start, period_end) -%}
    case
        when {{ kind }} is null or {{ period_end }} is null then null
        when {{ kind }} = 'flow' and {{ period_start }} is null then null
        when {{ kind }} = 'flow' then
            case
                when {{ period_start }} = {{ period_end }} then 'D'
                when {{ period_end }} != last_day({{ period_end }}) then '_O'
                when {{ period_start }} = date_trunc('month', {{ period_end }}) then 'M'
                when
                    {{ period_start }} = date_trunc('quarter', {{ period_end }})
                    and month({{ period_end }}) % 3 = 0 then 'Q'
                when
                    {{ period_start }} = date_trunc('month', {{ period_end }}) - interval 5 month
                    and month({{ period_end }}) % 6 = 0 then 'S'
                when
                    {{ period_start }} = date_trunc('year', {{ period_end }})
                    and month({{ period_end }}) = 12 then 'A'
                else '_O'
            end
        when {{ period_end }} != last_day({{ period_end }}) then 'D'
        when month({{ period_end }}) = 12 then 'A'
        when month({{ period_end }}) = 6 then 'S'
        when month({{ period_end }}) % 3 = 0 then 'Q'
        else 'M'
    end
{%- endmacro %}

{% macro period_key(kind, period_start, period_end) -%}
    case
        when {{ kind }} is null or {{ period_end }} is null then null
        when {{ kind }} != 'flow' then strftime({{ period_end }}, '%Y-%m-%d')
        else
            case {{ period_freq(kind, period_start, period_end) }}
                when 'A' then strftime({{ period_end }}, '%Y')
                when 'S' then strftime({{ period_end }}, '%Y-H') || (month({{ period_end }}) // 6)
                when 'Q' then strftime({{ period_end }}, '%Y-Q') || quarter({{ period_end }})
                when 'M' then strftime({{ period_end }}, '%Y-%m')
                when 'D' then strftime({{ period_end }}, '%Y-%m-%d')
                when '_O' then
                    case
                        when day({{ period_start }}) = 1 and {{ period_end }} = last_day({{ period_end }})
                            then strftime({{ period_start }}, '%Y-%m') || '/' || strftime({{ period_end }}, '%Y-%m')
                        else strftime({{ period_start }}, '%Y-%m-%d') || '/' || strftime({{ period_end }}, '%Y-%m-%d')
                    end
            end
    end
{%- endmacro %}

{#
    A level is filed under the year, half-year, quarter or month that it closes, so that freq and time period agree.
#}
{% macro period_sdmx(kind, period_start, period_end) -%}
    case
        when {{ kind }} is null or {{ period_end }} is null then null
        else
            case {{ period_freq(kind, period_start, period_end) }}
                when 'A' then strftime({{ period_end }}, '%Y')
                when 'S' then strftime({{ period_end }}, '%Y-S') || (month({{ period_end }}) // 6)
                when 'Q' then strftime({{ period_end }}, '%Y-Q') || quarter({{ period_end }})
                when 'M' then strftime({{ period_end }}, '%Y-%m')
                when 'D' then strftime({{ period_end }}, '%Y-%m-%d')
                when '_O' then
                    strftime({{ period_start }}, '%Y-%m-%d/P')
                    || case
                        when day({{ period_start }}) = 1 and {{ period_end }} = last_day({{ period_end }})
                            then (date_diff('month', {{ period_start }}, {{ period_end }}) + 1) || 'M'
                        else (date_diff('day', {{ period_start }}, {{ period_end }}) + 1) || 'D'
                    end
            end
    end
{%- endmacro %}

{#
    What sort of time a figure is about. Half-years, cumulative months (1-9月), other spans and levels stay apart: no two of them
    are ever the same thing, even when they end on the same day.
#}
{% macro period_type(kind, period_start, period_end) -%}
    case
        when {{ kind }} is null or {{ period_end }} is null then null
        when {{ kind }} != 'flow' then 'level'
        else
            case {{ period_freq(kind, period_start, period_end) }}
                when 'A' then 'year'
                when 'S' then 'half_year'
                when 'Q' then 'quarter'
                when 'M' then 'month'
                when 'D' then 'day'
                when '_O' then
                    case
                        when
                            {{ period_start }} = date_trunc('year', {{ period_end }})
                            and {{ period_end }} = last_day({{ period_end }}) then 'cumulative_months'
                        else 'span'
                    end
            end
    end
{%- endmacro %}

{#
    The same day a year earlier; the last day of a month stays the last day (29 February is not lost).
#}
{% macro year_before(day) -%}
    case
        when {{ day }} = last_day({{ day }}) then cast(last_day({{ day }} - interval 1 year) as date)
        else cast({{ day }} - interval 1 year as date)
    end
{%- endmacro %}
