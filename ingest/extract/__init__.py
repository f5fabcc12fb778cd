"""Extraction: from a document to its facts. Hands names on; each question has its own module."""

from ingest.extract.extractor import extract
from ingest.versions import EXTRACTOR_VERSION

__all__ = ["EXTRACTOR_VERSION", "extract"]
