{#
    No two rows agree in all the given columns. Two NULLs agree here, so a key that is missing twice is found.
#}
{% test unique_combination(model, columns) %}

select
    {{ columns | join(',\n    ') }},
    count(*) as row_count
from {{ model }}
group by all
having count(*) > 1

{% endtest %}
