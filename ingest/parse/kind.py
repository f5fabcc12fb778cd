"""The kind of a report: annual, half-year, quarter, month, bulletin, plan, news, other.

Belongs here: the words of title and lead that show the kind. Not here: the dates of its period (`period`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ingest.model import ReportKind
from ingest.parse.dates import fold
from ingest.text.words import kind_words


@dataclass(frozen=True, slots=True)
class Kind:
    """A report kind and the rule with its words."""

    value: ReportKind
    evidence: str


def kind_of(title: str, lead: str, page: str) -> Kind:
    """The kind of a report.

    Args:
        title: the title.
        lead: the first paragraphs of the report.
        page: the first and the last lines of the page, where a newspaper shows itself.
    """
    words = kind_words()
    squeezed = re.sub(r"\s+", "", fold(title))
    if found := re.search(words.news_title, squeezed):
        return Kind("news", f"title: {found[0]}")
    for rule in words.kinds:
        if rule.kind == "bulletin" and (found := re.search(rule.title, squeezed)):
            return Kind("bulletin", f"title: {found[0]}")
    result = next((word for word in words.result_words if word in squeezed), "")
    if result:
        for rule in words.granularity:
            if found := re.search(rule.title, _before_plan(squeezed)):
                return Kind(rule.kind, f"title: {found[0]} … {result}")
        return Kind("annual", f"title: {result}")
    for rule in words.kinds:
        if found := re.search(rule.title, squeezed):
            return Kind(rule.kind, f"title: {found[0]}")
    if found := _news().search(page) or _news().search(lead):
        return Kind("news", f"page: {found[0]}")
    for rule in words.lead:
        if found := re.search(rule.title, fold(lead)):
            return Kind(rule.kind, f"lead: {found[0]}")
    return Kind("other", "no word of a kind")


def _before_plan(title: str) -> str:
    """The part of a title that tells results: 2022年上半年工作总结, without 暨下半年工作计划."""
    ends = [title.find(word) + len(word) for word in kind_words().result_words if word in title]
    return title[: max(ends)]


@cache
def _news() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in kind_words().news))
