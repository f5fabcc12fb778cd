"""Opening the files: one writer, readers that see what lies on disk, refusals that say what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.connections import connect_build, connect_published
from warehouse.errors import AbsentError, BusyError, WarehouseError

HOLDER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def test_a_new_build_file_has_the_staging_tables(tmp_path: Path) -> None:
    with connect_build(tmp_path / "new" / "build.duckdb") as con:
        tables = con.execute(
            "select table_name from duckdb_tables() where schema_name = 'staging' order by 1"
        ).fetchall()
    assert {("corrections",), ("document_addresses",), ("documents",), ("facts",), ("rejects",)} <= set(tables)


def test_an_older_build_file_gets_the_columns_that_it_lacks(build: Path) -> None:
    with duckdb.connect(str(build)) as con:
        con.execute("create table old as select * exclude (extractor_version, period_end) from staging.documents")
        con.execute(
            "drop view marts.coverage; drop table staging.documents; create table staging.documents as from old"
        )
        con.execute("drop table old")
    with connect_build(build) as con:
        row = con.execute("select document_id, extractor_version, period_end from staging.documents").fetchone()
    assert row == ("doc0", "", None)


def test_opening_the_build_file_writes_nothing(build: Path) -> None:
    before = build.read_bytes()
    connect_build(build).close()
    assert build.read_bytes() == before


def test_a_build_file_that_another_process_holds_is_refused_with_advice(build: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(build)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(BusyError, match=r"Only one process can write it.*"):
            connect_build(build)
    finally:
        holder.communicate("")


def test_a_build_file_that_is_no_database_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "build.duckdb"
    path.write_text("this is a text" * 1000)
    with pytest.raises(WarehouseError, match="delete it and run again"):
        connect_build(path)


def test_nothing_published_yet_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AbsentError, match="make run"):
        connect_published(tmp_path / "weijian.duckdb")


def test_the_published_file_cannot_be_written(build: Path) -> None:
    with connect_published(build) as con, pytest.raises(duckdb.InvalidInputException, match="read-only"):
        con.execute("delete from staging.facts")


def test_a_path_with_a_quote_opens(tmp_path: Path) -> None:
    path = tmp_path / "it's here.duckdb"
    connect_build(path).close()
    with connect_published(path) as con:
        assert con.execute("select count(*) from staging.facts").fetchone() == (0,)
