"""Parsing: the bytes of an archived file become one `Document`. Hands names on, computes nothing."""

from ingest.parse.document import parse
from ingest.parse.registry import supported_media_types
from ingest.parse.visible import ParseError
from ingest.versions import PARSER_VERSION

__all__ = ["PARSER_VERSION", "ParseError", "parse", "supported_media_types"]
