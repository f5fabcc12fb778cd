"""Loading brings staging to the derived files: idempotent, whole documents, nothing dropped without a reject."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stand_ins import archived_document, rate_facts, with_version

from ingest.archive import Archive
from ingest.derived import Derived, Versions
from ingest.load import load
from ingest.model import Document, Fact, Reject
from warehouse import checks
from warehouse.connections import connect_build

PROJECT = Path(__file__).resolve().parents[2]
V1 = Versions("p1", "e1")


class Room:
    """An archive, derived files and a build file in one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.archive = Archive(root / "raw")
        self.derived = Derived(root / "derived")
        self.build = root / "build.duckdb"

    def add(self, number: int, rates: list[str], versions: Versions = V1) -> Document:
        document = archived_document(self.archive, number, rates, versions.parser)
        self.derived.write_document(document)
        self.derived.write_facts(document.document_id, rate_facts(document, versions.extractor), versions)
        return document

    def load(self) -> Any:
        with connect_build(self.build) as con:
            return load(con, self.archive, self.derived)

    def rows(self) -> dict[str, list[tuple]]:
        """Every row of staging; rejects without the time at which they happened."""
        with connect_build(self.build) as con:
            return {
                "documents": con.execute("select * exclude fetched_at from staging.documents order by all").fetchall(),
                "facts": con.execute("select * from staging.facts order by all").fetchall(),
                "rejects": con.execute("select * exclude occurred_at from staging.rejects order by all").fetchall(),
            }

    def facts_in_stored_order(self) -> list[tuple]:
        with connect_build(self.build) as con:
            return con.execute("select document_id, char_start from staging.facts").fetchall()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    yield Room(tmp_path)


def test_a_document_is_loaded_with_all_its_fields_and_facts(room: Room) -> None:
    document = room.add(1, ["95.1", "96.2"])
    report = room.load()

    assert (report.documents_loaded, report.facts_loaded, report.documents_total, report.facts_total) == (1, 2, 1, 2)
    assert report.changed
    assert report.coded_share == 1.0
    with connect_build(room.build) as con:
        stored = con.execute(
            """
            select document_id, title, report_kind, published_on, ref_area_candidates, evidence, parser_version,
                extractor_version, epoch_us(fetched_at)
            from staging.documents
            """
        ).fetchone()
        facts = con.execute(
            """
            select number_text, value, value_max, quality_flags, facts.period_end, text[char_start + 1 : char_end]
            from staging.facts join staging.documents using (document_id) order by char_start
            """
        ).fetchall()
    assert stored == (
        document.document_id,
        document.title,
        "annual",
        document.published_on,
        [],
        '{"title": "first line"}',
        "p1",
        "e1",
        int(document.fetched_at.timestamp() * 1_000_000),
    )
    assert facts == [
        ("95.1", 95.1, None, [], document.period_end, "95.1"),
        ("96.2", 96.2, None, [], document.period_end, "96.2"),
    ]


def test_a_second_load_of_the_same_input_writes_nothing(room: Room) -> None:
    for number in range(5):
        room.add(number, ["90.5", "91.5"])
    room.derived.write_reject("feed" * 4, _reject("parse"), Versions("p1"))
    room.load()
    before, stored = room.rows(), hashlib.sha256(room.build.read_bytes()).hexdigest()

    report = room.load()

    assert (report.documents_loaded, report.facts_loaded, report.documents_removed) == (0, 0, 0)
    assert not report.changed
    assert room.rows() == before
    assert hashlib.sha256(room.build.read_bytes()).hexdigest() == stored


def test_a_changed_extractor_version_replaces_exactly_that_documents_facts(room: Room) -> None:
    changed, kept = room.add(1, ["95.1", "96.2"]), room.add(2, ["88.0"])
    room.load()
    room.derived.write_facts(changed.document_id, with_version(rate_facts(changed)[:1], "e2"), Versions("p1", "e2"))

    report = room.load()

    assert (report.documents_loaded, report.facts_loaded) == (1, 1)
    with connect_build(room.build) as con:
        versions = con.execute(
            "select document_id, extractor_version, count(*) from staging.facts group by all"
        ).fetchall()
    assert sorted(versions) == sorted([(changed.document_id, "e2", 1), (kept.document_id, "e1", 1)])


def test_a_document_without_facts_is_loaded_once(room: Room) -> None:
    room.add(1, [])
    assert room.load().documents_loaded == 1
    assert not room.load().changed


def test_a_document_that_waits_for_its_extraction_stays_as_it_was(room: Room) -> None:
    document = room.add(1, ["95.1"])
    room.load()
    room.derived.write_document(replace(document, parser_version="p2", title="新"))

    assert not room.load().changed
    assert room.rows()["documents"][0][6] == document.title


def test_a_document_that_is_no_longer_derived_is_removed(room: Room) -> None:
    gone, kept = room.add(1, ["95.1"]), room.add(2, ["88.0"])
    room.load()
    room.derived.forget(gone.document_id)

    report = room.load()

    assert (report.documents_removed, report.documents_total, report.facts_total) == (1, 1, 1)
    assert room.rows()["facts"][0][1] == kept.document_id


def test_a_document_that_the_extractor_rejected_is_loaded_without_facts_and_with_its_reject(room: Room) -> None:
    document = archived_document(room.archive, 1, ["95.1"])
    room.derived.write_document(document)
    room.derived.write_reject(document.document_id, _reject("extract"), V1)

    report = room.load()

    assert (report.documents_total, report.facts_total, report.rejects_total) == (1, 0, 1)
    assert not room.load().changed
    room.derived.clear_reject(document.document_id, "extract")
    room.derived.write_facts(document.document_id, rate_facts(document), V1)
    report = room.load()
    assert (report.documents_loaded, report.facts_total, report.rejects_total) == (1, 1, 0)


def _shifted(fact: Fact, document: Document) -> Fact:
    return replace(fact, char_start=len(document.text), char_end=len(document.text) + 3)


def _emptied(fact: Fact, document: Document) -> Fact:
    return replace(fact, char_end=fact.char_start)


def _miswritten(fact: Fact, document: Document) -> Fact:
    return replace(fact, number_text="1" + fact.number_text)


def _misquoted(fact: Fact, document: Document) -> Fact:
    return replace(fact, quote="不在文中的话")


def _quoted_from_elsewhere(fact: Fact, document: Document) -> Fact:
    return replace(fact, quote=document.text[:4])


def _of_another(fact: Fact, document: Document) -> Fact:
    return replace(fact, document_id="0" * 16)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (_shifted, "invalid_span"),
        (_emptied, "invalid_span"),
        (_miswritten, "invalid_span"),
        (_misquoted, "invalid_quote"),
        (_quoted_from_elsewhere, "invalid_quote"),
        (_of_another, "foreign_fact"),
    ],
)
def test_a_document_that_cannot_be_loaded_is_a_reject_and_the_rest_goes_on(room: Room, spoil: Any, reason: str) -> None:
    spoiled, sound = room.add(1, ["95.1", "96.2"]), room.add(2, ["88.0"])
    facts = rate_facts(spoiled)
    room.derived.write_facts(spoiled.document_id, [facts[0], spoil(facts[1], spoiled)], V1)

    report = room.load()

    rows = room.rows()
    assert [row[0] for row in rows["documents"]] == [sound.document_id]
    assert [row[1] for row in rows["facts"]] == [sound.document_id]
    assert [row[:5] for row in rows["rejects"]] == [("sample", spoiled.url, spoiled.file_name, "load", reason)]
    assert report.rejects_total == 1
    assert not room.load().changed

    room.derived.write_facts(spoiled.document_id, with_version(facts, "e2"), Versions("p1", "e2"))
    report = room.load()
    assert (report.documents_loaded, report.rejects_total) == (1, 0)


def test_a_document_that_became_unloadable_leaves_no_old_rows_behind(room: Room) -> None:
    document = room.add(1, ["95.1"])
    room.load()
    room.derived.write_facts(document.document_id, rate_facts(document, "e2") * 2, Versions("p1", "e2"))

    report = room.load()

    assert (report.documents_removed, report.documents_total, report.facts_total) == (1, 0, 0)
    assert room.rows()["rejects"][0][4] == "duplicate_fact_id"


@pytest.mark.parametrize("is_loaded_before", [True, False])
def test_a_fact_id_of_another_document_rejects_the_later_one(room: Room, is_loaded_before: bool) -> None:
    first, second = sorted([room.add(1, ["95.1"]), room.add(2, ["88.0"])], key=lambda document: document.document_id)
    if is_loaded_before:
        room.derived.forget(second.document_id)
        room.load()
        room.derived.write_document(second)
    taken = rate_facts(first)[0].fact_id
    room.derived.write_facts(second.document_id, [replace(rate_facts(second)[0], fact_id=taken)], V1)

    room.load()

    rows = room.rows()
    assert [row[0] for row in rows["documents"]] == [first.document_id]
    assert rows["rejects"][0][2:5] == (second.file_name, "load", "duplicate_fact_id")


def test_a_lost_number_may_have_an_empty_span(room: Room) -> None:
    document = room.add(1, ["95.1"])
    fact = rate_facts(document)[0]
    lost = replace(fact, char_end=fact.char_start, number_text="", value=None, quality_flags=("digits_lost",))
    room.derived.write_facts(document.document_id, [lost], V1)
    assert room.load().facts_total == 1


def test_rejects_of_every_stage_reach_staging_and_leave_it_again(room: Room) -> None:
    room.archive.reject(_reject("fetch"))
    room.derived.write_reject("a" * 16, _reject("parse"), Versions("p1"))
    room.load()
    assert [row[3] for row in room.rows()["rejects"]] == ["fetch", "parse"]

    room.derived.clear_reject("a" * 16, "parse")
    assert room.load().changed
    assert [row[3] for row in room.rows()["rejects"]] == ["fetch"]


def test_rows_are_stored_in_the_order_of_document_and_span(room: Room) -> None:
    for number in range(20):
        room.add(number, ["90.1", "90.2", "90.3"])
    room.load()
    assert room.facts_in_stored_order() == sorted(room.facts_in_stored_order())


def test_a_derived_file_that_does_not_fit_is_a_reject(room: Room) -> None:
    document = room.add(1, ["95.1"])
    path = room.root / "derived" / "facts" / f"{document.document_id}.json"
    path.write_bytes(path.read_bytes().replace(b'"char_start":', b'"char_begin":'))

    room.load()

    assert room.rows()["rejects"][0][3:5] == ("load", "unreadable_derived_file")


rates = st.lists(st.decimals(0, 100, places=2).map(str), max_size=4)
batches = st.lists(st.dictionaries(st.integers(0, 6), rates, max_size=5), min_size=1, max_size=3)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=batches)
def test_any_history_of_loads_ends_as_one_load_of_the_last_state(
    batches: list[dict[int, list[str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    grown, fresh = Room(tmp_path_factory.mktemp("grown")), Room(tmp_path_factory.mktemp("fresh"))
    for version, batch in enumerate(batches):
        for number, values in batch.items():
            versions = Versions("p1", f"e{version}")
            for room in (grown, fresh):
                room.add(number, values, versions)
        grown.load()
        assert not grown.load().changed
    fresh.load()
    assert grown.rows() == fresh.rows()


@settings(max_examples=20, deadline=None)
@given(
    before=st.text(max_size=20),
    number=st.from_regex(r"[0-9]{1,6}", fullmatch=True),
    after=st.text(max_size=20),
)
def test_spans_of_any_text_hold_in_the_database(
    before: str, number: str, after: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    room = Room(tmp_path_factory.mktemp("spans"))
    document = archived_document(room.archive, 1, ["95.1"])
    document = replace(document, text=before + number + after)
    start = len(before)
    fact = replace(rate_facts(archived_document(room.archive, 1, ["95.1"]))[0], document_id=document.document_id)
    quote = before[-3:] + number + after[:3]
    room.derived.write_document(document)
    fact = replace(fact, char_start=start, char_end=start + len(number), number_text=number, quote=quote)
    room.derived.write_facts(document.document_id, [fact], V1)
    with connect_build(room.build) as con:
        assert load(con, room.archive, room.derived).documents_loaded == 1
        results = [checks.spans_hold(con), checks.quote_in_document(con), checks.number_in_quote(con)]
        stored = con.execute(
            "select text[char_start + 1 : char_end] from staging.facts join staging.documents using (document_id)"
        ).fetchone()
    assert [str(result) for result in results if not result.passed] == []
    assert stored == (number,)


LOADER = """
import sys
from pathlib import Path
from ingest.archive import Archive
from ingest.derived import Derived
from ingest.load import load
from warehouse.connections import connect_build

root = Path(sys.argv[1])
with connect_build(root / "build.duckdb") as con:
    load(con, Archive(root / "raw"), Derived(root / "derived"))
"""


@pytest.mark.parametrize(("logged", "seconds"), [(0, 0.0), (1, 0.0), (1, 0.005), (1, 0.05)])
def test_a_load_that_is_killed_is_completed_by_the_next(tmp_path: Path, logged: int, seconds: float) -> None:
    unbroken, broken = Room(tmp_path / "unbroken"), Room(tmp_path / "broken")
    for room in (unbroken, broken):
        for number in range(24):
            room.add(number, [f"{90 + index % 10}.{index:03d}" for index in range(200)])
        room.derived.write_reject("feed" * 4, _reject("parse"), Versions("p1"))
    unbroken.load()

    connect_build(broken.build).close()
    _load_and_kill(broken.root, logged, seconds)
    with connect_build(broken.build) as con:
        half = con.execute(
            """
            select count(*) from staging.documents
            where 200 <> (select count(*) from staging.facts where facts.document_id = documents.document_id)
            """
        ).fetchone()
    assert half == (0,)

    broken.load()
    assert broken.rows() == unbroken.rows()
    assert not broken.load().changed


def _load_and_kill(root: Path, logged: int, seconds: float) -> None:
    """Load in another process and kill it so long after so many bytes (or 0: an empty file) reached the log."""
    log = root / "build.duckdb.wal"
    child = subprocess.Popen([sys.executable, "-c", LOADER, str(root)], env={**os.environ, "PYTHONPATH": str(PROJECT)})
    while child.poll() is None and not (log.exists() and log.stat().st_size >= logged):
        time.sleep(0.0002)
    time.sleep(seconds)
    child.send_signal(signal.SIGKILL)
    child.wait()


def _reject(stage: Any) -> Reject:
    return Reject("sample", "inbox/x", "x", stage, "some_reason", "what and why", datetime(2024, 1, 1, tzinfo=UTC))


def test_the_staging_tables_reject_what_load_would_reject(room: Room) -> None:
    document = room.add(1, ["95.1"])
    room.load()
    with connect_build(room.build) as con, pytest.raises(duckdb.ConstraintException):
        con.execute(
            "insert into staging.facts select * from staging.facts where document_id = ?", [document.document_id]
        )
