"""Sentences: the words around a number, as a reader of the report would see them.

Belongs here: finding the sentence that holds a span. Not here: how it is shown (`page`, the command line).
"""

from __future__ import annotations

SENTENCE_ENDS = "。！？；!?;\n"
MAX_SENTENCE = 240  # characters on either side of the number


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The half-open span of the sentence that holds [start, end), cut where it is very long."""
    begin = max((text.rfind(mark, 0, start) for mark in SENTENCE_ENDS), default=-1) + 1
    ends = [position for mark in SENTENCE_ENDS if (position := text.find(mark, end)) >= 0]
    finish = min(ends) + 1 if ends else len(text)
    return max(begin, start - MAX_SENTENCE), min(finish, end + MAX_SENTENCE)
