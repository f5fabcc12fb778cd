"""Old Word files (.doc): read by the program antiword, whose DocBook output becomes paragraphs and tables.

Belongs here: calling antiword and reading what it writes. Not here: newer Word files (`docx`).

antiword is called with a name of our own in a folder of our own; it inherits the limits of the child process.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import ParseError as XmlError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ingest.parse.flow import visible_of
from ingest.parse.grid import LONGEST_CELL, Grid, GridCell, squeezed
from ingest.parse.visible import ParseError, Visible

PROGRAM = "antiword"
PARAGRAPHS = frozenset(["para", "title", "subtitle"])
METADATA = frozenset(["bookinfo"])
TABLES = frozenset(["informaltable", "table"])
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML holds them
SECONDS = 50


def read_doc(data: bytes) -> Visible:
    """The visible text of an old Word file.

    Raises:
        ParseError: `missing_program`, `encrypted`, `broken_doc`, `no_text`.
    """
    written = UNWRITABLE.sub("", _antiword(data, "-x", "db"))
    try:
        root = fromstring(written)
    except (XmlError, DefusedXmlException, ValueError):
        plain = _antiword(data, "-w", "0")  # without marks: a few old files make antiword write broken XML
        return visible_of([plain], evidence={"layout": "antiword, plain text"})
    return visible_of(_blocks(root), evidence={"layout": "antiword, DocBook"})


def _antiword(data: bytes, *options: str) -> str:
    program = shutil.which(PROGRAM)
    if program is None:
        detail = f"{PROGRAM}, which reads old Word files, is not installed (Debian and Ubuntu: apt install {PROGRAM})"
        raise ParseError("missing_program", detail, is_final=False)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.doc"
        file.write_bytes(data)
        command = [program, "-m", "UTF-8.txt", *options, str(file)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired as error:
            raise ParseError("too_slow", f"{PROGRAM} takes more than {SECONDS} seconds") from error
    complaint = done.stderr.decode("utf-8", "replace").replace(str(file), "the file").strip()
    if "ncrypted" in complaint:
        raise ParseError("encrypted", "the file asks for a password")
    if done.returncode != 0:
        raise ParseError("broken_doc", f"{PROGRAM} cannot read it: {complaint or f'code {done.returncode}'}")
    return done.stdout.decode("utf-8", "replace")


def _blocks(element: Element) -> Iterator[str | Grid]:
    """Paragraphs and tables in order; a list's numbers are counted, since DocBook does not write them."""
    for child in element:
        if child.tag in METADATA:
            continue
        if child.tag in TABLES:
            yield from _table(child)
        elif child.tag in PARAGRAPHS:
            if any(child.iter("informaltable")):
                yield squeezed(child.text or "")
                yield from _blocks(child)
            else:
                yield squeezed("".join(child.itertext()))
        elif child.tag == "orderedlist":
            for number, item in enumerate(child.iter("listitem"), start=1):
                yield f"{number}. " + squeezed("".join(item.itertext()))
        else:
            yield from _blocks(child)


def _table(table: Element) -> Iterator[str | Grid]:
    rows = [[squeezed("".join(entry.itertext())) for entry in row.iter("entry")] for row in table.iter("row")]
    words = [cell for row in rows for cell in row]
    if max(map(len, rows), default=0) < 2 or any(len(cell) > LONGEST_CELL for cell in words):
        yield from words
        return
    cells = (GridCell(cell, at, column, 1, 1, False) for at, row in enumerate(rows) for column, cell in enumerate(row))
    yield Grid("", tuple(cells))
