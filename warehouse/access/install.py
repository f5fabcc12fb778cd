"""Putting macros, word index and comments into a file that is about to be published.

Belongs here: the order of the steps, and the version that makes a file be published anew when one of them changes.
Not here: the macros (`macros.sql`), the comments (`comments.yaml`), the words (`words`).
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import duckdb
import yaml

from warehouse.access.words import index_words
from warehouse.connections import quoted

HERE = Path(__file__).parent
PARTS = ("macros.sql", "comments.yaml", "words.py", "install.py")
DESCRIBES = {"stg_documents": "documents", "stg_facts": "facts", "stg_rejects": "rejects"}  # model: staging table


@cache
def access_version() -> bytes:
    """A hash of everything in this package that decides what the published file offers."""
    digest = hashlib.sha256()
    for part in PARTS:
        digest.update((HERE / part).read_bytes())
    return digest.digest()


def install_access(con: duckdb.DuckDBPyConnection, *, build: str, earlier: Path | None = None) -> None:
    """Add the word index, the macros and the missing comments to the file that is being written.

    Args:
        con: the file that will be published, holding staging, marts and meta.
        build: the catalog's name of the attached build file, whose stg_ models describe the staging columns.
        earlier: the file published now; words of unchanged documents are taken over from it.
    """
    index_words(con, earlier)
    con.execute((HERE / "macros.sql").read_text(encoding="utf-8"))
    _comment(con, build)


def _comment(con: duckdb.DuckDBPyConnection, build: str) -> None:
    """Describe what dbt does not: macros, the index, the time of publication, and the staging tables."""
    comments = yaml.safe_load((HERE / "comments.yaml").read_text(encoding="utf-8"))
    for kind, names in (("macro table", "macros"), ("macro", "functions")):
        for name, words in comments[names].items():
            con.execute(f"comment on {kind} {name} is {quoted(words)}")
    for model, words in con.execute(
        "select view_name, comment from duckdb_views() where database_name = ? and comment is not null", [build]
    ).fetchall():
        if model in DESCRIBES:
            con.execute(f"comment on table staging.{DESCRIBES[model]} is {quoted(words)}")
    present = {
        f"{schema}.{table}"
        for schema, table in con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
    }
    for name, words in comments["tables"].items():
        if name in present:
            con.execute(f"comment on table {name} is {quoted(words)}")
    described = {
        (DESCRIBES[model], column): words
        for model, column, words in con.execute(
            "select table_name, column_name, comment from duckdb_columns() "
            "where database_name = ? and comment is not null",
            [build],
        ).fetchall()
        if model in DESCRIBES
    }
    for schema, table, column in con.execute(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where database_name = current_database() and comment is null and schema_name in ('staging', 'search', 'meta')"
    ).fetchall():
        words = described.get((table, column)) or comments["columns"].get(column)
        if words:
            con.execute(f'comment on column "{schema}"."{table}"."{column}" is {quoted(words)}')
