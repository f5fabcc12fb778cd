"""Bytes to characters: which encoding a page or a text file is written in.

Belongs here: the choice of the encoding and its evidence. Not here: what kind of file it is (`sniff`).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,20})""", re.IGNORECASE)
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# GB2312 and GBK are subsets of GB18030, and pages that declare them use characters outside them.
SUPERSET = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "gb_2312-80": "gb18030", "utf8": "utf-8"}
UNCOMMON = re.compile("[^ -~\\r\\n\\t\xa0·×÷±°\u2010-\u303f\u4e00-\u9fa5！-｠￥]")
HEAD_BYTES = 4096
SAMPLE_CHARACTERS = 20_000
PLAUSIBLE_SHARE = 0.9
TOLERATED_DAMAGE = 0.01


class UndecodableError(ValueError):
    """The bytes are text in none of the encodings that portals use."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters, and why this encoding was chosen."""

    text: str
    encoding: str
    evidence: str


def decode(data: bytes, *, is_html: bool = False) -> Decoded:
    """Read bytes as text: byte order mark, then declared charset (HTML), then strict UTF-8, then GB18030.

    A UTF-8 file that was cut inside its last character, or that holds a few damaged bytes, is still UTF-8.

    Raises:
        UndecodableError: no encoding gives text.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            body = data[len(mark) :]
            return Decoded(body.decode(encoding, errors="replace"), encoding, f"{encoding}: byte order mark")
    if is_html and (declared := DECLARED.search(data[:HEAD_BYTES])):
        name = declared[1].decode("ascii").lower()
        text = _strict(data, SUPERSET.get(name, name))
        if text is not None and is_plausible(text):
            return Decoded(text, SUPERSET.get(name, name), f"{SUPERSET.get(name, name)}: declared as {name}")
    text = _strict(data, "utf-8")
    if text is not None:
        return Decoded(text, "utf-8", "utf-8: strict")
    damaged = data.decode("utf-8", errors="replace")
    tail = damaged.rstrip("\ufffd")
    if "\ufffd" not in tail and len(damaged) - len(tail) <= 1:
        return Decoded(tail, "utf-8", "utf-8: strict but for a last character that is cut off")
    text = _strict(data, "gb18030")
    if text is not None and is_plausible(text):
        return Decoded(text, "gb18030", "gb18030: not UTF-8")
    if damaged.count("\ufffd") <= TOLERATED_DAMAGE * len(damaged):
        return Decoded(damaged, "utf-8", f"utf-8: {damaged.count(chr(0xFFFD))} damaged characters")
    text = data.decode("gb18030", errors="replace")
    if text.count("\ufffd") <= TOLERATED_DAMAGE * len(text) and is_plausible(text):
        return Decoded(text, "gb18030", f"gb18030: {text.count(chr(0xFFFD))} damaged characters")
    raise UndecodableError("the bytes are text in neither UTF-8 nor GB18030")


def is_plausible(text: str) -> bool:
    """Whether a decoding gave text: letters, Han characters and punctuation, hardly anything else."""
    sample = text[:SAMPLE_CHARACTERS]
    return len(UNCOMMON.findall(sample)) <= (1 - PLAUSIBLE_SHARE) * len(sample)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None
