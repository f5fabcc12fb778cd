"""A regular expression that matches the longest of many words, without trying them one by one.

Belongs here: building the pattern. Not here: the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def longest_of(words: Iterable[str], *, not_behind: str = "") -> str:
    """A pattern (no groups that capture) for any of the words, longest first, sharing prefixes.

    Every branch begins with a character, none with a set or a look behind: so a search leaps to the next first
    character of a word, where it would else try the whole pattern at each offset.

    Args:
        not_behind: the inside of a set of characters; where one of them stands before it, there is no word.
    """
    root: dict[str, dict] = {}
    for word in words:
        node = root
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    guard = f"(?<![{not_behind}].)" if not_behind else ""
    branches = [re.escape(key) + guard + _pattern(child) for key, child in root.items()]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


def _pattern(node: dict[str, dict]) -> str:
    ends = "" in node
    single = "".join(re.escape(key) for key, child in node.items() if key and set(child) == {""})
    branches = [re.escape(key) + _pattern(child) for key, child in node.items() if key and set(child) != {""}]
    if single:
        branches.append(f"[{single}]" if len(single) > 1 else single)
    if not branches:
        return ""
    body = branches[0] if len(branches) == 1 and not ends else "(?:" + "|".join(branches) + ")"
    return body + ("?" if ends else "")
