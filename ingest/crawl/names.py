"""Names: what a file that was fetched is called, for people; a name from outside never becomes a path.

Belongs here: the name that the answer states, that its address holds, that the link to it shows. Not here: what kind of
file it is, which its bytes say (`ingest.parse.sniff`).
"""

from __future__ import annotations

from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, unquote, urlsplit

from ingest.crawl.items import Fetched

# Addresses that end so promise a file; a page in its place is an error page.
PROMISES_A_FILE = (".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".zip")
NAMES_A_FILE = (*PROMISES_A_FILE, ".txt", ".rar", ".csv", ".rtf", ".ppt", ".pptx")
LONGEST_NAME = 120


def file_name_of(url: str) -> str:
    """The last part of an address.

    Programs that hand files out (`downfile.jsp?filename=表.pdf`) name the file in their query.
    """
    parts = urlsplit(url)
    named = [value for _, value in parse_qsl(parts.query) if value.lower().endswith(PROMISES_A_FILE)]
    return _printable(named[-1] if named else unquote(parts.path)) or parts.netloc


def promised_name(item: Fetched) -> str:
    """The name that the answer itself states (Content-Disposition), or that its address holds."""
    return _stated(item.headers.get("Content-Disposition", "")) or file_name_of(item.url)


def name_of(item: Fetched) -> str:
    """The promised name; where that is that of a program (`download.jsp`), the one that the link to the file shows."""
    promised, shown = promised_name(item), _printable(item.target.title)
    is_file = item.media_type != "text/html" and not promised.lower().endswith(NAMES_A_FILE)
    return shown if is_file and shown.lower().endswith(NAMES_A_FILE) else promised


def _stated(disposition: str) -> str:
    """The file name of a Content-Disposition header, "" where it has none; RFC 6266, and what servers send instead."""
    message = Message()
    message["Content-Disposition"] = " ".join(disposition.splitlines())
    return _printable(unquote(message.get_filename("")).replace("\\", "/"))  # some servers state a path of theirs


def _printable(name: str) -> str:
    last = PurePosixPath(name).name
    printable = "".join(char if char.isprintable() and char != "\\" else "_" for char in last).strip()
    return "" if printable in {".", ".."} else printable[-LONGEST_NAME:]
