"""The sample pack as it was written: its figures in the staging tables, without the parser or the extractor between.

Belongs here: staging rows from `tests/samples/*.csv`, the marts built on them, and the answers of the cookbook there.
Not here: what the extractor makes of the pack (`tests/samples`).

The answers beside the queries (`warehouse/queries/answers`) come from here, so they say what the pack says, whatever
the extractor of the day finds. After a change of a query or a mart, write them anew and read the difference:

    python tests/dbt/intended_pack.py
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
from staged_sample import PROJECT, Staging, run_dbt

from warehouse.corrections import read_corrections, write_corrections
from warehouse.exports.tables import as_cell

SAMPLES = PROJECT / "tests" / "samples"
QUERIES = PROJECT / "warehouse" / "queries"
ANSWERS = QUERIES / "answers"
CATALOGUE = PROJECT / "ingest" / "lexicon" / "catalogue" / "indicators.csv"
TAILS = {"percent": "%", "per_mille": "‰", "per_100k": "/10万", "bed": "张", "person": "人", "visit": "人次"}
KINDS = {"annual": "annual", "half": "half_year", "plan": "plan", "bulletin": "bulletin"}
MONTHS = {"bulletin": "05-20", "plan": "03-01", "annual": "01-20", "half": "07-20"}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def fill_pack(staging: Staging) -> None:
    """Add the pack's reports and every figure that they were written from."""
    catalogue = {row["indicator_code"]: row for row in read(CATALOGUE)}
    values, statements = read(SAMPLES / "expected_values.csv"), read(SAMPLES / "intended_statements.csv")
    for name in sorted({row["file_name"] for row in values + statements}):
        place, year, kind = name.partition(".")[0].split("_")[:3]
        area = next(row["ref_area"] for row in values + statements if row["file_name"] == name)
        published = f"{int(year) + (kind in ('annual', 'bulletin'))}-{MONTHS[kind]}"
        end = f"{year}-06-30" if kind == "half" else f"{year}-12-31"
        staging.document(
            name.partition(".")[0],
            area,
            published,
            file_name=name,
            url=f"inbox:///{name}",
            title=name.partition(".")[0],
            publisher=f"{place}卫生健康局",
            report_kind=KINDS[kind],
            period_start=f"{year}-01-01",
            period_end=end,
        )
    stated = {(row["file_name"], row["indicator_code"]) for row in statements if row["flags"]}
    for number, row in enumerate(values):
        if (row["file_name"], row["indicator_code"]) in stated:
            continue  # the pack states another figure there, on purpose
        entry = catalogue[row["indicator_code"]]
        _add(staging, number, row, entry["name_zh"], row["value"], TAILS.get(entry["unit"], ""), unit=entry["unit"])
    for number, row in enumerate(statements, len(values)):
        columns: dict[str, Any] = {
            name: row[name] for name in ("role", "comparator", "unit", "period_start", "period_end", "entity")
        }
        columns["value"] = float(row["value"]) if row["value"] else None
        columns["quality_flags"] = [row["flags"]] if row["flags"] else []
        _add(staging, number, row, row["name"], row["number"], row["tail"], **columns)


def _add(staging: Staging, number: int, row: dict[str, str], name: str, text: str, tail: str, **columns: Any) -> None:
    document = row["file_name"].partition(".")[0]
    columns["unit"] = "person" if columns["unit"] == "*" else columns["unit"]
    staging.fact(f"{document}-{number}", document, name, text, tail, row["indicator_code"], **columns)


def build_pack(folder: Path) -> Path:
    """The marts of the pack as it was written.

    Returns:
        The database file.

    Raises:
        RuntimeError: dbt refused; the message is its own.
    """
    staging = Staging(folder / "pack.duckdb")
    fill_pack(staging)
    database = staging.write()
    with duckdb.connect(str(database)) as con:
        write_corrections(con, read_corrections())
    built = run_dbt(["build", "--exclude-resource-type", "unit_test"], database, folder / "target")
    if built.code:
        raise RuntimeError(built.output[-4000:])
    return database


def answers(database: Path) -> Iterator[tuple[Path, str]]:
    """The answer of each query of the cookbook, as the CSV that lies beside it."""
    with duckdb.connect(str(database), read_only=True) as con:
        for path in sorted(QUERIES.glob("*.sql")):
            cursor = con.execute(path.read_text(encoding="utf-8"))
            target = io.StringIO(newline="")
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow([column[0] for column in cursor.description or []])
            writer.writerows([_cell(value) for value in row] for row in cursor.fetchall())
            yield ANSWERS / f"{path.stem}.csv", target.getvalue()


def _cell(value: object) -> object:
    return f"{value:.10g}" if isinstance(value, float) else as_cell(value)


if __name__ == "__main__":
    ANSWERS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for path, content in answers(build_pack(Path(folder))):
            path.write_text(content, encoding="utf-8")
