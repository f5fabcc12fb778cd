"""Normalisation that keeps every visible character where it is.

Belongs here: line ends, blanks, controls and invisible characters, radicals that stand for characters.
Not here: full-width forms, traditional characters, synonyms (readers fold those on copies; the text stays as written).
"""

from __future__ import annotations

import re
import unicodedata

LINE_ENDS = "\x0b\x0c\x85\u2028\u2029"
# Byte order marks, zero-width characters, soft hyphens and direction marks are not visible and stand inside numbers.
INVISIBLES = "\ufeff\u200b-\u200f\u2060-\u2064\xad\u202a-\u202e"
BLANKS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
LINE_END = re.compile(f"\r\n?|[{LINE_ENDS}]")
INVISIBLE = re.compile(f"[{INVISIBLES}]")
BLANK = re.compile(f"[{BLANKS}]")
ODD = re.compile(f"[\r{LINE_ENDS}{INVISIBLES}{BLANKS}]")


RADICAL = re.compile("[\u2f00-\u2fd5]")
CHARACTERS = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}


def normalise(text: str) -> str:
    """Map line ends to one newline and odd blanks and controls to a plain space, drop what cannot be seen.

    Every visible character stays as it is written, one for one: full-width digits stay full-width. Tabs stay, since
    they part the columns of pasted tables. Kangxi radicals (⽉, ⼈), which some PDF programs put in the place of the
    characters that look the same, become these (Unicode's own compatibility mapping, one to one).
    """
    if RADICAL.search(text):
        text = text.translate(CHARACTERS)
    if not ODD.search(text):
        return text
    return BLANK.sub(" ", INVISIBLE.sub("", LINE_END.sub("\n", text)))
