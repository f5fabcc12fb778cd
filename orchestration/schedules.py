"""The schedules: when jobs run.

Belongs here: cron expressions with their time zone. Not here: what runs (`jobs`).
"""

from __future__ import annotations

import dagster as dg

from orchestration.jobs import nightly

TIMEZONE = "Asia/Shanghai"

nightly_schedule = dg.ScheduleDefinition(
    name="nightly_schedule",
    job=nightly,
    cron_schedule="0 2 * * *",
    execution_timezone=TIMEZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night at 02:00 Beijing time, when portals are idle and the day's reports are up.",
)
