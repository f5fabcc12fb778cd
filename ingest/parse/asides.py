"""Asides: what stands on a page and is not the report.

Belongs here: navigation, breadcrumbs, metadata lines, footers, credits, related links, by lines.
Not here: page marks inside sentences (`text.cuts`), which part of an HTML page is its main column (`html`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from ingest.parse.fields import Field
from ingest.text.headings import begins_item
from ingest.text.lines import Line
from ingest.text.words import aside_words

Span = tuple[int, int]

PROSE_AT_LEAST = 20
BODY = re.compile("[。；;]")
CREDIT_MARK = re.compile("[:：/|]")
SYMBOLS = re.compile(r"[\W_]+")
TABLE_ROW = re.compile(r"[|\t](?=.*\d)")
SHORT_WORDS = re.compile(r"[\s/|｜·]+")
SYMBOLS_AT_LEAST = 3  # a sign or two alone on a line is a cell of a table (%, —)
LONGEST_FURNITURE = 120


def is_prose(line: Line) -> bool:
    """Whether a line holds sentences of a report."""
    words = line.words
    return len(words) >= PROSE_AT_LEAST and BODY.search(words) is not None and not _is_furniture(words)


def body_range(lines: Sequence[Line], metadata: set[int], breaks: Sequence[Span] = ()) -> tuple[int, int]:
    """The first line of the report's own words (prose, an item, a row of a table) and the line after its last.

    Args:
        lines: the lines of the text.
        metadata: indexes of lines that are no words of the report.
        breaks: spans from a line into the next where one sentence runs on.
    """
    running = _running_prose(lines, {start for start, _ in breaks})
    is_body = [
        index not in metadata and (is_prose(line) or _is_item(line.words) or running[index])
        for index, line in enumerate(lines)
    ]
    if True not in is_body:
        return len(lines), len(lines)
    return is_body.index(True), len(is_body) - is_body[::-1].index(True)


def _running_prose(lines: Sequence[Line], broken: set[int]) -> list[bool]:
    """Which lines are parts of prose that runs over several lines; `broken` are the ends of the lines that run on."""
    running = [False] * len(lines)
    first = 0
    for index, line in enumerate(lines):
        if line.end in broken and index + 1 < len(lines):
            continue
        if index > first:
            run = lines[first : index + 1]
            is_report = any(BODY.search(part.words) for part in run) and not any(_is_furniture(p.words) for p in run)
            running[first : index + 1] = [is_report] * len(run)
        first = index + 1
    return running


def _is_item(words: str) -> bool:
    """A numbered heading or a table row with figures."""
    is_subtitle = words.startswith("—") and BODY.search(words) is None
    is_item = begins_item(words) and not is_subtitle
    return (is_item or TABLE_ROW.search(words) is not None) and not _is_furniture(words)


def is_breadcrumb(words: str) -> bool:
    """A path to the page: 首页 > 政务公开 > 规划计划."""
    return len(words) <= LONGEST_FURNITURE and _breadcrumb().search(words) is not None


def is_navigation(words: str) -> bool:
    """A row of menu words: short words that close no sentence, one of them known from menus.

    A menu word of two characters stands alone (注册 is one, 注册护士 is a cell of a table).
    """
    if len(words) > LONGEST_FURNITURE or BODY.search(words):
        return False
    return _navigation().search(words) is not None and max(map(len, SHORT_WORDS.split(words))) <= 24


def is_stamp(words: str) -> bool:
    """A date, a time and perhaps the portal's name on a line of its own."""
    return len(words) <= 60 and _stamp().search(words) is not None and not BODY.search(words)


def is_credit(words: str) -> bool:
    """Who wrote, edited, checked and signed the page."""
    if len(words) > LONGEST_FURNITURE or "。" in words or CREDIT_MARK.search(words) is None:
        return False
    named = {match[1]: match for match in _credit().finditer(words)}
    return len(named) > 1 or any(SYMBOLS.sub("", words[: match.start()]) == "" for match in named.values())


def head_asides(lines: Sequence[Line], first: int, title: int | None, metadata: set[int]) -> set[int]:
    """The lines above the report that are not part of it: all above the title, then whatever is furniture."""
    return {
        index
        for index, line in enumerate(lines[:first])
        if (title is not None and index < title) or index in metadata or _is_head_furniture(line.words)
    }


def tail_asides(lines: Sequence[Line], last: int, metadata: set[int]) -> set[int]:
    """The lines below the report that are not part of it; behind the first row of links or credits nothing is."""
    asides: set[int] = set()
    is_over = False
    for index, line in enumerate(lines[last:], start=last):
        is_over = is_over or _is_furniture(line.words) or is_credit(line.words)
        if is_over or index in metadata or is_navigation(line.words) or _is_rule(line.words):
            asides.add(index)
    return asides


def spans_of(lines: Sequence[Line], indexes: Iterable[int]) -> list[Span]:
    """The spans of some lines, neighbours joined."""
    spans: list[Span] = []
    previous = -2
    for index in sorted(indexes):
        if index == previous + 1:
            spans[-1] = (spans[-1][0], lines[index].end)
        else:
            spans.append((lines[index].start, lines[index].end))
        previous = index
    return spans


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans sorted and joined where they touch or overlap."""
    result: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return tuple(result)


def metadata_lines(fields: Sequence[Field]) -> set[int]:
    """The lines that hold labelled values."""
    return {field.line for field in fields}


def _is_head_furniture(words: str) -> bool:
    return (
        is_breadcrumb(words)
        or is_navigation(words)
        or is_stamp(words)
        or is_credit(words)
        or _is_furniture(words)
        or _is_rule(words)
    )


def _is_rule(words: str) -> bool:
    """A row of signs that parts what stands above it from what stands below."""
    return len(words) >= SYMBOLS_AT_LEAST and SYMBOLS.fullmatch(words) is not None


def _is_furniture(words: str) -> bool:
    """Footers and rows of links: words that stand below or above a report on many portals."""
    if len(words) > LONGEST_FURNITURE:
        return False
    return _footer().search(words) is not None or (not BODY.search(words) and _tail().match(words) is not None)


@cache
def _breadcrumb() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in aside_words().breadcrumb))


@cache
def _navigation() -> re.Pattern[str]:
    alone = "|".join(re.escape(word) for word in aside_words().navigation if len(word) == 2)
    within = "|".join(re.escape(word) for word in aside_words().navigation if len(word) > 2)
    part = SHORT_WORDS.pattern.rstrip("+")
    return re.compile(rf"{within}|(?:^|(?<={part}))(?:{alone})(?={part}|$)")


@cache
def _credit() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, aside_words().credits), key=len, reverse=True))
    return re.compile(rf"({words})\s*[:：/|]")


@cache
def _footer() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in aside_words().footer), re.IGNORECASE)


@cache
def _tail() -> re.Pattern[str]:
    words = "|".join(sorted(map(re.escape, aside_words().tail), key=len, reverse=True))
    return re.compile(rf"[\s【\[〖|◆▲●>]*(?:{words})(?:$|[\s:：】\]〖〗|\d]|(?=(?:{words})))")


@cache
def _stamp() -> re.Pattern[str]:
    return re.compile(aside_words().credit_stamp)
