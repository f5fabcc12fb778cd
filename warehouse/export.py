"""Export: query results as files, each written whole or not at all.

Belongs here: Parquet files with the fingerprint of what they hold. Not here: which relations are exported (`publish`).
"""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from warehouse.connections import quoted

FINGERPRINT = "weijian_fingerprint"  # the key in a Parquet file's own metadata


def write_parquet(con: duckdb.DuckDBPyConnection, query: str, path: Path, fingerprint: str) -> None:
    """Write a query's rows to a Parquet file (zstd), under a temporary name, synced and renamed.

    Args:
        con: a connection that can run the query.
        query: a select statement.
        path: the file to replace.
        fingerprint: of the content that the file belongs to; kept in its metadata.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        con.execute(
            f"copy ({query}) to {quoted(str(aside))} "
            f"(format parquet, compression zstd, kv_metadata {{{FINGERPRINT}: {quoted(fingerprint)}}})"
        )
        descriptor = os.open(aside, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def exported_fingerprints(con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, str]:
    """The fingerprints of the Parquet files in a folder that this module wrote, by file name.

    A file without a fingerprint is somebody else's and is not listed.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.parquet")):
        try:
            row = con.execute(
                "select decode(value) from parquet_kv_metadata(?) where decode(key) = ?", [str(path), FINGERPRINT]
            ).fetchone()
        except duckdb.Error:
            continue  # no Parquet file, so not ours either
        if row is not None:
            found[path.name] = row[0]
    return found
