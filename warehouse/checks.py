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


def fact_checks(con: duckdb.DuckDBPyConnection, catalog: str = "") -> tuple[CheckResult, ...]:
    """All claims about single facts (`spans_hold`, `quote_in_document`, `number_in_quote`) in one pass over the texts.

    Args:
        con: a connection to a file with the staging tables.
        catalog: its name when it is attached, "" for the default one.
    """
    return _claims(con, tuple(BROKEN), catalog)


def spans_hold(con: duckdb.DuckDBPyConnection, catalog: str = "") -> CheckResult:
    """Every fact's document is there and its span holds the number as written; only a lost one may be empty."""
    return _claims(con, ("spans_hold",), catalog)[0]


def quote_in_document(con: duckdb.DuckDBPyConnection, catalog: str = "") -> CheckResult:
    """Every quote is a substring of its document's text, and not empty."""
    return _claims(con, ("quote_in_document",), catalog)[0]


def number_in_quote(con: duckdb.DuckDBPyConnection, catalog: str = "") -> CheckResult:
    """Every quote stands around its number: it occurs in the text at a place that covers the number's span."""
    return _claims(con, ("number_in_quote",), catalog)[0]


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


# What breaks each claim, in terms of the columns of FACTS_IN_PLACE.
BROKEN = {
    "spans_hold": """
        text_length is null
        or char_start < 0
        or char_start > char_end
        or char_end > text_length
        or (char_start = char_end and not list_contains(quality_flags, 'digits_lost'))
        or surroundings[char_start - surroundings_start + 1 : char_end - surroundings_start] <> number_text
    """,
    "quote_in_document": "text_length is null or quote = '' or not is_quoted",
    "number_in_quote": """
        text_length is null
        or length(quote) < char_end - char_start
        or not contains(surroundings, quote)
    """,
}

# Any occurrence of the quote that covers [char_start, char_end) lies in its surroundings, and each of those covers it.
# They are cut out of the text once, and its length is taken once a document: both take as long as the text is.
FACTS_IN_PLACE = """
    with documents as materialized (

        select
            document_id,
            text,
            length(text) as text_length
        from {catalog}staging.documents

    ),

    placed as (

        select
            *,
            greatest(least(char_start, char_end - length(quote)), 0) as surroundings_start,
            greatest(char_end, char_start + length(quote)) as surroundings_end
        from {catalog}staging.facts

    ),

    in_place as (

        select
            placed.*,
            documents.text_length,
            contains(documents.text, quote) as is_quoted,
            documents.text[surroundings_start + 1 : surroundings_end] as surroundings
        from placed
        left join documents using (document_id)

    )
"""


def _claims(con: duckdb.DuckDBPyConnection, names: tuple[str, ...], catalog: str) -> tuple[CheckResult, ...]:
    figures = ", ".join(
        f"""
        count(*) filter (where {BROKEN[name]}),
        coalesce(list_slice(list(fact_id order by fact_id) filter (where {BROKEN[name]}), 1, {EXAMPLES}), [])
        """
        for name in names
    )
    total, *rest = _row(con, f"{FACTS_IN_PLACE.format(catalog=_in(catalog))} select count(*), {figures} from in_place")
    return tuple(
        CheckResult(name, failed, total, tuple(examples))
        for name, failed, examples in zip(names, rest[::2], rest[1::2], strict=True)
    )


def _in(catalog: str) -> str:
    return f"{catalog}." if catalog else ""


def _row(con: duckdb.DuckDBPyConnection, query: str) -> tuple:
    row = con.execute(query).fetchone()
    assert row is not None  # an aggregate without groups always has one row
    return row
