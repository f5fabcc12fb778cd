"""Near misses: numbers that stand beside an indicator's name and are not its value.

Belongs here: bought, trained or inspected ones for the stock; a share or a task's completion for the rate.
Not here: parts of a whole (`parts`), vetoes of single entries (`lexicon/indicators`, `not`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ingest.extract.cues import cues
from ingest.extract.fillers import CONTENT, without_fillers
from ingest.extract.indicator import Link
from ingest.extract.quantity import Quantity
from ingest.extract.statement import Phrase
from ingest.extract.tries import longest_of

# Indicators that count things: there the verb says whether the number is the stock.
_COUNTED_DOMAINS = frozenset({"resources", "maternal_child", "services", "population"})
_CONFIRMED = ("family_planning_",)  # who is checked and confirmed is paid
_COMPLETION = "完成率"
_DIRECTLY = 3  # characters between a rate's whole name and its number


@dataclass(frozen=True)
class _Patterns:
    not_stock: re.Pattern[str]
    share: re.Pattern[str]
    row: re.Pattern[str]
    has: re.Pattern[str]
    completion: re.Pattern[str]
    due: re.Pattern[str]
    drawn: re.Pattern[str]
    each: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    words = cues().words
    return _Patterns(
        not_stock=re.compile(longest_of(words["not_stock_verbs"])),
        share=re.compile(rf"(?:{longest_of(words['share_before'])})[^,;。]{{0,16}}$"),
        row=re.compile(longest_of(words["row_verbs"])),
        has=re.compile(
            rf"(?:{longest_of(words['stock_verbs'])})[^,;。]{{0,4}}$"
            r"|(?:全|我)[县市区旗州](?:\d+[个家所处][^,;。\d]{2,12}[和及与、])*$"  # 全县19个乡镇卫生院和286个村卫生室
        ),
        drawn=re.compile(rf"(?:{longest_of(words['drawn'])})[^,;。\d]{{0,2}}床"),
        due=re.compile(rf"(?:{longest_of(words['due_before'])})[^,;。]{{0,8}}$"),
        each=re.compile(rf"(?:{longest_of(words['of_each'])})[^,;。\d]{{0,16}}$"),
        completion=re.compile(rf"(?:{longest_of(words['completion_before'])})(?:{longest_of(words['fillers'])})*$"),
    )


def is_near_miss(text: str, link: Link, quantity: Quantity, left: str, phrase: Phrase) -> bool:
    """Whether a number is something else than the indicator whose name stands beside it.

    Args:
        text: folded reading.
        link: the indicator.
        quantity: the number.
        left: the words before the number that name it, its own or borrowed ones.
        phrase: the number's own phrase.
    """
    indicator, patterns = link.indicator, _patterns()
    own = text[phrase.left[0][0] : quantity.lead]
    if quantity.unit == "percent" and link.end <= phrase.left[0][0] and patterns.share.search(own):
        return not indicator.code.endswith("share")  # 发病率144.59/10万,占总数的52%: of what was named before
    if not indicator.is_rate and patterns.due.search(left):
        return True
    if indicator.unit == "bed" and patterns.drawn.search(own):
        return True
    if indicator.kind == "stock" and patterns.each.search(text, phrase.clause_start, quantity.lead):
        return True  # 每个村卫生室至少1名乡村医生
    is_whole = link.rule == "whole_name" or any(word.startswith("占") for word in link.words)
    if quantity.unit == "percent" and not is_whole and patterns.share.search(left):
        return not indicator.code.endswith("share")
    if quantity.unit == "percent" and patterns.completion.search(left):
        names_completion = link.words[-1].endswith(_COMPLETION) or quantity.lead - link.end <= _DIRECTLY
        return not (link.rule == "whole_name" and indicator.is_rate and names_completion)
    if indicator.domain == "disease_control" and link.start >= quantity.stop and _goes_on(text, link):
        return not indicator.is_rate  # 6000多名艾滋病病人接受了治疗
    if indicator.code.startswith(_CONFIRMED):
        return False
    if indicator.kind == "stock" and not indicator.has_service and indicator.domain in _COUNTED_DOMAINS:
        if (
            link.start >= quantity.stop
            and _goes_on(text, link)
            and not patterns.has.search(text, phrase.clause_start, quantity.lead)
        ):
            return True
        outside = left.replace(text[link.start : link.end], "")
        if link.start >= quantity.stop:
            outside = text[phrase.clause_start : quantity.lead]  # 改扩建城关、东山3所卫生院
        return bool(patterns.not_stock.search(outside + text[slice(*phrase.right)]))
    return False


def _goes_on(text: str, link: Link) -> bool:
    """54个乡镇卫生院全部实施…: the counted ones do something; that they are all of them is not said."""
    after = text[link.end : link.end + 1]
    closes = text.startswith(cues().words["closing_nouns"], link.end)
    return bool(CONTENT.match(after)) and after not in "和与及" and not closes


def opens_missing_row(words: str) -> bool:
    """Whether the verb at the head of a row says that none of its items is the stock (申报健康村18个、健康企业3家)."""
    row = _patterns().row
    return bool(row.match(words) or row.match(without_fillers(words)))  # 新 alone is a filler, in 新纳入 it is not
