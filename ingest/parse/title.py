"""The title of a report.

Belongs here: which line, or which beginning of a line, names the report; titles over two lines.
Not here: what the title says about kind and period (`kind`, `period`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cache

from ingest.parse.asides import is_breadcrumb, is_credit, is_navigation, is_stamp
from ingest.parse.publication import ends_like_publisher
from ingest.text.headings import begins_item
from ingest.text.lines import Line
from ingest.text.words import kind_words

LENGTHS = (6, 70)
ENOUGH = 4
HEADLINE_LENGTHS = (4, 60)
HEADLINE_LINES = 3
LATE_LINES = 8  # a line of prose may stand above the title
ABOVE_AT_MOST = 400  # characters of it
ABOVE_SHARE = 0.3  # of the text
MENU_MARKS = re.compile(r"[|｜丨].*[|｜丨]")
TIME = re.compile(r"(?:19|20)\d\d|[二一][〇○零OoＯ一二三四五六七八九]{3}年|[XxＸ×*]{2,4}年|上半年|季度|年度|\d月")
BODY_NAME = re.compile("局|委|院|中心|县|市|区|镇|乡|省|州|旗")
CONTINUES = re.compile("^(?:暨|及|和|与|的|[（(])")
NEEDS_NAME = re.compile(r"^(?:关于|(?:19|20)\d\d|[二一][〇○零OoＯ一二三四五六七八九]{3}年|上半年|年度)")
SITE_SUFFIX = re.compile(r"\s*[-_|—–｜]+\s*[^-_|—–｜]{2,30}$")
SENTENCE = re.compile("[。；;！!？?]|[:：,，]$")


@dataclass(frozen=True, slots=True)
class Title:
    """A title, where it stands in the text, and the rule that found it. `lines` are the indexes of whole lines."""

    text: str
    spans: tuple[tuple[int, int], ...]
    lines: tuple[int, ...]
    rule: str


def find_title(lines: Sequence[Line], first: int, metadata: set[int], labelled: str, marked: Sequence[str]) -> Title:
    """Find the title of a report.

    Args:
        lines: the lines of the text.
        first: the first line of the report's own words.
        metadata: indexes of lines with labelled values.
        labelled: the value of a label such as 信息名称, or "".
        marked: titles that the format marks (meta tag, h1, title element), best first.

    Returns:
        The title; empty text when the page names none.
    """
    head = [index for index in range(first) if index not in metadata and not is_breadcrumb(lines[index].words)]
    known = {_squeezed(SITE_SUFFIX.sub("", text)) for text in (labelled, *marked) if text}
    best = max(head, key=lambda index: (_score(lines[index].words, known), -index), default=None)
    if best is None or _score(lines[best].words, known) < ENOUGH:
        late = range(first, _late_end(lines, first))
        best = next((index for index in late if _is_late_title(lines[index].words)), None)
        head = [*head, *late] if best is not None else head
    if best is not None:
        return _joined(lines, head, best)
    for text, rule in [(labelled, "label"), *((text, "marked by the page") for text in marked)]:
        text = SITE_SUFFIX.sub("", _plain(text))
        if len(text) >= LENGTHS[0]:
            found = tuple(index for index in head if _squeezed(lines[index].words) == _squeezed(text))
            return Title(text, tuple((lines[index].start, lines[index].end) for index in found), found, rule)
    if first < len(lines) and (inline := _inline(lines[first])) is not None:
        return inline
    return _headline(lines, head)


def _score(words: str, known: Set[str] = frozenset()) -> int:
    """How much a line looks like the title of a report; `known` are the titles that the format or a label names."""
    squeezed = _squeezed(words)
    if not LENGTHS[0] <= len(squeezed) <= LENGTHS[1] or SENTENCE.search(squeezed) or is_stamp(words):
        return 0
    if MENU_MARKS.search(squeezed):
        return 0
    if not _report_words().search(squeezed):
        return 0
    has_time = TIME.search(squeezed) is not None
    has_body = BODY_NAME.search(squeezed) is not None
    is_menu = is_navigation(words) and not has_time
    return 3 + 2 * has_time + has_body - 2 * is_menu + 4 * (squeezed in known)


def _late_end(lines: Sequence[Line], first: int) -> int:
    """Where the search for a title behind prose ends: little stands above it, and more below it."""
    whole = sum(len(line.words) for line in lines[first:])
    above, end = 0, first
    while end < min(first + LATE_LINES, len(lines)) and above <= min(ABOVE_AT_MOST, whole * ABOVE_SHARE):
        above += len(lines[end].words)
        end += 1
    return end


def _is_late_title(words: str) -> bool:
    """Whether a line behind the first prose is the title; a numbered heading (一、2023年工作总结) is none."""
    return _score(words) > ENOUGH and not begins_item(words)


def _joined(lines: Sequence[Line], head: Sequence[int], best: int) -> Title:
    """A title with the line above that names its body and the line below that continues it."""
    parts = [best]
    words = _plain(lines[best].words)
    if best - 1 in head and NEEDS_NAME.match(_squeezed(words)) and ends_like_publisher(lines[best - 1].words):
        parts.insert(0, best - 1)
    if best + 1 in head and CONTINUES.match(lines[best + 1].words) and _score("工作" + lines[best + 1].words):
        parts.append(best + 1)
    text = "".join(_plain(lines[index].words) for index in parts)
    repeated = {index for index in head if _squeezed(lines[index].words) == _squeezed(text)}
    indexes = tuple(sorted(repeated | set(parts)))
    return Title(text, tuple((lines[index].start, lines[index].end) for index in indexes), indexes, "line of the head")


def _inline(line: Line) -> Title | None:
    """A title that opens the first line of the text, with a blank between it and the first sentence."""
    words, blank, _ = line.words.partition(" ")
    if not blank or _score(words) < ENOUGH:
        return None
    return Title(words, ((line.start, line.start + len(words)),), (), "beginning of the first line")


def _headline(lines: Sequence[Line], head: Sequence[int]) -> Title:
    """The headline of a news item: the short lines above its first sentence."""
    short = [
        index
        for index in head
        if HEADLINE_LENGTHS[0] <= len(lines[index].words) <= HEADLINE_LENGTHS[1]
        and not is_navigation(lines[index].words)
        and not is_stamp(lines[index].words)
        and not is_credit(lines[index].words)
        and "|" not in lines[index].words
    ]
    if not short:
        return Title("", (), (), "none found")
    run = [short[0]]
    for index in short[1:HEADLINE_LINES]:
        if index == run[-1] + 1 and abs(len(lines[index].words) - len(lines[run[-1]].words)) <= 2:
            run.append(index)
    spans = tuple((lines[index].start, lines[index].end) for index in run)
    return Title(" ".join(_plain(lines[index].words) for index in run), spans, tuple(run), "headline")


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


def _squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


@cache
def _report_words() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, kind_words().title_words)))
