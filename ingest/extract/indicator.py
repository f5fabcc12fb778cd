"""Indicators: which entry of the catalogue a quantity measures.

Belongs here: composing subject, service and measure from the words around a number, and the near misses that stay
uncoded. Not here: the words (`lexicon/indicators`), units (`quantity`), part or whole (`scope`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.extract.catalogue import ALSO, CONTEXT, MEASURE, NOT, SERVICE, SUBJECT, Catalogue, Indicator

# Says whether the characters between two offsets are nothing but fillers (达到, 为, 共 …).
Gap = Callable[[int, int], bool]

# Weights of the evidence; a whole name counts more than its parts, words of the own phrase more than inherited ones.
_WHOLE, _PART, _INHERITED, _DISTANCE = 3.0, 1.5, 0.8, 0.3
_CLAUSE = 2.0  # what each clause between a number and its borrowed subject costs
_LENT_LENGTH = 4  # a longer borrowed subject is no better than a near one
_SHORT = 3  # a whole name of so few characters (死亡率, 住院) says no more than a part does
# Where a name is whole by itself: a 手术 after 住院 is no inpatient surgery.
_LENDS_NOTHING = frozenset({"services"})
_NEAR = 2  # a blank or 达 between a name and its number is no distance
_RATE_REACH = 12  # characters between a service and the measure that closes its name
_ACCEPT = 3.0


@dataclass(frozen=True, slots=True)
class Hit:
    """One word of the catalogue at [start, end) of the reading."""

    start: int
    end: int
    word: int


@dataclass(frozen=True, slots=True)
class Link:
    """The indicator of a quantity with the words that named it."""

    indicator: Indicator
    score: float
    start: int  # of the naming words in the own phrase
    end: int
    rule: str  # whole_name, composed, inherited
    words: tuple[str, ...]
    subject_start: int = -1  # where a borrowed subject stands


class Hits:
    """All catalogue words of a reading, by position."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self.items = sorted(hits, key=lambda hit: (hit.start, hit.end))
        self._starts = [hit.start for hit in self.items]

    def within(self, start: int, end: int) -> list[Hit]:
        """Hits that lie wholly inside [start, end)."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [hit for hit in self.items[first:last] if hit.end <= end]


def find_link(
    catalogue: Catalogue,
    unit: str,
    own: Sequence[Hit],
    inherited: Sequence[Sequence[Hit]],
    context: frozenset[int],
    anchor: tuple[int, int],
    is_clear: Gap,
) -> Link | None:
    """The best indicator for a quantity, or None.

    Args:
        unit: canonical unit of the quantity ('' when it has none).
        own: words in the number's own phrase.
        inherited: words of earlier clauses and headings, nearest first; they may lend a subject, never a measure.
        context: indices of all words in the sentence and the headings above it.
        anchor: span of the number with its unit.
        is_clear: says whether the text between two offsets holds nothing but fillers.
    """
    best: Link | None = None
    own_words = {hit.word for hit in own}
    slots: dict[int, dict[int, list[Hit]]] = {}
    for hit in own:
        for index, slot in catalogue.roles[hit.word]:
            slots.setdefault(index, {}).setdefault(slot, []).append(hit)
    for index, found in slots.items():
        indicator = catalogue.indicators[index]
        if unit not in indicator.units or not (ALSO in found or SERVICE in found or SUBJECT in found):
            continue
        if indicator.has_context and not _has_slot(catalogue, context, index, CONTEXT):
            continue
        link = _better(
            _whole_name(catalogue, indicator, found, anchor, is_clear),
            _composed(catalogue, indicator, found, own, own_words, inherited, anchor, is_clear),
        )
        if link is None or link.score < _ACCEPT or (best is not None and link.score <= best.score):
            continue
        if _vetoed(found.get(NOT, ()), link) or _vetoed_before(catalogue, indicator, link, found, inherited):
            continue
        best = link
    return best


def _better(one: Link | None, other: Link | None) -> Link | None:
    if one is None or other is None:
        return one or other
    return one if one.score >= other.score else other


def _has_slot(catalogue: Catalogue, words: frozenset[int], index: int, slot: int) -> bool:
    return any((index, slot) in catalogue.roles[word] for word in words)


def _vetoed(vetoes: Sequence[Hit], link: Link) -> bool:
    """A word of `not` speaks against a name unless the name itself contains it."""
    return any(not (link.start <= veto.start and veto.end <= link.end and link.rule == "whole_name") for veto in vetoes)


def _vetoed_before(
    catalogue: Catalogue,
    indicator: Indicator,
    link: Link,
    found: dict[int, list[Hit]],
    inherited: Sequence[Sequence[Hit]],
) -> bool:
    """A short name without its subject means what the clause before speaks of (养老保险参保人数…,参保率…)."""
    if (
        not indicator.is_rate
        or link.rule != "whole_name"
        or link.end - link.start > _SHORT + 1
        or SUBJECT in found
        or not inherited
    ):
        return False
    return any((indicator.index, NOT) in catalogue.roles[hit.word] for hit in inherited[0])


def _distance(hit: Hit, anchor: tuple[int, int]) -> int:
    gap = anchor[0] - hit.end if hit.end <= anchor[0] else hit.start - anchor[1]
    return max(0, gap - _NEAR)


def _reaches(hit: Hit, anchor: tuple[int, int], is_clear: Gap) -> bool:
    """Whether nothing but fillers stands between a word and the number (a noun after the number may have modifiers)."""
    if hit.end <= anchor[0]:
        return is_clear(hit.end, anchor[0])
    return hit.start - anchor[1] <= _RATE_REACH


def _whole_name(
    catalogue: Catalogue, indicator: Indicator, found: dict[int, list[Hit]], anchor: tuple[int, int], is_clear: Gap
) -> Link | None:
    best: Link | None = None
    for hit in found.get(ALSO, ()):
        if not _reaches(hit, anchor, is_clear):
            continue
        length = hit.end - hit.start
        score = (_WHOLE if length > _SHORT else _PART) * length - _DISTANCE * _distance(hit, anchor)
        if best is None or score > best.score:
            best = Link(indicator, score, hit.start, hit.end, "whole_name", (catalogue.words[hit.word],))
    return best


def _composed(
    catalogue: Catalogue,
    indicator: Indicator,
    found: dict[int, list[Hit]],
    own: Sequence[Hit],
    own_words: set[int],
    inherited: Sequence[Sequence[Hit]],
    anchor: tuple[int, int],
    is_clear: Gap,
) -> Link | None:
    base = found.get(SERVICE) if indicator.has_service else found.get(SUBJECT)
    if not base:
        return None
    parts: list[Hit] = []
    measure = _closing_measure(indicator, own, base, anchor, is_clear)
    if measure is not None:
        parts.append(measure)
    elif indicator.is_rate and indicator.measures and not indicator.is_per_head:
        return None
    service = max(
        (hit for hit in base if measure is None or hit.start <= measure.start <= hit.end + _RATE_REACH),
        key=lambda hit: (hit.end - hit.start, hit.end),
        default=None,
    )
    if service is None:
        return None
    parts.append(service)
    score = 0.0
    rule = "composed"
    lent_words: tuple[str, ...] = ()
    lent_start = -1
    if indicator.has_service and indicator.has_subject:
        subjects = found.get(SUBJECT)
        if subjects:
            parts.append(max(subjects, key=lambda hit: (hit.end - hit.start, -_distance(hit, anchor))))
        else:
            lent = _lend(catalogue, indicator, inherited)
            if lent is None:
                return None
            hit, clauses = lent
            lent_words, lent_start = (catalogue.words[hit.word],), hit.start
            score += _INHERITED * min(hit.end - hit.start, _LENT_LENGTH) - _CLAUSE * (clauses - 1)
            rule = "inherited"
    if measure is None and not any(_reaches(part, anchor, is_clear) for part in parts):
        return None
    covered: set[int] = set()
    for part in parts:
        covered.update(range(part.start, part.end))
    score += _PART * len(covered) - _DISTANCE * min(_distance(part, anchor) for part in parts)
    words = (*lent_words, *(catalogue.words[part.word] for part in sorted(parts, key=lambda part: part.start)))
    return Link(
        indicator, score, min(part.start for part in parts), max(part.end for part in parts), rule, words, lent_start
    )


def _closing_measure(
    indicator: Indicator, own: Sequence[Hit], base: Sequence[Hit], anchor: tuple[int, int], is_clear: Gap
) -> Hit | None:
    """The counting word that closes the name: after service or subject, with only fillers before the number."""
    best: Hit | None = None
    for hit in own:
        if hit.word not in indicator.measures or not _reaches(hit, anchor, is_clear):
            continue
        if not any(_closes(start, hit, indicator, is_clear) for start in base):
            continue
        if best is None or hit.end - hit.start > best.end - best.start:
            best = hit
    return best


def _closes(base: Hit, measure: Hit, indicator: Indicator, is_clear: Gap) -> bool:
    if not base.start <= measure.start <= base.end + _RATE_REACH:
        return False
    return indicator.is_rate or measure.start <= base.end or is_clear(base.end, measure.start)


def _lend(catalogue: Catalogue, indicator: Indicator, inherited: Sequence[Sequence[Hit]]) -> tuple[Hit, int] | None:
    """The nearest subject that an earlier clause or a heading lends."""
    if indicator.domain in _LENDS_NOTHING:
        return None
    for clauses, hits in enumerate(inherited, start=1):
        subjects = [hit for hit in hits if (indicator.index, SUBJECT) in catalogue.roles[hit.word]]
        if subjects:
            return max(subjects, key=lambda hit: (hit.end, hit.end - hit.start)), clauses
    return None


__all__ = ["ALSO", "CONTEXT", "MEASURE", "NOT", "SERVICE", "SUBJECT", "Hit", "Hits", "Link", "find_link"]
