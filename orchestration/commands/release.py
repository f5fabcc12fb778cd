"""`weijian release`: dated copies of what is published, and what changed between two of them.

Belongs here: the subcommands and their tables. Not here: what a release is (`warehouse.releases`).
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse.paths import data_folder

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="FOLDER", help="The data folder.", envvar="WEIJIAN_DATA", show_default="warehouse/data"
    ),
]
Name = Annotated[str, typer.Argument(help="The release, e.g. 2026-01-31.", metavar="RELEASE")]

app = typer.Typer(name="release", help="Dated releases of the published warehouse.", no_args_is_help=True)


@app.command()
def make(data: Data = None) -> None:
    """Release what is published now, with checksums; the ten latest are kept."""
    from warehouse.releases import make_release

    folder = data_folder(data)
    release, is_new = make_release(folder.published, folder.releases, datetime.now(UTC).date())
    words = "Released" if is_new else "Nothing changed since"
    Console().print(f"{words} {folder.releases / release.name}", soft_wrap=True, highlight=False)


@app.command("list")
def list_all(data: Data = None) -> None:
    """List the releases, oldest first, and whether their files are as they were written."""
    from warehouse.releases import list_releases, verify_release

    folder = data_folder(data).releases
    table = Table("release", "documents", "facts", "rows", "files", header_style="bold")
    for release in list_releases(folder):
        damaged = verify_release(folder, release.name)
        table.add_row(
            release.name,
            f"{release.documents:,}",
            f"{release.facts:,}",
            f"{sum(release.rows.values()):,}",
            Text(f"damaged: {', '.join(damaged)}" if damaged else "whole"),
        )
    Console().print(table)


@app.command()
def diff(
    before: Name,
    after: Name,
    data: Data = None,
    limit: Annotated[int, typer.Option("--limit", help="Rows of the printed table.", min=1)] = 100,
) -> None:
    """Show which curated values appeared, went and changed from one release to another."""
    from warehouse.releases import compare_releases

    changes = compare_releases(data_folder(data).releases, before, after)
    table = Table("", "region", "indicator", "period", "subgroup", "before", "after", header_style="bold")
    for change in changes[:limit]:
        table.add_row(
            change.kind,
            Text(change.region_name),
            Text(change.indicator_name),
            change.period_key,
            Text(change.subgroup),
            *("–" if value is None else f"{value:.12g}" for value in (change.before, change.after)),
        )
    console = Console()
    console.print(table)
    counts = Counter(change.kind for change in changes)
    console.print(
        ", ".join(f"{counts[kind]:,} {kind}" for kind in ("appeared", "gone", "changed")) + ".", highlight=False
    )
