"""The period that a report is about.

Belongs here: the report's own period, from its title, its lead or its date of publication.
Not here: the period of a single fact (`extract.period`).
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from ingest.model import ReportKind
from ingest.parse.dates import CHINESE_DIGITS, fold
from ingest.text.words import kind_words, period_words

YEAR = r"(?P<year>(?:19|20)\d\d|[二一][〇零一二三四五六七八九]{3}(?=年))"
YEAR_STATED = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年")
# The first year of a lead is the report's, unless it is another year by the word before it (成立于1964年, 较2018年).
LEAD_YEAR = re.compile(r"(?<![\d于自从较比])((?:19|20)\d\d)\s*年")
YEAR_REVIEWED = re.compile(r"(?<!\d)((?:19|20)\d\d)年度?[^，。；]{0,14}?(?:回顾|总结|完成情况|工作情况|开展情况)")
# “十一五”(2006-2010年)规划, 2021—2025年规划: the years of a plan.
PLAN_YEARS = re.compile(
    r"(?<!\d)(?P<first>(?:19|20)\d\d)年?\s?[-—–~至到]\s?(?P<last>(?:19|20)\d\d)年?[)）]?[^，。；,;]{0,14}(?:规划|计划)"
)
# Behind one of these a year says when something began, or what another is compared with.
ASIDE_BEFORE = re.compile(r"[于自从较比]$")
YEARBOOK = re.compile(r"年鉴[^\d]?((?:19|20)\d\d)|((?:19|20)\d\d)年?卷?[^\d]{0,12}年鉴")
MONTHS_STATED = re.compile(
    r"年度?\s*[(（]((?:19|20)\d\d)年(\d{1,2})月(?:\d{1,2}日)?[-至到]((?:19|20)\d\d)年(\d{1,2})月(?:\d{1,2}日)?[)）]"
)
# 现将2020年1—10月工作进展通报如下: the months that the report tells, in its lead.
MONTHS_TOLD = re.compile(
    r"(?:现将|现对|就)[^。；]{0,16}?(?:(?P<year>(?:19|20)\d\d)年)?(?P<first>\d{1,2})月?(?:份)?[-—~至到](?P<last>\d{1,2})月"
    r"[^。；]{0,30}?(?:如下|汇报|报告|通报|总结)"
)
UP_TO_MONTH = re.compile(r"^[^。；]{0,40}?截[至止](?:(?P<year>(?:19|20)\d\d)年)?(?P<last>\d{1,2})月底")
FIRST_ITEM = re.compile(
    r"(?:^|\n)\s*(?:[一二三四五六七八九十]{1,2}、|[(（][一二三四五六七八九十]{1,2}[)）]|\d{1,2}[、.．])"
)
PLAN_AT_MOST = 15  # years
KIND_SPANS: dict[ReportKind, tuple[int, int]] = {"half_year": (1, 6)}


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """First and last day, with the rule and its words; both None when nothing decides."""

    start: date | None
    end: date | None
    evidence: str


def period_of(
    title: str,
    kind: ReportKind,
    lead: str,
    body: str,
    published_on: date | None,
    headings: Sequence[str] = (),
    page: str = "",
) -> ReportPeriod:
    """The period of a report: from its title, else its headings, its lead, its date of publication.

    A span of months that the lead gives for the report's year (a statistical year from October to September) goes
    before the title.

    Args:
        title: the title.
        kind: the report's kind.
        lead: the first paragraphs.
        body: the whole text, for the year that it names most.
        published_on: date of publication, if known.
        headings: the headings of the upper levels, for a year whose work one of them reviews.
        page: the lines around the report, where a yearbook names itself.
    """
    if found := _stated_span(fold(lead)):
        return found
    squeezed = re.sub(r"\s+", "", fold(title))
    told = _told_months(fold(lead), kind)
    if kind == "plan" and not _title_pattern().search(squeezed) and (planned := _plan_years(fold(lead))):
        return planned
    if found := _from_title(squeezed):
        if told is None or told.year not in (None, found.start.year if found.start else None):
            return found
        is_whole_year = found.start and found.end and found.end == date(found.start.year, 12, 31)
        return _span(found.start.year, told.months, f"lead: {told.words}") if found.start and is_whole_year else found
    if yearbook := YEARBOOK.search(fold(page)):
        return _of_yearbook(yearbook)
    months = _months(squeezed) or (told.months if told else None) or KIND_SPANS.get(kind)
    if told is not None and told.year is not None:
        return _span(told.year, months, f"lead: {told.words}")
    folded_lead = fold(lead)
    if kind in ("news", "other") and (plan := _plan_in(folded_lead)):
        return plan
    for heading in headings:
        if kind != "plan" and (reviewed := YEAR_REVIEWED.search(fold(heading))):
            return _span(int(reviewed[1]), months, f"heading: {heading}")
    earliest = published_on.year - 1 if published_on else 0
    if (year := _lead_year(folded_lead)) and kind != "plan" and int(year[1]) >= earliest:
        return _span(int(year[1]), months, f"lead: {year[0]}")
    years = _years_told(fold(body))
    if published_on is not None:
        latest = max((year for year in years if year <= published_on.year), default=published_on.year)
        if kind == "plan" or latest >= earliest:
            return _from_publication(kind, months, published_on)
        return _span(latest, months, f"text: {latest}年 is the latest that it names, {years[latest]} times")
    if years:
        year_named, times = years.most_common(1)[0]
        return _span(year_named, months, f"text: {year_named}年 is named {times} times")
    return ReportPeriod(None, None, "no year stated")


def _of_yearbook(named: re.Match[str]) -> ReportPeriod:
    return _span(int(named[1] or named[2]) - 1, None, f"yearbook: {named[0]} tells the year before")


def _lead_year(lead: str) -> re.Match[str] | None:
    """The first year of a lead that is told, not the year of a meeting or of an aim."""
    return next((match for match in LEAD_YEAR.finditer(lead) if not _is_aside().match(lead, match.end())), None)


def _plan_years(lead: str) -> ReportPeriod | None:
    """The years that a plan without them in its title names in its lead."""
    match = PLAN_YEARS.search(lead)
    if match is None or not 0 < int(match["last"]) - int(match["first"]) <= PLAN_AT_MOST:
        return None
    start, end = date(int(match["first"]), 1, 1), date(int(match["last"]), 12, 31)
    return ReportPeriod(start, end, f"lead: {match[0]}")


def _years_told(body: str) -> Counter[int]:
    """How often a text names each year, without those that only say since or until when."""
    return Counter(
        int(match[1])
        for match in YEAR_STATED.finditer(body)
        if not ASIDE_BEFORE.search(body, max(0, match.start() - 1), match.start())
        and not _is_aside().match(body, match.end())
    )


@dataclass(frozen=True, slots=True)
class _ToldMonths:
    """The months that a lead says the report is about, with their year where it names one."""

    months: tuple[int, int]
    year: int | None
    words: str


def _told_months(lead: str, kind: ReportKind) -> _ToldMonths | None:
    """现将1—10月工作进展通报如下; of a brief without a kind also its first words 截至10月底."""
    match = MONTHS_TOLD.search(lead)
    if match is not None:
        months = int(match["first"]), int(match["last"])
    elif kind == "other" and (match := UP_TO_MONTH.search(lead)) is not None:
        months = 1, int(match["last"])
    else:
        return None
    if not 1 <= months[0] <= months[1] <= 12:
        return None
    return _ToldMonths(months, int(match["year"]) if match["year"] else None, match[0])


def _from_title(title: str) -> ReportPeriod | None:
    if yearbook := YEARBOOK.search(title):
        return _of_yearbook(yearbook)
    matches = list(_title_pattern().finditer(title))
    plan = _plan_in(_result_part(title), needs_result=False)
    if plan and (not matches or matches[0].start() > len(_result_part(title))):
        return plan
    if not matches:
        return None
    chosen = matches[0]
    for index, match in enumerate(matches):
        until = matches[index + 1].start() if index + 1 < len(matches) else len(title)
        if any(word in title[match.end() : until] for word in kind_words().result_words):
            chosen = match
            break
    first = _year(chosen["year"])
    last = int(chosen["last"]) if chosen["last"] else first
    months = _months(chosen["part"] or "")
    if months is None and len(matches) == 1:
        months = _months(_result_part(title))
    if last > first and months is None:
        return ReportPeriod(date(first, 1, 1), date(last, 12, 31), f"title: {chosen[0]}")
    return _span(first, months, f"title: {chosen[0]}")


def _stated_span(lead: str) -> ReportPeriod | None:
    """A year of other months than the calendar's: 2021年度（2020年10月至2021年9月）."""
    item = FIRST_ITEM.search(lead)  # behind it the span is that of one field of work
    match = MONTHS_STATED.search(lead, 0, item.start() if item else len(lead))
    if match is None or not (1 <= int(match[2]) <= 12 and 1 <= int(match[4]) <= 12):
        return None
    last_day = calendar.monthrange(int(match[3]), int(match[4]))[1]
    start, end = date(int(match[1]), int(match[2]), 1), date(int(match[3]), int(match[4]), last_day)
    return ReportPeriod(start, end, f"lead: {match[0]}") if start <= end else None


def _result_part(title: str) -> str:
    ends = [title.find(word) for word in kind_words().result_words if word in title]
    return title[: min(ends)] if ends else title


def _plan_in(text: str, *, needs_result: bool = True) -> ReportPeriod | None:
    """The first five-year plan that the text looks back on (or names at all, where a title does)."""
    looking_back = period_words().looking_back
    found: list[tuple[int, ReportPeriod]] = []
    for plan in period_words().plan_periods:
        for match in re.finditer("|".join(map(re.escape, plan.words)), text):
            around = text[max(match.start() - 12, 0) : match.end() + 16]
            if not needs_result or any(back in around for back in looking_back):
                start, end = date(plan.first_year, 1, 1), date(plan.last_year, 12, 31)
                found.append((match.start(), ReportPeriod(start, end, f"five-year plan: {around.strip()}")))
                break
    return min(found, key=lambda item: item[0])[1] if found else None


def _from_publication(kind: ReportKind, months: tuple[int, int] | None, published_on: date) -> ReportPeriod:
    """A report without a year of its own: the last period that was over, or running, when it was published."""
    year = published_on.year
    is_early = published_on.month <= 6
    if (kind in ("annual", "bulletin") and months is None and is_early) or (months and months[1] > published_on.month):
        year -= 1
    elif kind == "plan" and published_on.month >= 11:
        year += 1
    return _span(year, months, f"published on {published_on.isoformat()}")


def _span(year: int, months: tuple[int, int] | None, evidence: str) -> ReportPeriod:
    first, last = months or (1, 12)
    return ReportPeriod(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), evidence)


def _year(words: str) -> int:
    return int(words.translate(CHINESE_DIGITS))


def _months(part: str) -> tuple[int, int] | None:
    """The months that words name: 上半年, 前三季度, 1-9月, 6月份."""
    if match := re.search(r"(\d{1,2})月?[-至到](\d{1,2})月", part):
        first, last = int(match[1]), int(match[2])
        return (first, last) if 1 <= first <= last <= 12 else None
    for word, span in period_words().spans.items():
        if word in part:
            return span
    if (match := re.search(r"(?<!\d)(\d{1,2})月(?!\d|日)", part)) and 1 <= int(match[1]) <= 12:
        return int(match[1]), int(match[1])
    return None


@cache
def _is_aside() -> re.Pattern[str]:
    """What follows a year that is not the one told."""
    words = period_words()
    before, events = ("|".join(map(re.escape, each)) for each in (words.not_told_before, words.events))
    return re.compile(rf"(?:{before})|[^，。；,;]{{0,14}}(?:{events})")


@cache
def _title_pattern() -> re.Pattern[str]:
    named = "|".join(map(re.escape, period_words().spans))
    months = r"\d{1,2}月?[-至到]\d{1,2}月份?|\d{1,2}月份?(?!\d|日)"
    return re.compile(
        rf"(?<!\d){YEAR}(?![-/.]\d{{1,2}}[-/.]\d)年?度?(?:[-至到](?P<last>(?:19|20)\d\d)年?度?)?(?P<part>全?年?第?(?:{named}|{months}))?"
    )
