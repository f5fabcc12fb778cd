"""Helpers of the parse tests: a text or a page becomes a document. All figures are invented."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from ingest.model import ArchivedFile, Document
from ingest.parse import parse
from ingest.parse.sniff import sniff
from ingest.text import Reading


def archived(data: bytes, name: str = "report.txt", source_id: str = "inbox") -> ArchivedFile:
    """An archived file for bytes, with the media type that its bytes show."""
    sha256 = hashlib.sha256(data).hexdigest()
    fetched_at = datetime(2024, 1, 2, tzinfo=UTC)
    return ArchivedFile(source_id, f"inbox:///{name}", name, sha256, sniff(data), fetched_at, len(data))


def document(text: str | bytes) -> Document:
    """The document of a text or of a page."""
    data = text.encode() if isinstance(text, str) else text
    return parse(archived(data), data)


def asides(doc: Document) -> str:
    """What the document sets aside, one piece a line."""
    return "\n".join(doc.text[start:end] for start, end in doc.asides)


def sentences(doc: Document) -> list[str]:
    """The sentences as they are read, without the cuts in them."""
    return [read(doc, sentence.start, sentence.end) for sentence in doc.sentences]


def read(doc: Document, start: int, end: int) -> str:
    """The words of a stretch, without the cuts in it."""
    return Reading(doc.text, doc.cuts, start, end).text
