"""`weijian run`: the nightly job in this process, with bars while it works and a summary at its end.

Belongs here: starting the job, listening to it, telling what came of it. Not here: the job (`orchestration.jobs`).
"""

from __future__ import annotations

import io
import logging
import re
import shlex
import time
import warnings
from collections.abc import Callable
from contextlib import nullcontext, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from orchestration.home import COMMAND_LINE, STARTED_BY, give_up_abandoned_runs, hold, prepare_home
from orchestration.inbox import set_sample_aside, source_of
from orchestration.ledger import (
    Ledger,
    fingerprint_inputs,
    fingerprint_published,
    read_ledger,
    write_ledger,
)
from warehouse.corrections import unmet_corrections
from warehouse.corrections.unmet import CHECK as CORRECTIONS_CHECK
from warehouse.paths import USUAL, DataFolder

if TYPE_CHECKING:
    from dagster import DagsterEvent, EventLogEntry, ExecuteInProcessResult

# The steps of the job in their order, with the words for a person.
STEPS = {
    "raw_archive": "Take in files",
    "parsed_documents": "Read documents",
    "extracted_facts": "Extract facts",
    "staging": "Load staging",
    "models": "Build and test the marts",
    "staging_checks": "Check spans and coverage",
    "published_warehouse": "Publish",
}
WRAPPERS = ("DagsterExecution", "Retry")
ANSI = re.compile(r"\x1b\[[0-9;]*m")
DBT_ERRORS = "Errors parsed from dbt logs:"  # dagster-dbt puts dbt's own words behind it
REJECTED = "select file_name, reason, detail from staging.rejects"
NEXT_QUERY = (
    "select region_name, indicator_name, period_key, value, unit from marts.indicator_by_region_period limit 20"
)


class RunFailedError(RuntimeError):
    """A step of the run failed; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: figures for the summary, documents read or extracted, whether the published file is a new one."""

    ledger: Ledger
    processed: int
    is_new: bool
    seconds: float


class Bars:
    """Draws one bar a step; stands in for the `progress` resource, and hears the run's events."""

    def __init__(self, progress: Progress, models: int) -> None:
        self._progress = progress
        self._models = models
        self._tasks: dict[str, TaskID] = {}

    def of(self, step: str) -> Callable[[int, int, str], None]:
        """A callback for the items of one step (see `orchestration.resources.Progress`)."""
        key = {"archive": "raw_archive", "parse": "parsed_documents", "extract": "extracted_facts"}[step]

        def advance(done: int, total: int, name: str) -> None:
            self._progress.update(self._tasks[key], completed=done, total=total)

        return advance

    def hear(self, entry: EventLogEntry) -> None:
        """Start, advance and end a step's bar as the run reports it."""
        event = entry.dagster_event
        if event is None or event.step_key not in STEPS:
            return
        key = event.step_key
        if event.event_type_value == "STEP_START":
            total = self._models if key == "models" else 1
            self._tasks[key] = self._progress.add_task(STEPS[key], total=total)
        elif key == "models" and event.event_type_value in ("ASSET_MATERIALIZATION", "ASSET_CHECK_EVALUATION"):
            self._progress.advance(self._tasks[key])
        elif event.event_type_value == "STEP_SUCCESS":
            task = self._progress.tasks[self._tasks[key]]
            self._progress.update(task.id, completed=task.total)


def run(inbox: Path | None, folder: DataFolder, console: Console, *, debug: bool = False) -> Outcome:
    """Bring the warehouse up to date with an inbox.

    Args:
        inbox: a file or a folder of reports; None to work on the archive alone.
        folder: the data folder.
        console: where bars and summary go.
        debug: show Dagster's own log.

    Returns:
        What was done.

    Raises:
        RunFailedError: a step failed; what was published before stands.
        AlreadyRunningError: another `weijian run` is at work in this folder.
    """
    began = time.monotonic()
    folder.root.mkdir(parents=True, exist_ok=True)
    with hold(folder, "run"):
        known = read_ledger(folder)
        inputs = fingerprint_inputs(folder, inbox)
        if known.inputs == inputs and known.published and known.published == fingerprint_published(folder):
            return Outcome(known, processed=0, is_new=False, seconds=time.monotonic() - began)
        if inbox is not None and set_sample_aside(folder, {source_of(inbox)}):
            console.print("The sample pack was set aside: its figures are invented.")
        write_ledger(folder, replace(known, inbox=str(inbox or ""), inputs=""))
        result = _execute(inbox, folder, console, debug)
        seconds = time.monotonic() - began
        processed = max(_figure(result, name, "processed") for name in ("parsed_documents", "extracted_facts"))
        is_new = bool(_figure(result, "published_warehouse", "changed"))
        ledger = Ledger(
            inbox=str(inbox or ""),
            inputs=fingerprint_inputs(folder, inbox),
            published=fingerprint_published(folder),
            seconds=seconds if processed or not known.seconds else known.seconds,
            documents=_figure(result, ["staging", "documents"], "documents"),
            facts=_figure(result, ["staging", "documents"], "facts"),
            coded_share=_figure(result, ["staging", "documents"], "coded_share"),
            rejects=_figure(result, ["staging", "documents"], "rejects"),
            mart_rows=sum(
                entry.value
                for label, entry in _metadata(result, "published_warehouse").items()
                if label.startswith("rows marts.")
            ),
        )
        write_ledger(folder, ledger)
        return Outcome(ledger, processed, is_new, seconds)


def show(outcome: Outcome, folder: DataFolder, console: Console) -> None:
    """Print the summary, and the next command to type."""
    ledger = outcome.ledger
    table = Table(title="Weijian", title_justify="left", show_header=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    for label, value in (
        ("documents", f"{ledger.documents:,}"),
        ("processed in this run", f"{outcome.processed:,}"),
        ("facts", f"{ledger.facts:,}"),
        ("with an indicator", f"{ledger.coded_share:.1%}"),
        ("rejected", f"{ledger.rejects:,}"),
        ("rows in the marts", f"{ledger.mart_rows:,}"),
        ("seconds", f"{outcome.seconds:,.2f}"),
    ):
        table.add_row(label, value)
    console.print(table)
    if not outcome.processed and not outcome.is_new:
        console.print(
            f"0 documents processed, nothing changed: {outcome.seconds:.2f} s; "
            f"the run that processed them took {ledger.seconds:.1f} s.",
            soft_wrap=True,
        )
    console.print(f"The warehouse: {folder.published}", soft_wrap=True)
    if ledger.rejects:
        console.print(f"Rejected, and why:  {_asking(REJECTED, folder)}", soft_wrap=True, highlight=False)
    console.print(f"Next, type:  {_asking(NEXT_QUERY, folder)}", soft_wrap=True, highlight=False)


def _asking(query: str, folder: DataFolder) -> str:
    """The command that asks this folder a question; it names the folder unless it is the usual one."""
    where = "" if folder.root == USUAL else f"--data {shlex.quote(str(folder.root))} "
    return f'.venv/bin/weijian sql {where}"{query}"'


def _execute(inbox: Path | None, folder: DataFolder, console: Console, debug: bool) -> ExecuteInProcessResult:
    with console.status("Starting"):
        warnings.filterwarnings("ignore", module="dagster")
        import dagster as dg

        from orchestration.dbt import count_nodes, ensure_manifest, load_manifest
        from orchestration.definitions import build_definitions
        from orchestration.resources import Store

        logging.getLogger("dagster.builtin").setLevel(logging.INFO if debug else logging.CRITICAL)
        prepare_home(folder)
        ensure_manifest(folder)
        instance = dg.DagsterInstance.get()
        give_up_abandoned_runs(instance, by_command_line=True)
    columns = (SpinnerColumn(), TextColumn("{task.description:<26}"), BarColumn(), MofNCompleteColumn())
    bars_shown = Progress(*columns, TimeElapsedColumn(), console=console, redirect_stdout=False, redirect_stderr=False)
    # dbt's own log goes to standard output; it is kept with the run as well.
    silence = nullcontext() if debug else redirect_stdout(io.StringIO())
    with instance, bars_shown as progress, silence:
        store = Store(data=str(folder.root), inbox=str(inbox or ""))
        bars = Bars(progress, count_nodes(load_manifest()))
        job = build_definitions({"store": store, "progress": bars}).resolve_job_def("nightly")
        run_id = str(uuid4())
        instance.add_event_listener(run_id, bars.hear)
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            raise_on_error=False,
            tags={STARTED_BY: COMMAND_LINE, "dagster/max_retries": "0"},
            run_config={"loggers": {"console": {"config": {"log_level": "INFO" if debug else "CRITICAL"}}}},
        )
    if not result.success:
        raise RunFailedError(_why(result, folder.build))
    return result


def _why(result: ExecuteInProcessResult, build: Path) -> str:
    """The failed steps with their errors, and the checks that did not pass, with what to do where that is known."""
    lines = []
    for event in result.all_events:
        if event.is_step_failure:
            lines.append(f"{STEPS.get(str(event.step_key), event.step_key)} failed: {_cause(event)}")
        elif event.event_type_value == "ASSET_CHECK_EVALUATION":
            evaluation = event.asset_check_evaluation_data
            if not evaluation.passed and evaluation.severity.value == "ERROR":
                lines.append(f"check {evaluation.check_name} of {evaluation.asset_key.to_user_string()} did not pass")
                if evaluation.check_name == CORRECTIONS_CHECK:
                    lines += unmet_corrections(build)
    return "\n".join(lines) or "The run failed without a failed step; see `weijian up` for its log."


def _cause(event: DagsterEvent) -> str:
    """The message of the error that a step raised, without Dagster's wrapping; our own errors lose their class name."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None and str(error.cls_name).startswith(WRAPPERS):
        error = error.cause
    if error is None:
        return "no error was reported"
    message = ANSI.sub("", error.message).strip()
    kind, _, words = message.partition(": ")
    if kind.endswith("DagsterDbtCliRuntimeError"):
        return "dbt says:\n" + message.partition(DBT_ERRORS)[2].strip()
    return words if kind.startswith(("ingest.", "warehouse.", "orchestration.")) else message


def _metadata(result: ExecuteInProcessResult, asset: Any) -> dict[str, Any]:
    import dagster as dg

    key = dg.AssetKey(asset)
    for event in reversed(result.all_events):
        if event.event_type_value == "ASSET_MATERIALIZATION" and event.asset_key == key:
            return dict(event.step_materialization_data.materialization.metadata)
    return {}


def _figure(result: ExecuteInProcessResult, asset: Any, label: str) -> Any:
    entry = _metadata(result, asset).get(label)
    return entry.value if entry is not None else 0
