"""Statements: what one full stop closes, with the marks that divide it.

Belongs here: grouping the parser's sentences to statements, clause marks, brackets, the phrase that is a number's own.
Not here: what the words in a phrase mean.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ingest.extract.cues import cue_pattern
from ingest.extract.quantity import Quantity
from ingest.model import Document
from ingest.text.reading import Reading
from ingest.text.segment import LONGEST_SENTENCE

_MARKS = re.compile(r"[,;:。!?\n|]")
_BRACKETS = re.compile(r"[()]")
_CLOSED = frozenset(",;:。、!?)( \n|和与及")  # a mark directly behind a number: no noun follows
_GOES_ON = re.compile(r"其中|[按分][^,;。]{1,6}(?:分|看)[,:]")
_OWNING = r"[^,;。\d]{2,14}?(?P<owned>{counted_have})"  # behind a number: its noun, and what those have
_JOINTS = re.compile(r"[、和与]|及(?![以其时])")

Span = tuple[int, int]


@dataclass(slots=True)
class Statement:
    """A stretch of the reading up to a full stop, with its quantities and the section it stands in."""

    start: int
    end: int
    section: int
    quantities: list[Quantity] = field(default_factory=list)


@dataclass(slots=True)
class Phrase:
    """A number's own words: up to two stretches before it and one after it. Offsets into the reading."""

    left: tuple[Span, ...]
    right: Span
    clause_start: int
    is_list_member: bool  # only 、 or 和 stands between the number before and this one


def statements(document: Document, reading: Reading, text: str) -> list[Statement]:
    """The document's sentences joined up to their full stops, in reading offsets."""
    result: list[Statement] = []
    last: Statement | None = None
    for sentence in document.sentences:
        start, end = reading.from_document(sentence.start), reading.from_document(sentence.end)
        if end <= start:
            continue
        if (
            last is not None
            and last.section == sentence.section
            and text[last.end - 1] in ";,"
            and "\n" not in text[last.end : start]
            and end - last.start <= LONGEST_SENTENCE
        ):
            last.end = end
            continue
        last = Statement(start, end, sentence.section)
        result.append(last)
    return result


def goes_on(text: str, statement: Statement) -> bool:
    """Whether a statement goes on with what the one before it counts (其中…, 按病种分…)."""
    return _GOES_ON.match(text, statement.start) is not None


class Clauses:
    """Marks and brackets of one statement."""

    def __init__(self, text: str, start: int, end: int, quantities: Sequence[Quantity]) -> None:
        self.text = text
        self.start, self.end = start, end
        self._quantities = quantities
        self._starts = [quantity.start for quantity in quantities]
        pairs = _bracket_pairs(text, start, end)
        self._pairs = pairs
        self._filled = [pair for pair in pairs if self._holds_number(pair)]
        self._outer = _outermost(self._filled)
        self._outer_starts = [pair[0] for pair in self._outer]
        self.marks = [match.start() for match in _MARKS.finditer(text, start, end)]
        if len(self._filled) < len(pairs):
            explaining = _outermost([pair for pair in pairs if not self._holds_number(pair)])
            self.marks = _outside(self.marks, explaining)
        self._plain_marks = _outside(self.marks, self._outer) if self._outer else self.marks

    def _holds_number(self, pair: Span) -> bool:
        at = bisect_right(self._starts, pair[0])
        return at < len(self._starts) and self._starts[at] < pair[1]

    def is_aside(self, start: int, end: int, at: int) -> bool:
        """Whether [start, end) is a part of what a bracket explains, and an offset lies outside of that bracket."""
        return any(
            left < start
            and end <= right
            and not left < at < right
            and not self.text.startswith("年度", max(0, left - 2))  # 2018年统计年度(2017年10月1日至…) is what it says
            and self.text[left + 1 : right].strip() != self.text[start:end]
            for left, right in self._pairs
        )

    def bracket_around(self, quantity: Quantity) -> Span | None:
        """The outermost bracket that a quantity stands in."""
        if not self._outer:
            return None
        at = bisect_left(self._outer_starts, quantity.start) - 1
        return self._outer[at] if at >= 0 and quantity.start < self._outer[at][1] else None

    def phrase(self, number: int) -> Phrase:
        """The own phrase of the statement's quantity of that index."""
        text = self.text
        quantity = self._quantities[number]
        lead, stop = quantity.lead, quantity.stop
        inside = self.bracket_around(quantity)
        if inside:
            lower, upper, marks = inside[0] + 1, inside[1], self.marks
        else:
            lower, upper, marks = self.start, self.end, self._plain_marks
        at = bisect_left(marks, lead) - 1
        clause_start = max(lower, marks[at] + 1) if at >= 0 else lower
        left_start, is_list_member, skipped = self._behind_numbers(number, inside, clause_start)
        quantity_lead = lead
        if inside and not text[left_start:lead].strip(" ,:"):
            left_start = clause_start = self._before_bracket(inside[0], number)
            quantity_lead = inside[0]
        left: tuple[Span, ...] = ((left_start, quantity_lead),)
        if skipped and skipped[0] > left_start:
            left = ((left_start, skipped[0]), (skipped[1], lead))
        elif skipped:
            left = ((max(left_start, skipped[1]), lead),)
        if text[stop : stop + 1] in _CLOSED:
            return Phrase(left, (stop, stop), clause_start, is_list_member)
        at = bisect_left(self.marks, stop)
        right_end = self.marks[at] if at < len(self.marks) and self.marks[at] < upper else upper
        if number + 1 < len(self._quantities):
            right_end = min(right_end, self._quantities[number + 1].lead)
            owning = cue_pattern(_OWNING).match(text, stop, right_end)
            right_end = owning.start("owned") if owning else right_end
        at = bisect_left(self._filled, (stop,))
        if at < len(self._filled):
            right_end = min(right_end, self._filled[at][0])
        return Phrase(left, (stop, max(stop, right_end)), clause_start, is_list_member)

    def _behind_numbers(self, number: int, inside: Span | None, clause_start: int) -> tuple[int, bool, Span | None]:
        """Where the words of a number begin behind those before it; whether it goes on a list; a bracket between."""
        lead = self._quantities[number].lead
        left_start, is_list_member = clause_start, False
        skipped: Span | None = None
        for at in range(number - 1, -1, -1):
            previous = self._quantities[at]
            if inside and previous.start < inside[0]:
                break
            bracket = self.bracket_around(previous)
            if bracket and bracket != inside:
                if bracket[1] <= lead and bracket[0] >= clause_start:
                    skipped = (bracket[0], bracket[1] + 1)
                continue
            if previous.stop > left_start:
                left_start = previous.stop
                between = self.text[left_start:lead]
                joined = between.strip(" 、和与及以")
                is_list_member = bool(between) and (
                    not joined or (joined != between and _moves().fullmatch(joined) is not None)
                )
                if not is_list_member:
                    joint = _last_joint(between)
                    # 3个镇卫生院、127个村卫生室: behind the joint the name of the second follows it
                    follows = self.text[self._quantities[number].stop :][:1] not in _CLOSED
                    if 0 < joint < len(between) or (joint and follows):
                        left_start += joint
            break
        return left_start, is_list_member, skipped

    def _before_bracket(self, opening: int, number: int) -> int:
        """Where the words before a bracket begin that name the bare number in it: 肺结核(812例)、乙肝(703例)."""
        begin = self.start
        at = bisect_left(self.marks, opening) - 1
        if at >= 0:
            begin = max(begin, self.marks[at] + 1)
        for index in range(number - 1, -1, -1):
            if self._quantities[index].stop <= opening:
                begin = max(begin, self._quantities[index].stop)
                break
        for joint in _JOINTS.finditer(self.text, begin, opening):
            begin = joint.end()
        while begin < opening and self.text[begin] in ") ,":
            begin += 1
        return begin

    def earlier_clauses(self, before: int, at_most: int) -> list[Span]:
        """The clauses that end before an offset, nearest first."""
        found: list[Span] = []
        end = before
        for at in range(bisect_left(self.marks, before) - 1, -1, -1):
            start = self.marks[at] + 1
            if end > start:
                found.append((start, end))
                if len(found) == at_most:
                    return found
            end = start
        if end > self.start:
            found.append((self.start, end))
        return found


@lru_cache(maxsize=1)
def _moves() -> re.Pattern[str]:
    """下降0.7和上升0.3: which way the next value of a list moved."""
    return cue_pattern("(?:{change_up}|{change_down})了?")


def _last_joint(between: str) -> int:
    """Where the last joint of some words ends; 0 when they have none."""
    end = 0
    for joint in _JOINTS.finditer(between):
        end = joint.start() + 1
    return end


def _outermost(pairs: Sequence[Span]) -> list[Span]:
    """The pairs that lie in no other; brackets nest, so these are apart from each other."""
    result: list[Span] = []
    for pair in pairs:
        if not result or pair[0] > result[-1][1]:
            result.append(pair)
    return result


def _outside(marks: Sequence[int], pairs: Sequence[Span]) -> list[int]:
    """The marks that stand in none of some pairs; both in order."""
    result: list[int] = []
    at = 0
    for mark in marks:
        while at < len(pairs) and pairs[at][1] <= mark:
            at += 1
        if at == len(pairs) or mark <= pairs[at][0]:
            result.append(mark)
    return result


def _bracket_pairs(text: str, start: int, end: int) -> list[Span]:
    if text.find("(", start, end) < 0:
        return []
    pairs: list[Span] = []
    opened: list[int] = []
    for match in _BRACKETS.finditer(text, start, end):
        if match.group() == "(":
            opened.append(match.start())
        elif opened:
            pairs.append((opened.pop(), match.start()))
    return sorted(pairs)
