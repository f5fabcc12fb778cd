"""Groups: parts of the population or of a service, by their names and by ages.

Belongs here: the groups of `lexicon/groups.yaml` and age words, found in a text. Not here: which number a group
belongs to (`scope`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from ingest.extract.mentions import Mention
from ingest.lexicon import load_yaml

_AGE = re.compile(
    r"(?P<age>\d\d{0,2}(?:\s?[-—至到~]\s?\d{1,3})?\s?(?:(?:周岁|岁|个月龄|月龄|个月)(?:\(?含\)?)?(?:及?以上|及?以下|以内|之间)?(?=[\u4e00-\u9fff(“\d])|月(?=龄|儿童|婴)))"
)


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the population or of the service.

    `implied_by`: the indicators whose name already says it; `only`: the indicators that it can be a part of (all when
    empty).
    """

    name: str
    implied_by: frozenset[str]
    only: frozenset[str]  # the indicators that it can be a part of; empty for all
    makes: Mapping[str, str]  # of these indicators it makes others: code -> code

    def divides(self, code: str) -> bool:
        """Whether the group is a part of what an indicator counts."""
        return code not in self.implied_by and (not self.only or code in self.only)


@dataclass(frozen=True)
class Groups:
    """The groups of `lexicon/groups.yaml`."""

    groups: tuple[Group, ...]  # by word
    automaton: AhoCorasick
    by_name: Mapping[str, Group]

    def named(self, name: str) -> Group | None:
        """The group of that name."""
        return self.by_name.get(name)

    def mentions(self, text: str) -> list[tuple[Mention, Group]]:
        """Groups named in the text, in order."""
        return [
            (Mention(start, end, self.groups[index].name), self.groups[index])
            for index, start, end in self.automaton.find_matches_as_indexes(text)
        ]


@lru_cache(maxsize=1)
def groups() -> Groups:
    """The project's groups."""
    words: list[str] = []
    found: list[Group] = []
    for name, entry in load_yaml("groups.yaml").items():
        implied, only = frozenset(entry.get("implied_by") or ()), frozenset(entry.get("only") or ())
        group = Group(str(name), implied, only, entry.get("makes") or {})
        for word in entry["words"]:
            words.append(str(word))
            found.append(group)
    automaton = AhoCorasick(words, matchkind=MatchKind.LeftmostLongest)
    return Groups(tuple(found), automaton, {group.name: group for group in found})


def ages(text: str) -> list[Mention]:
    """Age words that qualify people (65岁以上老年人, 0-6岁儿童)."""
    return [Mention(match.start(), match.end(), match["age"]) for match in _AGE.finditer(text)]
