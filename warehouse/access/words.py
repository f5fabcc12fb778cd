"""Words: the index behind `search()`, as three plain tables that jieba fills when the file is published.

Belongs here: cutting texts into words, building `search.documents`, `search.postings` and `search.terms`, and taking
over what was indexed before. Not here: ranking (`macros.sql`).
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from functools import cache
from importlib.metadata import version
from pathlib import Path

import duckdb
import jieba
import pyarrow as pa

from warehouse.connections import attach_read_only
from warehouse.errors import WarehouseError

TITLE_WEIGHT = 3
BATCH = 500  # documents whose words are held in memory at once
EARLIER = "earlier"  # the catalog's name of the published file that is about to be replaced

TABLES = """
create schema search;
create table search.documents (document_id varchar not null, content_hash varchar not null, length bigint not null);
create table search.postings (term varchar not null, document_id varchar not null, frequency integer not null);
"""
TERMS = """
create table search.terms as
select term, count(*) as document_count from search.postings group by term order by term
"""


def index_words(con: duckdb.DuckDBPyConnection, earlier: Path | None) -> int:
    """Build the index of `staging.documents` in the file that is being written.

    Args:
        con: the file that will be published, with its staging tables and dimensions.
        earlier: the file published now; documents that it indexed with the same words are taken over.

    Returns:
        How many documents were cut into words anew.
    """
    con.execute(TABLES)
    names = [name for (name,) in con.execute(NAMES).fetchall()]
    vocabulary = hashlib.sha256("\n".join([version("jieba"), *names]).encode()).hexdigest()
    wanted = con.execute(
        "select document_id, md5(? || title || chr(10) || text) from staging.documents order by 1", [vocabulary]
    ).fetchall()
    con.execute("create temp table wanted (document_id varchar, content_hash varchar)")
    con.register("wanted_rows", pa.table({"d": [d for d, _ in wanted], "h": [h for _, h in wanted]}))
    con.execute("insert into wanted select d, h from wanted_rows")
    con.unregister("wanted_rows")
    _take_over(con, earlier)
    missing = con.execute(
        """
        select document_id, content_hash, title, text from staging.documents
        inner join wanted using (document_id)
        where document_id not in (select document_id from search.documents)
        order by document_id
        """
    )
    count = 0
    batches = []
    while rows := missing.fetchmany(BATCH):
        batches.append(_cut(rows, _tokenizer(tuple(names))))  # its dictionary takes a second to load
        count += len(rows)
    for documents, postings in batches:
        con.register("new_documents", documents)
        con.register("new_postings", postings)
        con.execute("insert into search.documents from new_documents")
        con.execute("insert into search.postings from new_postings")
        con.unregister("new_documents")
        con.unregister("new_postings")
    con.execute("create or replace table search.postings as from search.postings order by term, document_id")
    con.execute("create or replace table search.documents as from search.documents order by document_id")
    con.execute(TERMS)
    con.execute("drop table wanted")
    return count


# Names that stay one word: indicators, and places by their full and short names.
NAMES = """
select distinct name from (
    select regexp_replace(name_zh, '[（(].*', '') as name from marts.dim_indicator
    union all
    select name_zh from marts.dim_region
)
where length(name) between 2 and 12
order by name
"""


def _take_over(con: duckdb.DuckDBPyConnection, earlier: Path | None) -> None:
    """Copy the words of unchanged documents from the file that was published before, where it has an index."""
    if earlier is None or not earlier.is_file():
        return
    try:
        attach_read_only(con, earlier, EARLIER)
    except WarehouseError:
        return  # unreadable or of another version: everything is cut anew
    try:
        has_index = con.execute(
            "select count(*) = 2 from duckdb_tables() where database_name = ? and schema_name = 'search' "
            "and table_name in ('documents', 'postings')",
            [EARLIER],
        ).fetchone()
        if has_index == (True,):
            con.execute(
                f"insert into search.documents select d.* from {EARLIER}.search.documents as d "
                "inner join wanted using (document_id, content_hash)"
            )
            con.execute(
                f"insert into search.postings select p.* from {EARLIER}.search.postings as p "
                "where p.document_id in (select document_id from search.documents)"
            )
    finally:
        con.execute(f"detach {EARLIER}")


def _cut(rows: list[tuple[str, str, str, str]], tokenizer: jieba.Tokenizer) -> tuple[pa.Table, pa.Table]:
    documents: dict[str, list[object]] = {"document_id": [], "content_hash": [], "length": []}
    postings: dict[str, list[object]] = {"term": [], "document_id": [], "frequency": []}
    for document_id, content_hash, title, text in rows:
        counts = Counter(words(text, tokenizer))
        for word in words(title, tokenizer):
            counts[word] += TITLE_WEIGHT
        documents["document_id"].append(document_id)
        documents["content_hash"].append(content_hash)
        documents["length"].append(sum(counts.values()))
        postings["term"] += counts.keys()
        postings["document_id"] += [document_id] * len(counts)
        postings["frequency"] += counts.values()
    return pa.table(documents, schema=DOCUMENTS_SCHEMA), pa.table(postings, schema=POSTINGS_SCHEMA)


DOCUMENTS_SCHEMA = pa.schema([("document_id", pa.string()), ("content_hash", pa.string()), ("length", pa.int64())])
POSTINGS_SCHEMA = pa.schema([("term", pa.string()), ("document_id", pa.string()), ("frequency", pa.int32())])


def words(text: str, tokenizer: jieba.Tokenizer) -> list[str]:
    """The words of a text of two characters and more, in lower case, with the shorter words that longer ones hold."""
    found = (word.strip().lower() for word in tokenizer.cut_for_search(text, HMM=False))
    return [word for word in found if len(word) > 1 and not word.replace(".", "").isdigit()]


@cache
def _tokenizer(names: tuple[str, ...]) -> jieba.Tokenizer:
    logging.getLogger("jieba").setLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    for name in names:
        tokenizer.add_word(name)
    return tokenizer
