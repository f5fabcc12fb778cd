"""`weijian up`: the UI answers, shows the whole lineage, runs the nightly job, and leaves no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import httpx
import pytest
from whole_runs import (
    HOSTILE,
    WEIJIAN,
    Built,
    add_hostile_report,
    add_report,
    contents,
    copy_of,
    free_port,
    weijian,
)

from orchestration.presentation import bar_chart, markdown_table
from tests.browser import watched_tab
from tests.waiting import eventually
from warehouse.connections import connect_published
from warehouse.paths import PROJECT

LOCATION = "orchestration.definitions"
REPOSITORY = "__repository__"

LAUNCH = """
mutation ($selector: JobOrPipelineSelector!) {
  launchRun(executionParams: {selector: $selector, mode: "default"}) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}
"""
RUN = """
query ($id: ID!) {
  runOrError(runId: $id) { ... on Run { status stats { ... on RunStatsSnapshot { stepsFailed stepsSucceeded } } } }
}
"""
SCHEDULES = """
query ($selector: RepositorySelector!) {
  schedulesOrError(repositorySelector: $selector) {
    ... on Schedules { results { name cronSchedule executionTimezone scheduleState { status } } }
  }
}
"""
ASSETS = """
{ assetNodes {
    assetKey { path }
    dependencyKeys { path }
    assetMaterializations(limit: 1) { runId metadataEntries { label ... on MarkdownMetadataEntry { mdStr } } }
    assetChecksOrError { ... on AssetChecks { checks {
        name executionForLatestMaterialization { status }
    } } }
} }
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running `weijian up`."""

    process: subprocess.Popen[str]
    port: int
    built: Built

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        answer = httpx.post(
            f"http://127.0.0.1:{self.port}/graphql", json={"query": query, "variables": variables}, timeout=120
        ).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data


def processes_of(folder: Path) -> list[str]:
    """The command lines of all living processes that work on a data folder (by their environment or arguments)."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words, settings = (entry / "cmdline").read_bytes(), (entry / "environ").read_bytes()
        except OSError:
            continue
        if words and str(folder).encode() in words + settings:
            found.append(words.replace(b"\0", b" ").decode(errors="replace")[:200])
    return found


def start(built: Built, port: int) -> Server:
    process = subprocess.Popen(
        [str(WEIJIAN), "up", "--port", str(port), "--data", str(built.folder.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=PROJECT,
    )
    assert process.stdout is not None
    told: list[str] = []
    for line in process.stdout:
        told.append(line)
        if f"http://127.0.0.1:{port}" in line:
            return Server(process, port, built)
    raise AssertionError("".join(told))


@pytest.fixture(scope="module")
def server(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    copy = copy_of(built, tmp_path_factory.mktemp("up"))
    running = start(copy, free_port())
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(timeout=600)


def test_the_nightly_schedule_is_on(server: Server) -> None:
    selector = {"repositoryName": REPOSITORY, "repositoryLocationName": LOCATION}
    schedules = {
        each.pop("name"): each for each in server.ask(SCHEDULES, selector=selector)["schedulesOrError"]["results"]
    }
    assert schedules["nightly_schedule"] == {
        "cronSchedule": "0 2 * * *",
        "executionTimezone": "Asia/Shanghai",
        "scheduleState": {"status": "RUNNING"},
    }


def test_lineage_leads_from_every_mart_back_to_the_inbox(server: Server) -> None:
    nodes = {
        "/".join(node["assetKey"]["path"]): {"/".join(key["path"]) for key in node["dependencyKeys"]}
        for node in server.ask(ASSETS)["assetNodes"]
    }
    marts = [key for key in nodes if key.startswith("marts/")]
    assert len(marts) >= 9
    reached, front = set[str](), {"published_warehouse"}
    while front:
        reached |= front
        front = {parent for key in front for parent in nodes[key]} - reached
    assert reached >= {*marts, "staging/documents", "staging/facts", "staging/rejects", "raw_archive", "inbox"}


def test_a_run_of_the_command_line_is_seen_in_the_ui(server: Server) -> None:
    nodes = server.ask(ASSETS)["assetNodes"]
    published = next(node for node in nodes if node["assetKey"]["path"] == ["published_warehouse"])
    [materialization] = published["assetMaterializations"]
    [overview] = [entry["mdStr"] for entry in materialization["metadataEntries"] if entry["label"] == "overview"]
    assert "marts.fct_observation" in overview
    assert "data:image/svg+xml;base64," in overview


def test_a_launched_nightly_takes_in_what_is_new_and_shows_every_check(server: Server) -> None:
    add_report(server.built.inbox)
    add_hostile_report(server.built.inbox)
    selector = {"repositoryName": REPOSITORY, "repositoryLocationName": LOCATION, "pipelineName": "nightly"}
    launched = server.ask(LAUNCH, selector=selector)["launchRun"]
    assert launched["__typename"] == "LaunchRunSuccess", launched
    run_id = launched["run"]["runId"]
    eventually(lambda: status_of(server, run_id) in ("SUCCESS", "FAILURE", "CANCELED"), every=1)
    assert status_of(server, run_id) == "SUCCESS"
    nodes = server.ask(ASSETS)["assetNodes"]
    executed = [node for node in nodes if node["assetMaterializations"]]
    assert {node["assetMaterializations"][0]["runId"] for node in executed} == {run_id}
    checks = {
        check["name"]: (check["executionForLatestMaterialization"] or {}).get("status")
        for node in executed
        for check in node["assetChecksOrError"].get("checks", [])
    }
    assert len(checks) > 100
    # Two files of seven that nobody can read are more than an inbox should hold: a warning that stops nothing.
    assert {name: status for name, status in checks.items() if status != "SUCCEEDED"} == {"rejects_are_few": "FAILED"}
    with connect_published(server.built.folder.published) as con:
        assert con.execute("select count(*) from staging.documents").fetchone() == (5,)


def status_of(server: Server, run_id: str) -> str:
    """How a run stands."""
    return str(server.ask(RUN, id=run_id)["runOrError"]["status"])


def test_hostile_words_stay_words_in_the_ui(server: Server) -> None:
    """After the nightly that took in a hostile report; beside it, what the pages would show of its words."""
    with dg.DagsterInstance.from_config(str(server.built.folder.dagster_home)) as instance:
        told = {
            "told": dg.MetadataValue.md(markdown_table(["words"], [(HOSTILE,)]) + bar_chart("words", [(HOSTILE, 1)])),
            "as_text": HOSTILE,
        }
        instance.report_runless_asset_event(dg.AssetMaterialization(["staging", "rejects"], metadata=told))
        instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(
                asset_key=dg.AssetKey(["staging", "rejects"]),
                check_name="rejects_are_few",
                passed=False,
                metadata=told,
                severity=dg.AssetCheckSeverity.WARN,
            )
        )
        runs = [run.run_id for run in instance.get_runs(limit=1)]
    address = f"http://127.0.0.1:{server.port}"
    with watched_tab(address) as tab:
        for path in (
            "assets/raw_archive?view=events",
            "assets/staging/documents?view=events",
            "assets/staging/corrections?view=events",
            "assets/published_warehouse?view=events",
            *(f"runs/{run}" for run in runs),
        ):
            tab.goto(f"{address}/{path}")
            tab.get_by_text("overview", exact=True).first.wait_for()
            assert injected(tab) == [], path
        for path in ("assets/staging/rejects?view=events", "assets/staging/rejects?view=checks"):
            tab.goto(f"{address}/{path}")
            tab.get_by_text("as_text", exact=True).first.wait_for()
            shown = tab.locator("td code").all_inner_texts()
            for folded in tab.get_by_text("[Show Markdown]").all():
                folded.click()
                tab.locator("td code").first.wait_for()
                shown += tab.locator("td code").all_inner_texts()
                assert injected(tab) == [], path
                tab.get_by_role("button", name="Close").click()
            assert HOSTILE in {words.strip() for words in shown}, path
            assert injected(tab) == [], path


def injected(tab: Any) -> list[str]:
    """The elements of a page that the hostile words would have made."""
    wanted = "img[src='x'], svg[onload], [onerror], a[href^='javascript'], a[href*='evil.example']"
    return [found.evaluate("element => element.outerHTML") for found in tab.locator(wanted).all()]


def test_a_second_up_on_the_same_port_says_so(server: Server) -> None:
    finished = weijian("up", "--port", server.port, "--data", server.built.folder.root)
    assert finished.returncode == 1
    assert "is taken" in finished.stderr


def test_a_second_up_on_the_same_folder_says_so(server: Server) -> None:
    finished = weijian("up", "--port", free_port(), "--data", server.built.folder.root)
    assert finished.returncode == 1
    assert "is at work in" in finished.stderr


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_sigterm_ends_everything_that_was_started(server: Server) -> None:
    """The last test of this file: it ends the server that the others share."""
    assert len(processes_of(server.built.folder.root)) >= 4
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=600) == 0
    assert processes_of(server.built.folder.root) == []
    before = contents(server.built.folder.published)
    assert before["staging.documents"]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_ctrl_c_while_it_starts_ends_everything(built: Built, tmp_path: Path) -> None:
    copy = copy_of(built, tmp_path)
    process = subprocess.Popen(
        [str(WEIJIAN), "up", "--port", str(free_port()), "--data", str(copy.folder.root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=PROJECT,
        start_new_session=True,
    )
    eventually(lambda: len(processes_of(copy.folder.root)) >= 3, every=0.2)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(timeout=600) == 0
    assert processes_of(copy.folder.root) == []
