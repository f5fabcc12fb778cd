"""The exports, read back by programs that are not ours: Frictionless, pysdmx, pandas, DuckDB, a CSV reader.

They are made from the real marts of the sample rows; a hostile title is among them.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from staged_sample import HOSTILE_TITLE, Built

from warehouse import releases as releases_module
from warehouse.connections import connect_published
from warehouse.exports import Bundle, write_bundle
from warehouse.exports.sdmx import DIMENSIONS
from warehouse.publish import publish
from warehouse.releases import compare_releases, list_releases, make_release, verify_release


@pytest.fixture(scope="module")
def published(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert built.result.code == 0, built.result.output[-4000:]
    return publish(built.database, tmp_path_factory.mktemp("published")).path


@pytest.fixture(scope="module")
def bundle(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return write_bundle(published, tmp_path_factory.mktemp("export"), "2026-01-31")


def test_frictionless_finds_the_data_package_valid(bundle: Bundle) -> None:
    frictionless = pytest.importorskip("frictionless", reason="uv sync --group exchange")
    report = frictionless.validate(str(bundle.folder / "datapackage.json"))
    assert report.valid, report.flatten(["name", "type", "message"])
    assert len(report.tasks) == 2 * len(bundle.tables)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("csv/dim_region.csv", '"640522"', '"640500"'),
        ("csv/indicator_by_region_period.csv", '"m23"', '"no-such-fact"'),
        ("csv/indicator_by_region_period.csv", "96.2,", "many,"),
    ],
)
def test_frictionless_finds_a_broken_key_a_lost_reference_and_a_wrong_type(
    bundle: Bundle, tmp_path: Path, file: str, old: str, new: str
) -> None:
    """The package says enough for a stranger to find damage: without this, valid would mean nothing."""
    frictionless = pytest.importorskip("frictionless", reason="uv sync --group exchange")
    descriptor = json.loads((bundle.folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        resource.pop("hash"), resource.pop("bytes")
        target = tmp_path / resource["path"]
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((bundle.folder / resource["path"]).read_bytes())
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    content = (tmp_path / file).read_text(encoding="utf-8-sig")
    assert old in content
    (tmp_path / file).write_text(content.replace(old, new), encoding="utf-8-sig")
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


def test_pysdmx_reads_every_curated_value_under_a_key_of_its_own(bundle: Bundle, published: Path) -> None:
    io_module = pytest.importorskip("pysdmx.io", reason="uv sync --group exchange")
    message = io_module.read_sdmx(str(bundle.folder / "sdmx" / "observations.csv"), validate=False)
    (dataset,) = message.data
    assert dataset.short_urn == "Dataflow=WEIJIAN:HEALTH(1.0)"
    with connect_published(published) as con:
        count, total = con.execute("select count(*), sum(value) from marts.indicator_by_region_period").fetchone()
    assert len(dataset.data) == count
    assert dataset.data["OBS_VALUE"].astype(float).sum() == pytest.approx(total)
    assert not dataset.data.duplicated(list(DIMENSIONS)).any()
    assert set(dataset.data["COMPARATOR"]) <= {"EQ", "GE", "GT", "LE", "LT", "AP"}
    shapes = {
        "A": r"\d{4}",
        "S": r"\d{4}-S[12]",
        "Q": r"\d{4}-Q[1-4]",
        "M": r"\d{4}-\d\d",
        "D": r"\d{4}-\d\d-\d\d",
        "_O": r"\d{4}-\d\d-\d\d/P\d+[MD]",
    }
    for freq, period in zip(dataset.data["FREQ"], dataset.data["TIME_PERIOD"], strict=True):
        assert re.fullmatch(shapes[freq], period), (freq, period)


def test_pandas_and_duckdb_read_the_same_rows_from_parquet(bundle: Bundle, published: Path) -> None:
    with connect_published(published) as con:
        for table in bundle.tables:
            path = bundle.folder / "parquet" / f"{table.name}.parquet"
            assert len(pd.read_parquet(path)) == table.row_count, table.name
            left = con.execute(f"from read_parquet('{path}') except all from marts.{table.name}").fetchall()
            assert left == [], table.name


def test_csv_opens_with_its_chinese_and_no_cell_starts_a_formula(bundle: Bundle) -> None:
    for table in bundle.tables:
        content = (bundle.folder / "csv" / f"{table.name}.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert rows[0] == [column.name for column in table.columns]
        assert len(rows) == table.row_count + 1
        numbers = {position for position, column in enumerate(table.columns) if column.data_type == "DOUBLE"}
        for row in rows:
            for position, cell in enumerate(row):
                assert position in numbers or not cell.lstrip().startswith(("=", "+", "-", "@", "＝")), (
                    table.name,
                    cell,
                )


def test_a_hostile_title_stays_text_in_csv_and_dictionary(bundle: Bundle) -> None:
    titles = (bundle.folder / "csv" / "dim_document.csv").read_text(encoding="utf-8-sig")
    assert "'" + HOSTILE_TITLE in titles
    page = (bundle.folder / "dictionary.html").read_text(encoding="utf-8")
    assert "<script" not in page and "marts.indicator_change" in page and "同比" in page


def test_every_column_is_described_in_both_languages(published: Path) -> None:
    with connect_published(published) as con:
        without = con.execute(
            """
            select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
            where database_name = 'weijian' and not coalesce(regexp_matches(comment, '[A-Za-z].*[一-龥]', 's'), false)
            union all
            select schema_name || '.' || table_name from duckdb_tables()
            where database_name = 'weijian' and not coalesce(regexp_matches(comment, '[A-Za-z].*[一-龥]', 's'), false)
            """
        ).fetchall()
    assert without == []


def test_a_release_can_be_verified_compared_and_only_the_ten_latest_are_kept(
    published: Path, built: Built, tmp_path: Path
) -> None:
    releases = tmp_path / "releases"
    first, is_new = make_release(published, releases, date(2026, 1, 1))
    assert (first.name, is_new) == ("2026-01-01", True)
    assert make_release(published, releases, date(2026, 1, 2)) == (first, False)
    assert verify_release(releases, first.name) == []
    checked = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=releases / first.name, check=False)
    assert checked.returncode == 0

    build = tmp_path / "build.duckdb"
    build.write_bytes(built.database.read_bytes())
    with duckdb.connect(str(build)) as con:
        con.execute("update marts.indicator_by_region_period set value = 96.5 where fact_id = 'm23'")
        con.execute("delete from marts.indicator_by_region_period where fact_id = 'm22hc'")
        con.execute("update marts.indicator_by_region_period set period_key = '2021' where fact_id = 'v22'")
    second, _ = make_release(publish(build, tmp_path / "published").path, releases, date(2026, 1, 1))
    assert second.name == "2026-01-01.2"
    changes = compare_releases(releases, first.name, second.name)
    assert [(change.kind, change.before, change.after) for change in changes] == [
        ("appeared", None, 208000.0),
        ("changed", 96.2, 96.5),
        ("gone", 91.7, None),
        ("gone", 208000.0, None),
    ]

    (releases / second.name / "csv" / "dim_region.csv").write_bytes(b"spoiled")
    (releases / second.name / "stray.txt").write_text("x", encoding="utf-8")
    assert verify_release(releases, second.name) == ["csv/dim_region.csv", "stray.txt"]

    card = json.loads((releases / first.name / "release.json").read_text(encoding="utf-8"))
    for day in range(2, 12):
        older = releases / f"2025-12-{day:02d}"
        older.mkdir()
        (older / "release.json").write_text(json.dumps({**card, "name": older.name}), encoding="utf-8")
    with duckdb.connect(str(build)) as con:
        con.execute("update marts.indicator_by_region_period set value = 96.6 where fact_id = 'm23'")
    make_release(publish(build, tmp_path / "published").path, releases, date(2026, 2, 1))
    names = [release.name for release in list_releases(releases)]
    assert len(names) == 10
    assert names[0] == "2025-12-05" and names[-3:] == ["2026-01-01", "2026-01-01.2", "2026-02-01"]
    assert sorted(path.name for path in releases.iterdir()) == names


def test_a_publish_in_the_midst_of_a_release_does_not_mix_two_contents(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = tmp_path / "build.duckdb"
    build.write_bytes(built.database.read_bytes())
    published = publish(build, tmp_path / "published").path

    def publish_first(source: Path, folder: Path, version: str) -> Bundle:
        with duckdb.connect(str(build)) as con:
            con.execute("update marts.indicator_by_region_period set value = 96.5 where fact_id = 'm23'")
        assert publish(build, published.parent).changed
        return write_bundle(source, folder, version)

    monkeypatch.setattr(releases_module, "write_bundle", publish_first)
    release, _ = make_release(published, tmp_path / "releases", date(2026, 1, 1))
    folder = tmp_path / "releases" / release.name
    query = "select value from {} where fact_id = 'm23'"
    with connect_published(folder / "weijian.duckdb") as con:
        assert con.execute("select fingerprint from meta.publication").fetchone() == (release.fingerprint,)
        stored = con.execute(query.format("marts.indicator_by_region_period")).fetchone()
        exported = con.execute(
            query.format(f"read_parquet('{folder / 'parquet' / 'indicator_by_region_period.parquet'}')")
        ).fetchone()
    assert stored == exported == (96.2,)
    with connect_published(published) as con:
        assert con.execute(query.format("marts.indicator_by_region_period")).fetchone() == (96.5,)
