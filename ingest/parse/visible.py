"""What a format's parser hands over: the visible text and what the format itself tells about its parts.

Belongs here: the shape between a format and the `Document`. Not here: reading a format, or understanding a report.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.model import Table


class ParseError(Exception):
    """A file that cannot be read as a report: a short stable reason and a sentence for a person.

    `is_final` is False when the fault is not the file's (a program that is not installed): the next run tries again.
    """

    def __init__(self, reason: str, detail: str, *, is_final: bool = True) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.is_final = is_final


@dataclass(frozen=True, slots=True)
class Visible:
    """The visible text of a file, normalised, with what its format knows.

    `outside` are spans that the layout shows not to be the report (menus, side columns); `fields` are metadata that
    stand outside the text (meta tags); `titles` are titles that the format marks, best first.
    """

    text: str
    tables: tuple[Table, ...] = ()
    outside: tuple[tuple[int, int], ...] = ()
    fields: dict[str, str] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    evidence: dict[str, str] = field(default_factory=dict)
