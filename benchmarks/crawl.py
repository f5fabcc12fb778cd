"""Crawling: pages a second of our crawler, beside a bare Scrapy spider that only saves the same pages.

`python -m benchmarks.crawl [PAGES]`. Both ask the same local server with manners off and eight connections, each in a
process of its own, in turns; the best of three counts. Memory is what the process had at most.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from ingest.crawl.launch import crawl_in_process
from samples.portals.site import Site, serving
from tests.portals.families import portal_file, vsb

ROUNDS = 3
CONNECTIONS = 8
LEAST_RATIO = 0.8


def ours(root: str, start: str, folder: Path) -> tuple[int, float, float]:
    """Pages, seconds and megabytes of our crawl."""
    file = folder / "bench.yaml"
    limits = {"timeout": 30, "list_pages": 1_000, "pages": 100_000}
    manners = {"delay": 0, "connections": CONNECTIONS, "window": "00:00-24:00"}
    file.write_text(portal_file("bench", root, [start], "vsb", limits=limits, manners=manners), encoding="utf-8")
    summary = crawl_in_process(file, folder / "raw")
    return summary.documents + summary.list_pages, summary.seconds, summary.memory_mb


def bare(root: str, start: str, folder: Path) -> tuple[int, float, float]:
    """Pages, seconds and megabytes of the bare spider."""
    command = [sys.executable, "-m", "benchmarks.bare_spider", root + start, str(folder), str(CONNECTIONS)]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    measured = json.loads(finished.stdout)
    return measured["pages"], measured["seconds"], measured["memory"]


def main(pages: int) -> int:
    """Measure both, print a table, and fail where ours is too slow."""
    portal = vsb(range(1, pages + 1))
    best: dict[str, float] = {}
    with serving(Site(portal.pages)) as root:
        for _ in range(ROUNDS):
            for name, measure in (("weijian", ours), ("bare scrapy", bare)):
                with tempfile.TemporaryDirectory() as folder:
                    count, seconds, memory = measure(root, portal.start, Path(folder))
                rate = count / seconds
                best[name] = max(best.get(name, 0.0), rate)
                print(f"{name:12} {count:6} pages {seconds:6.2f} s {rate:7.1f} pages/s {memory:6.1f} MB")  # noqa: T201
    ratio = best["weijian"] / best["bare scrapy"]
    print(f"ratio of the best: {ratio:.2f} (at least {LEAST_RATIO})")  # noqa: T201
    return 0 if ratio >= LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 720))
