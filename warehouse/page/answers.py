"""Answers: what the page asks of the published file, as frames and small records.

Belongs here: running the queries of `queries/` with their parameters. Not here: how an answer looks (`charts`,
`views`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from warehouse.sentences import sentence_around

QUERIES = Path(__file__).with_name("queries")
MOST_FINDINGS = 5_000  # rows of the quality list; the filters narrow it


@dataclass(frozen=True, slots=True)
class Breakdown:
    """What may stand on one axis: one indicator at one frequency, for one subgroup, in one unit."""

    indicator: str
    freq: str
    subgroup: str
    unit: str


@dataclass(frozen=True, slots=True)
class QualityFilter:
    """What the quality list is narrowed to; an empty tuple or text lets everything through."""

    severities: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    is_kept_out_only: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; `emphasis` is "" for plain words, "quote" or "number"."""

    text: str
    emphasis: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """One number with everything that says where it comes from."""

    fact: dict[str, Any]  # the row of `provenance.sql`, without the text
    sentence: tuple[Piece, ...]
    reasons: dict[str, str]  # field -> the rule and the words that decided it
    statements: pd.DataFrame  # what all reports said of the same cell, this fact among them
    issues: pd.DataFrame


def indicators(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Indicators that have values, the best covered first; the first is a good one to begin with."""
    return _frame(con, "indicators")


def breakdowns(con: duckdb.DuckDBPyConnection, indicator: str) -> list[Breakdown]:
    """The breakdowns of an indicator, its whole before its parts and years before other periods."""
    rows = con.execute(_query("breakdowns"), {"indicator": indicator}).fetchall()
    return [Breakdown(indicator, freq, subgroup, unit) for freq, subgroup, unit, _ in rows]


def places(con: duckdb.DuckDBPyConnection, breakdown: Breakdown) -> pd.DataFrame:
    """Places that have values of a breakdown, those with most periods first."""
    return _frame(con, "places", _parameters(breakdown))


def series(con: duckdb.DuckDBPyConnection, breakdown: Breakdown) -> pd.DataFrame:
    """The curated values of a breakdown, of all places, each with its quote and document, in order of time."""
    frame = _frame(con, "series", _parameters(breakdown))
    frame["comparator"] = frame["comparator"].fillna("=")
    return frame


def chosen(values: pd.DataFrame, areas: list[str], years: tuple[int, int]) -> pd.DataFrame:
    """The values of the chosen places and years (both ends included), in order of the places and of time."""
    kept = values[values["ref_area"].isin(areas) & values["period_year"].between(*years)]
    order = {area: position for position, area in enumerate(areas)}
    return kept.sort_values(
        ["ref_area", "period_end"], key=lambda column: column.map(order) if column.name == "ref_area" else column
    ).reset_index(drop=True)


def ranking(values: pd.DataFrame, period: str, better: str, level: str = "") -> pd.DataFrame:
    """The places that have a value in one period, best first, with `place` from 1 (equal values share one).

    Args:
        values: as `series` gives them.
        period: one of `period_label`.
        better: the indicator's direction; "lower" puts the smallest first, anything else the largest.
        level: only places of this level; empty for all.
    """
    found = values[values["period_label"] == period]
    if level:
        found = found[found["level"] == level]
    is_ascending = better == "lower"
    ranked = found.sort_values(["value", "ref_area"], ascending=[is_ascending, True]).reset_index(drop=True)
    ranked.insert(0, "place", ranked["value"].rank(method="min", ascending=is_ascending).astype(int))
    return ranked


def periods(values: pd.DataFrame) -> list[str]:
    """The labels of the periods that occur, in order of time."""
    ordered = values[["period_end", "period_label"]].drop_duplicates("period_label").sort_values("period_end")
    return [str(label) for label in ordered["period_label"]]


def fullest_period(values: pd.DataFrame) -> str:
    """The period for which most places have a value; the latest of them."""
    counts = values.groupby("period_label")["ref_area"].nunique()
    return max(periods(values), key=lambda label: (counts[label], periods(values).index(label)))


def coverage(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Documents and figures of each place and year, over all kinds of reports."""
    return _frame(con, "coverage")


def quality(con: duckdb.DuckDBPyConnection, narrowed: QualityFilter, most: int = MOST_FINDINGS) -> pd.DataFrame:
    """Findings of the quality rules, at most `most`; `found_count` says how many there are in all."""
    return _frame(
        con,
        "quality",
        {
            "severities": list(narrowed.severities),
            "rules": list(narrowed.rules),
            "places": list(narrowed.places),
            "is_kept_out_only": narrowed.is_kept_out_only,
            "words": narrowed.words.strip(),
            "most": most,
        },
    )


def quality_filters(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Severities, rules and places that findings have, with their counts."""
    return _frame(con, "quality_filters")


def publication(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """When the open file was published, and from how much."""
    return _record(con, "publication", {}) or {}


def cell_of_fact(con: duckdb.DuckDBPyConnection, fact_id: str) -> dict[str, str]:
    """Indicator, freq, subgroup and places of a curated value, as an address names them; empty for any other fact."""
    return _record(con, "cell_of_fact", {"fact_id": fact_id}) or {}


def provenance(con: duckdb.DuckDBPyConnection, fact_id: str) -> Provenance | None:
    """Where a number comes from; None when the published file holds no such fact (any more)."""
    fact = _record(con, "provenance", {"fact_id": fact_id})
    if fact is None:
        return None
    text = fact.pop("text")
    return Provenance(
        fact=fact,
        sentence=marked_sentence(text, fact["quote"], fact["char_start"], fact["char_end"]),
        reasons=_reasons(fact["evidence"]),
        statements=_frame(con, "statements", {"fact_id": fact_id}),
        issues=_frame(con, "issues_of_fact", {"fact_id": fact_id}),
    )


def marked_sentence(text: str, quote: str, start: int, end: int) -> tuple[Piece, ...]:
    """The sentence around a number, cut into plain words, the quote and the number.

    Args:
        text: the document's text.
        quote: the words that name and measure the number, a substring of the text that holds it.
        start, end: the number's half-open span; of length 0 where the source lost the number.

    Returns:
        Pieces that together are the sentence, without the line ends around it. The number's piece is always among
        them, empty where the number is lost.
    """
    begin, finish = sentence_around(text, start, end)
    begin += len(text[begin:start]) - len(text[begin:start].lstrip())
    finish -= len(text[end:finish]) - len(text[end:finish].rstrip())
    quote_start = text.find(quote, max(begin, end - len(quote)), finish) if quote else -1
    if not (0 <= quote_start <= start and end <= quote_start + len(quote)):
        quote_start, quote_end = start, end
    else:
        quote_end = quote_start + len(quote)
    pieces = (
        Piece(text[begin:quote_start], ""),
        Piece(text[quote_start:start], "quote"),
        Piece(text[start:end], "number"),
        Piece(text[end:quote_end], "quote"),
        Piece(text[quote_end:finish], ""),
    )
    return tuple(piece for piece in pieces if piece.text or piece.emphasis == "number")


def _reasons(evidence: str | None) -> dict[str, str]:
    found = json.loads(evidence or "{}")
    return {str(field): str(reason) for field, reason in found.items()}


def _parameters(breakdown: Breakdown) -> dict[str, str]:
    return {
        "indicator": breakdown.indicator,
        "freq": breakdown.freq,
        "subgroup": breakdown.subgroup,
        "unit": breakdown.unit,
    }


@cache
def _query(name: str) -> str:
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def _frame(con: duckdb.DuckDBPyConnection, name: str, parameters: dict[str, Any] | None = None) -> pd.DataFrame:
    """The rows of a query; dates as `datetime.date`, so that they print and sort as what they are."""
    cursor = con.execute(_query(name), parameters) if parameters else con.execute(_query(name))
    is_date = [(str(column[0]), str(column[1]) == "DATE") for column in cursor.description or []]
    frame = cursor.fetch_df()
    for column, is_day in is_date:
        if is_day:
            frame[column] = pd.Series([_day(value) for value in frame[column]], dtype=object, index=frame.index)
    return frame


def _day(value: Any) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()


def _record(con: duckdb.DuckDBPyConnection, name: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
    cursor = con.execute(_query(name), parameters)
    row = cursor.fetchone()
    names = [str(column[0]) for column in cursor.description or []]
    return None if row is None else dict(zip(names, row, strict=True))
