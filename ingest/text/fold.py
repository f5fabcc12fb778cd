"""Folding: one spelling for many, character by character.

Belongs here: maps from one character to one character (full width to half width, look-alike signs, traditional to
simplified), so that a span in the folded text is the same span in the text as written.
Not here: anything that changes a length (`Reading` skips characters; damage rules replace words).
"""

from __future__ import annotations

from functools import lru_cache

_LOOK_ALIKES = {
    "-": "－−–‐‑‒﹣",
    "—": "―─～〜∼~",
    ".": "．﹒∙•・·",
    "%": "﹪",
    "+": "﹢",
    ",": "﹐",
    " ": "\u3000\u00a0\t\u2002\u2003\u2009",
    "〇": "○",
    "“": "「『＂",
    "”": "」』",
}
# Characters that are traditional alone; a text that holds several of them is written in traditional characters.
_TRADITIONAL_SIGNS = "醫衛縣區鄉鎮產婦兒療員萬億個與為達數號總報網絡標準"
_SIGNS_NEEDED = 4


@lru_cache(maxsize=1)
def _width_table() -> dict[int, int]:
    table = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    for plain, others in _LOOK_ALIKES.items():
        table.update({ord(other): ord(plain) for other in others})
    return table


@lru_cache(maxsize=1)
def _simplified_table() -> dict[int, int]:
    """Traditional characters with one simplified form of one character (OpenCC's t2s, Apache-2.0)."""
    from opencc import OpenCC

    converter = OpenCC("t2s")
    table: dict[int, int] = {}
    for code in range(0x4E00, 0xA000):
        simple = converter.convert(chr(code))
        if len(simple) == 1 and simple != chr(code):
            table[code] = ord(simple)
    return table


def fold(text: str) -> str:
    """The text as the extractor reads it: half width, and simplified where it is written in traditional characters.

    Returns:
        A string of the same length; character i stands for character i.

    Source: Unicode Standard Annex #11 for the half-width forms; OpenCC's table TSCharacters for the characters.
    """
    return simplified(text.translate(_width_table()))


def simplified(text: str) -> str:
    """The text in simplified characters where it is written in traditional ones, one for one; else the text itself."""
    if sum(sign in text for sign in _TRADITIONAL_SIGNS) >= _SIGNS_NEEDED:
        return text.translate(_simplified_table())
    return text
