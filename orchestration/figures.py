"""What the asset pages and the run's summary show: counts by group, read from the build file or the published one.

Belongs here: the queries behind small tables and charts. Not here: drawing them (`presentation`), claims (`checks`).
"""

from __future__ import annotations

import duckdb

Rows = list[tuple[str, int]]

DOCUMENTS_BY_KIND = "select report_kind, count(*) from staging.documents group by all order by 2 desc, 1"

FACTS_BY_ROLE = """
select role, count(*), count(*) filter (where indicator_code <> '') as coded
from staging.facts group by all order by 2 desc, 1
"""

FACTS_BY_INDICATOR = """
select indicator_code, count(*) from staging.facts
where indicator_code <> '' group by all order by 2 desc, 1 limit 12
"""

REJECTS_BY_REASON = "select stage || ': ' || reason, count(*) from staging.rejects group by all order by 2 desc, 1"

OBSERVATIONS_BY_DOMAIN = """
select domain, count(*) from marts.fct_observation
join marts.dim_indicator using (indicator_code)
group by all order by 2 desc, 1
"""


def documents_by_kind(con: duckdb.DuckDBPyConnection) -> Rows:
    """Documents of each report kind."""
    return con.execute(DOCUMENTS_BY_KIND).fetchall()


def facts_by_role(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int]]:
    """Role, facts, and how many of them have an indicator's code."""
    return con.execute(FACTS_BY_ROLE).fetchall()


def facts_by_indicator(con: duckdb.DuckDBPyConnection) -> Rows:
    """The twelve indicators with the most facts."""
    return con.execute(FACTS_BY_INDICATOR).fetchall()


def rejects_by_reason(con: duckdb.DuckDBPyConnection) -> Rows:
    """Standing rejects of each stage and reason."""
    return con.execute(REJECTS_BY_REASON).fetchall()


def observations_by_domain(con: duckdb.DuckDBPyConnection) -> Rows:
    """Publishable facts of each domain of the catalogue."""
    return con.execute(OBSERVATIONS_BY_DOMAIN).fetchall()
