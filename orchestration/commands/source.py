"""`weijian source`: what portals there are, what one answers, a new one.

Belongs here: options into calls, findings into a table. Not here: asking (`ingest.crawl.probe`), the files' content
(`ingest.crawl.template`).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingest.crawl.launch import CrawlFailedError
from ingest.crawl.probe import Probe, probe
from ingest.crawl.template import portal_text, write_portal
from ingest.sources import Source
from ingest.sources.loader import FOLDER
from orchestration.commands.crawl import PortalError
from orchestration.partitions import portals
from warehouse.paths import PROJECT

JUST_THE_LIST = 3  # answers: robots.txt, the list, and one more that is on its way
SAVED_PAGES = PROJECT / "tests" / "ingest" / "crawl" / "pages"

app = typer.Typer(
    help="The portals' files: list them, check one against its portal, write a new one.",
    no_args_is_help=True,
    add_completion=False,
)


@app.command("list")
def list_portals() -> None:
    """Show the portals that have a file."""
    table = Table()
    for column in ("id", "name", "place", "family", "verified", "start"):
        table.add_column(column)
    for portal in portals().values():
        verified = "yes" if portal.verified else "no"
        table.add_row(portal.id, portal.name, portal.ref_area, portal.family, verified, "\n".join(portal.start))
    Console(highlight=False).print(table)


@app.command("check")
def check(
    portal: Annotated[str, typer.Argument(help="The portal's id.", metavar="ID")],
    folder: Annotated[Path, typer.Option("--sources", help="Where the portals' files lie.", hidden=True)] = FOLDER,
) -> None:
    """Ask a portal for a few pages and say field by field what it gave; nothing goes into the archive."""
    file = folder / f"{portal}.yaml"
    if not file.is_file():
        raise PortalError(f"No portal file is named {portal}. `weijian source list` shows those there are.")
    console = Console(highlight=False)
    with console.status(f"Asking {portal}"):
        answered = probe(file)
    _show(answered, console)
    console.print("When a person has compared this with the portal, set `verified: true` in its file.")
    raise typer.Exit(0 if answered.is_well else 1)


@app.command("new")
def new(
    portal: Annotated[str, typer.Argument(help="Its id: lower-case letters, digits, dashes.", metavar="ID")],
    name: Annotated[str, typer.Option(help="Its name as it writes it.")],
    start: Annotated[str, typer.Option(help="The address of its list page of reports.", metavar="URL")],
    family: Annotated[str, typer.Option(help="jcms, trs_wcm, vsb, ucap_json or plain.")] = "plain",
    area: Annotated[str, typer.Option(help="The six-digit code of its place.")] = "",
    page: Annotated[
        Path | None, typer.Option(help="The list page, saved by hand, where the portal cannot be reached.")
    ] = None,
    private: Annotated[bool, typer.Option(help="The portal is one of your own.", hidden=True)] = False,
    folder: Annotated[Path, typer.Option("--sources", help="Where the portals' files lie.", hidden=True)] = FOLDER,
    tests: Annotated[Path, typer.Option("--tests", help="Where the saved pages lie.", hidden=True)] = SAVED_PAGES,
) -> None:
    """Write a portal's file, save its list page and write the test that reads it."""
    titles = ("工作总结", "工作计划", "统计公报")
    source = Source(id=portal, name=name, ref_area=area, family=family, start=(start,), titles=titles, private=private)
    body = page.read_bytes() if page is not None else _ask(source)
    tests.mkdir(parents=True, exist_ok=True)
    written = write_portal(source, body, folder, tests)
    console = Console(highlight=False)
    for path in (written.file, written.page, written.test):
        console.print(f"Wrote {path}", soft_wrap=True)
    console.print(f"Next, type:  weijian source check {portal}")


def _ask(source: Source) -> bytes:
    with tempfile.TemporaryDirectory(prefix="weijian-new-") as folder:
        file = Path(folder) / f"{source.id}.yaml"
        file.write_text(portal_text(source, ""), encoding="utf-8")
        answered = probe(file, pages=JUST_THE_LIST)
    if not answered.list_page:
        raise CrawlFailedError(
            f"{source.start[0]} gave no page ({answered.findings[1].found}). "
            "Save it by hand and name it: --page FILE. Nothing was written."
        )
    return answered.list_page


def _show(answered: Probe, console: Console) -> None:
    table = Table(show_header=False)
    table.add_column(style="bold")
    table.add_column()
    table.add_column()
    for finding in answered.findings:
        table.add_row(finding.field, finding.found, "" if finding.is_well else "[red]look here[/]")
    console.print(table)
