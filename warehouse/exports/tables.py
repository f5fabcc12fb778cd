"""Tables: what a mart looks like from outside, and its rows as CSV that a spreadsheet can open.

Belongs here: columns with their types and descriptions, cells as text. Not here: which files are written (`bundle`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from warehouse.spreadsheet import safe_csv

LIST_SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a mart as the published file describes it."""

    name: str
    data_type: str  # DuckDB's
    description: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Table:
    """One mart as the published file describes it."""

    name: str
    description: str
    columns: tuple[Column, ...]
    row_count: int


def describe_marts(con: duckdb.DuckDBPyConnection) -> tuple[Table, ...]:
    """All marts of the published file, by name."""
    tables = con.execute(
        "select table_name, coalesce(comment, '') from duckdb_tables() "
        "where schema_name = 'marts' and database_name = current_database() order by table_name"
    ).fetchall()
    columns = con.execute(
        "select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        "where schema_name = 'marts' and database_name = current_database() order by table_name, column_index"
    ).fetchall()
    found = []
    for table, description in tables:
        own = [(name, data_type, words) for mart, name, data_type, words in columns if mart == table]
        filled = ", ".join(f'count("{name}")' for name, _, _ in own)
        counts = con.execute(f'select count(*), {filled} from marts."{table}"').fetchone()
        assert counts is not None
        found.append(
            Table(
                table,
                description,
                tuple(
                    Column(name, data_type, words, is_required=count == counts[0])
                    for (name, data_type, words), count in zip(own, counts[1:], strict=True)
                ),
                counts[0],
            )
        )
    return tuple(found)


def write_csv(con: duckdb.DuckDBPyConnection, table: Table, path: Path) -> None:
    """Write a mart as CSV for spreadsheets: UTF-8 with a mark, texts in quotes, none of them a formula."""
    names = [column.name for column in table.columns]
    path.write_bytes(safe_csv(names, _rows(con, table)))


def _rows(con: duckdb.DuckDBPyConnection, table: Table) -> Iterator[list[object]]:
    cursor = con.execute(f'select * from marts."{table.name}"')
    while rows := cursor.fetchmany(10_000):
        for row in rows:
            yield [as_cell(value) for value in row]


def as_cell(value: object) -> object:
    """A value as a CSV holds it: numbers bare, truth as true and false, instants in ISO 8601, lists joined by `; `."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return LIST_SEPARATOR.join(str(item) for item in value)
    return value
