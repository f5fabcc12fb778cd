"""Checks: claims about the store, as pure SQL that counts what breaks them.

Belongs here: one function a claim, over an open connection, with a few examples of what is wrong.
Not here: what a failed check stops (`publish`, Dagster's checks) or the tests of the models (dbt).
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How a claim fared: rows that break it, rows looked at, and the ids of some that break it."""

    name: str
    failed: int
    total: int
    examples: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.failed == 0

    def __str__(self) -> str:
        examples = f", e.g. {', '.join(self.examples)}" if self.examples else ""
        return f"{self.name}: {self.failed} of {self.total}{examples}"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much the staging tables hold; a later run should not hold less."""

    documents: int
    facts: int
    coded: int  # facts with an indicator's code
    regions: int  # distinct reference areas of facts
    indicators: int  # distinct codes of facts

    def shrunk_since(self, earlier: Coverage, tolerance: float = 0.0) -> tuple[str, ...]:
        """The figures that fell below the earlier ones by more than a share.

        Args:
            earlier: the coverage of the run before.
            tolerance: the share that may go missing, 0–1.

        Returns:
            One phrase a figure, e.g. "documents 20 → 12"; empty when nothing shrank.
        """
        names = ("documents", "facts", "coded", "regions", "indicators")
        pairs = [(name, getattr(earlier, name), getattr(self, name)) for name in names]
        return tuple(f"{name} {before} → {now}" for name, before, now in pairs if now < before * (1 - tolerance))


def spans_hold(con: duckdb.DuckDBPyConnection, catalog: str = "") -> CheckResult:
    """Every fact's document is there and its span lies in the text; only a lost number may have an empty one."""
    return _facts_that(
        con,
        "spans_hold",
        """
        documents.text is null
        or char_start < 0
        or char_start > char_end
        or char_end > length(documents.text)
        or (char_start = char_end and not list_contains(quality_flags, 'digits_lost'))
        """,
        catalog,
    )


def quote_in_document(con: duckdb.DuckDBPyConnection, catalog: str = "") -> CheckResult:
    """Every quote is a substring of its document's text, and not empty."""
    return _facts_that(
        con, "quote_in_document", "quote = '' or not coalesce(contains(documents.text, quote), false)", catalog
    )


def number_in_quote(con: duckdb.DuckDBPyConnection, catalog: str = "") -> CheckResult:
    """Every quote stands around its number: it occurs in the text at a place that covers the number's span."""
    # Any occurrence that covers [start, end) lies between end - length(quote) and start + length(quote).
    return _facts_that(
        con,
        "number_in_quote",
        """
        not coalesce(
            contains(
                documents.text[greatest(char_end - length(quote), 0) + 1 : char_start + length(quote)],
                quote
            ),
            false
        )
        """,
        catalog,
    )


def uncoded_share(con: duckdb.DuckDBPyConnection, catalog: str = "") -> float:
    """The share of facts that have no indicator's code, 0–1; 0 when there are no facts."""
    value = _row(con, f"select avg((indicator_code = '')::integer) from {_in(catalog)}staging.facts")[0]
    return float(value) if value is not None else 0.0


def coverage(con: duckdb.DuckDBPyConnection, catalog: str = "") -> Coverage:
    """How much the staging tables hold."""
    return Coverage(
        *_row(
            con,
            f"""
            select
                (select count(*) from {_in(catalog)}staging.documents),
                count(*),
                count(*) filter (where indicator_code <> ''),
                count(distinct ref_area) filter (where ref_area <> ''),
                count(distinct indicator_code) filter (where indicator_code <> '')
            from {_in(catalog)}staging.facts
            """,
        )
    )


def _facts_that(con: duckdb.DuckDBPyConnection, name: str, broken: str, catalog: str) -> CheckResult:
    failed, total, examples = _row(
        con,
        f"""
        select
            count(*) filter (where {broken}),
            count(*),
            coalesce(list_slice(list(fact_id order by fact_id) filter (where {broken}), 1, {EXAMPLES}), [])
        from {_in(catalog)}staging.facts as facts
        left join {_in(catalog)}staging.documents as documents using (document_id)
        """,
    )
    return CheckResult(name, failed, total, tuple(examples))


def _in(catalog: str) -> str:
    return f"{catalog}." if catalog else ""


def _row(con: duckdb.DuckDBPyConnection, query: str) -> tuple:
    row = con.execute(query).fetchone()
    assert row is not None  # an aggregate without groups always has one row
    return row
