"""Diseases: the names of `lexicon/diseases.yaml`, and the indicator that counts a disease's cases.

Belongs here: loading and finding names, the rule from class to indicator. Not here: which number a name belongs to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.lexicon import load_yaml

# Standard, "Hard cases": a disease without an indicator of its own takes the code of its class where the text gives
# the class, else the total's, with the disease as subgroup.
_CASES = {
    "a": "notifiable_disease_cases_class_a",
    "b": "notifiable_disease_cases_class_b",
    "c": "notifiable_disease_cases_class_c",
}
_CLASS_WORDS = {"a": "甲类", "b": "乙类", "c": "丙类"}
BOTH_CASES = "notifiable_disease_cases_class_ab"
_BOTH_CLASSES, _CLASSES_OF_BOTH = re.compile("甲乙类|甲、乙类"), frozenset("ab")
TOTAL_CASES, DEATHS, INCIDENCE = "notifiable_disease_cases", "notifiable_disease_deaths", "notifiable_disease_incidence"


@dataclass(frozen=True, slots=True)
class Disease:
    """A disease with its legal class (a, b, c, other) and the code of its cases' own indicator, if any."""

    name: str
    legal_class: str
    indicator: str


class DiseaseMention(NamedTuple):
    """A disease named at [start, end) of a text."""

    start: int
    end: int
    disease: Disease


class Diseases:
    """All diseases with their wordings."""

    def __init__(self) -> None:
        words: list[str] = []
        self._diseases: list[Disease] = []
        for name, entry in load_yaml("diseases.yaml").items():
            disease = Disease(str(name), entry["class"], entry.get("indicator", ""))
            for word in dict.fromkeys((str(name), *map(str, entry.get("also") or ()))):
                words.append(word)
                self._diseases.append(disease)
        self._automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)

    def mentions(self, text: str) -> list[DiseaseMention]:
        """Diseases named in a text, in order."""
        found = self._automaton.find_matches_as_indexes(text)
        return [DiseaseMention(start, end, self._diseases[index]) for index, start, end in found]


@lru_cache(maxsize=1)
def diseases() -> Diseases:
    """The project's diseases."""
    return Diseases()


def case_code(disease: Disease, sentence: str) -> str:
    """The indicator of a disease's cases: its own, its class's where the sentence names the class, else the total's."""
    if disease.indicator:
        return disease.indicator
    of_both = _BOTH_CLASSES.search(sentence) is not None
    if _CLASS_WORDS.get(disease.legal_class, " ") in (_BOTH_CLASSES.sub("", sentence) if of_both else sentence):
        return _CASES[disease.legal_class]
    return BOTH_CASES if of_both and disease.legal_class in _CLASSES_OF_BOTH else TOTAL_CASES
