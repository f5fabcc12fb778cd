"""How long the cookbook takes: on the sample pack, and on many synthetic observations.

    python -m benchmarks.queries [--rows 10000000] [--data FOLDER]

The pack is the published file of the data folder (`weijian run` first). The synthetic warehouse multiplies its marts:
each copy gives every region another code, so that keys stay unique and joins stay as selective as they are. Each query
runs three times on an open connection; the shortest and the longest time are printed.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from rich.console import Console

from warehouse.connections import attach_read_only, connect_published
from warehouse.paths import PROJECT, data_folder

QUERIES = sorted((PROJECT / "warehouse" / "queries").glob("*.sql"))
LIMITS = {"pack": 0.1, "synthetic": 2.0}  # seconds, from the issue that asked for them
RUNS = 3
console = Console(highlight=False, soft_wrap=True)
# Relations that grow with the reports; the catalogue does not.
GROWING = (
    "fct_observation",
    "indicator_by_region_period",
    "indicator_revision",
    "indicator_target",
    "indicator_change",
    "data_quality_issue",
    "harmonised_series",
    "region_parent_share",
    "region_profile",
    "dim_document",
    "coverage",
    "coverage_gap",
)
# A copy has places, facts and documents of its own, with names as long as real ones (a code 10, an id 16 characters).
PLACES = {"ref_area", "stated_ref_area"}
FACTS = {"fact_id", "previous_fact_id", "stated_fact_id", "result_fact_id", "parent_fact_id"}
DOCUMENTS = {"document_id", "stated_document_id"}


def multiply(published: Path, target: Path, rows: int) -> int:
    """Write a warehouse whose fct_observation has about so many rows.

    Returns:
        How many rows it has.
    """
    with duckdb.connect(str(target)) as con:
        attach_read_only(con, published, "pack")
        con.execute("create schema marts")
        counted = con.execute("select count(*) from pack.marts.fct_observation").fetchone()
        assert counted is not None and counted[0]
        copies = -(-rows // counted[0])
        con.execute(f"create temp table copies as select range as n from range({copies})")
        for (name,) in con.execute(
            "select table_name from duckdb_tables() where database_name = 'pack' and schema_name = 'marts'"
        ).fetchall():
            if name in GROWING:
                columns = [
                    column
                    for (column,) in con.execute(
                        "select column_name from duckdb_columns() where database_name = 'pack' "
                        "and schema_name = 'marts' and table_name = ? order by column_index",
                        [name],
                    ).fetchall()
                ]
                selected = ", ".join(f'{_renamed(column)} as "{column}"' for column in columns)
                con.execute(f"create table marts.{name} as select {selected} from pack.marts.{name} cross join copies")
            elif name == "dim_region":
                con.execute(
                    """
                    create table marts.dim_region as
                    select * replace (ref_area || n as ref_area, parent || n as parent)
                    from pack.marts.dim_region cross join copies
                    where ref_area in (
                        select ref_area from pack.marts.fct_observation
                        union
                        select ref_area from pack.marts.region_parent_share
                    )
                    """
                )
            else:
                con.execute(f"create table marts.{name} as from pack.marts.{name}")
        con.execute("detach pack")
        total = con.execute("select count(*) from marts.fct_observation").fetchone()
    return int(total[0]) if total else 0


def _renamed(column: str) -> str:
    """The column in a copy: the same, or a name of the copy's own."""
    if column in PLACES:
        return f'"{column}" || n'
    if column in FACTS | DOCUMENTS:
        return f"left(\"{column}\", 12) || lpad(to_hex(n), 4, '0')"
    return f'"{column}"'


def measure(con: duckdb.DuckDBPyConnection, label: str) -> list[str]:
    """Time every query; returns the names of those above the limit."""
    slow = []
    for path in QUERIES:
        query, times, count = path.read_text(encoding="utf-8"), [], 0
        for _ in range(RUNS):
            began = time.perf_counter()
            # The answer itself, as an analyst's program takes it.
            count = (
                con.execute(query).arrow().read_all().num_rows
                if label == "synthetic"
                else len(con.execute(query).fetchall())
            )
            times.append(time.perf_counter() - began)
        if min(times) > LIMITS[label]:
            slow.append(path.stem)
        console.print(
            f"{label:<10} {path.stem:<48} {count:>10,} rows {min(times) * 1000:>9.1f} … {max(times) * 1000:.1f} ms"
        )
    return slow


def main() -> None:
    """Print a line a query; the last lines say what was too slow."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of the synthetic fct_observation")
    parser.add_argument("--data", help="the data folder")
    arguments = parser.parse_args()
    published = data_folder(arguments.data).published
    with connect_published(published) as con:
        slow = measure(con, "pack")
    with TemporaryDirectory(prefix="weijian-bench-") as folder:
        target = Path(folder) / "synthetic.duckdb"
        rows = multiply(published, target, arguments.rows)
        console.print(f"synthetic: {rows:,} observations, {target.stat().st_size / 2**30:.1f} GiB")
        with duckdb.connect(str(target), read_only=True) as con:
            slow += measure(con, "synthetic")
    console.print("too slow: " + (", ".join(slow) or "none"))


if __name__ == "__main__":
    main()
