"""Plain text: bytes to visible text.

Belongs here: decoding and normalising a text file. Not here: what its lines mean (`document`).
"""

from __future__ import annotations

from ingest.parse.encoding import UndecodableError, decode
from ingest.parse.visible import ParseError, Visible
from ingest.text.normalise import normalise


def read_text(data: bytes) -> Visible:
    """The text of a plain text file.

    Raises:
        ParseError: the bytes are no text, or hold blanks only.
    """
    try:
        decoded = decode(data)
    except UndecodableError as error:
        raise ParseError("undecodable", str(error)) from error
    text = normalise(decoded.text)
    if not text.strip():
        raise ParseError("no_text", "the file holds blanks only")
    return Visible(text=text, evidence={"encoding": decoded.evidence})
