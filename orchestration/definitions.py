"""Everything that Dagster loads, put together once.

Belongs here: the composition. Not here: any of its parts.
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from orchestration import assets, checks
from orchestration.dbt import build_resource, load_manifest
from orchestration.jobs import nightly
from orchestration.resources import Progress, Store
from orchestration.schedules import nightly_schedule
from orchestration.sensors import abandoned_runs


def build_definitions(resource_overrides: Mapping[str, object] | None = None) -> dg.Definitions:
    """All assets, checks, jobs, schedules, sensors and resources.

    Args:
        resource_overrides: resources by name (`store`, `progress`, `dbt`) that take the place of the defaults.

    Raises:
        ManifestError: the dbt manifest was not built yet.
    """
    models = assets.build_models(load_manifest())
    marts = sorted(key for key in models.keys if key.path[0] == "marts")
    return dg.Definitions(
        assets=[
            assets.inbox,
            *assets.portal_specs(),
            assets.raw_archive,
            assets.parsed_documents,
            assets.extracted_facts,
            assets.staging,
            models,
            assets.build_published(marts),
        ],
        asset_checks=[checks.staging_checks],
        jobs=[nightly],
        schedules=[nightly_schedule],
        sensors=[abandoned_runs],
        resources={"store": Store(), "progress": Progress(), "dbt": build_resource(), **(resource_overrides or {})},
        executor=dg.in_process_executor,
    )


defs = build_definitions()
