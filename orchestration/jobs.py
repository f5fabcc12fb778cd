"""The jobs: which assets are made together.

Belongs here: selections of assets and their executor. Not here: when they run (`schedules`).
"""

from __future__ import annotations

import dagster as dg

# Everything from the inbox to the published file, one step after the other in one process: most of the work is one
# writer's, and a process a step would cost more than the step.
nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all() - dg.AssetSelection.assets("crawled_portals"),
    executor_def=dg.in_process_executor,
    description="Takes in what is new, reads it, rebuilds and tests the marts, and publishes the warehouse.",
)

# One portal, in a run of its own: it writes files only, so several portals are crawled at the same time.
crawl = dg.define_asset_job(
    "crawl",
    selection=dg.AssetSelection.assets("crawled_portals"),
    executor_def=dg.in_process_executor,
    description="Fetches what one portal published into the raw archive; the nightly job reads it.",
)
