"""Unmet: the corrections whose source no longer says what they expect, told so that a person knows what to do.

Belongs here: reading them from the build file after a run that they stopped. Not here: the judgement (dbt:
`marts.correction`, `assert_every_correction_meets_what_it_expects`).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.connections import attach_read_only

CHECK = "assert_every_correction_meets_what_it_expects"
BUILD = "build"


def unmet_corrections(build: Path) -> list[str]:
    """One line for each correction whose expectation failed in a build file; none where the file has no such mart.

    Raises:
        WarehouseError: the build file cannot be read.
    """
    with duckdb.connect() as con:
        attach_read_only(con, build, BUILD)
        try:
            rows = con.execute(
                f"""
                select
                    correction_id,
                    coalesce(nullif(url, ''), file_name),
                    coalesce(nullif(sentence, ''), nullif(number_text, ''), nullif(indicator_code, ''), 'any figure')
                from {BUILD}.marts.correction
                where status = 'expectation_failed'
                order by correction_id
                """
            ).fetchall()
        except duckdb.CatalogException:
            return []
    return [
        f"correction {name}: {document} no longer says {words}. Read the report: where it was mended, take the "
        "correction out of warehouse/corrections; where it was reworded, bring `expect` to its words."
        for name, document, words in rows
    ]
