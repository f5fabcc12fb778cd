"""Legibility: what the recogniser's doubt about a scan means for the facts that are read from it.

Belongs here: from a document's recognition to its facts' confidence. Not here: recognising (`ingest.parse.ocr`), how
sure the rules are of a fact whose words are certain (`confidence`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.model import RECOGNITION, Document, Fact

EVIDENCE = "legibility"


def weigh(facts: Sequence[Fact], document: Document) -> list[Fact]:
    """The facts, as sure as their rules and the recognition of their words are together.

    Args:
        facts: of the document, in any order.
        document: whose evidence says how sure the recogniser was, where one read it.

    Returns:
        The same facts in the same order; those of a scan with a lower confidence, and with the reason as evidence.
    """
    recognition = document.evidence.get(RECOGNITION)
    if recognition is None:
        return list(facts)
    return [
        replace(
            fact,
            confidence=round(fact.confidence * float(recognition), 3),
            evidence={**fact.evidence, EVIDENCE: f"recognised with confidence {recognition}"},
        )
        for fact in facts
    ]
