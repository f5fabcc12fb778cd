"""A regular expression that matches the longest of many words, without trying them one by one.

Belongs here: building the pattern. Not here: the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def longest_of(words: Iterable[str]) -> str:
    """A pattern (no groups that capture) for any of the words, longest first, sharing prefixes."""
    root: dict[str, dict] = {}
    for word in words:
        node = root
        for character in word:
            node = node.setdefault(character, {})
        node[""] = {}
    return _pattern(root)


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
