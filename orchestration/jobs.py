"""The jobs: which assets are made together.

Belongs here: selections of assets and their executor. Not here: when they run (`schedules`).
"""

from __future__ import annotations

import dagster as dg

# Everything from the inbox to the published file, one step after the other in one process: most of the work is one
# writer's, and a process a step would cost more than the step.
nightly = dg.define_asset_job(
    "nightly",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Takes in what is new, reads it, rebuilds and tests the marts, and publishes the warehouse.",
)
