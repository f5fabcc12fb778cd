"""Runs `weijian` in this process and kills it, without a word, in the middle of one step.

Belongs here: where each step is cut. Started by `test_killed.py` as: python killed_run.py STEP ARGUMENTS…
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import ingest.load
import warehouse.publish
from ingest.derived import Derived
from orchestration.cli import main


def kill_after(calls: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, whose process dies right after this many calls of it."""
    left = calls

    def killed(*arguments: Any, **options: Any) -> Any:
        nonlocal left
        result = function(*arguments, **options)
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return killed


def cut(step: str) -> None:
    """Put the kill into a step of the pipeline."""
    if step == "parse":
        Derived.write_document = kill_after(1, Derived.write_document)  # type: ignore[method-assign]
    elif step == "load":  # the documents of the batch are inserted, their facts are not, nothing is committed
        ingest.load._insert = kill_after(1, ingest.load._insert)
    elif step == "dbt":
        from dagster_dbt.core.dbt_cli_invocation import DbtCliInvocation

        whole = DbtCliInvocation._stream_stdout

        def half(self: Any) -> Any:
            step_on = kill_after(60, lambda event: event)
            for event in whole(self):
                yield step_on(event)

        DbtCliInvocation._stream_stdout = half  # type: ignore[method-assign]
    elif step == "publish":  # the new file lies aside, complete
        warehouse.publish._build_aside = kill_after(1, warehouse.publish._build_aside)
    elif step == "parquet":  # the new file is in place, the Parquet files are not
        warehouse.publish._replace = kill_after(1, warehouse.publish._replace)
    else:
        raise ValueError(step)


if __name__ == "__main__":
    cut(sys.argv.pop(1))
    main()
