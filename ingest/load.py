"""Load: bring the staging tables of the build file to what the derived files hold.

Belongs here: which documents differ from what is loaded, the checks that a document must pass to be loaded, and the
transactions. Not here: opening the database (`warehouse.connections`) or defining its tables (`warehouse/staging.sql`).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa

from ingest.archive import Archive
from ingest.derived import Derived, DerivedError, Versions
from ingest.identity import copies
from ingest.model import Document, Fact, Reject

BATCH_DOCUMENTS = 500
BATCH_CHARACTERS = 20_000_000  # bounds the memory of a batch when documents are long

LOST = "digits_lost"  # the quality flag of a number that is missing from the text
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

TEXT = pa.string()
TEXTS = pa.list_(pa.string())
INSTANT = pa.timestamp("us", tz="UTC")

DOCUMENTS = pa.schema(
    [
        ("document_id", TEXT),
        ("source_id", TEXT),
        ("url", TEXT),
        ("file_name", TEXT),
        ("media_type", TEXT),
        ("raw_sha256", TEXT),
        ("fetched_at", INSTANT),
        ("title", TEXT),
        ("publisher", TEXT),
        ("index_number", TEXT),
        ("document_number", TEXT),
        ("published_on", pa.date32()),
        ("report_kind", TEXT),
        ("ref_area", TEXT),
        ("ref_area_candidates", TEXTS),
        ("period_start", pa.date32()),
        ("period_end", pa.date32()),
        ("text", TEXT),
        ("evidence", TEXT),
        ("parser_version", TEXT),
        ("extractor_version", TEXT),
    ]
)

FACTS = pa.schema(
    [
        ("fact_id", TEXT),
        ("document_id", TEXT),
        ("char_start", pa.int32()),
        ("char_end", pa.int32()),
        ("quote", TEXT),
        ("number_text", TEXT),
        ("value", pa.float64()),
        ("value_max", pa.float64()),
        ("unit", TEXT),
        ("comparator", TEXT),
        ("role", TEXT),
        ("indicator_text", TEXT),
        ("indicator_code", TEXT),
        ("subgroup", TEXT),
        ("entity", TEXT),
        ("ref_area", TEXT),
        ("period_start", pa.date32()),
        ("period_end", pa.date32()),
        ("quality_flags", TEXTS),
        ("repaired_value", pa.float64()),
        ("confidence", pa.float64()),
        ("evidence", TEXT),
        ("extractor_version", TEXT),
    ]
)

REJECTS = pa.schema(
    [
        ("source_id", TEXT),
        ("url", TEXT),
        ("file_name", TEXT),
        ("stage", TEXT),
        ("reason", TEXT),
        ("detail", TEXT),
        ("occurred_at", INSTANT),
    ]
)


ADDRESSES = pa.schema(
    [
        ("document_id", TEXT),
        ("source_id", TEXT),
        ("url", TEXT),
        ("file_name", TEXT),
        ("raw_sha256", TEXT),
        ("fetched_at", INSTANT),
        ("is_gone", pa.bool_()),
    ]
)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What one load did and what the staging tables hold after it."""

    documents_loaded: int
    documents_removed: int
    facts_loaded: int
    documents_total: int
    facts_total: int
    rejects_total: int
    copies_total: int  # documents that are the words of another one, at another address or in other bytes
    coded_share: float  # of all facts, 0–1; 0 when there are none
    changed: bool
    seconds: float

    def metadata(self) -> dict[str, int | float | bool]:
        """The figures by name, for a materialisation's metadata."""
        return {
            "documents_loaded": self.documents_loaded,
            "documents_removed": self.documents_removed,
            "facts_loaded": self.facts_loaded,
            "documents": self.documents_total,
            "facts": self.facts_total,
            "rejects": self.rejects_total,
            "copies": self.copies_total,
            "coded_share": round(self.coded_share, 4),
            "changed": self.changed,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document with its facts, ready to be loaded."""

    document: Document
    facts: tuple[Fact, ...]
    extractor_version: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a document cannot be loaded."""

    reason: str
    detail: str


def load(con: duckdb.DuckDBPyConnection, archive: Archive, derived: Derived) -> LoadReport:
    """Bring the staging tables to the state of the derived files; what is loaded already is not touched.

    A document is replaced with all its facts, in one transaction a batch, when the version of its parser or extractor
    differs from the loaded one; it is removed when it is no longer derived. A document that waits for its extraction
    stays as it was loaded before. Documents that say the same are one, with several addresses. A document that breaks
    a rule of the tables becomes a reject of stage load.

    Args:
        con: a writing connection to the build file, with the staging tables present.
        archive: the raw archive, for what could not be fetched.
        derived: parsed documents, facts and their rejects.

    Returns:
        What was loaded and what the tables hold now. `changed` is False when no row was written.

    Raises:
        duckdb.Error: the database cannot be written (disk full, tables missing); the batch is rolled back.
    """
    began = time.monotonic()
    loaded = _loaded_versions(con)
    wanted, waiting = _derived_versions(derived)
    stands_for = copies(derived.document_identity(document_id) for document_id in [*wanted, *waiting])
    wanted = {document_id: versions for document_id, versions in wanted.items() if document_id not in stands_for}
    waiting -= set(stands_for)
    gone = sorted(set(loaded) - set(wanted) - waiting)
    pending = sorted(document_id for document_id, versions in wanted.items() if loaded.get(document_id) != versions)

    _replace(con, gone, [])
    removed, documents_loaded, facts_loaded = len(gone), 0, 0
    for batch in _batches(derived, pending, wanted):
        sound = _sound(con, derived, batch, wanted)
        replaced = [document_id for document_id in batch if document_id in loaded]
        _replace(con, replaced, sound)
        removed += len(set(replaced) - {extracted.document.document_id for extracted in sound})
        documents_loaded += len(sound)
        facts_loaded += sum(len(extracted.facts) for extracted in sound)
    rejects_changed = _bring_rejects(con, [*archive.rejects(), *derived.rejects()])
    addresses_changed = _bring_addresses(con, archive, derived, stands_for)

    documents_total, facts_total, coded, rejects_total = _totals(con)
    return LoadReport(
        documents_loaded=documents_loaded,
        documents_removed=removed,
        facts_loaded=facts_loaded,
        documents_total=documents_total,
        facts_total=facts_total,
        rejects_total=rejects_total,
        copies_total=len(stands_for),
        coded_share=coded / facts_total if facts_total else 0.0,
        changed=bool(documents_loaded or removed or rejects_changed or addresses_changed),
        seconds=time.monotonic() - began,
    )


def fault_of(document: Document, facts: Iterable[Fact]) -> Fault | None:
    """The first rule of the staging tables that a document or one of its facts breaks, None when all hold.

    Args:
        document: as parsed.
        facts: as extracted from it.

    Returns:
        The reason as a short code with a sentence for a person.

    Source: DESIGN.md, "The contract": spans point into the document's text, the quote is a substring that holds the
    number; an empty span is a number that was lost.
    """
    seen: set[str] = set()
    text = document.text
    for fact in facts:
        start, end = fact.char_start, fact.char_end
        where = f"fact {fact.fact_id} ({fact.number_text!r} at {start}–{end})"
        if fact.document_id != document.document_id:
            return Fault("foreign_fact", f"{where} belongs to document {fact.document_id}")
        if fact.fact_id in seen:
            return Fault("duplicate_fact_id", f"{where} has the id of another fact of this document")
        seen.add(fact.fact_id)
        if not 0 <= start <= end <= len(text):
            return Fault("invalid_span", f"{where} lies outside the text of {len(text)} characters")
        if start == end and LOST not in fact.quality_flags:
            return Fault("invalid_span", f"{where} is empty, and the number is not flagged as {LOST}")
        if text[start:end] != fact.number_text:
            return Fault("invalid_span", f"{where}: the text says {text[start:end]!r} there")
        if not fact.quote or fact.quote not in text[max(0, end - len(fact.quote)) : start + len(fact.quote)]:
            return Fault("invalid_quote", f"{where}: the quote {fact.quote!r} does not hold the number at its place")
    return None


def _loaded_versions(con: duckdb.DuckDBPyConnection) -> dict[str, Versions]:
    rows = con.execute("select document_id, parser_version, extractor_version from staging.documents").fetchall()
    return {document_id: Versions(parser, extractor) for document_id, parser, extractor in rows}


def _derived_versions(derived: Derived) -> tuple[dict[str, Versions], set[str]]:
    """The versions of the documents that can be loaded, and the ids of those that still wait for their extraction.

    A document that its extractor rejected is loaded without facts, its extractor's version left empty.
    """
    wanted: dict[str, Versions] = {}
    waiting: set[str] = set()
    for document_id in derived.document_ids():
        parser = derived.document_version(document_id)
        facts = derived.facts_versions(document_id)
        reject = derived.reject_versions(document_id, "extract")
        if parser is not None and facts is not None and facts.parser == parser:
            wanted[document_id] = facts
        elif parser is not None and reject is not None and reject.parser == parser:
            wanted[document_id] = Versions(parser)
        else:
            waiting.add(document_id)
    return wanted, waiting


def _batches(
    derived: Derived, pending: list[str], wanted: dict[str, Versions]
) -> Iterator[dict[str, Extracted | Fault]]:
    """The pending documents in order of their ids, a bounded number of documents and characters at a time."""
    batch: dict[str, Extracted | Fault] = {}
    characters = 0
    for document_id in pending:
        item = _read(derived, document_id, wanted[document_id])
        batch[document_id] = item
        characters += len(item.document.text) if isinstance(item, Extracted) else 0
        if len(batch) >= BATCH_DOCUMENTS or characters >= BATCH_CHARACTERS:
            yield batch
            batch, characters = {}, 0
    if batch:
        yield batch


def _read(derived: Derived, document_id: str, versions: Versions) -> Extracted | Fault:
    try:
        document = derived.read_document(document_id)
        facts = derived.read_facts(document_id) if versions.extractor else ()
    except DerivedError as error:
        return Fault("unreadable_derived_file", str(error))
    return fault_of(document, facts) or Extracted(document, facts, versions.extractor)


def _sound(
    con: duckdb.DuckDBPyConnection,
    derived: Derived,
    batch: dict[str, Extracted | Fault],
    wanted: dict[str, Versions],
) -> list[Extracted]:
    """The documents of a batch that can be loaded; the others become rejects of stage load."""
    taken = _fact_ids_of_others(con, batch)
    sound: list[Extracted] = []
    for document_id, item in batch.items():
        if isinstance(item, Extracted):
            shared = sorted(fact.fact_id for fact in item.facts if fact.fact_id in taken)
            if not shared:
                taken.update(fact.fact_id for fact in item.facts)
                sound.append(item)
                # Before the commit: a run that is killed in between loads the document again.
                derived.clear_reject(document_id, "load")
                continue
            item = Fault("duplicate_fact_id", f"fact {shared[0]} has the id of a fact of another document")
        _write_reject(derived, document_id, wanted[document_id], item)
    return sound


def _fact_ids_of_others(con: duckdb.DuckDBPyConnection, batch: dict[str, Extracted | Fault]) -> set[str]:
    """Of the fact ids in a batch, those that are loaded already with a document outside the batch."""
    fact_ids = [fact.fact_id for item in batch.values() if isinstance(item, Extracted) for fact in item.facts]
    with (
        _registered(con, "batch_facts", _ids("fact_id", fact_ids)),
        _registered(con, "batch_documents", _ids("document_id", list(batch))),
    ):
        rows = con.execute(
            """
            select facts.fact_id from staging.facts as facts
            semi join batch_facts using (fact_id)
            anti join batch_documents using (document_id)
            """
        ).fetchall()
    return {fact_id for (fact_id,) in rows}


def _write_reject(derived: Derived, document_id: str, versions: Versions, fault: Fault) -> None:
    origin = derived.document_origin(document_id)
    now = datetime.now(UTC)
    reject = Reject(origin.source_id, origin.url, origin.file_name, "load", fault.reason, fault.detail, now)
    derived.write_reject(document_id, reject, versions)


def _replace(con: duckdb.DuckDBPyConnection, document_ids: list[str], extracted: list[Extracted]) -> None:
    """Delete documents with their facts and insert others, in one transaction; no statement when there is nothing."""
    if not document_ids and not extracted:
        return
    documents = pa.Table.from_pylist([_document_row(item) for item in extracted], schema=DOCUMENTS)
    facts = pa.Table.from_pylist([row for item in extracted for row in _fact_rows(item)], schema=FACTS)
    with _transaction(con):
        with _registered(con, "batch", _ids("document_id", document_ids)):
            con.execute("delete from staging.facts where document_id in (select document_id from batch)")
            con.execute("delete from staging.documents where document_id in (select document_id from batch)")
        _insert(con, "staging.documents", documents)
        _insert(con, "staging.facts", facts)


def _bring_rejects(con: duckdb.DuckDBPyConnection, rejects: list[Reject]) -> bool:
    """Make `staging.rejects` equal to the given rejects; returns whether it had to be written."""
    wanted = sorted(
        (r.source_id, r.url, r.file_name, r.stage, r.reason, r.detail, _microseconds(r.occurred_at)) for r in rejects
    )
    present = con.execute(
        "select source_id, url, file_name, stage, reason, detail, epoch_us(occurred_at) from staging.rejects"
    ).fetchall()
    if sorted(present) == wanted:
        return False
    table = pa.Table.from_pylist([dict(zip(REJECTS.names, row, strict=True)) for row in wanted], schema=REJECTS)
    with _transaction(con):
        con.execute("delete from staging.rejects")
        _insert(con, "staging.rejects", table)
    return True


def _bring_addresses(
    con: duckdb.DuckDBPyConnection, archive: Archive, derived: Derived, stands_for: dict[str, str]
) -> bool:
    """Make `staging.document_addresses` what the loaded documents and their copies say; returns whether it changed."""
    loaded = {document_id for (document_id,) in con.execute("select document_id from staging.documents").fetchall()}
    wanted = []
    for key in derived.document_ids():
        document_id = stands_for.get(key, key)
        address = derived.document_address(key)
        if document_id not in loaded or address is None:
            continue
        last = archive.last_fetch(address.source_id, address.url)
        is_gone = last is not None and not last.raw_sha256
        place = (address.source_id, address.url, address.file_name, address.raw_sha256)
        wanted.append((document_id, *place, _microseconds(address.fetched_at), is_gone))
    wanted.sort()
    present = con.execute(
        """
        select document_id, source_id, url, file_name, raw_sha256, epoch_us(fetched_at), is_gone
        from staging.document_addresses
        """
    ).fetchall()
    if sorted(present) == wanted:
        return False
    rows = [dict(zip(ADDRESSES.names, row, strict=True)) for row in wanted]
    with _transaction(con):
        con.execute("delete from staging.document_addresses")
        _insert(con, "staging.document_addresses", pa.Table.from_pylist(rows, schema=ADDRESSES))
    return True


@contextmanager
def _transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    con.execute("begin transaction")
    try:
        yield
    except BaseException:
        con.execute("rollback")
        raise
    con.execute("commit")


def _insert(con: duckdb.DuckDBPyConnection, relation: str, table: pa.Table) -> None:
    with _registered(con, "batch", table):
        con.execute(f"insert into {relation} by name select * from batch")


@contextmanager
def _registered(con: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> Iterator[None]:
    con.register(name, table)
    try:
        yield
    finally:
        con.unregister(name)


def _ids(column: str, values: list[str]) -> pa.Table:
    return pa.table({column: pa.array(values, TEXT)})


def _document_row(item: Extracted) -> dict[str, object]:
    row = {name: getattr(item.document, name) for name in DOCUMENTS.names if name != "extractor_version"}
    return {**row, "evidence": _json(item.document.evidence), "extractor_version": item.extractor_version}


def _fact_rows(item: Extracted) -> Iterator[dict[str, object]]:
    for fact in item.facts:
        row = {name: getattr(fact, name) for name in FACTS.names}
        yield {**row, "evidence": _json(fact.evidence), "extractor_version": item.extractor_version}


def _json(evidence: dict[str, str]) -> str:
    return json.dumps(evidence, ensure_ascii=False, sort_keys=True)


def _microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1)


def _totals(con: duckdb.DuckDBPyConnection) -> tuple[int, int, int, int]:
    """Documents, facts, facts with an indicator's code, rejects."""
    row = con.execute(
        """
        select
            (select count(*) from staging.documents),
            (select count(*) from staging.facts),
            (select count(*) from staging.facts where indicator_code <> ''),
            (select count(*) from staging.rejects)
        """
    ).fetchone()
    assert row is not None  # a select without a table always has one row
    documents, facts, coded, rejects = row
    return documents, facts, coded, rejects
