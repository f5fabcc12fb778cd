"""`weijian run` and the commands that read what it made, each in a process of its own."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from whole_runs import Built, Grown, contents, copy_of, free_port, rates, weijian

from ingest.acquire import ingest_paths
from ingest.archive import Archive
from orchestration.inbox import SAMPLE_PACK, SAMPLE_SOURCE
from warehouse.connections import connect_published
from warehouse.paths import DataFolder


def test_a_run_ends_with_a_warehouse_that_answers(built: Built) -> None:
    query = """
        select value, unit, period_end::varchar from marts.indicator_by_region_period
        where ref_area = '330122' and indicator_code = 'maternal_system_management_rate' order by period_end
    """
    with connect_published(built.folder.published) as con:
        assert con.execute(query).fetchall() == [(95.31, "percent", "2022-12-31"), (96.08, "percent", "2023-12-31")]


def test_the_summary_names_the_figures_the_file_and_the_next_command(built: Built) -> None:
    for words in ("documents", "facts", "with an indicator", "rejected", "rows in the marts", "seconds"):
        assert words in built.output
    assert str(built.folder.published) in built.output
    assert "weijian sql" in built.output


def test_the_next_command_that_the_summary_gives_works(built: Built) -> None:
    typed = next(line for line in built.output.splitlines() if line.startswith("Next, type:"))
    finished = weijian(*shlex.split(typed.removeprefix("Next, type:"))[1:])
    assert finished.returncode == 0, finished.stderr
    assert "桐庐县" in finished.stdout


def test_an_empty_file_is_a_row_of_the_rejects(built: Built) -> None:
    with connect_published(built.folder.published) as con:
        rejects = con.execute("select file_name, stage, reason from staging.rejects").fetchall()
    assert rejects == [("empty.txt", "fetch", "empty_file")]


def test_a_second_run_processes_nothing_and_changes_no_row(built: Built) -> None:
    before, bytes_before = contents(built.folder.published), built.folder.published.read_bytes()
    finished = weijian("run", "--inbox", built.inbox, "--data", built.folder.root)
    assert finished.returncode == 0, finished.stderr
    assert "0 documents processed, nothing changed" in finished.stdout
    assert contents(built.folder.published) == before
    assert built.folder.published.read_bytes() == bytes_before


def test_a_whole_second_run_changes_no_row_either(built: Built, tmp_path: Path) -> None:
    """Without the ledger every step is taken again, and every step finds that nothing is to be done."""
    copy = copy_of(built, tmp_path)
    (copy.folder.root / "ledger.json").unlink()
    before, written = contents(copy.folder.published), copy.folder.published.stat()
    finished = weijian("run", "--inbox", copy.inbox, "--data", copy.folder.root)
    assert finished.returncode == 0, finished.stderr
    assert "0 documents processed, nothing changed" in finished.stdout
    assert contents(copy.folder.published) == before
    assert copy.folder.published.stat().st_ino == written.st_ino


def test_a_failed_check_names_itself_and_leaves_the_published_file(built: Built, tmp_path: Path) -> None:
    """A document that goes missing for no reason shrinks the coverage, and the file that readers have stays."""
    copy = copy_of(built, tmp_path)
    before = copy.folder.published.read_bytes()
    log = copy.folder.raw / "fetch_log.jsonl"
    lines = log.read_text(encoding="utf-8").splitlines(keepends=True)
    log.write_text("".join(line for line in lines if "tonglu_2022" not in line), encoding="utf-8")
    (copy.inbox / "tonglu_2022.txt").unlink()
    finished = weijian("run", "--inbox", copy.inbox, "--data", copy.folder.root)
    assert finished.returncode == 1
    assert "coverage_did_not_shrink" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert copy.folder.published.read_bytes() == before


def test_a_failed_step_is_named_with_its_error(built: Built, tmp_path: Path) -> None:
    copy = copy_of(built, tmp_path)
    (copy.folder.root / "ledger.json").unlink()
    copy.folder.build.write_bytes(b"this is no database")
    finished = weijian("run", "--inbox", copy.inbox, "--data", copy.folder.root)
    assert finished.returncode == 1
    assert "Load staging failed" in finished.stderr
    assert "delete it and run again" in finished.stderr


def test_quiet_prints_nothing(built: Built) -> None:
    finished = weijian("run", "--quiet", "--inbox", built.inbox, "--data", built.folder.root)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")


def test_sql_gives_a_table_csv_json_and_parquet(built: Built, tmp_path: Path) -> None:
    query = (
        "select title, count(*) as facts from staging.facts "
        "join staging.documents using (document_id) group by all order by all"
    )
    with connect_published(built.folder.published) as con:
        rows = con.execute(query).fetchall()
    assert len(rows) == 3
    table = weijian("sql", query, "--data", built.folder.root).stdout
    assert all(title in table for title, _ in rows)
    lines = weijian("sql", query, "--data", built.folder.root, "--csv").stdout.splitlines()
    assert lines == ["title,facts", *(f"{title},{count}" for title, count in rows)]
    objects = json.loads(weijian("sql", query, "--data", built.folder.root, "--json").stdout)
    assert objects == [{"title": title, "facts": count} for title, count in rows]
    written = weijian("sql", query, "--data", built.folder.root, "--parquet", tmp_path / "a.parquet")
    assert written.returncode == 0, written.stderr
    assert pq.read_table(tmp_path / "a.parquet").column("facts").to_pylist() == [count for _, count in rows]


def test_sql_tells_where_it_cut(built: Built) -> None:
    finished = weijian("sql", "from staging.facts", "--limit", 2, "--data", built.folder.root)
    assert "The first 2 rows" in finished.stdout


@pytest.mark.parametrize("query", ["delete from staging.facts", "drop table marts.coverage", "selec 1"])
def test_sql_changes_nothing_and_errs_without_a_traceback(built: Built, query: str) -> None:
    before = built.folder.published.read_bytes()
    finished = weijian("sql", query, "--data", built.folder.root)
    assert finished.returncode == 1
    assert finished.stderr.startswith("Error:")
    assert "Traceback" not in finished.stderr
    assert built.folder.published.read_bytes() == before


def test_explain_shows_the_sentence_the_document_and_the_reasons(built: Built) -> None:
    with connect_published(built.folder.published) as con:
        row = con.execute(
            "select fact_id from staging.facts where number_text = '96.08' and indicator_code <> ''"
        ).fetchone()
    assert row is not None
    finished = weijian("explain", str(row[0])[:10], "--data", built.folder.root)
    assert finished.returncode == 0, finished.stderr
    for words in ("达[96.08]%", "桐庐县卫生健康局2023年工作总结", "tonglu_2023.txt", "2024-01-18", "330122", "actual"):
        assert words in finished.stdout
    unknown = weijian("explain", "no-such-fact", "--data", built.folder.root)
    assert unknown.returncode == 1
    assert "No fact's id begins with" in unknown.stderr


def test_doctor_is_content_with_a_built_folder(built: Built) -> None:
    finished = weijian("doctor", "--data", built.folder.root, "--port", free_port())
    assert finished.returncode == 0, finished.stdout
    assert "✗" not in finished.stdout


def test_nothing_published_says_what_to_type(tmp_path: Path) -> None:
    finished = weijian("sql", "select 1", "--data", tmp_path)
    assert finished.returncode == 1
    assert "weijian run" in finished.stderr


def test_a_missing_inbox_says_so(tmp_path: Path) -> None:
    finished = weijian("run", "--inbox", tmp_path / "nowhere", "--data", tmp_path / "data")
    assert finished.returncode == 1
    assert "There is no inbox at" in finished.stderr


def test_only_the_new_report_is_processed_and_an_open_reader_keeps_its_snapshot(grown: Grown) -> None:
    assert grown.seen == ([95.31, 96.08], [95.31, 96.08])
    [processed] = [line for line in grown.output.splitlines() if "processed in this run" in line]
    assert processed.strip("│ ").split()[-1] == "1"
    with connect_published(grown.folder.published) as later:
        assert rates(later) == [94.77, 95.31, 96.08]


def test_invented_reports_never_stand_beside_real_ones(built: Built, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    ingest_paths([SAMPLE_PACK], Archive(folder.raw), source_id=SAMPLE_SOURCE)
    taken = weijian("ingest", built.inbox, "--data", folder.root)
    assert "The sample pack was set aside" in taken.stdout
    assert "3 new, 0 known, 1 rejected" in taken.stdout
    assert {file.source_id for file in Archive(folder.raw).files()} == {"inbox"}
    mixed = weijian("run", "--inbox", SAMPLE_PACK, "--data", folder.root)
    assert mixed.returncode == 1
    assert "must not stand beside them" in mixed.stderr


def test_nothing_is_left_in_the_home_of_the_user(built: Built) -> None:
    assert list((built.folder.root.parent / "home").iterdir()) == []
