"""Publishing replaces the readers' file whole or not at all, and only when its content differs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from small_build import grow

from warehouse.connections import connect_build, connect_published
from warehouse.errors import AbsentError, BusyError, PublishError
from warehouse.publish import publish, published_fingerprint

PROJECT = Path(__file__).resolve().parents[2]

READER = """
import sys
from pathlib import Path
from warehouse.connections import connect_published
con = connect_published(Path(sys.argv[1]))
for _ in sys.stdin:
    rows = con.execute("select count(*) from staging.documents").fetchone()[0]
    observations = con.execute("select count(*) from marts.fct_observation").fetchone()[0]
    print(rows, observations, flush=True)
"""

PUBLISHER = """
import sys
from pathlib import Path
from warehouse.publish import publish
publish(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture
def folder(build: Path) -> Path:
    return build.parent / "published"


def content(path: Path) -> dict[str, list[tuple]]:
    """Every row of every published relation but the time of publication."""
    with connect_published(path) as con:
        names = con.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name in ('staging', 'marts') order by all"
        ).fetchall()
        return {
            f"{schema}.{name}": con.execute(f"select columns(*)::varchar from {schema}.{name} order by all").fetchall()
            for schema, name in names
        }


def test_the_published_file_holds_staging_and_marts_and_says_when_and_from_what(build: Path, folder: Path) -> None:
    report = publish(build, folder)

    assert report.changed
    assert report.path == folder / "weijian.duckdb"
    assert report.rows["staging.documents"] == report.rows["marts.fct_observation"] == 10
    with connect_published(report.path) as con:
        publication = con.execute(
            "select fingerprint, documents, facts, parser_versions, extractor_versions from meta.publication"
        ).fetchall()
        views = con.execute("select count(*) from duckdb_views() where schema_name = 'marts'").fetchone()
    assert publication == [(report.fingerprint, 10, 10, ["p1"], ["e1"])]
    assert views == (0,)
    assert published_fingerprint(report.path) == report.fingerprint


def test_the_published_file_opens_read_only_with_no_log_beside_it(build: Path, folder: Path) -> None:
    report = publish(build, folder)
    assert sorted(path.name for path in folder.iterdir() if path.suffix != ".parquet") == ["weijian.duckdb"]
    with duckdb.connect(str(report.path), read_only=True) as con:
        assert con.execute("select count(*) from marts.fct_observation").fetchone() == (10,)
    assert not (folder / "weijian.duckdb.wal").exists()


def test_comments_reach_the_published_file(build: Path, folder: Path) -> None:
    report = publish(build, folder)
    with connect_published(report.path) as con:
        table = con.execute("select comment from duckdb_tables() where table_name = 'fct_observation'").fetchone()
        column = con.execute(
            "select comment from duckdb_columns() where table_name = 'fct_observation' and column_name = 'value'"
        ).fetchone()
    assert (table, column) == (("One row a publishable fact; it's all here.",), ("In the canonical unit.",))


def test_every_mart_is_a_parquet_file_with_the_same_rows(build: Path, folder: Path) -> None:
    publish(build, folder)
    assert len(list(folder.glob("*.parquet"))) == 10
    table = pq.read_table(folder / "fct_observation.parquet")
    assert table.num_rows == 10
    assert table.column("fact_id").to_pylist() == sorted(table.column("fact_id").to_pylist())


def test_a_second_publish_of_the_same_content_replaces_nothing(build: Path, folder: Path) -> None:
    first = publish(build, folder)
    before = {path.name: (path.stat().st_ino, path.read_bytes()) for path in folder.iterdir()}
    with connect_build(build) as con:  # the models are built anew, their rows in another order
        con.execute("create or replace table marts.fct_observation as from marts.fct_observation order by value desc")
        con.execute("comment on table marts.fct_observation is 'One row a publishable fact; it''s all here.'")
        con.execute("comment on column marts.fct_observation.value is 'In the canonical unit.'")

    second = publish(build, folder)

    assert (first.changed, second.changed, second.parquet) == (True, False, ())
    assert second.fingerprint == first.fingerprint
    assert {path.name: (path.stat().st_ino, path.read_bytes()) for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    "change",
    [
        "update marts.fct_observation set value = value + 1 where fact_id = 'fact3'",
        "update staging.facts set evidence = '{\"unit\": \"人\"}' where fact_id = 'fact3'",
        "comment on column marts.fct_observation.value is 'Otherwise.'",
        "alter table marts.dim_region add column pinyin varchar",
        "insert into marts.indicator_target (from marts.fct_observation union all from marts.fct_observation)",
    ],
)
def test_any_change_of_content_is_published(build: Path, folder: Path, change: str) -> None:
    publish(build, folder)
    with connect_build(build) as con:
        con.execute(change)
    assert publish(build, folder).changed


def test_other_data_that_decides_what_is_published_is_part_of_the_fingerprint(build: Path, folder: Path) -> None:
    publish(build, folder, data=b"models 1")
    assert not publish(build, folder, data=b"models 1").changed
    assert publish(build, folder, data=b"models 2").changed


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("drop table marts.indicator_target", "marts.indicator_target is missing"),
        ("delete from marts.fct_observation", "marts.fct_observation is empty"),
        ("delete from marts.dim_region", "marts.dim_region is empty"),
        (
            "update staging.facts set quote = '别处的话' where fact_id = 'fact3'",
            "quote_in_document: 1 of 10, e.g. fact3",
        ),
        ("update staging.facts set char_end = 99 where fact_id = 'fact3'", "spans_hold: 1 of 10, e.g. fact3"),
        ("update staging.facts set char_start = 1, char_end = 2", "number_in_quote: 10 of 10, e.g. fact0"),
    ],
)
def test_a_failed_check_leaves_the_old_file_as_it_was(build: Path, folder: Path, damage: str, message: str) -> None:
    publish(build, folder)
    before = {path.name: (path.stat().st_ino, path.read_bytes()) for path in folder.iterdir()}
    grow(build, range(10, 12))
    with connect_build(build) as con:
        con.execute("delete from staging.facts where fact_id in ('fact10', 'fact11')")
        con.execute(damage)

    with pytest.raises(PublishError, match=message):
        publish(build, folder)

    assert {path.name: (path.stat().st_ino, path.read_bytes()) for path in folder.iterdir()} == before


def test_all_failures_are_told_at_once(build: Path, folder: Path) -> None:
    with connect_build(build) as con:
        con.execute("update staging.facts set quote = '别处的话'")
        con.execute("delete from marts.dim_region; delete from marts.dim_indicator")
    with pytest.raises(PublishError) as failure:
        publish(build, folder)
    assert [word in str(failure.value) for word in ("quote_in_document", "dim_region", "dim_indicator")] == [True] * 3
    assert not (folder / "weijian.duckdb").exists()


def test_without_a_build_file_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(AbsentError, match="make run"):
        publish(tmp_path / "build.duckdb", tmp_path / "published")


def test_a_build_file_that_is_being_written_is_not_published(build: Path, folder: Path) -> None:
    with connect_build(build), pytest.raises(BusyError, match="open elsewhere"):
        publish(build, folder)


def test_an_interrupted_export_is_completed_by_the_next_publish(build: Path, folder: Path) -> None:
    publish(build, folder)
    (folder / "fct_observation.parquet").unlink()
    (folder / "dim_region.parquet").write_bytes(b"cut off")
    (folder / "notes.parquet").write_bytes(b"somebody else's")

    report = publish(build, folder)

    assert (report.changed, report.parquet) == (False, ("dim_region.parquet", "fct_observation.parquet"))
    assert (folder / "notes.parquet").read_bytes() == b"somebody else's"


def test_the_parquet_of_a_mart_that_is_gone_goes(build: Path, folder: Path) -> None:
    with connect_build(build) as con:
        con.execute("create table marts.passing as select 1 as one")
    publish(build, folder)
    with connect_build(build) as con:
        con.execute("drop table marts.passing")
    publish(build, folder)
    assert not (folder / "passing.parquet").exists()


def test_a_reader_keeps_its_snapshot_while_a_new_file_is_published(build: Path, folder: Path) -> None:
    publish(build, folder)
    with reader(folder / "weijian.duckdb") as old:
        assert ask(old) == "10 10"
        grow(build, range(10, 15))
        assert publish(build, folder).changed
        assert ask(old) == "10 10"
        with reader(folder / "weijian.duckdb") as new:
            assert ask(new) == "15 15"


def test_a_file_that_is_held_open_keeps_every_byte(build: Path, folder: Path) -> None:
    path = publish(build, folder).path
    with path.open("rb") as held:
        before = held.read()
        grow(build, range(10, 15))
        assert publish(build, folder).changed
        held.seek(0)
        assert held.read() == before


def test_a_reader_in_the_same_process_sees_the_new_file_beside_the_old_one(build: Path, folder: Path) -> None:
    path = publish(build, folder).path
    with connect_published(path) as old:
        grow(build, range(10, 15))
        publish(build, folder)
        with connect_published(path) as new:
            counts = [con.execute("select count(*) from staging.documents").fetchone() for con in (old, new)]
    assert counts == [(10,), (15,)]


@pytest.mark.parametrize("moment", ["aside", "replaced", "parquet", 0.01, 0.05, 0.15])
def test_a_publish_that_is_killed_leaves_a_whole_file_and_is_completed_by_the_next(
    build: Path, folder: Path, tmp_path: Path, moment: str | float
) -> None:
    publish(build, folder)
    old = content(folder / "weijian.duckdb")
    grow(build, range(10, 3000))
    unbroken = publish(build, tmp_path / "unbroken")
    new = content(unbroken.path)

    run_and_kill(build, folder, moment)
    after_kill = content(folder / "weijian.duckdb")
    assert after_kill in (old, new)
    with duckdb.connect(str(folder / "weijian.duckdb"), read_only=True) as con:
        con.execute("select count(*) from marts.fct_observation")

    publish(build, folder)
    assert content(folder / "weijian.duckdb") == new
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    assert {path.name: pq.read_table(path).num_rows for path in folder.glob("*.parquet")} == {
        path.name: pq.read_table(path).num_rows for path in (tmp_path / "unbroken").glob("*.parquet")
    }


def run_and_kill(build: Path, folder: Path, moment: str | float) -> None:
    """Publish in another process and kill it at a moment that its files show, or so long after its file aside came."""
    child = subprocess.Popen([sys.executable, "-c", PUBLISHER, str(build), str(folder)], env=environment())
    target = folder / "weijian.duckdb"
    before = target.stat()
    awaited: dict[str | float, Callable[[], bool]] = {
        "parquet": lambda: any(folder.glob(".*.parquet.*.tmp")),
        "replaced": lambda: (target.stat().st_ino, target.stat().st_mtime_ns) != (before.st_ino, before.st_mtime_ns),
    }
    has_come = awaited.get(moment, lambda: any(folder.glob(".weijian.duckdb.*.tmp")))
    while child.poll() is None and not has_come():
        time.sleep(0.0002)
    if isinstance(moment, float):
        time.sleep(moment)
    child.send_signal(signal.SIGKILL)
    child.wait()


@contextmanager
def reader(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the published file open."""
    child = subprocess.Popen(
        [sys.executable, "-c", READER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    try:
        yield child
    finally:
        child.communicate()


def ask(child: subprocess.Popen[str]) -> str:
    assert child.stdin is not None and child.stdout is not None
    child.stdin.write("\n")
    child.stdin.flush()
    return child.stdout.readline().strip()


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PROJECT)}
