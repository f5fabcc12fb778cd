"""Connections: the one writer of the build file, and the readers of the published one.

Belongs here: opening DuckDB files, creating the staging tables, adding columns that an older file lacks.
Not here: what is written (`ingest.load`, dbt) or how it is published (`publish`).
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.errors import AbsentError, BusyError, WarehouseError

STAGING = Path(__file__).with_name("staging.sql")
PUBLISHED_NAME = "weijian"  # the catalog's name in a reader's connection


def connect_build(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the build file for writing, with the staging tables as `staging.sql` defines them.

    A file that an older version made gets the columns that it lacks, empty; nothing else is changed.

    Args:
        path: the build file; created with its folder when absent.

    Returns:
        The one writing connection. Close it before another process, or a publish, opens the file.

    Raises:
        BusyError: another process has the file open.
        WarehouseError: the file is no DuckDB database that this version can read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    con = open_database(path)
    try:
        con.execute(STAGING.read_text(encoding="utf-8"))
        _add_missing_columns(con)
    except duckdb.Error:
        con.close()
        raise
    return con


def connect_published(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the published file for reading, as it is at this moment.

    The file is attached to a connection of its own, so that it is read anew even when this process still holds an
    older one open: DuckDB hands a second `connect` to the same path the database that was opened first.

    Args:
        path: the published file.

    Returns:
        A connection whose default catalog is the file, read-only. It keeps its data while newer files are published.

    Raises:
        AbsentError: nothing was published yet.
        WarehouseError: the file is no DuckDB database that this version can read.
    """
    if not path.is_file():
        raise AbsentError(
            f"{path}: nothing is published there yet. Build it with `make run` (or `weijian run`), or point "
            "WEIJIAN_DATA to the folder that holds it."
        )
    con = duckdb.connect()
    try:
        attach_read_only(con, path, PUBLISHED_NAME)
        con.execute(f"use {PUBLISHED_NAME}")
    except BaseException:
        con.close()
        raise
    return con


def open_database(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB file for writing, with DuckDB's refusals put in words that say what to do.

    Raises:
        BusyError: another process has the file open.
        WarehouseError: the file cannot be opened or is no database.
    """
    try:
        return duckdb.connect(str(path))
    except duckdb.Error as error:
        raise _explained(path, error) from error


def attach_read_only(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a DuckDB file under a catalog name, read-only.

    Raises:
        BusyError: a process, this one included, has the file open for writing.
        WarehouseError: the file cannot be opened or is no database.
    """
    try:
        con.execute(f"attach {quoted(str(path))} as {name} (read_only)")
    except duckdb.Error as error:
        raise _explained(path, error) from error


def quoted(text: str) -> str:
    """The text as an SQL string literal, for statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _add_missing_columns(con: duckdb.DuckDBPyConnection) -> None:
    """Give the staging tables the columns of `staging.sql` that the file was made without."""
    with duckdb.connect() as pristine:
        pristine.execute(STAGING.read_text(encoding="utf-8"))
        wanted = _columns(pristine)
    present = {(table, column) for table, column, *_ in _columns(con)}
    for table, column, data_type, is_nullable, default in wanted:
        if (table, column) in present:
            continue
        empty = default or (None if is_nullable else EMPTY[data_type])
        clause = f" default {empty}" if empty else ""
        con.execute(f'alter table staging."{table}" add column "{column}" {data_type}{clause}')


# What an older row holds in a column that must not be NULL.
EMPTY = {"VARCHAR": "''", "VARCHAR[]": "[]", "INTEGER": "0", "BIGINT": "0", "DOUBLE": "0", "BOOLEAN": "false"}


def _columns(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str, bool, str | None]]:
    return con.execute(
        """
        select table_name, column_name, data_type, is_nullable, column_default
        from duckdb_columns()
        where schema_name = 'staging' and database_name = current_database()
        order by table_name, column_index
        """
    ).fetchall()


def _explained(path: Path, error: duckdb.Error) -> WarehouseError:
    message = str(error).splitlines()[0]
    if "lock" in message or "already attached" in message:
        return BusyError(
            f"{path} is open elsewhere ({message}). Only one process can write it: wait for the run that holds it, "
            "or close the notebook or shell that does. Readers open the published file, never this one."
        )
    if isinstance(error, duckdb.IOException):
        return WarehouseError(
            f"{path} cannot be opened ({message}). It is built from the raw archive alone: delete it and run again."
        )
    return WarehouseError(f"{path} cannot be opened ({message}).")
