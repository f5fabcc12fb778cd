"""Crawling: pages a second of our crawler, beside a bare Scrapy spider that only saves the same pages.

`python -m benchmarks.crawl [REPORTS]` (720 make 1,008 pages). Both ask the same local server with manners off and eight
connections, each in a process of its own, in turns that change their order, after a small crawl that nobody measures.

The best rate of each counts. Beside it stands the time of the processor, its least of all rounds: what else the machine
does moves it less. It leaves out what a crawl waits for, the disk above all. Memory is what a process had at most.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from samples.portals.site import Site, serving
from tests.portals.families import portal_file, vsb

ROUNDS = 5
WARM_UP = 30  # reports
CONNECTIONS = 8
LEAST_RATIO = 0.8


@dataclass(frozen=True, slots=True)
class Measured:
    """One crawl: its pages, its seconds, those of the processor, and the megabytes it had at most."""

    pages: int
    seconds: float
    cpu: float
    memory: float

    @property
    def rate(self) -> float:
        """Pages a second."""
        return self.pages / self.seconds


def ours(root: str, start: str, folder: Path) -> Measured:
    """Our crawl."""
    file = folder / "bench.yaml"
    limits = {"timeout": 30, "list_pages": 1_000, "pages": 100_000}
    manners = {"delay": 0, "connections": CONNECTIONS, "window": "00:00-24:00"}
    file.write_text(portal_file("bench", root, [start], "vsb", limits=limits, manners=manners), encoding="utf-8")
    return _measured("benchmarks.own_spider", str(file), str(folder / "raw"))


def bare(root: str, start: str, folder: Path) -> Measured:
    """The bare spider."""
    return _measured("benchmarks.bare_spider", root + start, str(folder), str(CONNECTIONS))


SPIDERS: dict[str, Callable[[str, str, Path], Measured]] = {"weijian": ours, "bare scrapy": bare}


def _measured(module: str, *arguments: str) -> Measured:
    command = [sys.executable, "-m", module, *arguments]
    finished = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Measured(**json.loads(finished.stdout))


def measure(reports: int) -> dict[str, list[Measured]]:
    """All rounds of both, told as they come."""
    portal, small = vsb(range(1, reports + 1)), vsb(range(1, WARM_UP + 1), prefix="/warm")
    rounds: dict[str, list[Measured]] = {name: [] for name in SPIDERS}
    with serving(Site(portal.pages | small.pages)) as root:
        for number in range(ROUNDS + 1):
            for name in sorted(SPIDERS, reverse=number % 2 == 0):
                with tempfile.TemporaryDirectory() as folder:
                    start = portal.start if number else small.start
                    done = SPIDERS[name](root, start, Path(folder))
                if number:
                    rounds[name].append(done)
                    print(  # noqa: T201
                        f"{name:12} {done.pages:6} pages {done.seconds:6.2f} s {done.rate:7.1f} pages/s "
                        f"{1000 * done.cpu / done.pages:6.2f} ms of the processor a page {done.memory:6.1f} MB"
                    )
    return rounds


def main(reports: int) -> int:
    """Measure both, print a table, and fail where ours is too slow."""
    rounds = measure(reports)
    own, other = rounds["weijian"], rounds["bare scrapy"]
    ratio = max(done.rate for done in own) / max(done.rate for done in other)
    cpu = min(done.cpu / done.pages for done in other) / min(done.cpu / done.pages for done in own)
    print(f"ratio of the best rates: {ratio:.2f} (at least {LEAST_RATIO})")  # noqa: T201
    print(f"ratio by the time of the processor: {cpu:.2f}")  # noqa: T201
    return 0 if ratio >= LEAST_RATIO else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 720))
