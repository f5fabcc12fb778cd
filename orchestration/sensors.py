"""The sensors: what is watched while the daemon runs.

Belongs here: looking, and one reaction. Not here: the reaction's work (`home`).
"""

import dagster as dg

from orchestration.home import give_up_abandoned_runs, is_held
from warehouse.paths import data_folder


@dg.sensor(minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.RUNNING)
def abandoned_runs(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Gives up a `weijian run` that was killed, so that its place in the writers' queue is free for the night."""
    if is_held(data_folder(), "run"):
        return dg.SkipReason("`weijian run` is at work.")
    given_up = give_up_abandoned_runs(context.instance, by_command_line=True)
    return dg.SkipReason(f"Gave up {', '.join(given_up)}." if given_up else "No run was abandoned.")
