"""The page in a real browser: choose, draw, open a provenance, download. Skipped where there is no Chromium."""

from __future__ import annotations

import csv
import io
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_published import FORMULA, LATER, PICTURE, PINGJIANG, RATE, REPORTS, SCRIPT, publish_small

from tests.browser import watched_tab
from warehouse.paths import DataFolder

pytest.importorskip("streamlit", reason="the page's extra is not installed (make test-page)")
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (make test-page)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    """A data folder of this module's own, since a test publishes into it."""
    folder = DataFolder(tmp_path_factory.mktemp("browser") / "data")
    publish_small(folder)
    return folder


@pytest.fixture(scope="module")
def address(folder: DataFolder, page: Path) -> Iterator[str]:
    """The page as `make page` starts it, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(page / "app.py"), f"--server.port={port}"],
        env={**os.environ, "WEIJIAN_DATA": str(folder.root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        yield _once_it_answers(f"http://127.0.0.1:{port}", server)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _once_it_answers(address: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(240):
        assert server.poll() is None, server.stdout and server.stdout.read().decode()
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return address
        except OSError:
            time.sleep(0.25)
    raise AssertionError(f"{address} did not answer within a minute")


@pytest.fixture
def tab(address: str) -> Iterator[Any]:
    """A browser's tab; whatever the page asks of another host, or runs by an alert, fails the test."""
    with watched_tab(address) as tab:
        yield tab


def test_a_reader_chooses_draws_opens_a_source_and_downloads(tab: Any, address: str) -> None:
    tab.goto(address)
    tab.get_by_test_id("stVegaLiteChart").first.wait_for()

    # Choose another indicator by typing, and come back.
    chooser = tab.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").first.locator("input")
    chooser.fill("床位")
    chooser.press("Enter")
    playwright.expect(tab.locator(".wj-headline").first).to_have_text("医疗卫生机构床位数")
    chooser.fill("孕产妇")
    chooser.press("Enter")
    playwright.expect(tab.locator(".wj-headline").first).to_have_text("孕产妇系统管理率")

    # Click the point of 岳阳市 2023, the highest of the last year.
    points = tab.get_by_test_id("stVegaLiteChart").first.locator("svg .mark-symbol.role-mark path")
    playwright.expect(points).to_have_count(4)
    tops = sorted(points.all(), key=lambda point: point.bounding_box()["y"])
    tops[0].click()
    playwright.expect(tab.locator(".wj-number")).to_have_text("95.21")
    playwright.expect(tab.locator(".wj-list").first).to_contain_text("岳阳市2023年工作总结（示例数据）")

    with tab.expect_download() as download:
        tab.get_by_role("button", name="下载 CSV").click()
    content = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert download.value.suggested_filename == f"weijian_{RATE}.csv"
    assert [row["value"] for row in rows] == ["93.12", "95.21", "93.86", "95.02"]
    assert {row["publisher"] for row in rows} == {"示例卫生健康局", "'" + FORMULA}


def test_a_bar_of_the_ranking_opens_its_source_too(tab: Any, address: str) -> None:
    tab.goto(address)
    tab.get_by_role("tab", name="排名").click()
    bars = tab.get_by_test_id("stVegaLiteChart").last.locator("svg .mark-rect.role-mark path")
    playwright.expect(bars).to_have_count(2)
    bars.nth(1).click()
    playwright.expect(tab.locator(".wj-number")).to_have_text("95.02")


def test_a_hostile_report_is_shown_as_the_text_it_is(tab: Any, address: str) -> None:
    for view in ("series", "quality"):
        tab.goto(f"{address}/?lang=zh&view={view}&fact=pj22")
        source = tab.locator(".wj-list").first
        playwright.expect(source).to_contain_text(f"{SCRIPT}{PICTURE}")
        playwright.expect(source).to_contain_text(FORMULA)
        playwright.expect(source).to_contain_text("javascript:alert(1)")
        assert tab.locator("a[href^='javascript']").count() == 0
        assert tab.locator(".wj-sentence img, .wj-sentence script, .wj-list img").count() == 0


def test_a_publication_is_seen_by_a_page_that_is_open(tab: Any, address: str, folder: DataFolder) -> None:
    tab.goto(f"{address}/?lang=en&places={PINGJIANG}")
    chooser = tab.get_by_role("combobox", name="Which number")
    chooser.click()
    playwright.expect(tab.get_by_role("option")).to_have_count(2)
    chooser.press("Escape")
    publish_small(folder, (*REPORTS, LATER))
    tab.get_by_role("button", name="Read again").click()
    playwright.expect(tab.get_by_text("5 documents")).to_be_visible()
    chooser.click()
    playwright.expect(tab.get_by_role("option")).to_have_count(3)


def test_a_row_of_a_list_opens_the_number_that_it_is_about(tab: Any, address: str) -> None:
    tab.goto(f"{address}/?lang=zh&fact=pj22")
    playwright.expect(tab.locator(".wj-number")).to_have_text("93.86")
    _select_row(tab.get_by_test_id("stDataFrame").last, 2)
    playwright.expect(tab.locator(".wj-number")).to_have_text("93.52")

    tab.goto(f"{address}/?lang=zh&view=quality")
    _select_row(tab.get_by_test_id("stDataFrame").first, 1)
    playwright.expect(tab.locator(".wj-number")).to_have_text("[原文数字缺失]")


def test_a_cell_of_the_table_opens_its_number(tab: Any, address: str) -> None:
    tab.goto(f"{address}/?lang=zh&places={PINGJIANG}")
    table = tab.get_by_test_id("stDataFrame").first
    table.locator("canvas").first.wait_for()
    box = table.bounding_box()
    table.click(position={"x": box["width"] * 0.4, "y": 52})
    playwright.expect(tab.locator(".wj-number")).to_have_text(re.compile("93.86|95.02"))


def _select_row(grid: Any, row: int) -> None:
    """Tick the box before a row, counted from 1 below the head."""
    grid.locator("canvas").first.wait_for()
    grid.click(position={"x": 18, "y": 35 * row + 17})
