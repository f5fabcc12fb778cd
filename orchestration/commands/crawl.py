"""`weijian crawl`: portals into the raw archive, and what came of it.

Belongs here: choosing portals, starting the job for each, the figures. Not here: the crawl (`ingest.crawl`), its run in
Dagster (`orchestration.assets`).
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from rich.console import Console

from ingest.archive import Archive
from ingest.crawl.launch import summary_of
from ingest.crawl.summary import Summary
from ingest.sources import Source
from orchestration.home import COMMAND_LINE, STARTED_BY, give_up_abandoned_runs, hold, prepare_home
from orchestration.inbox import DEMO_SOURCE, INVENTED, InboxError, set_sample_aside
from orchestration.ledger import ACCEPTED_LOSS
from warehouse.paths import DataFolder

CONTACT = "WEIJIAN_CONTACT"


class PortalError(ValueError):
    """The portals that were named cannot be crawled; the message says what to do."""


class CrawlFailedError(RuntimeError):
    """A crawl failed; the message says of which portal and why."""


def crawl(
    names: Sequence[str],
    folder: DataFolder,
    console: Console,
    *,
    retry_failed: bool = False,
    at_any_hour: bool = False,
    debug: bool = False,
) -> list[Summary]:
    """Crawl portals one after the other.

    Args:
        names: their ids; none for all that are verified.
        folder: the data folder.
        console: where the figures go.
        retry_failed: ask only for what failed the last time.
        at_any_hour: also outside a portal's nightly window.
        debug: show Dagster's own log.

    Returns:
        What each crawl did, in the order of the names.

    Raises:
        PortalError: a name has no file, or nobody is named who asks.
        InboxError: invented reports would come to stand beside real ones.
        CrawlFailedError: a crawl's process failed.
        AlreadyRunningError: another `weijian run` or `crawl` is at work in this folder.
    """
    chosen = _choose(names)
    folder.root.mkdir(parents=True, exist_ok=True)
    with hold(folder, "run"), _demo_portal(any(portal.id == DEMO_SOURCE for portal in chosen)):
        _keep_apart({portal.id for portal in chosen}, folder, console)
        summaries = _execute(chosen, folder, console, retry_failed, at_any_hour, debug)
    show(summaries, console)
    return summaries


def show(summaries: Sequence[Summary], console: Console) -> None:
    """Print what crawls did, and what is not plausible about it."""
    for summary in summaries:
        console.print(
            f"{summary.portal}: {summary.outcome} in {summary.seconds:.1f} s. "
            f"{summary.requests:,} requests, {summary.conditional:,} conditional, "
            f"{summary.not_modified:,} not modified, {summary.bytes:,} bytes. "
            f"{summary.new:,} new, {summary.unchanged:,} unchanged, {summary.gone:,} gone, {summary.failed:,} failed.",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    for summary in summaries:
        if summary.detail:
            console.print(f"{summary.portal}: {summary.detail}", highlight=False, markup=False, soft_wrap=True)
        if not summary.passed:
            console.print(f"[bold red]{summary.portal}:[/] {summary.verdict}", highlight=False, soft_wrap=True)


def _choose(names: Sequence[str]) -> list[Source]:
    from orchestration.partitions import portals

    known = portals()
    unknown = [name for name in names if name not in known]
    if unknown:
        raise PortalError(f"No portal file is named {', '.join(unknown)}. `weijian source list` shows those there are.")
    chosen = [known[name] for name in names] or [
        portal for portal in known.values() if portal.verified and not portal.private
    ]
    if not chosen:
        raise PortalError("No portal is verified yet. Name one: weijian crawl ID (`weijian source list` shows them).")
    strangers = [portal.id for portal in chosen if not portal.private]
    if strangers and not os.environ.get(CONTACT):
        raise PortalError(
            f"Who asks {', '.join(strangers)}? Set {CONTACT} to an address that the portal's people can write to."
        )
    return chosen


@contextmanager
def _demo_portal(is_asked: bool) -> Iterator[None]:
    """The demo portal's server, while it is crawled."""
    if not is_asked:
        yield
        return
    from samples.portals.demo import PORT, build_site
    from samples.portals.site import serving

    try:
        with serving(build_site(), PORT):
            yield
    except OSError as error:
        raise PortalError(f"The demo portal cannot be served on 127.0.0.1:{PORT}: {error.strerror}") from error


def _keep_apart(names: set[str], folder: DataFolder, console: Console) -> None:
    """See that invented reports and real ones never stand in one archive."""
    held = {file.source_id for file in Archive(folder.raw).files()}
    if names & INVENTED and (not held <= INVENTED or not names <= INVENTED):
        raise InboxError(
            f"{folder.root} is for real reports; the demo portal's figures are invented and must not stand beside "
            "them. Name another data folder: --data FOLDER"
        )
    if set_sample_aside(folder, names):
        console.print("The invented reports of before were set aside.")
        os.environ.setdefault(ACCEPTED_LOSS, "invented reports were set aside")


def _execute(
    chosen: Sequence[Source],
    folder: DataFolder,
    console: Console,
    retry_failed: bool,
    at_any_hour: bool,
    debug: bool,
) -> list[Summary]:
    with console.status("Starting"):
        warnings.filterwarnings("ignore", module="dagster")
        import dagster as dg

        from orchestration.dbt import ensure_manifest

        logging.getLogger("dagster.builtin").setLevel(logging.INFO if debug else logging.CRITICAL)
        prepare_home(folder)
        ensure_manifest(folder)
        # The definitions are built when they are imported, and need the manifest.
        from orchestration.definitions import build_definitions
        from orchestration.resources import Store

        instance = dg.DagsterInstance.get()
        give_up_abandoned_runs(instance, by_command_line=True)
        job = build_definitions({"store": Store(data=str(folder.root))}).resolve_job_def("crawl")
    settings = {"retry_failed": retry_failed, "at_any_hour": at_any_hour}
    summaries = []
    with instance:
        for portal in chosen:
            with console.status(f"Crawling {portal.name}"):
                result = job.execute_in_process(
                    instance=instance,
                    run_id=str(uuid4()),
                    partition_key=portal.id,
                    raise_on_error=False,
                    tags={STARTED_BY: COMMAND_LINE, "dagster/max_retries": "0"},
                    run_config={
                        "ops": {"crawled_portals": {"config": settings}},
                        "loggers": {"console": {"config": {"log_level": "INFO" if debug else "CRITICAL"}}},
                    },
                )
            if not result.success:
                raise CrawlFailedError(
                    f"The crawl of {portal.id} failed; `weijian --debug crawl {portal.id}` shows why."
                )
            summaries.append(summary_of(portal.id, folder.raw))
    return summaries
