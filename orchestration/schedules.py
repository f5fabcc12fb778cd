"""The schedules: when jobs run.

Belongs here: cron expressions with their time zone. Not here: what runs (`jobs`).
"""

from __future__ import annotations

import dagster as dg

from orchestration.jobs import crawl, nightly
from orchestration.partitions import portals

TIMEZONE = "Asia/Shanghai"

nightly_schedule = dg.ScheduleDefinition(
    name="nightly_schedule",
    job=nightly,
    cron_schedule="0 2 * * *",
    execution_timezone=TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at 02:00 Beijing time, when portals are idle and the day's reports are up.",
)


@dg.schedule(
    job=crawl,
    cron_schedule="15 22 * * *",
    execution_timezone=TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every evening at 22:15 Beijing time, as the portals' nightly window opens: each verified portal.",
)
def crawl_schedule(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest] | dg.SkipReason:
    """One run a verified portal; a portal of one's own is crawled by hand."""
    asked = [portal.id for portal in portals().values() if portal.verified and not portal.private]
    if not asked:
        return dg.SkipReason("No portal is verified yet: `weijian source check ID` says what one answers.")
    night = context.scheduled_execution_time.date().isoformat()
    return [dg.RunRequest(run_key=f"{portal} {night}", partition_key=portal) for portal in sorted(asked)]
