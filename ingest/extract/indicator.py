"""Indicators: which entry of the catalogue a quantity measures.

Belongs here: composing subject, service and measure from the words around a number, and weighing what they make.
Not here: the words (`lexicon/indicators`), units (`quantity`), part or whole (`parts`), near misses (`near_miss`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from operator import itemgetter
from typing import NamedTuple

from ingest.extract.catalogue import Catalogue, Indicator

# Says whether the characters between two offsets are nothing but fillers (达到, 为, 共 …).
Gap = Callable[[int, int], bool]
# Says whether one of the words that an indicator needs around it stands there; asked with the indicator's index.
Context = Callable[[int], bool]

# Weights of the evidence; a whole name counts more than its parts, words of the own phrase more than inherited ones.
_WHOLE, _PART, _INHERITED, _DISTANCE = 3.0, 1.5, 0.8, 0.3
_CLAUSE = 2.0  # what each clause between a number and its borrowed subject costs
_LENT_LENGTH = 4  # a longer borrowed subject is no better than a near one
_LONGER = 0.01  # of two subjects that end at one place (甲乙类传染病, 传染病) the longer is meant
_SHORT = 3  # a whole name of so few characters (死亡率, 住院) says no more than a part does
# Where a name is whole by itself: a 手术 after 住院 is no inpatient surgery.
_LENDS_NOTHING = frozenset({"services"})
# What is paid for, and rates, take over from the clause before what speaks against them.
_PAID = frozenset({"CNY", "visit"})
_NEAR = 2  # a blank or 达 between a name and its number is no distance
_RATE_REACH = 12  # characters between a service and the measure that closes its name
_ACCEPT = 3.0
_START, _END = itemgetter(0), itemgetter(1)


class Hit(NamedTuple):
    """One word of the catalogue at [start, end) of the reading."""

    start: int
    end: int
    word: int


class Link(NamedTuple):
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

    def __init__(self, spans: Iterable[tuple[int, int, int]]) -> None:
        # `tuple.__new__` is what `Hit(*span)` comes to, without a call in Python for each of thousands
        self.items: list[Hit] = list(map(tuple.__new__, repeat(Hit), sorted(spans)))
        self._starts = [hit[0] for hit in self.items]

    def within(self, start: int, end: int) -> list[Hit]:
        """Hits that lie wholly inside [start, end)."""
        if end <= start:
            return []
        starts = self._starts
        first = bisect_left(starts, start)
        return [hit for hit in self.items[first : bisect_left(starts, end, first)] if hit[1] <= end]


def find_link(
    catalogue: Catalogue,
    unit: str,
    own: Sequence[Hit],
    inherited: Iterable[Sequence[Hit]],
    context: Context,
    anchor: tuple[int, int],
    is_clear: Gap,
) -> Link | None:
    """The best indicator for a quantity, or None.

    Args:
        unit: canonical unit of the quantity ('' when it has none).
        own: words in the number's own phrase.
        inherited: words of earlier clauses and headings, nearest first; they may lend a subject, never a measure.
        context: says whether an indicator's context words stand in the sentence or in a heading above it.
        anchor: span of the number with its unit.
        is_clear: says whether the text between two offsets holds nothing but fillers.
    """
    named_by = catalogue.named_by(unit)
    names: dict[int, list[Hit]] = {}
    begun: dict[int, list[Hit]] = {}
    for hit in own:
        found = named_by.get(hit[2])
        if found is not None:
            for index in found[0]:
                names.setdefault(index, []).append(hit)
            for index in found[1]:
                begun.setdefault(index, []).append(hit)
    if not names and not begun:
        return None
    words = _OwnWords(catalogue, own, inherited, anchor, is_clear)
    indicators = catalogue.indicators
    best: Link | None = None
    for index in names.keys() | begun.keys():
        indicator = indicators[index]
        if indicator.has_context and not context(index):
            continue
        link = words.whole_name(indicator, names[index]) if index in names else None
        if index in begun:
            composed = words.composed(indicator, begun[index])
            if composed is not None and (link is None or composed.score > link.score):
                link = composed
        if link is None or link.score < _ACCEPT or (best is not None and not words.is_better(link, best)):
            continue
        if not words.is_vetoed(link):
            best = link
    return best


class _OwnWords:
    """The words of one number's phrase, weighed for one indicator after another."""

    __slots__ = ("anchor", "catalogue", "inherited", "is_clear", "measures", "own", "reached")

    def __init__(
        self,
        catalogue: Catalogue,
        own: Sequence[Hit],
        inherited: Iterable[Sequence[Hit]],
        anchor: tuple[int, int],
        is_clear: Gap,
    ) -> None:
        self.catalogue = catalogue
        self.own = own
        self.inherited = inherited
        self.anchor = anchor
        self.is_clear = is_clear
        self.reached: dict[int, bool] = {}  # by the end of a word before the number
        self.measures: list[Hit] | None = None

    # -- weighing --------------------------------------------------------------------------------------------------

    def whole_name(self, indicator: Indicator, names: Sequence[Hit]) -> Link | None:
        """The best of the names that stand whole in the phrase."""
        best: Hit | None = None
        best_score = 0.0
        for hit in names:
            if not self.reaches(hit):
                continue
            length = hit[1] - hit[0]
            score = (_WHOLE if length > _SHORT else _PART) * length - _DISTANCE * self.distance(hit)
            if best is None or score > best_score:
                best, best_score = hit, score
        if best is None:
            return None
        return Link(indicator, best_score, best[0], best[1], "whole_name", (self.catalogue.words[best[2]],))

    def composed(self, indicator: Indicator, base: Sequence[Hit]) -> Link | None:
        """The name that service or subject, a borrowed subject and the counting word make together."""
        parts: list[Hit] = []
        measure = self._closing_measure(indicator, base)
        if measure is not None:
            parts.append(measure)
            base = [hit for hit in base if hit[0] <= measure[0] <= hit[1] + _RATE_REACH]
        elif indicator.needs_measure:
            return None
        if not base:
            return None
        parts.append(base[0] if len(base) == 1 else max(base, key=_length_and_end))
        score = 0.0
        rule = "composed"
        lent_words: tuple[str, ...] = ()
        lent_start = -1
        words = self.catalogue.words
        if indicator.has_service and indicator.has_subject:
            index, subject_of = indicator.index, self.catalogue.subjects
            subjects = [hit for hit in self.own if index in subject_of[hit[2]]]
            if len(subjects) > 1:
                parts.append(max(subjects, key=lambda hit: (hit[1] - hit[0], -self.distance(hit))))
            elif subjects:
                parts.append(subjects[0])
            elif measure is None and not self.reaches(parts[0]):
                return None
            else:
                lent = self._lend(indicator)
                if lent is None:
                    return None
                hit, clauses, lending = lent
                if (indicator.is_rate or indicator.unit in _PAID) and any(
                    index in self.catalogue.vetoes[each[2]] for each in lending
                ):
                    return None  # 老年人中医体质辨识…,管理率: the clause before speaks of something else
                lent_words, lent_start = (words[hit[2]],), hit[0]
                length = hit[1] - hit[0]
                score += _INHERITED * min(length, _LENT_LENGTH) + _LONGER * length - _CLAUSE * (clauses - 1)
                rule = "inherited"
        if measure is None and not any(map(self.reaches, parts)):
            return None
        parts.sort(key=_START)
        nearest = min(map(self.distance, parts))
        score += _PART * _covered(parts) - _DISTANCE * nearest
        end = max(map(_END, parts))
        named_by = (*lent_words, *[words[part[2]] for part in parts])
        return Link(indicator, score, parts[0][0], end, rule, named_by, lent_start)

    def is_better(self, link: Link, best: Link) -> bool:
        """Whether a link outweighs another; of two that weigh the same, the one whose words begin first."""
        if link.score != best.score:
            return link.score > best.score
        return self._rank(link.indicator.index) < self._rank(best.indicator.index)

    def _rank(self, index: int) -> tuple[int, int]:
        mentions = self.catalogue.mentions
        return next(at for at, hit in enumerate(self.own) if index in mentions[hit[2]]), index

    # -- distance --------------------------------------------------------------------------------------------------

    def distance(self, hit: Hit) -> int:
        """Characters between a word and the number."""
        before, behind = self.anchor
        gap = before - hit[1] if hit[1] <= before else hit[0] - behind
        return gap - _NEAR if gap > _NEAR else 0

    def reaches(self, hit: Hit) -> bool:
        """Whether nothing but fillers stands between a word and the number (a noun behind it may have modifiers)."""
        end = hit[1]
        if end > self.anchor[0]:
            return hit[0] - self.anchor[1] <= _RATE_REACH
        reached = self.reached.get(end)
        if reached is None:
            reached = self.reached[end] = self.is_clear(end, self.anchor[0])
        return reached

    # -- parts of a name -------------------------------------------------------------------------------------------

    def _closing_measure(self, indicator: Indicator, base: Sequence[Hit]) -> Hit | None:
        """The counting word that closes the name: after service or subject, with only fillers before the number."""
        if self.measures is None:
            closing = self.catalogue.measure_words
            self.measures = [hit for hit in self.own if hit[2] in closing and self.reaches(hit)]
        best: Hit | None = None
        own = indicator.measures
        for hit in self.measures:
            if hit[2] not in own or (best is not None and hit[1] - hit[0] <= best[1] - best[0]):
                continue
            for begin in base:
                if self._closes(begin, hit, indicator):
                    best = hit
                    break
        return best

    def _closes(self, base: Hit, measure: Hit, indicator: Indicator) -> bool:
        if not base[0] <= measure[0] <= base[1] + _RATE_REACH:
            return False
        return indicator.is_rate or measure[0] <= base[1] or self.is_clear(base[1], measure[0])

    def _lend(self, indicator: Indicator) -> tuple[Hit, int, Sequence[Hit]] | None:
        """The nearest subject that an earlier clause or a heading lends, with that clause's words."""
        if indicator.domain in _LENDS_NOTHING:
            return None
        index, subject_of = indicator.index, self.catalogue.subjects
        for clauses, hits in enumerate(self.inherited, start=1):
            best: Hit | None = None
            for hit in hits:
                if index in subject_of[hit[2]] and (best is None or hit[1] > best[1]):
                    best = hit  # of two that end at one place the first is the longer
            if best is not None:
                return best, clauses, hits
        return None

    # -- vetoes ----------------------------------------------------------------------------------------------------

    def is_vetoed(self, link: Link) -> bool:
        """Whether a word of `not` speaks against a name that does not itself contain it."""
        index, vetoes = link.indicator.index, self.catalogue.vetoes
        is_whole = link.rule == "whole_name"
        for hit in self.own:
            if index in vetoes[hit[2]] and not (is_whole and link.start <= hit[0] and hit[1] <= link.end):
                return True
        return self._is_vetoed_before(link)

    def _is_vetoed_before(self, link: Link) -> bool:
        """A short name without its subject means what the clause before speaks of (养老保险参保人数…,参保率…)."""
        if not link.indicator.is_rate or link.rule != "whole_name" or link.end - link.start > _SHORT + 1:
            return False
        index, subjects, vetoes = link.indicator.index, self.catalogue.subjects, self.catalogue.vetoes
        if any(index in subjects[hit[2]] for hit in self.own):
            return False
        before: Sequence[Hit] = next(iter(self.inherited), ())
        return any(index in vetoes[hit[2]] for hit in before)


def _length_and_end(hit: Hit) -> tuple[int, int]:
    return hit[1] - hit[0], hit[1]


def _covered(parts: Sequence[Hit]) -> int:
    """How many characters words take up together, in order of their start; where two overlap, each counts once."""
    if len(parts) == 1:
        return parts[0][1] - parts[0][0]
    total, end = 0, -1
    for start, stop, _ in parts:
        if stop > end:
            total += stop - (start if start > end else end)
            end = stop
    return total
