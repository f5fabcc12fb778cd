"""Everything that Dagster loads, put together once.

Belongs here: the composition. Not here: any of its parts.
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from orchestration import assets, checks
from orchestration.dbt import build_resource, load_manifest
from orchestration.jobs import crawl, nightly
from orchestration.resources import Progress, Store
from orchestration.schedules import crawl_schedule, nightly_schedule
from orchestration.sensors import abandoned_runs


def build_definitions(resource_overrides: Mapping[str, object] | None = None) -> dg.Definitions:
    """All assets, checks, jobs, schedules, sensors and resources.

    Args:
        resource_overrides: resources by name (`store`, `progress`, `dbt`, `crawler`) in place of the defaults.

    Raises:
        ManifestError: the dbt manifest was not built yet.
    """
    models = assets.build_models(load_manifest())
    marts = sorted(key for key in models.keys if key.path[0] == "marts")
    return dg.Definitions(
        assets=[
            assets.inbox,
            *assets.portal_specs(),
            assets.crawled_portals,
            assets.raw_archive,
            assets.parsed_documents,
            assets.extracted_facts,
            assets.staging,
            models,
            assets.build_published(marts),
        ],
        asset_checks=[checks.staging_checks],
        jobs=[nightly, crawl],
        schedules=[nightly_schedule, crawl_schedule],
        sensors=[abandoned_runs],
        resources={
            "store": Store(),
            "progress": Progress(),
            "dbt": build_resource(),
            "crawler": dg.PipesSubprocessClient(),
            **(resource_overrides or {}),
        },
        executor=dg.in_process_executor,
    )


defs = build_definitions()
