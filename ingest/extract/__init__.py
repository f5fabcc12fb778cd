"""Extraction: from a document to its facts. Hands names on; each question has its own module."""

from ingest.extract.extractor import EXTRACTOR_VERSION, extract

__all__ = ["EXTRACTOR_VERSION", "extract"]
