"""The bundle: one folder with everything that leaves the warehouse for other programs.

Belongs here: which files there are and in which order they are written. Not here: their formats (the modules beside).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from warehouse.connections import connect_published
from warehouse.export import write_parquet
from warehouse.exports.dictionary import dictionary_page
from warehouse.exports.package import describe_package
from warehouse.exports.sdmx import write_sdmx
from warehouse.exports.tables import Table, describe_marts, write_csv

DESCRIPTOR = "datapackage.json"
SDMX_FILE = Path("sdmx") / "observations.csv"
DICTIONARY_FILE = "dictionary.html"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What an export wrote."""

    folder: Path
    tables: tuple[Table, ...]
    files: tuple[Path, ...]  # relative to the folder, sorted


def write_bundle(published: Path, folder: Path, version: str) -> Bundle:
    """Write the marts of the published file as Parquet, CSV, SDMX-CSV, a data package and a dictionary.

    Args:
        published: the file that readers open.
        folder: where to write; created when absent, files of the same names are replaced.
        version: of the content, such as the day.

    Returns:
        What was written.

    Raises:
        AbsentError: nothing was published yet.
    """
    with connect_published(published) as con:
        for part in ("parquet", "csv", "sdmx"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        row = con.execute("select fingerprint from meta.publication").fetchone()
        fingerprint = str(row[0]) if row else ""
        tables = describe_marts(con)
        for table in tables:
            write_parquet(
                con, f'select * from marts."{table.name}"', folder / "parquet" / f"{table.name}.parquet", fingerprint
            )
            write_csv(con, table, folder / "csv" / f"{table.name}.csv")
        write_sdmx(con, folder / SDMX_FILE)
    (folder / DICTIONARY_FILE).write_text(dictionary_page(tables, version), encoding="utf-8")
    descriptor = describe_package(tables, folder, version)
    (folder / DESCRIPTOR).write_text(json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    files = tuple(sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file()))
    return Bundle(folder, tables, files)
