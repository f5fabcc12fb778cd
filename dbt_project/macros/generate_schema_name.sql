-- A model lands in exactly the schema that its folder names (marts.*, intermediate.*, seeds.*), without a prefix.
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
