"""Waiting for what another process does, for as long as it may take on a machine with other things to do.

Belongs here: conditions that come true by themselves. Not here: claims about how soon (`benchmarks`).
"""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 300.0  # seconds after which it is taken that what was waited for will not come


def eventually(is_so: Callable[[], object], every: float = 0.01) -> None:
    """Wait until something is so.

    Args:
        is_so: asked again and again.
        every: seconds between two questions.

    Raises:
        AssertionError: it is not so after a long time.
    """
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, f"not so after {PATIENCE:g} seconds"
        time.sleep(every)
