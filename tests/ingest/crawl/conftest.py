"""What the crawl's tests share: portals that are served while a test runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from crawled_nights import Nights


@pytest.fixture
def nights(tmp_path: Path) -> Iterator[Nights]:
    """Portals that are served while a test runs."""
    opened = Nights(tmp_path)
    yield opened
    opened.close()
