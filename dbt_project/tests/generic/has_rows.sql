{#
    The relation is not empty. Most tests count bad rows and pass in silence where there are no rows at all; this one stands
    beside them where emptiness is itself a failure.
#}
{% test has_rows(model) %}

select 'no rows' as problem
where not exists (select 1 from {{ model }})

{% endtest %}
