"""Publish: replace the file that readers open, whole or not at all.

Belongs here: copying staging and marts aside, checking the copy, replacing the published file, Parquet beside it.
Not here: how the build file came about (`ingest.load`, dbt), or what the checks claim (`checks`).

The published file is only ever replaced by a rename, so a reader that has it open keeps its data and a new one sees
the new data; a publish that is killed or fails leaves it as it was.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse import checks
from warehouse.access import access_version, install_access
from warehouse.connections import attach_read_only, open_database, quoted
from warehouse.errors import AbsentError, BusyError, PublishError, WarehouseError
from warehouse.export import exported_fingerprints, write_parquet
from warehouse.relations import MARTS, STAGING, Relation

FILE_NAME = "weijian.duckdb"
BUILD = "build"  # the catalog's name of the build file while it is read

PUBLICATION = """
create schema if not exists meta;
create table meta.publication (
    published_at timestamptz not null,
    fingerprint varchar not null,
    documents bigint not null,
    facts bigint not null,
    parser_versions varchar[] not null,
    extractor_versions varchar[] not null,
    duckdb_version varchar not null
);
comment on table meta.publication is 'When this file was published, from what, and the fingerprint of its content.';
"""


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What one publish did."""

    path: Path
    fingerprint: str
    changed: bool  # False: the published file held the same content already and was left alone
    rows: dict[str, int]  # by relation, e.g. "marts.fct_observation"
    parquet: tuple[str, ...]  # names of the files beside it that were written
    checks: tuple[checks.CheckResult, ...]
    size: int  # bytes of the published file
    seconds: float

    def metadata(self) -> dict[str, int | float | bool | str]:
        """The figures by name, for a materialisation's metadata."""
        return {
            "path": str(self.path),
            "fingerprint": self.fingerprint,
            "changed": self.changed,
            "parquet_written": len(self.parquet),
            "bytes": self.size,
            "seconds": round(self.seconds, 3),
            **{f"rows {relation}": rows for relation, rows in self.rows.items()},
        }


def publish(build: Path, folder: Path, *, data: bytes | None = None) -> PublishReport:
    """Publish the staging tables and marts of the build file as `folder/weijian.duckdb`, with Parquet beside it.

    The relations are copied to a file aside and checked there: every relation of the contract exists, none is empty
    that must not be, every row was copied, every span and quote holds in its document. Then it replaces the published
    file by a rename. The same content as before replaces nothing.

    Args:
        build: the pipeline's own file; nobody may have it open for writing.
        folder: where readers look; created when absent.
        data: whatever else decides what is published (such as the hash of the dbt project); part of the fingerprint.

    Returns:
        What was published and whether it differs from what was there.

    Raises:
        PublishError: a relation is missing or a check failed (all failures in one message); the old file stands.
        BusyError: the build file is open for writing, or another publish is under way.
        AbsentError: there is no build file.
    """
    began = time.monotonic()
    if not build.is_file():
        raise AbsentError(f"{build}: there is no build file. Load and model first: `make run` (or `weijian run`).")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / FILE_NAME
    with _alone(folder):
        _remove_leftovers(folder)
        with _reading(build) as source:
            relations = _relations(source)
            _require(_missing(relations))
            fingerprint = _fingerprint(source, relations, access_version() + (data or b""))
        changed = published_fingerprint(target) != fingerprint
        if changed:
            aside = folder / f".{FILE_NAME}.{os.getpid()}.tmp"
            results = _build_aside(build, aside, relations, fingerprint)
            _replace(aside, target)
        else:
            results = ()
        with _reading(target) as published:
            rows = {str(relation): _count(published, relation) for relation in relations}
            parquet = _write_parquet(published, folder, relations, fingerprint)
    return PublishReport(
        path=target,
        fingerprint=fingerprint,
        changed=changed,
        rows=rows,
        parquet=parquet,
        checks=results,
        size=target.stat().st_size,
        seconds=time.monotonic() - began,
    )


def published_fingerprint(path: Path) -> str | None:
    """The fingerprint of a published file's content, None when there is no file that holds one."""
    if not path.is_file():
        return None
    try:
        with _reading(path) as con:
            row = con.execute("select fingerprint from meta.publication").fetchone()
    except (WarehouseError, duckdb.CatalogException):
        return None
    return None if row is None else str(row[0])


def _build_aside(
    build: Path, aside: Path, relations: list[Relation], fingerprint: str
) -> tuple[checks.CheckResult, ...]:
    """Copy the relations into a new file, check the copy, sync it. The file is removed when anything fails."""
    try:
        con = open_database(aside)
        try:
            attach_read_only(con, build, BUILD)
            for relation in relations:
                _copy(con, relation)
            con.execute(PUBLICATION)
            _write_publication(con, fingerprint)
            install_access(con, build=BUILD, earlier=aside.with_name(FILE_NAME))
            results = _check(con, relations)
            con.execute(f"detach {BUILD}")
            con.execute("checkpoint")
        finally:
            con.close()
        _sync(aside)
    except BaseException:
        aside.unlink(missing_ok=True)
        _wal(aside).unlink(missing_ok=True)
        raise
    return results


def _replace(aside: Path, target: Path) -> None:
    if _wal(aside).exists():
        raise PublishError(f"{aside} was closed with a write-ahead log beside it; the published file stands.")
    aside.replace(target)
    _sync(target.parent)


def _copy(con: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    """Copy a relation's rows, sorted, so that the same content gives the same file; keep its comments."""
    con.execute(f'create schema if not exists "{relation.schema}"')
    name = f'"{relation.schema}"."{relation.name}"'
    con.execute(f"create table {name} as select * from {BUILD}.{name} order by all")
    table_comment = con.execute(
        """
        select comment from (
            select database_name, schema_name, table_name, comment from duckdb_tables()
            union all
            select database_name, schema_name, view_name, comment from duckdb_views()
        )
        where database_name = ? and schema_name = ? and table_name = ? and comment is not null
        """,
        [BUILD, relation.schema, relation.name],
    ).fetchone()
    if table_comment is not None:
        con.execute(f"comment on table {name} is {quoted(table_comment[0])}")
    column_comments = con.execute(
        """
        select column_name, comment from duckdb_columns()
        where database_name = ? and schema_name = ? and table_name = ? and comment is not null
        """,
        [BUILD, relation.schema, relation.name],
    ).fetchall()
    for column, comment in column_comments:
        con.execute(f'comment on column {name}."{column}" is {quoted(comment)}')


def _write_publication(con: duckdb.DuckDBPyConnection, fingerprint: str) -> None:
    con.execute(
        """
        insert into meta.publication
        select
            ?,
            ?,
            (select count(*) from staging.documents),
            (select count(*) from staging.facts),
            (select coalesce(list(distinct parser_version order by parser_version), []) from staging.documents),
            (select coalesce(list(distinct extractor_version order by extractor_version), []) from staging.facts),
            version()
        """,
        [datetime.now(UTC), fingerprint],
    )


def _check(con: duckdb.DuckDBPyConnection, relations: list[Relation]) -> tuple[checks.CheckResult, ...]:
    """Check the copy beside the attached build file.

    Raises:
        PublishError: with every failure.
    """
    results = checks.fact_checks(con)
    failures = [f"check {result}" for result in results if not result.passed]
    for relation in relations:
        copied, built = _count(con, relation), _count(con, relation, BUILD)
        if copied != built:
            failures.append(f"{relation}: {copied} rows were copied of {built}")
    for relation in MARTS:
        expected = con.execute(relation.filled_when).fetchone()
        if expected is not None and expected[0] and _count(con, relation) == 0:
            failures.append(f"{relation} is empty, although the staging tables hold what belongs in it")
    _require(failures)
    return results


def _relations(con: duckdb.DuckDBPyConnection) -> list[Relation]:
    """The staging tables of the contract and every table and view of the marts that the build file holds."""
    present = {
        (schema, name)
        for schema, name in con.execute(
            """
            select table_schema, table_name from information_schema.tables
            where table_catalog = current_database() and table_schema in ('staging', 'marts')
            """
        ).fetchall()
    }
    staging = [relation for relation in STAGING if (relation.schema, relation.name) in present]
    return staging + [Relation(schema, name) for schema, name in sorted(present) if schema == "marts"]


def _missing(relations: list[Relation]) -> list[str]:
    present = {str(relation) for relation in relations}
    return [f"{relation} is missing" for relation in STAGING + MARTS if str(relation) not in present]


def _require(failures: list[str]) -> None:
    if failures:
        listed = "\n".join(f"  - {failure}" for failure in failures)
        raise PublishError(f"not published, what was published before stands:\n{listed}")


def _fingerprint(con: duckdb.DuckDBPyConnection, relations: list[Relation], data: bytes) -> str:
    """A hash of every relation's columns, comments and rows (in whatever order they lie) and of the other data."""
    columns = con.execute(
        """
        select schema_name, table_name, column_name, data_type, comment from duckdb_columns()
        where database_name = current_database() and schema_name in ('staging', 'marts')
        order by schema_name, table_name, column_index
        """
    ).fetchall()
    names = {(relation.schema, relation.name) for relation in relations}
    content: list[object] = [list(column) for column in columns if (column[0], column[1]) in names]
    for relation in relations:
        row = con.execute(
            f"""
            select count(*), coalesce(bit_xor(hash(r)), 0)::varchar, coalesce(sum(hash(r)::hugeint), 0)::varchar
            from "{relation.schema}"."{relation.name}" as r
            """
        ).fetchone()
        content.append([str(relation), row])
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode() + b"\n" + data).hexdigest()


def _write_parquet(
    con: duckdb.DuckDBPyConnection, folder: Path, relations: list[Relation], fingerprint: str
) -> tuple[str, ...]:
    """Bring the Parquet files of the marts to the published content; returns the names of those written.

    Each file carries the fingerprint, so a run that was killed in between is completed by the next one.
    """
    present = exported_fingerprints(con, folder)
    wanted = [relation.name for relation in relations if relation.schema == "marts"]
    stale = [name for name in wanted if present.get(f"{name}.parquet") != fingerprint]
    for name in stale:
        write_parquet(con, f'select * from marts."{name}"', folder / f"{name}.parquet", fingerprint)
    for file_name in set(present) - {f"{name}.parquet" for name in wanted}:
        (folder / file_name).unlink()
    return tuple(f"{name}.parquet" for name in stale)


def _count(con: duckdb.DuckDBPyConnection, relation: Relation, catalog: str = "") -> int:
    prefix = f"{catalog}." if catalog else ""
    row = con.execute(f'select count(*) from {prefix}"{relation.schema}"."{relation.name}"').fetchone()
    return int(row[0]) if row is not None else 0


@contextmanager
def _reading(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose default catalog is the file as it lies on disk now, read-only."""
    with duckdb.connect() as con:
        attach_read_only(con, path, BUILD)
        con.execute(f"use {BUILD}")
        yield con


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder for this publish; the hold ends with the process, however it ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise BusyError(f"{folder}: another publish is under way; wait until it has ended.") from error
    finally:
        os.close(descriptor)


def _remove_leftovers(folder: Path) -> None:
    """Delete what killed runs left aside; nobody else publishes while the folder is held."""
    for path in folder.glob(".*.tmp*"):
        path.unlink(missing_ok=True)


def _wal(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
