"""Cues: the small words of `lexicon/cues.yaml`, ready to be matched.

Belongs here: loading and compiling. Not here: what follows from a cue (`role`, `quantity`, `indicator`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingest.extract.tries import longest_of
from ingest.lexicon import load_yaml
from ingest.model import Comparator


@dataclass(frozen=True)
class Cues:
    """Word lists by what they do, with the patterns made from them."""

    before_number: dict[str, Comparator]
    after_unit: dict[str, Comparator]
    words: dict[str, tuple[str, ...]]
    patterns: dict[str, re.Pattern[str]]

    @property
    def before_pattern(self) -> str:
        return longest_of(self.before_number)

    @property
    def after_unit_pattern(self) -> str:
        return longest_of(self.after_unit)

    def pattern(self, name: str) -> re.Pattern[str]:
        """The pattern that matches the longest word of one list."""
        return self.patterns[name]


@lru_cache(maxsize=1)
def cues() -> Cues:
    """The project's cues."""
    data: dict[str, Any] = load_yaml("cues.yaml")
    lists = {name: tuple(str(word) for word in words) for name, words in data.items() if isinstance(words, list)}
    return Cues(
        before_number={str(word): comparator for comparator, words in data["before_number"].items() for word in words},
        after_unit={str(word): comparator for comparator, words in data["after_unit"].items() for word in words},
        words=lists,
        patterns={name: re.compile(longest_of(words)) for name, words in lists.items()},
    )
