"""Fillers: the words that stand between a name and its number without changing what is counted (达到, 共有, 全县 …).

Belongs here: telling them from words that name something. Not here: what a name means (`indicator`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ingest.extract.cues import cues
from ingest.extract.indicator import Gap
from ingest.extract.mentions import Mention, between
from ingest.extract.tries import longest_of

_COMPARISON = 16  # characters between a name and the level that it is compared with
CONTENT = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_MARKS_IN_NAMES = re.compile(r"[“”\"'‘’《》\s]")
# Turns that are fillers, each with the characters that it can begin with.
_TURNS = (
    (r"\d", r"(?:19|20)\d\d年(?:度|底|末)?的?|\d{1,2}月(?:份|底|末)?前?"),
    ('“"十', r"[“\"]?十[一二三四]?五[”\"]?(?:期?末|期?初|时期|期间)"),
    ("x×*X", r"[x×*X]{2,4}年(?:度|底|末)?的?"),
    (
        "排位居列占在前",
        r"(?:排名|位居|居|列|占)?(?:在)?前[一二两三四五六七八九十\d]{1,2}位的?[^,;。\d]{0,8}?(?:依次|分别|顺次)?(?:为|是|有)",
    ),
    ("连", r"连续[一二两三四五六七八九十\d]{1,3}年"),
    ("由从", r"[由从][^,;。、\d()]{1,14}?的"),
    ("(", r"\([^()]{0,24}\)"),  # a bracket that holds no number explains the name before it (含幼儿园托班)
    ("以", r"以[^,;。\d]{1,8}?为单位"),  # 以乡(镇)为单位
    ("约占", r"约?占[^,;。\d]{0,14}?的(?:比例|比重)?"),
)


@lru_cache(maxsize=1)
def fillers() -> re.Pattern[str]:
    """A pattern for any number of fillers, none included."""
    words = cues().words
    plain = words["fillers"]
    # 同比增 of 同比增长 would leave a character over: what a shorter filler begins is read in two
    moves = [move for move in (*words["change_up"], *words["change_down"]) if not move.startswith(("同比", "比"))]
    firsts = "".join(sorted({re.escape(word[0]) for word in (*plain, *moves)}))
    begins = "".join(first for first, _ in _TURNS)
    turns = "|".join(turn for _, turn in _TURNS)
    # the sets ahead say where words and turns can begin; without them each is tried at every step
    return re.compile(
        rf"(?:(?=[{firsts}]){longest_of((*plain, *moves))}|(?=[{begins}])(?:{turns})"
        rf"|[\s“”\"'‘’《》()、,:—|])*"
    )


@lru_cache(maxsize=1)
def _areas() -> re.Pattern[str]:
    return re.compile(longest_of(cues().words["area_words"]))


def gap_in(text: str, places: Sequence[Mention] = ()) -> Gap:
    """For a text, the question whether nothing but fillers stands between two of its offsets.

    Args:
        places: named in the text, in order; a place that a level is compared with (低于全省2.87人), or whose level it
            is (每千人口床位利州区13.46张), is none of the name's words.
    """
    matches = fillers().fullmatch

    def is_clear(start: int, end: int) -> bool:
        if start >= end or matches(text, start, end) is not None:
            return True
        if end - start > _COMPARISON:
            return False
        rest, at = "", start
        for place in between(places, start, end):
            if place.start >= at and place.end <= end:
                rest += text[at : place.start]
                at = place.end
        plain = _areas().sub("", rest + text[at:end])
        return len(plain) < end - start and matches(plain) is not None

    return is_clear


def says_something(text: str) -> bool:
    """Whether a phrase names anything beyond fillers and words for a whole area."""
    if not CONTENT.search(text):
        return False
    return bool(CONTENT.search(without_fillers(_areas().sub("", text))))


def without_fillers(text: str) -> str:
    """A text behind the fillers that it begins with."""
    match = fillers().match(text)
    return text[match.end() :] if match else text


def without_marks(words: str) -> str:
    """Words without quotation marks and blanks, as the catalogue holds them."""
    return _MARKS_IN_NAMES.sub("", words)
