"""Where things lie: the one data folder and the files in it.

Belongs here: names of files and folders under `WEIJIAN_DATA`. Not here: reading or writing them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
USUAL = PROJECT / "warehouse" / "data"  # the data folder where nobody names another


@dataclass(frozen=True, slots=True)
class DataFolder:
    """The data folder: raw archive, derived files, the pipeline's own database, what readers open."""

    root: Path

    @property
    def raw(self) -> Path:
        return self.root / "raw"

    @property
    def derived(self) -> Path:
        return self.root / "derived"

    @property
    def build(self) -> Path:
        return self.root / "build.duckdb"

    @property
    def published_folder(self) -> Path:
        return self.root / "published"

    @property
    def published(self) -> Path:
        return self.published_folder / "weijian.duckdb"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def dagster_home(self) -> Path:
        return self.root / "dagster"


def data_folder(root: str | Path | None = None) -> DataFolder:
    """The data folder of the argument, else of `WEIJIAN_DATA`, else `warehouse/data` of the project; absolute."""
    chosen = root or os.environ.get("WEIJIAN_DATA") or USUAL
    return DataFolder(Path(chosen).expanduser().resolve())
