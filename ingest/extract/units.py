"""Units: the words of `lexicon/units.yaml`, ready to be matched.

Belongs here: loading, checking and looking up. Not here: finding them in a text (`quantity`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ingest.extract.tries import longest_of
from ingest.lexicon import LexiconError, load_yaml


@dataclass(frozen=True)
class Units:
    """Every written unit with its canonical name; `pattern` matches the longest one."""

    by_word: dict[str, str]
    multipliers: dict[str, float]
    time_like: frozenset[str]
    pattern: str

    def canonical(self, word: str) -> tuple[str, float]:
        """Canonical unit and scale of a written unit; '' stays ''."""
        return self.by_word.get(word, word), 1.0


@lru_cache(maxsize=1)
def units() -> Units:
    """The project's units.

    Raises:
        LexiconError: a word stands under two canonical units.
    """
    data = load_yaml("units.yaml")
    by_word: dict[str, str] = {}
    for canonical, entry in data["canonical"].items():
        for word in entry["words"]:
            if word in by_word:
                raise LexiconError("units.yaml", word, f"stands under {by_word[word]} and {canonical}; keep one")
            by_word[word] = canonical
    for word in data["as_written"]:
        by_word.setdefault(word, word)
    multipliers = {str(word): float(value) for word, value in data["multipliers"].items()}
    multipliers |= {"百亿": 1e10, "千亿": 1e11}
    return Units(by_word, multipliers, frozenset(data["time_like"]), longest_of(by_word))
