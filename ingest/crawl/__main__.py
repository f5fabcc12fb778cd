"""`python -m ingest.crawl`: one crawl in a process of its own, as Dagster and the command line start it.

Belongs here: arguments, progress to Dagster where Dagster listens, the exit code. Not here: the crawl (`crawl`).

The exit code is 0 when the crawl ended by its own rules, whatever it found; the summary, with the guard's verdict, lies
beside the archive.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from dagster_pipes import DAGSTER_PIPES_CONTEXT_ENV_VAR, open_dagster_pipes

from ingest.crawl.context import Progress
from ingest.crawl.crawl import ContactError, crawl
from ingest.crawl.families import FamilyError
from ingest.crawl.state import CrawlUnderWayError
from ingest.crawl.summary import Summary
from ingest.sources import SourceError, load_source


def main(arguments: list[str]) -> int:
    """Crawl as the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m ingest.crawl", description="Crawl one portal into a raw archive.")
    parser.add_argument("portal", type=Path, help="the portal's file")
    parser.add_argument("raw", type=Path, help="the folder of the raw archive")
    parser.add_argument("--contact", default=os.environ.get("WEIJIAN_CONTACT", ""), help="who asks")
    parser.add_argument("--retry-failed", action="store_true", help="ask only for what failed the last time")
    parser.add_argument("--at-any-hour", action="store_true", help="also outside the portal's nightly window")
    options = parser.parse_args(arguments)

    def run(progress: Progress | None) -> Summary:
        return crawl(
            load_source(options.portal),
            options.raw,
            contact=options.contact,
            retry_failed=options.retry_failed,
            at_any_hour=options.at_any_hour,
            progress=progress,
        )

    try:
        if DAGSTER_PIPES_CONTEXT_ENV_VAR not in os.environ:
            sys.stdout.write(run(None).to_json() + "\n")
            return 0
        with open_dagster_pipes() as pipes:
            run(lambda documents, url: pipes.log.info(f"{documents} documents, last {url}"))
    except (ContactError, CrawlUnderWayError, FamilyError, SourceError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
