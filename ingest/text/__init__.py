"""Text as it stands in a document: normalising, segmenting, reading over cuts. Hands names on, computes nothing."""

from ingest.text.reading import Reading

__all__ = ["Reading"]
