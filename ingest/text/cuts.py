"""Cuts: what interrupts a sentence without belonging to it.

Belongs here: page-chunk marks of document-sharing sites, page numbers, hard line breaks inside a sentence.
Not here: how a sentence is read over them (`reading`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from ingest.text.headings import begins_item
from ingest.text.lines import Line

Span = tuple[int, int]

CHUNK_MARK = re.compile(r"(\d{1,4})、")
PAGE_NUMBER = re.compile(
    r"[-—－–·]+\s*\d{1,4}\s*[-—－–·]+$|第\s*\d{1,4}\s*页(?:\s*[,，/共]*\s*\d{1,4}\s*页)?$|\d{1,4}\s*/\s*\d{1,4}\s*页?$"
)
CLOSED = tuple("。！？；：!?;:…")
CLOSED_QUOTED = re.compile(r"[。！？；!?;…][”’\"」』）)》]+$")
OPEN_END = tuple("，,、（(“‘《〈-－—/")
CONTINUING = tuple("，,。、；：）)”’》%％‰．")
# What no item of a list begins with: the rest of a word (患|者), a rate's or a number's second half, a unit.
GOES_ON = re.compile(
    r"[，,。、；：）)”’》%％‰．.率者例达为的及和与到至张名万亿]|人(?:次|[，。；、数])|个(?:百分点|[，。；、])|\d(?!\d{3}年)"
)
PUNCTUATION = re.compile("[，,。；;、]")
CLAUSE_END = re.compile(r"[，。；;]|(?<!\d),|,(?!\d)")
TABLE_ROW = re.compile(r"\||\t|\S\s{2,}\S.*\S\s{2,}\S")

CHUNK_AT_LEAST = 150
SHORT_CHUNK_AT_LEAST = 24  # where the words themselves show that the sentence goes on
CHUNK_BROKEN_SHARE = 0.6
WRAP_COLUMNS = (36, 200)
WRAP_LINES = 4
FULL_LINE_SHARE = 0.9
LONG_LINE = 45
NARROW_LINE = 15
NARROW_AT_MOST = 1.15
SHORT_HEADING = 22
FIRST_LINE_INDENT = 4  # columns
# A number over two lines, the first one with words some way before it: 患者46 | 82人，规范…
NUMBER_BEGUN = re.compile("[0-9０-９][.．]?$")
WORDS = re.compile("[\u4e00-\u9fff，：]")
WORDS_BEFORE_NUMBER = 6  # characters between them and its last digit
NUMBER_ENDED = re.compile("[0-9０-９.．]{1,9}[人名例张个家所次份户对件起元万亿%％‰].*[，。；、]")
WORD = re.compile(r"[0-9A-Za-z.%０-９Ａ-Ｚａ-ｚ．％]+")


def chunk_marks(lines: Sequence[Line]) -> list[Span]:
    """Marks of page chunks: lines that begin 1、 2、 3、 … although the line before breaks off in mid-sentence.

    Document-sharing sites put such a mark before every few hundred characters. Numbered lists look alike, but their
    lines close a sentence or are short headings. Shorter chunks count where the words behind their marks can only be
    the rest of a sentence.

    Returns:
        The spans of the marks, each with the line break before it.
    """
    series: list[tuple[int, int]] = []  # index of the line, end of the mark
    for index, line in enumerate(lines):
        mark = CHUNK_MARK.match(line.words)
        if mark and int(mark[1]) == len(series) + 1:
            series.append((index, line.start + mark.end()))
    if len(series) < 2 or series[0][0] > 3:
        return []
    boundaries = [(lines[index - 1].words, lines[index].words) for index, _ in series[1:]]
    broken = [(before, after) for before, after in boundaries if not _is_closed(before)]
    going_on = [after for before, after in broken if _goes_on(before, CHUNK_MARK.sub("", after, count=1))]
    shortest = min(
        lines[following - 1].end - lines[index].start for (index, _), (following, _) in itertools.pairwise(series)
    )
    is_long = shortest >= CHUNK_AT_LEAST and len(broken) >= CHUNK_BROKEN_SHARE * len(boundaries)
    is_plain = shortest >= SHORT_CHUNK_AT_LEAST and len(broken) == len(boundaries) and 2 * len(going_on) >= len(broken)
    if not (is_long or is_plain):
        return []
    return [(lines[index - 1].end if index else lines[index].start, end) for index, end in series]


def _goes_on(before: str, after: str) -> bool:
    """Whether the words behind a mark are the rest of the sentence before it."""
    return GOES_ON.match(after) is not None and PUNCTUATION.search(before) is not None


def page_numbers(lines: Sequence[Line]) -> list[int]:
    """Indexes of the lines that are page numbers (`- 3 -`, `第3页 共12页`)."""
    return [index for index, line in enumerate(lines) if len(line.words) < 24 and PAGE_NUMBER.match(line.words)]


def hard_breaks(lines: Sequence[Line]) -> list[Span]:
    """Line breaks inside a sentence, as in text copied from a word processor or a mail.

    Args:
        lines: the lines of one body of text, asides left out.

    Returns:
        The spans from the end of a line's words to the beginning of the next line's.
    """
    if not lines:
        return []
    widths = [_columns(line.words) + (FIRST_LINE_INDENT if line.indent >= 2 else 0) for line in lines]
    full = _full_width(lines, widths)
    margin = min(line.indent for line in lines)
    alone = _told_by_words(lines)
    breaks: list[Span] = []
    for index, (line, following) in enumerate(itertools.pairwise(lines)):
        if alone[index]:
            breaks.append((line.end, following.start))
            continue
        begins_paragraph = following.gap > 0 or following.indent - margin >= 2
        if not full or begins_paragraph or widths[index] + _first_word(following.words) <= FULL_LINE_SHARE * full:
            continue
        is_short_heading = len(line.words) < SHORT_HEADING and begins_item(line.words)
        if not is_short_heading and _may_go_on(line, following):
            breaks.append((line.end, following.start))
    return breaks


def broken_sentences(lines: Sequence[Line]) -> list[Span]:
    """The line breaks that the words alone show to lie inside a sentence, whatever the width of the lines."""
    return [
        (line.end, following.start)
        for (line, following), is_broken in zip(itertools.pairwise(lines), _told_by_words(lines), strict=True)
        if is_broken
    ]


def _may_go_on(line: Line, following: Line) -> bool:
    return not (
        _is_closed(line.words)
        or begins_item(following.words)
        or TABLE_ROW.search(line.words)
        or TABLE_ROW.search(following.words)
    )


def _told_by_words(lines: Sequence[Line]) -> list[bool]:
    """For each line but the last, whether its words and the next line's show that a sentence goes on."""
    narrow = [_may_be_wrapped(line, following) for line, following in itertools.pairwise(lines)]
    told = []
    for index, (line, following) in enumerate(itertools.pairwise(lines)):
        in_run = narrow[index] and (
            (index > 0 and narrow[index - 1])
            or (index + 1 < len(narrow) and narrow[index + 1])
            or GOES_ON.match(following.words) is not None
        )
        told.append((in_run or _breaks_off(line, following)) and _may_go_on(line, following))
    return told


def _may_be_wrapped(line: Line, following: Line) -> bool:
    """Whether a line that holds a clause and the next, no wider one that holds or closes another are one paragraph.

    One pair proves nothing (a heading may hold a comma); three such lines in a row, or a second line that begins with
    the rest of a word or of a number, do.
    """
    return (
        len(line.words) >= NARROW_LINE
        and following.gap == 0
        and CLAUSE_END.search(line.words, 0, len(line.words) - 1) is not None
        and not _is_closed(line.words)
        and (_is_closed(following.words) or CLAUSE_END.search(following.words) is not None)
        and _columns(following.words) <= NARROW_AT_MOST * _columns(line.words)
    )


def _breaks_off(line: Line, following: Line) -> bool:
    """Whether the marks at a line's end and at the next one's beginning show that the sentence goes on."""
    if _number_begun(line.words) and NUMBER_ENDED.match(following.words):
        return following.gap == 0
    if following.words.startswith(CONTINUING) and not following.words.startswith("、"):
        return True
    if line.words.endswith(OPEN_END):
        return len(line.words) >= 8 and bool(PUNCTUATION.search(following.words))
    return (
        len(line.words) >= LONG_LINE
        and following.gap == 0
        and not begins_item(line.words)
        and bool(PUNCTUATION.search(line.words[:-1]))
        and bool(PUNCTUATION.search(following.words))
    )


def _number_begun(words: str) -> bool:
    digit = NUMBER_BEGUN.search(words, max(0, len(words) - 2))
    return digit is not None and WORDS.search(words, 0, max(0, digit.start() - WORDS_BEFORE_NUMBER)) is not None


def _is_closed(words: str) -> bool:
    return words.endswith(CLOSED) or bool(CLOSED_QUOTED.search(words[-4:]))


def _columns(words: str) -> int:
    """Display width: two columns for a Han character or a full-width form (as many as its bytes in GB18030)."""
    return len(words) if words.isascii() else len(words.encode("gb18030"))


def _first_word(words: str) -> int:
    """The columns of the number or word that a line begins with and that cannot be broken, 0 for a Han character."""
    match = WORD.match(words)
    return _columns(match.group()) if match else 0


def _full_width(lines: Sequence[Line], widths: Sequence[int]) -> int:
    """The width at which lines are wrapped, 0 when the text is not wrapped."""
    inner = sorted(width for width in widths if width >= WRAP_COLUMNS[0])
    if len(inner) < WRAP_LINES:
        return 0
    full = inner[len(inner) * 3 // 4]
    if full > WRAP_COLUMNS[1] or inner[-1] > 1.15 * full + 4:
        return 0
    at_full = [line for line, width in zip(lines, widths, strict=True) if width >= FULL_LINE_SHARE * full]
    is_broken = sum(not _is_closed(line.words) for line in at_full)
    return full if len(at_full) >= max(WRAP_LINES, len(inner) // 2) and is_broken >= 0.5 * len(at_full) else 0
