"""What a file's name promises and its bytes are not.

Belongs here: an error page that was saved under the name of a report. Not here: telling formats apart (`sniff`): a
report that was saved as a page under the name of a Word file is read as the page that it is.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from ingest.parse.visible import ParseError, Visible

PROMISES_A_FILE = frozenset([".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".zip"])
SHORTEST_REPORT = 200  # characters that are no blanks


def check_promise(file_name: str, media_type: str, visible: Visible) -> None:
    """Refuse a short page in place of a file.

    Args:
        file_name: the last part of the address, or the file's own name.
        media_type: as sniffed from the bytes.
        visible: what the page shows.

    Raises:
        ParseError: `not_the_file`.
    """
    promised = PurePosixPath(file_name.lower()).suffix
    if media_type != "text/html" or promised not in PROMISES_A_FILE:
        return
    length = len("".join(visible.text.split()))
    if length < SHORTEST_REPORT:
        detail = f"the name promises {promised}, the bytes are a page in HTML of {length} characters"
        raise ParseError("not_the_file", detail)
