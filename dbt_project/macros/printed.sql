{#
    What a number as it is printed leaves open. "28.65万" is any number from 286450 to 286550, "95%以上" is 95 or somewhat more.
#}

{#
    What one in the last printed digit stands for, in the canonical unit: 0.01 for 95.40, 100 for 28.65万, 1 for 208742. The
    multiplier (万, 亿) is what lies between the number as written and its value. 0 where that is no power of ten, or the number is
    written in words: such a number is taken as exact.
#}
{% macro printed_step(number_text, value) -%}
    coalesce(
        case
            when {{ plain_number(number_text) }} = 0 then power(10, -{{ decimals(number_text) }})
            when {{ value }} = 0 then 0
            when abs({{ magnitude(number_text, value) }} - round({{ magnitude(number_text, value) }})) < 1e-6
                then power(10, round({{ magnitude(number_text, value) }}) - {{ decimals(number_text) }})
        end,
        0
    )
{%- endmacro %}

{% macro magnitude(number_text, value) -%}
    log10(abs({{ value }} / nullif({{ plain_number(number_text) }}, 0)))
{%- endmacro %}

{#
    The number as written, as a number: full-width digits and signs, separators of thousands. NULL for words and ranges.
#}
{% macro plain_number(number_text) -%}
    abs(try_cast(translate({{ number_text }}, '０１２３４５６７８９．－，,', '0123456789.-') as double))
{%- endmacro %}

{#
    How many decimals a number has as it is written: 2 for 95.40, 0 for 208742.
#}
{% macro decimals(number_text) -%}
    length(regexp_extract({{ number_text }}, '[.．]([0-9０-９]+)', 1))
{%- endmacro %}

{#
    The least and the greatest number that a statement can mean: half of its last digit either way; about (约, 近) is within the
    variable `about`; an open end (以上, 超过, 余, 以内) reaches as far as the variable `open_end`.
#}
{% macro meant_from(value, comparator, step) -%}
    round({{ value }} - case
        when {{ comparator }} = '~' then greatest({{ var('about') }} * abs({{ value }}), 0.5 * {{ step }})
        when {{ comparator }} in ('<=', '<') then greatest({{ var('open_end') }} * abs({{ value }}), 0.5 * {{ step }})
        else 0.5 * {{ step }}
    end, 9)
{%- endmacro %}

{% macro meant_to(value, value_max, comparator, step) -%}
    round(coalesce({{ value_max }}, {{ value }}) + case
        when {{ comparator }} = '~' then greatest({{ var('about') }} * abs({{ value }}), 0.5 * {{ step }})
        when {{ comparator }} in ('>=', '>') then greatest({{ var('open_end') }} * abs({{ value }}), 0.5 * {{ step }})
        else 0.5 * {{ step }}
    end, 9)
{%- endmacro %}
