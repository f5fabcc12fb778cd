"""Cues: the small words of `lexicon/cues.yaml`, ready to be matched.

Belongs here: loading and compiling. Not here: what follows from a cue (`role`, `quantity`, `indicator`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from ingest.extract.tries import longest_of
from ingest.lexicon import load_yaml
from ingest.model import Comparator

_LIST = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Cues:
    """Word lists by what they do, with the patterns made from them."""

    before_number: dict[str, Comparator]
    after_unit: dict[str, Comparator]
    words: dict[str, tuple[str, ...]]

    @property
    def before_pattern(self) -> str:
        return longest_of(self.before_number)

    @property
    def after_unit_pattern(self) -> str:
        return longest_of(self.after_unit)


@lru_cache(maxsize=1)
def cues() -> Cues:
    """The project's cues."""
    data: dict[str, Any] = load_yaml("cues.yaml")
    lists = {name: tuple(str(word) for word in words) for name, words in data.items() if isinstance(words, list)}
    return Cues(
        before_number={str(word): comparator for comparator, words in data["before_number"].items() for word in words},
        after_unit={str(word): comparator for comparator, words in data["after_unit"].items() for word in words},
        words=lists,
    )


@cache
def cue_pattern(template: str) -> re.Pattern[str]:
    """A regular expression in which `{name}` stands for any word of that list, the longest first.

    Raises:
        KeyError: `cues.yaml` has no such list.
    """
    return re.compile(_LIST.sub(lambda match: f"(?:{longest_of(cues().words[match[1]])})", template))
