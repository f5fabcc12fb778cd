"""Sources: the portals and inboxes that reports come from, one small file each. Hands names on, computes nothing."""

from ingest.sources.loader import SourceError, area_of, load_source, sources
from ingest.sources.model import Source

__all__ = ["Source", "SourceError", "area_of", "load_source", "sources"]
