"""How much work a call is, counted and not timed: the same number on a machine that is busy with other things.

Belongs here: counting. Not here: seconds (`benchmarks.linear` measures what the same calls take).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType


def steps_of(call: Callable[[], object]) -> int:
    """The lines of Python that a call runs.

    What one line does inside the interpreter is not seen: a regular expression that goes back and forth, or a list
    that moves all its items, counts as one step.
    """
    steps = 0

    def count(frame: FrameType, event: str, argument: object) -> Callable[..., object]:
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        call()
    finally:
        sys.settrace(before)
    return steps
