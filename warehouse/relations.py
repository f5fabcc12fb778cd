"""Relations of the contract: what the published file must hold, and when each must not be empty.

Belongs here: names and conditions, as others may rely on them. Not here: checking or copying them (`publish`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation of the contract.

    `filled_when` is an SQL query over the published file: the relation must hold rows when it returns true.
    """

    schema: str
    name: str
    filled_when: str = "select false"

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"


DOCUMENTS = "select exists (from staging.documents)"
# A region-level result of the catalogue and the region table that no quality rule speaks of.
PUBLISHABLE = """
    select exists (
        from staging.facts
        where indicator_code in (select indicator_code from marts.dim_indicator)
            and ref_area in (select ref_area from marts.dim_region)
            and role = 'actual'
            and entity = ''
            and value is not null
            and period_end is not null
            and len(quality_flags) = 0
            and fact_id not in (select fact_id from marts.data_quality_issue)
    )
"""

STAGING = (
    Relation("staging", "documents"),
    Relation("staging", "facts"),
    Relation("staging", "rejects"),
    Relation("staging", "document_addresses"),
)

MARTS = (
    Relation("marts", "dim_region", "select true"),
    Relation("marts", "dim_indicator", "select true"),
    Relation("marts", "dim_document", DOCUMENTS),
    Relation("marts", "fct_observation", PUBLISHABLE),
    Relation("marts", "indicator_by_region_period", PUBLISHABLE),
    Relation("marts", "indicator_revision", PUBLISHABLE),
    Relation("marts", "indicator_target"),
    Relation("marts", "data_quality_issue"),
    Relation("marts", "coverage", DOCUMENTS),
    Relation("marts", "harmonised_series"),
)
