"""Lines of a text with the offsets of what they hold.

Belongs here: where a line's words begin and end. Not here: what a line is (`headings`, `asides`, `cuts`).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not blank: [start, end) are its words, after `indent` blanks and below `gap` blank lines."""

    start: int
    end: int
    indent: int
    gap: int
    words: str


def lines_of(text: str) -> list[Line]:
    """The lines of a text that are not blank, in order."""
    lines: list[Line] = []
    position, gap = 0, 0
    for raw in text.split("\n"):
        words = raw.strip()
        if words:
            indent = len(raw) - len(raw.lstrip())
            start = position + indent
            lines.append(Line(start, start + len(words), indent, gap, words))
            gap = 0
        else:
            gap += 1
        position += len(raw) + 1
    return lines


def is_inside(position: int, spans: list[tuple[int, int]]) -> bool:
    """Whether an offset lies in one of a few half-open spans."""
    return any(start <= position < end for start, end in spans)
