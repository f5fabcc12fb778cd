"""What kind of file the bytes are, whatever their name says.

Belongs here: media types from bytes. Not here: which of them have a parser (`registry`).
"""

from __future__ import annotations

import io
import re
import zipfile

import puremagic

from ingest.parse.encoding import BYTE_ORDER_MARKS, UndecodableError, decode
from ingest.parse.packages import LARGEST_DIRECTORY, directory_bytes

HEAD_BYTES = 4096
HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|br|span|script|style)[\s>/]", re.IGNORECASE
)
ZIP_MEMBERS = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
# Old office files are folders of streams in one file; the names of their streams tell them apart.
OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS = {
    "EncryptedPackage": "application/vnd.ms-office.encrypted",
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
# Formats that begin with letters; all other binary formats hold bytes that no text has.
MARKED_TEXT = (b"%PDF", b"{\\rtf", b"%!PS")
NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def sniff(data: bytes) -> str:
    """The media type of bytes, or "" when they are neither a known format nor text.

    Text is told from binary formats by its bytes alone; a page of an error saved as `report.pdf` is `text/html`.
    """
    head = data[:HEAD_BYTES]
    is_marked = any(data.startswith(mark) for mark, _ in BYTE_ORDER_MARKS)
    if head.startswith(b"PK\x03\x04"):
        return _zip_type(data)
    if head.startswith(OLE_MARK):
        return _ole_type(data)
    if head.startswith(MARKED_TEXT) or (NOT_TEXT.search(head) and not is_marked):
        return _magic(head)
    if HTML.search(head):
        return "text/html"
    try:
        decode(data)
    except UndecodableError:
        return ""
    return "text/plain"


def _magic(head: bytes) -> str:
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    return next((str(match.mime_type) for match in matches if match.mime_type), "")


def _ole_type(data: bytes) -> str:
    for stream, media_type in OLE_STREAMS.items():
        if f"{stream}\0".encode("utf-16-le") in data:
            return media_type
    return _magic(data[:HEAD_BYTES])


def _zip_type(data: bytes) -> str:
    if directory_bytes(data) > LARGEST_DIRECTORY:
        return "application/zip"  # which is refused before its members are listed
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "application/zip"
    for folder, media_type in ZIP_MEMBERS.items():
        if any(name.startswith(folder) for name in names):
            return media_type
    return "application/zip"
