"""Cuts: what interrupts a sentence without belonging to it.

Belongs here: page-chunk marks of document-sharing sites, page numbers, hard line breaks inside a sentence.
Not here: how a sentence is read over them (`reading`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

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
PUNCTUATION = re.compile("[，,。；;、]")
TABLE_ROW = re.compile(r"\||\t|\S\s{2,}\S.*\S\s{2,}\S")

CHUNK_AT_LEAST = 150
CHUNK_BROKEN_SHARE = 0.6
WRAP_COLUMNS = (36, 200)
WRAP_LINES = 4
FULL_LINE_SHARE = 0.9
LONG_LINE = 45
SHORT_HEADING = 22
FIRST_LINE_INDENT = 4  # columns
WORD = re.compile(r"[0-9A-Za-z.%]+")


def chunk_marks(lines: Sequence[Line]) -> list[Span]:
    """Marks of page chunks: lines that begin 1、 2、 3、 … although the line before breaks off in mid-sentence.

    Document-sharing sites put such a mark before every few hundred characters. Numbered lists look alike, but their
    lines close a sentence or are short headings.

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
    broken = sum(not _is_closed(lines[index - 1].words) for index, _ in series[1:])
    lengths = [
        lines[following - 1].end - lines[index].start for (index, _), (following, _) in itertools.pairwise(series)
    ]
    if broken < CHUNK_BROKEN_SHARE * (len(series) - 1) or min(lengths) < CHUNK_AT_LEAST:
        return []
    return [(lines[index - 1].end if index else lines[index].start, end) for index, end in series]


def page_numbers(lines: Sequence[Line]) -> list[int]:
    """Indexes of the lines that are page numbers (`- 3 -`, `第3页 共12页`)."""
    return [index for index, line in enumerate(lines) if len(line.words) < 24 and PAGE_NUMBER.match(line.words)]


def hard_breaks(lines: Sequence[Line], is_heading: Callable[[Line], bool]) -> list[Span]:
    """Line breaks inside a sentence, as in text copied from a word processor or a mail.

    Args:
        lines: the lines of one body of text, asides left out.
        is_heading: whether a line is a heading of its own or begins an item.

    Returns:
        The spans from the end of a line's words to the beginning of the next line's.
    """
    widths = [_columns(line.words) + (FIRST_LINE_INDENT if line.indent >= 2 else 0) for line in lines]
    full = _full_width(lines, widths)
    margin = min((line.indent for line in lines), default=0)
    breaks: list[Span] = []
    for index, (line, following) in enumerate(itertools.pairwise(lines)):
        if _is_closed(line.words) or is_heading(following):
            continue
        if TABLE_ROW.search(line.words) or TABLE_ROW.search(following.words):
            continue
        is_short_heading = is_heading(line) and len(line.words) < SHORT_HEADING
        begins_paragraph = following.gap > 0 or following.indent - margin >= 2
        is_full = bool(full) and widths[index] + _first_word(following.words) > FULL_LINE_SHARE * full
        is_wrapped = is_full and not begins_paragraph and not is_short_heading
        if is_wrapped or _breaks_off(line, following, is_heading):
            breaks.append((line.end, following.start))
    return breaks


def _breaks_off(line: Line, following: Line, is_heading: Callable[[Line], bool]) -> bool:
    """Whether the words alone show that the sentence goes on, whatever the width of the lines."""
    if following.words.startswith(CONTINUING) and not following.words.startswith("、"):
        return True
    if line.words.endswith(OPEN_END):
        return len(line.words) >= 8 and bool(PUNCTUATION.search(following.words))
    return (
        len(line.words) >= LONG_LINE
        and following.gap == 0
        and not is_heading(line)
        and bool(PUNCTUATION.search(line.words[:-1]))
        and bool(PUNCTUATION.search(following.words))
    )


def _is_closed(words: str) -> bool:
    return words.endswith(CLOSED) or bool(CLOSED_QUOTED.search(words[-4:]))


def _columns(words: str) -> int:
    """Display width: two columns for a Han character or a full-width form (as many as its bytes in GB18030)."""
    return len(words) if words.isascii() else len(words.encode("gb18030"))


def _first_word(words: str) -> int:
    """The columns of the number or word that a line begins with and that cannot be broken, 0 for a Han character."""
    match = WORD.match(words)
    return match.end() if match else 0


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
