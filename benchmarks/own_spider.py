"""Our crawl of a portal of our own, measured as `benchmarks.bare_spider` measures itself.

`python -m benchmarks.own_spider PORTAL_FILE RAW` prints pages, seconds, seconds of the processor and megabytes as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from ingest.crawl.crawl import crawl, peak_memory
from ingest.sources import load_source


def main(portal_file: str, raw: str) -> None:
    """Crawl and print what it took."""
    began, busy = time.monotonic(), time.process_time()
    summary = crawl(load_source(Path(portal_file)), Path(raw))
    measured = {
        "pages": summary.documents + summary.list_pages,
        "seconds": time.monotonic() - began,
        "cpu": time.process_time() - busy,
        "memory": peak_memory(),
    }
    sys.stdout.write(json.dumps(measured) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
