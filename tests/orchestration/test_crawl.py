"""Crawling under Dagster: a partition a portal, a process a crawl, the guard as a check."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import dagster as dg
import pytest

from ingest.archive import Archive, Arrival
from ingest.crawl.launch import summary_of
from orchestration.assets import PORTAL_FILES, crawled_portals
from orchestration.commands.crawl import PortalError, crawl
from orchestration.inbox import InboxError
from orchestration.partitions import PORTALS, portals
from orchestration.resources import Store
from orchestration.schedules import crawl_schedule
from samples.portals.demo import PORT, build_site
from samples.portals.site import serving
from warehouse.paths import DataFolder


def test_every_portal_is_a_partition() -> None:
    assert list(PORTALS.get_partition_keys()) == sorted(portals())
    assert "inbox" not in PORTALS.get_partition_keys()


def test_a_crawl_reports_to_dagster_and_a_second_one_downloads_no_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = build_site()
    resources = {"store": Store(data=str(tmp_path)), "crawler": dg.PipesSubprocessClient()}
    with serving(site) as root, dg.DagsterInstance.ephemeral() as instance:
        # The demo portal at a port that nobody else on this machine has taken.
        portal = (PORTAL_FILES / "demo.yaml").read_text(encoding="utf-8")
        (tmp_path / "demo.yaml").write_text(portal.replace(f"http://127.0.0.1:{PORT}", root), encoding="utf-8")
        monkeypatch.setattr("orchestration.assets.PORTAL_FILES", tmp_path)
        outcomes = []
        for _ in range(2):
            site.forget()
            result = dg.materialize([crawled_portals], partition_key="demo", resources=resources, instance=instance)
            [check] = result.get_asset_check_evaluations()
            metadata = result.asset_materializations_for_node("crawled_portals")[0].metadata
            outcomes.append((check.passed, metadata["new"].value, metadata["conditional"].value))
        sent = sum(asked.sent for asked in site.asked if asked.path != "/robots.txt")
    documents = len(Archive(tmp_path / "raw").files())
    lists = 3
    assert outcomes == [(True, documents, 0), (True, 0, documents + lists)]
    assert sent == 0
    assert summary_of("demo", tmp_path / "raw").unchanged == documents


def test_only_verified_portals_of_others_are_crawled_by_themselves() -> None:
    asked = [portal.id for portal in portals().values() if portal.verified and not portal.private]
    context = dg.build_schedule_context(scheduled_execution_time=datetime(2026, 1, 5, 22, 15))
    requests = crawl_schedule(context)
    if asked:
        assert sorted(request.partition_key for request in requests) == sorted(asked)
    else:
        assert isinstance(requests, dg.SkipReason)


def test_nobody_is_asked_without_a_contact_or_a_file(data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    from rich.console import Console

    monkeypatch.delenv("WEIJIAN_CONTACT", raising=False)
    with pytest.raises(PortalError, match="WEIJIAN_CONTACT"):
        crawl(["haiyuan"], data, Console(quiet=True))
    with pytest.raises(PortalError, match="atlantis"):
        crawl(["atlantis"], data, Console(quiet=True))


def test_the_demo_portal_never_stands_beside_real_reports(data: DataFolder) -> None:
    from rich.console import Console

    Archive(data.raw).put(
        Arrival(source_id="inbox", url="inbox:///a.txt", file_name="a.txt", data=b"a", media_type="text/plain")
    )
    with pytest.raises(InboxError, match="invented"):
        crawl(["demo"], data, Console(quiet=True))
    assert [file.source_id for file in Archive(data.raw).files()] == ["inbox"]
