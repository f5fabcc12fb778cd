"""Segmenting: blocks, sections and sentences of a document.

Belongs here: the tree of sections, the borders of sentences. Not here: what a heading looks like (`headings`), what is
an aside (`parse.asides`), what is a cut (`cuts`).
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.model import Section, Sentence
from ingest.text.headings import Heading, begins_item, headings_of, is_unnumbered_heading
from ingest.text.reading import Reading
from ingest.text.words import heading_words

Span = tuple[int, int]

SENTENCE_END = re.compile('[。！？!?；;]+[”’"』」）)》】]*')
SEMICOLONS = "；;"
OPENING = re.compile("[（(]")
BRACKET_AT_MOST = 200
LONGEST_SENTENCE = 1500  # characters; the cost of reading grows with the square of a sentence
DEEPEST_WITH_UNNUMBERED = 3  # an unnumbered heading stands beside numbered ones, never beside 一是 or ——


@dataclass(frozen=True, slots=True)
class Segments:
    """The sections and sentences of a document, in order."""

    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    start: int
    heading_end: int
    level: int
    heading: str


def segment(text: str, cuts: Sequence[Span], asides: Sequence[Span]) -> Segments:
    """Find the sections and the sentences of a text.

    Args:
        text: the document's text.
        cuts: spans that a sentence is read over, sorted and apart.
        asides: spans that are not the report, sorted and apart; no sentence and no heading lies in one.

    Returns:
        Sections that nest, in order of their start, and sentences that cross no section, no aside and no line end
        other than a cut.
    """
    blocks = [Reading(text, cuts, start, end) for start, end in blocks_of(text, cuts, asides)]
    drafts: list[_Draft] = []
    spans: list[Span] = []
    numbered_level = 0
    for index, block in enumerate(blocks):
        headings = headings_of(block.text)
        if not headings and _is_heading(blocks, index):
            headings = [Heading(0, len(block.text), 2 if numbered_level == 1 else max(numbered_level, 1), True, True)]
        elif headings and headings[0].is_alone and headings[0].level <= DEEPEST_WITH_UNNUMBERED:
            numbered_level = headings[0].level
        for heading in headings:
            start, end = block.span(heading.start, heading.end)
            drafts.append(_Draft(start, end, heading.level, block.text[heading.start : heading.end]))
        spans.extend(block.span(start, end) for start, end in _sentences(block.text, headings))
    starts = [draft.start for draft in drafts]
    sentences = tuple(Sentence(start, end, bisect_right(starts, start) - 1) for start, end in spans)
    return Segments(_tree(drafts, len(text)), sentences)


def blocks_of(text: str, cuts: Sequence[Span], asides: Sequence[Span]) -> list[Span]:
    """Logical lines: stretches between line ends that are no cuts, outside of asides, without blanks around."""
    blocks: list[Span] = []
    cut = 0
    for outer_start, outer_end in _outside(asides, len(text)):
        start = position = outer_start
        while start < outer_end:
            newline = text.find("\n", position, outer_end)
            end = outer_end if newline < 0 else newline
            while cut < len(cuts) and cuts[cut][1] <= end:
                cut += 1
            if newline >= 0 and cut < len(cuts) and cuts[cut][0] <= newline:
                position = min(cuts[cut][1], outer_end)
                if position < outer_end:
                    continue
                end = outer_end
            stripped = _strip(text, start, end)
            if stripped[0] < stripped[1]:
                blocks.append(stripped)
            start = position = end + 1 if newline >= 0 else outer_end
    return blocks


def _outside(asides: Sequence[Span], length: int) -> list[Span]:
    outside, position = [], 0
    for start, end in asides:
        if start > position:
            outside.append((position, start))
        position = max(position, end)
    if position < length:
        outside.append((position, length))
    return outside


def _strip(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), start + len(words.rstrip())


def _is_heading(blocks: Sequence[Reading], index: int) -> bool:
    """A short line alone is a heading when a body or a numbered item comes next, and it is not one line of a list."""
    if index + 1 == len(blocks) or not is_unnumbered_heading(blocks[index].text):
        return False
    before = blocks[index - 1].text if index else ""
    if before and is_unnumbered_heading(before) and not begins_item(before):
        return False
    body = blocks[index + 1].text
    return begins_item(body) or (len(body) >= heading_words().unnumbered.body_at_least and "。" in body)


def _sentences(block: str, headings: Sequence[Heading]) -> list[Span]:
    """The spans of the sentences of a block, trimmed."""
    if not headings and len(block) <= LONGEST_SENTENCE and SENTENCE_END.search(block) is None:
        span = _strip(block, 0, len(block))
        return [span] if span[0] < span[1] else []
    borders = {heading.start for heading in headings} | {heading.end for heading in headings if heading.is_apart}
    ends, last = [], 0
    for match in SENTENCE_END.finditer(block):
        if match[0][0] in SEMICOLONS and _is_in_brackets(block, last, match.start()):
            continue
        last = match.end()
        ends.append(last)
    marks = sorted({0, len(block), *borders, *ends})
    spans = (_strip(block, *span) for pair in itertools.pairwise(marks) for span in _parts(block, *pair))
    return [(start, end) for start, end in spans if start < end]


def _parts(block: str, start: int, end: int) -> list[Span]:
    """A sentence in parts of bearable length, as good as its commas allow: what has no end is no sentence."""
    parts = []
    while end - start > LONGEST_SENTENCE:
        reach = start + LONGEST_SENTENCE
        comma = max(block.rfind(mark, start, reach) for mark in "，,、 ") + 1
        parts.append((start, comma or reach))
        start = comma or reach
    return [*parts, (start, end)]


def _is_in_brackets(block: str, start: int, end: int) -> bool:
    start = max(start, end - BRACKET_AT_MOST)
    opened = block.count("（", start, end) + block.count("(", start, end)
    return opened > block.count("）", start, end) + block.count(")", start, end)


def _tree(drafts: Sequence[_Draft], length: int) -> tuple[Section, ...]:
    """Sections with their parents; one ends where the next of its level or a higher one begins."""
    ends = [length] * len(drafts)
    parents = [-1] * len(drafts)
    open_: list[int] = []
    for index, draft in enumerate(drafts):
        while open_ and drafts[open_[-1]].level >= draft.level:
            ends[open_.pop()] = draft.start
        parents[index] = open_[-1] if open_ else -1
        open_.append(index)
    return tuple(
        Section(draft.heading, draft.level, draft.start, draft.heading_end, end, parent)
        for draft, end, parent in zip(drafts, ends, parents, strict=True)
    )
