{#
    One figure less another, without the tail of binary fractions: 96.2 - 96 is 0.2, not 0.20000000000000284.
#}
{% macro difference(value, other) -%}
    round({{ value }} - {{ other }}, 9)
{%- endmacro %}

{#
    Two figures differ by more than arithmetic on binary fractions can account for (28.65万 and 286500 are the same).
#}
{% macro differs(value, other) -%}
    abs({{ value }} - {{ other }}) > 1e-9 * greatest(abs({{ value }}), abs({{ other }}))
{%- endmacro %}
