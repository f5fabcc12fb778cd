"""What the tests of the extractor share: a sentence read as a report by the real parser and extractor.

Belongs here: making small documents. Not here: sentence cases (`tests.cases`).
"""

from __future__ import annotations

from hashlib import sha256

from ingest.extract import extract
from ingest.extract.catalogue import catalogue
from ingest.extract.found import Found
from ingest.extract.quantity import reader
from ingest.model import ArchivedFile, Document, Fact
from ingest.parse import parse
from tests.cases.judge import FETCHED_AT

TITLE = "响水县2023年卫生健康工作总结"


def document_of(body: str, title: str = TITLE) -> Document:
    """A report with a title and a body."""
    data = f"{title}\n\n{body}\n".encode()
    digest = sha256(data).hexdigest()
    return parse(
        ArchivedFile("tests", "tests:///report", "report.txt", digest, "text/plain", FETCHED_AT, len(data)), data
    )


def facts_of(body: str, title: str = TITLE) -> list[Fact]:
    """The facts of a report, in the order of its text."""
    return extract(document_of(body, title))


def fact_of(body: str, number: str, title: str = TITLE) -> Fact:
    """The one fact of a number as written."""
    facts = [fact for fact in facts_of(body, title) if fact.number_text == number]
    assert len(facts) == 1, f"{number}: {[fact.number_text for fact in facts_of(body, title)]}"
    return facts[0]


def found_in(body: str, title: str = TITLE) -> Found:
    """What the finders find in a report."""
    return Found(document_of(body, title), catalogue(), reader())
