-- A correction stands on what the source says wrongly. When the source no longer says so, it may have been mended, and the correction
-- must go: the run fails until someone has looked.
select
    correction_id,
    document_id,
    file_name,
    url,
    sentence,
    number_text
from {{ ref('correction') }}
where status = 'expectation_failed'
