"""The command line `weijian`: options, and one line when something goes wrong.

Belongs here: names of commands, their options and help. Not here: what they do (`orchestration.commands`), which is
imported when a command is called, so that a question to the warehouse does not wait for Dagster.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from orchestration.commands.release import app as release_app
from warehouse.paths import data_folder

app = typer.Typer(
    name="weijian",
    help="The open warehouse of China's local health indicators: every number leads back to its words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(release_app)

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="FOLDER", help="The data folder.", envvar="WEIJIAN_DATA", show_default="warehouse/data"
    ),
]

errors = Console(stderr=True, soft_wrap=True, highlight=False)


class UsageError(Exception):
    """What was typed cannot be done; the message says what to type instead."""


@app.callback()
def options(
    context: typer.Context,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show the whole traceback of an error, and Dagster's log.")
    ] = False,
) -> None:
    """Options of every command."""
    context.obj = debug


@app.command()
def run(
    context: typer.Context,
    inbox: Annotated[
        Path | None,
        typer.Option(
            help="A file or folder of reports.", metavar="PATH", show_default="the last one, else the sample pack"
        ),
    ] = None,
    portals: Annotated[
        list[str] | None,
        typer.Option("--portal", help="A portal to crawl first; `demo` is one on this machine.", metavar="ID"),
    ] = None,
    data: Data = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing unless it fails.")] = False,
) -> None:
    """Take in reports, read them, build and test the marts, publish the warehouse."""
    from orchestration.commands.run import run as run_job
    from orchestration.commands.run import show
    from orchestration.inbox import choose_inbox

    folder = data_folder(data)
    console = Console(quiet=quiet, file=sys.stdout)
    if portals:
        from orchestration.commands.crawl import crawl as crawl_portals

        crawl_portals(portals, folder, console, at_any_hour=True, debug=context.obj)
    chosen = None if portals and inbox is None else choose_inbox(inbox, folder)
    console.print(f"Inbox: {chosen or 'none, the archive alone'}", soft_wrap=True, highlight=False)
    show(run_job(chosen, folder, console, debug=context.obj), folder, console)


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders of reports.", metavar="PATH…")],
    data: Data = None,
) -> None:
    """Take files and folders into the raw archive, and no more; `weijian run` or the night reads them."""
    from orchestration.commands.ingest import ingest as ingest_files

    ingest_files(paths, data_folder(data), Console())


@app.command()
def crawl(
    context: typer.Context,
    portals: Annotated[
        list[str] | None, typer.Argument(help="Ids of portals; none for all that are verified.", metavar="[ID…]")
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Ask only for what failed the last time.")
    ] = False,
    at_any_hour: Annotated[bool, typer.Option("--at-any-hour", help="Also outside a portal's nightly window.")] = False,
    data: Data = None,
) -> None:
    """Fetch what portals publish into the raw archive, and no more; `weijian run` or the night reads it."""
    from orchestration.commands.crawl import crawl as crawl_portals

    console = Console(highlight=False)
    summaries = crawl_portals(
        portals or [], data_folder(data), console, retry_failed=retry_failed, at_any_hour=at_any_hour, debug=context.obj
    )
    raise typer.Exit(0 if all(summary.passed for summary in summaries) else 1)


@app.command(
    "source", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def source(context: typer.Context) -> None:
    """List the portals' files, check one against its portal, write a new one: `weijian source --help`."""
    from orchestration.commands.source import app as source_app

    raise typer.Exit(source_app(context.args, prog_name="weijian source", standalone_mode=False) or 0)


@app.command()
def up(
    port: Annotated[int, typer.Option(help="The port of the UI on 127.0.0.1.", min=1, max=65535)] = 3000,
    data: Data = None,
) -> None:
    """Start the Dagster UI and the daemon that runs the nightly schedule; Ctrl-C ends both."""
    from orchestration.supervisor import supervise

    raise typer.Exit(supervise(data_folder(data), port, Console()))


@app.command()
def sql(
    query: Annotated[
        str, typer.Argument(help='SQL in DuckDB\'s dialect, e.g. "from marts.coverage".', metavar="QUERY")
    ],
    data: Data = None,
    csv: Annotated[bool, typer.Option("--csv", help="Print all rows as CSV.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print all rows as a JSON array.")] = False,
    parquet: Annotated[
        Path | None, typer.Option("--parquet", help="Write all rows to a Parquet file.", metavar="FILE")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", help="Rows of the printed table.", min=1)] = 100,
) -> None:
    """Ask the published warehouse; nothing that is typed here can change it."""
    from orchestration.commands.sql import Form, answer

    if csv + json + (parquet is not None) > 1:
        raise UsageError("Choose one of --csv, --json and --parquet.")
    form = Form.CSV if csv else Form.JSON if json else Form.PARQUET if parquet else Form.TABLE
    answer(query, data_folder(data), Console(), form=form, target=parquet, limit=limit)


@app.command()
def export(
    target: Annotated[Path, typer.Option("--to", help="The folder to write to.", metavar="FOLDER")] = Path("export"),
    catalogue: Annotated[
        bool, typer.Option("--catalogue", help="Also write dbt's catalogue of the models as one page.")
    ] = False,
    data: Data = None,
) -> None:
    """Write the marts as Parquet, safe CSV, SDMX-CSV and a data package, with a data dictionary."""
    from orchestration.commands.export import export as export_marts

    export_marts(data_folder(data), target, Console(), with_catalogue=catalogue)


@app.command()
def explain(
    fact_id: Annotated[str, typer.Argument(help="The fact's id, or the beginning of it.", metavar="FACT_ID")],
    data: Data = None,
) -> None:
    """Show where a number comes from: its sentence, its document, and why it was read as it was."""
    from orchestration.commands.explain import explain as explain_fact

    explain_fact(fact_id, data_folder(data), Console(highlight=False))


@app.command()
def manifest(data: Data = None) -> None:
    """Parse the dbt project, so that Dagster knows the models without parsing anything."""
    from orchestration.dbt import build_manifest

    path = build_manifest(data_folder(data))
    Console().print(f"Wrote {path}", soft_wrap=True, highlight=False)


@app.command()
def doctor(
    data: Data = None,
    port: Annotated[int, typer.Option(help="The port that `weijian up` would take.", min=1, max=65535)] = 3000,
) -> None:
    """Check what Weijian needs on this machine, and say what to do about what is missing."""
    from orchestration.commands.doctor import examine, show

    findings = examine(data_folder(data), port)
    show(findings, Console(highlight=False))
    raise typer.Exit(0 if all(finding.is_well for finding in findings) else 1)


def main() -> None:
    """The entry point: what goes wrong is told in one line, without a traceback; `--debug` anywhere shows it."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    is_debug = len(arguments) < len(sys.argv) - 1
    try:
        app(["--debug", *arguments] if is_debug else arguments)
    except Exception as error:
        if is_debug:
            raise
        errors.print(f"[bold red]Error:[/] {escape(_told(error))}")
        sys.exit(1)


def _told(error: Exception) -> str:
    """Our own errors speak for themselves; of any other, its kind and message, and how to see more."""
    if type(error).__module__.partition(".")[0] in ("ingest", "orchestration", "warehouse"):
        return str(error)
    message = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {message} (weijian --debug … shows where)"
