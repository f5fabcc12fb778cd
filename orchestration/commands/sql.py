"""`weijian sql`: a query to the published file, as a table, CSV, JSON or Parquet.

Belongs here: running one query and printing its rows. Not here: opening the file (`warehouse.connections`).
"""

from __future__ import annotations

import csv
import json
import sys
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse.connections import connect_published, quoted
from warehouse.paths import DataFolder

NUMBERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UINTEGER", "UBIGINT", "FLOAT", "DOUBLE", "DECIMAL")


class Form(Enum):
    """How the rows are given."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"


class QueryError(Exception):
    """DuckDB refused the query; the message is its own."""


def answer(query: str, folder: DataFolder, console: Console, *, form: Form, target: Path | None, limit: int) -> None:
    """Run a query on the published file, read-only, and print or write its rows.

    Args:
        query: one SQL statement.
        folder: the data folder.
        console: for the table.
        form: table (cut at `limit` rows, and told), or all rows as CSV, JSON or Parquet.
        target: the Parquet file.
        limit: rows of the table.

    Raises:
        QueryError: the query is wrong, or would change something.
        WarehouseError: nothing is published yet.
    """
    with connect_published(folder.published) as con:
        try:
            if form is Form.PARQUET and target is not None:
                con.execute(f"copy ({query.strip().rstrip(';')}) to {quoted(str(target))} (format parquet)")
                console.print(f"Wrote {target}", soft_wrap=True, highlight=False)
                return
            cursor = con.execute(query)
            columns = [(str(name), str(kind)) for name, kind, *_ in cursor.description or []]
            if form is Form.CSV:
                _write_csv(columns, cursor)
            elif form is Form.JSON:
                _write_json(columns, cursor)
            else:
                _print_table(columns, cursor.fetchmany(limit + 1), limit, console)
        except duckdb.Error as error:
            raise QueryError(str(error).strip()) from error


def _write_csv(columns: list[tuple[str, str]], cursor: duckdb.DuckDBPyConnection) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([name for name, _ in columns])
    while rows := cursor.fetchmany(10_000):
        writer.writerows(rows)


def _write_json(columns: list[tuple[str, str]], cursor: duckdb.DuckDBPyConnection) -> None:
    names = [name for name, _ in columns]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    json.dump(rows, sys.stdout, ensure_ascii=False, indent=2, default=_as_text)
    sys.stdout.write("\n")


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _print_table(columns: list[tuple[str, str]], rows: list[tuple[Any, ...]], limit: int, console: Console) -> None:
    table = Table(header_style="bold")
    for name, kind in columns:
        is_number = kind.upper().startswith(NUMBERS)
        table.add_column(name, justify="right" if is_number else "left", overflow="fold", no_wrap=is_number)
    for row in rows[:limit]:
        table.add_row(*(_cell(value) for value in row))
    console.print(table)
    if len(rows) > limit:
        console.print(f"The first {limit} rows; more with --limit N, all with --csv, --json or --parquet FILE.")
    else:
        console.print(f"{len(rows)} row{'' if len(rows) == 1 else 's'}.")


def _cell(value: object) -> Text:
    if value is None:
        return Text("–", style="dim")
    if isinstance(value, float):
        return Text(f"{value:.12g}")
    if isinstance(value, datetime):
        return Text(value.isoformat(sep=" ", timespec="seconds"))
    if isinstance(value, list):
        return Text(", ".join(str(item) for item in value))
    return Text(str(value))
