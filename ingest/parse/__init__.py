"""Parsing: the bytes of an archived file become one `Document`. Hands names on, computes nothing."""

from ingest.parse.document import PARSER_VERSION, parse
from ingest.parse.registry import supported_media_types
from ingest.parse.visible import ParseError

__all__ = ["PARSER_VERSION", "ParseError", "parse", "supported_media_types"]
