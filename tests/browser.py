"""A real browser that tells what a page does behind its reader's back. Skips the test where there is none.

Belongs here: starting Chromium, and that nothing runs or leaves. Not here: what a page shows (`test_*`).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 60_000  # milliseconds that a page may take on a machine with other things to do


@contextmanager
def watched_tab(address: str) -> Iterator[Any]:
    """A tab of a browser (Playwright's `Page`).

    Args:
        address: of the only server that may be asked for anything.

    Raises:
        AssertionError: at the end, when a script raised a dialog or another host was asked.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (make test-page)")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)")
    own = (address, address.replace("http", "ws", 1), "data:", "blob:")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1440, "height": 1100}, locale="zh-CN", accept_downloads=True)
        tab = context.new_page()
        tab.set_default_timeout(PATIENCE)
        outside: list[str] = []
        dialogs: list[str] = []
        tab.on("request", lambda request: None if request.url.startswith(own) else outside.append(request.url))
        tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        yield tab
        browser.close()
    assert outside == []
    assert dialogs == []
