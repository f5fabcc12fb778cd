"""Headings: enumerators at the beginning and in the middle of lines, and headings without a number.

Belongs here: where a heading begins and ends, and its level. Not here: the tree they form (`segment`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ingest.text.words import EnumeratorLevel, heading_words

HAN = r"\u3400-\u9fff"
LONGEST_ALONE = 60
LONGEST_BEFORE_BLANK = 40
FIRST_CLAUSE = re.compile("[，,。；;：:！!？?]")
BRACKET = re.compile(r"[(（][^()（）\n]*[)）]")
BLANK_BEFORE_BODY = re.compile(rf"(?<=\S)\s+(?=[{HAN}\d“《])")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in a block of text: [start, end) are its words with the enumerator; the body begins after them.

    `is_apart` is true when nothing but a blank or the line's end parts it from the body, so that no sentence crosses
    its end. `is_alone` is true when it fills its block.
    """

    start: int
    end: int
    level: int
    is_apart: bool
    is_alone: bool


def headings_of(block: str) -> list[Heading]:
    """The numbered headings of a block of text (one logical line), in order."""
    marks = _marks(block)
    headings = []
    for index, (start, words, level) in enumerate(marks):
        limit = marks[index + 1][0] if index + 1 < len(marks) else len(block)
        end, is_apart = _heading_end(block, words, limit, level, is_first=index == 0 and start == 0)
        is_alone = index == 0 and start == 0 and end >= len(block.rstrip())
        headings.append(Heading(start, end, level, is_apart, is_alone))
    return headings


def begins_item(words: str) -> bool:
    """Whether a line begins with the enumerator of a heading or a list item."""
    return _line_pattern().match(words) is not None


def is_unnumbered_heading(words: str) -> bool:
    """Whether a line could be a heading by its form alone: short, not closed, neither a date nor a signature."""
    rules = heading_words().unnumbered
    return (
        rules.shortest <= len(words) <= rules.longest
        and words[-1] not in rules.not_ending
        and not _not_a_heading().search(words)
    )


def _marks(block: str) -> list[tuple[int, int, int]]:
    """(start, end of the enumerator, level) of each enumerator in a block."""
    levels = heading_words().levels
    marks = []
    first = _line_pattern().match(block)
    if first is not None:
        marks.append((0, first.end(), levels[_index(first)].level))
    for match in _inner_pattern().finditer(block, marks[0][1] if marks else 0):
        rule = levels[_index(match)]
        if match.start() > 0 and _may_stand_after(block[match.start() - 1], rule):
            marks.append((match.start(), match.end(), rule.level))
    return marks


def _may_stand_after(before: str, rule: EnumeratorLevel) -> bool:
    if rule.before == "any":
        return True
    if before.isspace() or before in heading_words().after:
        return True
    return rule.before == "foreign" and not before.isalpha() and before not in "“‘《「『、"


def _heading_end(block: str, words: int, limit: int, level: int, *, is_first: bool) -> tuple[int, bool]:
    """Where the heading's words end, and whether only blanks part it from its body."""
    stretch = BRACKET.sub(lambda held: "〇" * len(held[0]), block[words:limit])  # what a bracket holds closes nothing
    closing = _closing_pattern().search(stretch)
    alone = len(stretch.rstrip())
    if closing is None and alone <= LONGEST_ALONE and is_first and limit == len(block) and level < 5:
        blank = BLANK_BEFORE_BODY.search(stretch) if alone > LONGEST_BEFORE_BLANK else None
        return words + (blank.start() if blank else alone), True
    end = closing.end() if closing else alone
    if level == 5:
        clause = FIRST_CLAUSE.search(stretch, 2)
        return words + (min(clause.end(), end) if clause else end), False
    blank = BLANK_BEFORE_BODY.search(stretch, 2, min(end, LONGEST_BEFORE_BLANK) + 1)
    if blank:
        return words + blank.start(), True
    if end > LONGEST_ALONE and (clause := FIRST_CLAUSE.search(stretch, 2)):
        return words + clause.end(), False
    return words + end, False


def _index(match: re.Match[str]) -> int:
    return int(str(match.lastgroup)[1:])


def _expand(pattern: str) -> str:
    ordinal = "[一二三四五六七八九十]{1,3}"
    return pattern.replace("~", "[ ]*").replace("{n}", ordinal).replace("{d}", r"\d{1,2}")


@cache
def _line_pattern() -> re.Pattern[str]:
    rules = enumerate(heading_words().levels)
    return re.compile("|".join(f"(?P<r{index}>{_expand(rule.line)})" for index, rule in rules))


@cache
def _inner_pattern() -> re.Pattern[str]:
    rules = [(index, rule) for index, rule in enumerate(heading_words().levels) if rule.inner]
    pattern = "|".join(f"(?P<r{index}>{_expand(rule.inner)})" for index, rule in rules)
    return re.compile(rf"(?=[一二三四五六七八九十\d（(①-⑳⑴-⒇—第])(?<![\d一二三四五六七八九十])(?:{pattern})")


@cache
def _closing_pattern() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(heading_words().closing)}]")


@cache
def _not_a_heading() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in heading_words().unnumbered.not_matching))
