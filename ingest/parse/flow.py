"""A document's flow: its lines and tables in reading order become `Visible`, the same way for every format.

Belongs here: laying lines and grids into one text with spans. Not here: reading them from a format.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ingest.model import Table
from ingest.parse.grid import Grid, PlacedTable
from ingest.parse.visible import ParseError, Visible
from ingest.text.normalise import normalise
from ingest.text.tables import caption_of

CAPTION_LINES = 3  # above a table, in which its caption is looked for


def visible_of(items: Iterable[str | Grid], *, titles: Iterable[str] = (), evidence: dict[str, str]) -> Visible:
    """Lay out paragraphs and tables, one paragraph or row a line.

    Args:
        items: paragraphs, which may hold line ends, and tables, in reading order.
        titles: titles that the format marks, best first.
        evidence: what the format tells of how it was read.

    Raises:
        ParseError: there are no words.
    """
    lines: list[tuple[str, bool]] = []
    placed: list[PlacedTable] = []
    for item in items:
        if isinstance(item, Grid):
            placed.append(PlacedTable(item, len(lines)))
            lines.extend((row, False) for row in item.rows())
        else:
            lines.extend((line.strip(), False) for line in normalise(item).split("\n") if line.strip())
    if not lines:
        raise ParseError("no_text", "the file shows no text")
    starts, position = [], 0
    for line, _ in lines:
        starts.append(position)
        position += len(line) + 1
    text = "\n".join(line for line, _ in lines)
    marked = dict.fromkeys(title.strip() for title in titles if title.strip())
    return Visible(
        text=text,
        tables=tuple(table for place in placed if (table := captioned(place, starts, lines)).cells),
        titles=tuple(marked),
        evidence=evidence,
    )


def captioned(place: PlacedTable, starts: list[int], lines: list[tuple[str, bool]]) -> Table:
    """The table with the caption that the lines above it hold, where it has none of its own.

    Args:
        place: the table, and the line on which it begins.
        starts: where each line begins in the text.
        lines: the lines, each with whether it stands in a menu.
    """
    table = place.model(starts, lines)
    above = [line for line, _ in lines[max(0, place.line - CAPTION_LINES) : place.line]]
    return table if table.caption else replace(table, caption=caption_of(above))
