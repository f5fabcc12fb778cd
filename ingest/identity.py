"""Which parsed documents are one: the same report at another address, or the same words in other bytes.

Belongs here: the hash that equal reports share, and which of them stands for all. Not here: the versions of a report
whose words changed (each is a document of its own), loading (`load`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.model import Document

# Shorter texts (an error page, a heading over an attachment) say too little to be called the same.
LEAST_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Identity:
    """One parsed document as it is compared. `text_sha256` is "" where the text is too short to compare."""

    document_id: str
    text_sha256: str
    fetched_at: str  # ISO 8601, UTC


def text_hash(document: Document) -> str:
    """The hash that two documents share when they are one report: title, place and words, blanks left out.

    What is not the report (navigation, counters of visits, related links) does not count.

    Args:
        document: as parsed.

    Returns:
        A SHA-256, or "" when the report is shorter than `LEAST_CHARACTERS`.
    """
    parts, position = [], 0
    for start, end in document.asides:
        parts.append(document.text[position:start])
        position = end
    words = "".join("".join((*parts, document.text[position:])).split())
    if len(words) < LEAST_CHARACTERS:
        return ""
    title = "".join(document.title.split())
    return hashlib.sha256(f"{title}\n{document.ref_area}\n{words}".encode("utf-8", "replace")).hexdigest()


def copies(identities: Iterable[Identity]) -> dict[str, str]:
    """Which documents another one stands for.

    Args:
        identities: of all parsed documents.

    Returns:
        The id of each copy with the id of the document that stands for it: the one that was fetched first.
    """
    first: dict[str, str] = {}
    found: dict[str, str] = {}
    for identity in sorted(identities, key=lambda each: (each.fetched_at, each.document_id)):
        if identity.text_sha256:
            stands_for = first.setdefault(identity.text_sha256, identity.document_id)
            if stands_for != identity.document_id:
                found[identity.document_id] = stands_for
    return found
