"""Folding: one spelling for many, character by character.

Belongs here: maps from one character to one character (full width to half width, look-alike signs, traditional to
simplified), so that a span in the folded text is the same span in the text as written.
Not here: anything that changes a length (`Reading` skips characters; damage rules replace words).
"""

from __future__ import annotations

import re
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
# Traditional characters that texts in simplified characters hold too: words (著名, 瞭望), surnames, towns (鷺, 鮀 …).
_USED_IN_BOTH = frozenset("乾著瞭於徵藉麼麽夥甦昇陞甯濛讎祇錡釐塚磑鴜鷺氾瀂鮀礐鮜篢洩")
_SIGNS_NEEDED = 3  # different traditional characters of a text that is written in them, not one that quotes a name


@lru_cache(maxsize=1)
def _widths() -> dict[str, str]:
    table = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for plain, others in _LOOK_ALIKES.items():
        table.update(dict.fromkeys(others, plain))
    return table


@lru_cache(maxsize=1)
def _wide() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(re.escape, _widths()))}]")


@lru_cache(maxsize=1)
def _simplified_table() -> dict[int, int]:
    """Traditional characters with one simplified form of one character (OpenCC's t2s, Apache-2.0)."""
    from opencc import OpenCC

    characters = [chr(code) for code in range(0x4E00, 0xA000)]
    simple = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return {ord(old): ord(new) for old, new in zip(characters, simple, strict=True) if len(new) == 1 and new != old}


@lru_cache(maxsize=1)
def _sure_table() -> dict[int, int]:
    """The simplified table without the characters that texts in simplified characters hold too."""
    return {old: new for old, new in _simplified_table().items() if chr(old) not in _USED_IN_BOTH}


@lru_cache(maxsize=1)
def _traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, _sure_table()))}]")


def fold(text: str) -> str:
    """The text as the extractor reads it: half width and simplified.

    Returns:
        A string of the same length; character i stands for character i.

    Source: Unicode Standard Annex #11 for the half-width forms; OpenCC's table TSCharacters for the characters.
    """
    # Some replacements are several times as fast as `translate`; what one puts in, no other takes out.
    widths = _widths()
    for written in set(_wide().findall(text)):
        text = text.replace(written, widths[written])
    return simplified(text)


def simplified(text: str) -> str:
    """The text in simplified characters, one for one.

    Characters that both writings use are left alone unless several others show that the text is a traditional one.
    """
    found = _traditional().search(text)
    if found is None:
        return text
    signs = set(_traditional().findall(text, found.start()))
    return text.translate(_simplified_table() if len(signs) >= _SIGNS_NEEDED else _sure_table())
