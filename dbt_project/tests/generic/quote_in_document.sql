{#
    Every quote stands in its document, around the number, and the span of the number lies inside the document.

    Fails for a fact whose document is missing and for an empty or missing quote or span. A number that was lost from the text
    (flag `digits_lost`) has no characters: its span may be empty, its quote may not.

    Argument: `documents`, the relation with `document_id` and `text`.
#}
{% test quote_in_document(model, documents) %}

with facts as (

    select
        fact_id,
        document_id,
        char_start,
        char_end,
        quote,
        quality_flags
    from {{ model }}

),

documents as (

    select
        document_id,
        text
    from {{ documents }}

),

placed as (

    select
        facts.*,
        length(documents.text) as text_length,
        -- Every place where the quote could begin and still hold the whole number lies in this window.
        substring(
            documents.text,
            greatest(facts.char_end - length(facts.quote), 0) + 1,
            facts.char_start + length(facts.quote) - greatest(facts.char_end - length(facts.quote), 0)
        ) as surroundings
    from facts
    left join documents on facts.document_id = documents.document_id

)

select
    fact_id,
    document_id,
    char_start,
    char_end,
    quote
from placed
where
    coalesce(text_length, 0) = 0
    or coalesce(quote, '') = ''
    or char_start is null
    or char_end is null
    or char_start < 0
    or char_end > text_length
    or char_end < char_start
    or (char_end = char_start and not list_contains(quality_flags, 'digits_lost'))
    or not contains(surroundings, quote)

{% endtest %}
