"""`weijian export`: the marts for other programs, and dbt's catalogue of the models.

Belongs here: the words, and starting dbt. Not here: the files' formats (`warehouse.exports`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from datetime import date
from pathlib import Path

from rich.console import Console

from orchestration.dbt import DBT_FOLDER, dbt_environment, dbt_executable
from warehouse.exports import write_bundle
from warehouse.exports.bundle import DESCRIPTOR, DICTIONARY_FILE, SDMX_FILE
from warehouse.paths import DataFolder

CATALOGUE = "catalogue.html"


class CatalogueError(RuntimeError):
    """dbt could not write its catalogue; the message is its own."""


def export(folder: DataFolder, target: Path, console: Console, *, with_catalogue: bool) -> None:
    """Write Parquet, CSV, SDMX-CSV, a data package and a dictionary, and on request dbt's catalogue.

    Args:
        folder: the data folder.
        target: where to write.
        console: where to print.
        with_catalogue: also write `catalogue.html`, which needs the build file and dbt.

    Raises:
        AbsentError: nothing was published yet.
        CatalogueError: dbt refused.
    """
    bundle = write_bundle(folder.published, target, date.today().isoformat())
    if with_catalogue:
        write_catalogue(folder, target / CATALOGUE)
    rows = sum(table.row_count for table in bundle.tables)
    console.print(
        f"{len(bundle.tables)} marts with {rows:,} rows in {target}:\n"
        f"  {DESCRIPTOR}  csv/  parquet/  {SDMX_FILE}  {DICTIONARY_FILE}{f'  {CATALOGUE}' if with_catalogue else ''}",
        soft_wrap=True,
        highlight=False,
    )


def write_catalogue(folder: DataFolder, path: Path) -> None:
    """Write dbt's documentation of all models, with their columns, tests and lineage, as one page without a server.

    Raises:
        CatalogueError: dbt refused.
    """
    with tempfile.TemporaryDirectory(prefix="weijian-docs-") as target:
        finished = subprocess.run(
            [dbt_executable(), "--no-use-colors", "docs", "generate", "--static", "--target-path", target],
            cwd=DBT_FOLDER,
            env={**os.environ, **dbt_environment(folder), "DBT_LOG_PATH": target},
            capture_output=True,
            text=True,
            check=False,
        )
        page = Path(target) / "static_index.html"
        if finished.returncode or not page.exists():
            raise CatalogueError(f"dbt could not write the catalogue:\n{finished.stdout}{finished.stderr}".rstrip())
        shutil.copyfile(page, path)
