"""Releases: dated copies of everything that is published, with checksums, and what changed between two of them.

Belongs here: making, listing, pruning and comparing releases. Not here: what a release's files look like (`exports`).

A release is a folder `releases/<day>` in the data folder; a second one on the same day is `<day>.2`. It is built aside
and put in place by a rename, so that a folder with a day for a name is always whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import duckdb

from warehouse.connections import connect_published, quoted
from warehouse.errors import AbsentError, WarehouseError
from warehouse.exports import write_bundle

KEPT = 10
NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.(\d+))?")
SUMS = "SHA256SUMS"
CARD = "release.json"
WAREHOUSE = "weijian.duckdb"
COMPARED = "indicator_by_region_period"
KEY = ("indicator_code", "ref_area", "period_key", "subgroup")


class ReleaseError(WarehouseError):
    """A release is missing or damaged; the message says which file."""


@dataclass(frozen=True, slots=True)
class Release:
    """One release as its card says."""

    name: str
    fingerprint: str  # of the published content
    documents: int
    facts: int
    rows: dict[str, int]  # by mart

    @property
    def order(self) -> tuple[str, int]:
        """By day, then by number within the day."""
        match = NAME.fullmatch(self.name)
        assert match is not None
        return match[1], int(match[2] or 1)


@dataclass(frozen=True, slots=True)
class Change:
    """One curated cell that differs between two releases; a value is None where the cell is not there."""

    kind: str  # appeared, gone, changed
    indicator_code: str
    indicator_name: str
    ref_area: str
    region_name: str
    period_key: str
    subgroup: str
    before: float | None
    after: float | None


def make_release(published: Path, folder: Path, day: date) -> tuple[Release, bool]:
    """Release what is published now, and drop releases beyond the latest ten.

    Args:
        published: the file that readers open.
        folder: where releases lie.
        day: the name of the release.

    Returns:
        The release, and whether it is new: the same content as the last one's makes none.

    Raises:
        AbsentError: nothing was published yet.
    """
    earlier = list_releases(folder)
    if earlier and earlier[-1].fingerprint == _publication(published)[0]:
        return earlier[-1], False
    folder.mkdir(parents=True, exist_ok=True)
    name = _free_name(day, {release.name for release in earlier})
    aside = folder / f".{name}.{os.getpid()}.tmp"
    try:
        # Everything is made from one copy: a publish meanwhile replaces the published file.
        aside.mkdir()
        shutil.copyfile(published, aside / WAREHOUSE)
        row = _publication(aside / WAREHOUSE)
        bundle = write_bundle(aside / WAREHOUSE, aside, name)
        release = Release(name, row[0], row[1], row[2], {table.name: table.row_count for table in bundle.tables})
        (aside / CARD).write_text(json.dumps(asdict(release), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        (aside / SUMS).write_text(_sums(aside), encoding="utf-8")
        aside.rename(folder / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    for old in [*earlier, release][:-KEPT]:
        shutil.rmtree(folder / old.name)
    return release, True


def list_releases(folder: Path) -> list[Release]:
    """The releases of a folder, oldest first; other folders are none of ours.

    Raises:
        ReleaseError: a release has no readable card.
    """
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if not NAME.fullmatch(path.name):
            continue
        try:
            found.append(Release(**json.loads((path / CARD).read_text(encoding="utf-8"))))
        except (OSError, ValueError, TypeError) as error:
            raise ReleaseError(
                f"{path / CARD}: the release's card cannot be read ({error}); remove the folder."
            ) from error
    return sorted(found, key=lambda release: release.order)


def verify_release(folder: Path, name: str) -> list[str]:
    """The files of a release that its checksums do not confirm: changed, missing or added; empty when it is whole.

    Raises:
        AbsentError: there is no such release.
    """
    root = _root(folder, name)
    stated = {}
    for line in (root / SUMS).read_text(encoding="utf-8").splitlines():
        digest, _, path = line.partition("  ")
        stated[path] = digest
    found = {
        str(path.relative_to(root)): _digest(path) for path in root.rglob("*") if path.is_file() and path.name != SUMS
    }
    return sorted(path for path in stated.keys() | found.keys() if stated.get(path) != found.get(path))


def compare_releases(folder: Path, before: str, after: str) -> list[Change]:
    """What appeared, went and changed among the curated values from one release to another.

    Raises:
        AbsentError: one of them is not there.
    """
    files = [_root(folder, name) / "parquet" / f"{COMPARED}.parquet" for name in (before, after)]
    on = " and ".join(f"a.{column} = b.{column}" for column in KEY)
    names = ", ".join(
        f"coalesce(b.{column}, a.{column}) as {column}"
        for column in ("indicator_code", "indicator_name", "ref_area", "region_name", "period_key", "subgroup")
    )
    with duckdb.connect() as con:
        rows = con.execute(
            f"""
            select
                case
                    when a.fact_id is null then 'appeared'
                    when b.fact_id is null then 'gone'
                    else 'changed'
                end as kind,
                {names},
                a.value as before,
                b.value as after
            from read_parquet({quoted(str(files[0]))}) as a
            full join read_parquet({quoted(str(files[1]))}) as b on {on}
            where a.value is distinct from b.value or a.unit is distinct from b.unit
            order by kind, indicator_code, ref_area, period_key, subgroup
            """
        ).fetchall()
    return [Change(*row) for row in rows]


def _publication(published: Path) -> tuple[str, int, int]:
    with connect_published(published) as con:
        row = con.execute("select fingerprint, documents, facts from meta.publication").fetchone()
    assert row is not None  # every published file has exactly one
    return row


def _root(folder: Path, name: str) -> Path:
    root = folder / name
    if not NAME.fullmatch(name) or not root.is_dir():
        known = ", ".join(release.name for release in list_releases(folder)) or "none"
        raise AbsentError(f"There is no release {name!r} in {folder}. There are: {known}.")
    return root


def _free_name(day: date, taken: set[str]) -> str:
    name, number = day.isoformat(), 1
    while name in taken:
        number += 1
        name = f"{day.isoformat()}.{number}"
    return name


def _sums(folder: Path) -> str:
    """The checksums of all files of a folder in the form that `sha256sum --check` reads."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    return "".join(f"{_digest(path)}  {path.relative_to(folder)}\n" for path in files)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
