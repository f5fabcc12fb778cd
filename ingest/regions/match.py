"""What a resolver is told and what it answers. Nothing here computes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RegionContext:
    """What is known around a name: the year it is about, who publishes, where the index number begins.

    `index_prefix` is the first six digits of the index number (索引号) or ""; `parents` are names or codes of places
    above; `text` is the title and the head of the report, for parents named in it.
    """

    year: int | None = None
    publisher: str = ""
    index_prefix: str = ""
    parents: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class RegionMatch:
    """The code that a name meant ("" when open), all candidates with the best first, and what decided."""

    code: str
    candidates: tuple[str, ...]
    evidence: str
