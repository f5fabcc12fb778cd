-- When the open file was published, and the fingerprint of its content.
select
    published_at,
    fingerprint,
    documents,
    facts
from meta.publication
