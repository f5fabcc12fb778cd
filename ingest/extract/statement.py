"""Statements: what one full stop closes, with the marks that divide it.

Belongs here: grouping the parser's sentences to statements, clause marks, brackets, the phrase that is a number's own.
Not here: what the words in a phrase mean.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.extract.quantity import Quantity
from ingest.model import Document
from ingest.text.reading import Reading

_MARKS = re.compile(r"[,;:。!?\n|]")
_BRACKETS = re.compile(r"[()]")
_CLOSED = frozenset(",;:。、!?)( \n|")  # a mark directly behind a number: no noun follows
_JOINTS = re.compile(r"[、和与]|及(?!以|其)")


@dataclass(slots=True)
class Statement:
    """A stretch of the reading up to a full stop, with its quantities and the section it stands in."""

    start: int
    end: int
    section: int
    quantities: list[Quantity] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A number's own words: up to two stretches before it and one after it. Offsets into the reading."""

    left: tuple[tuple[int, int], ...]
    right: tuple[int, int]
    clause_start: int
    is_list_member: bool  # only 、 or 和 stands between the number before and this one


def statements(document: Document, reading: Reading, text: str) -> list[Statement]:
    """The document's sentences joined up to their full stops, in reading offsets."""
    result: list[Statement] = []
    for sentence in document.sentences:
        start, end = reading.from_document(sentence.start), reading.from_document(sentence.end)
        if end <= start:
            continue
        last = result[-1] if result else None
        if (
            last is not None
            and last.section == sentence.section
            and text[last.end - 1 : last.end] in {";", ","}
            and "\n" not in text[last.end : start]
        ):
            last.end = end
        else:
            result.append(Statement(start, end, sentence.section))
    return result


class Clauses:
    """Marks and brackets of one statement."""

    def __init__(self, text: str, start: int, end: int, quantities: Sequence[Quantity]) -> None:
        self.text = text
        self.start, self.end = start, end
        self._quantities = quantities
        self._brackets = _bracket_pairs(text, start, end)
        filled = [
            (left, right)
            for left, right in self._brackets
            if any(left < quantity.start < right for quantity in quantities)
        ]
        self._filled = filled
        self.marks = [
            match.start()
            for match in _MARKS.finditer(text, start, end)
            if not any(left < match.start() < right for left, right in self._brackets if (left, right) not in filled)
        ]

    def phrase(self, number: int) -> Phrase:
        """The own phrase of the statement's quantity of that index."""
        quantity = self._quantities[number]
        inside = next((pair for pair in self._filled if pair[0] < quantity.start < pair[1]), None)
        lower = inside[0] + 1 if inside else self.start
        upper = inside[1] if inside else self.end
        position = bisect_left(self.marks, quantity.lead)
        mark = next(
            (
                m + 1
                for m in reversed(self.marks[:position])
                if m >= lower and (inside or not any(left < m < right for left, right in self._filled))
            ),
            lower,
        )
        clause_start = max(lower, mark)
        left_start = clause_start
        is_list_member = False
        skipped: tuple[int, int] | None = None
        for previous in reversed(self._quantities[:number]):
            bracket = next((pair for pair in self._filled if pair[0] < previous.start < pair[1]), None)
            if bracket and bracket != inside:
                if bracket[1] <= quantity.lead and bracket[0] >= clause_start:
                    skipped = (bracket[0], bracket[1] + 1)
                continue
            if inside and previous.start < inside[0]:
                break
            if previous.stop > left_start:
                left_start = previous.stop
                between = self.text[previous.stop : quantity.lead]
                is_list_member = bool(between) and not between.strip(" 、和与及以")
                joints = [previous.stop + m.start() for m in _JOINTS.finditer(between)]
                if joints and not is_list_member:
                    left_start = joints[-1] + 1 if joints[-1] + 1 < quantity.lead else left_start
            break
        if inside and not self.text[left_start : quantity.lead].strip(" ,:"):
            left_start = clause_start = self._before_bracket(inside[0], number)
            quantity_lead = inside[0]
        else:
            quantity_lead = quantity.lead
        left: tuple[tuple[int, int], ...] = ((left_start, quantity_lead),)
        if skipped and skipped[0] > left_start:
            left = ((left_start, skipped[0]), (skipped[1], quantity.lead))
        elif skipped:
            left = ((max(left_start, skipped[1]), quantity.lead),)
        if self.text[quantity.stop : quantity.stop + 1] in _CLOSED:
            return Phrase(left, (quantity.stop, quantity.stop), clause_start, is_list_member)
        right_end = next((m for m in self.marks[bisect_left(self.marks, quantity.stop) :] if m < upper), upper)
        if number + 1 < len(self._quantities):
            right_end = min(right_end, self._quantities[number + 1].lead)
        for opening, _ in self._filled:
            if opening >= quantity.stop:
                right_end = min(right_end, opening)
                break
        return Phrase(left, (quantity.stop, max(quantity.stop, right_end)), clause_start, is_list_member)

    def _before_bracket(self, opening: int, number: int) -> int:
        """Where the words before a bracket begin that name the bare number in it: 肺结核(812例)、乙肝(703例)."""
        begin = self.start
        for mark in self.marks:
            if mark < opening:
                begin = max(begin, mark + 1)
        for previous in self._quantities[:number]:
            if previous.stop <= opening:
                begin = max(begin, previous.stop)
        joint = next((m.end() for m in reversed([*_JOINTS.finditer(self.text, begin, opening)])), begin)
        begin = max(begin, joint)
        while begin < opening and self.text[begin] in ") ,":
            begin += 1
        return begin

    def earlier_clauses(self, before: int) -> list[tuple[int, int]]:
        """The clauses that end before an offset, nearest first."""
        edges = [self.start, *(m + 1 for m in self.marks if m < before)]
        spans = list(zip(edges, [*edges[1:], before], strict=True))
        return [(start, end) for start, end in reversed(spans) if end > start]


def _bracket_pairs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    opened: list[int] = []
    for match in _BRACKETS.finditer(text, start, end):
        if match.group() == "(":
            opened.append(match.start())
        elif opened:
            pairs.append((opened.pop(), match.start()))
    return sorted(pairs)
