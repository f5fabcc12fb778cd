"""Periods: the days that a quantity is about.

Belongs here: choosing among the times of the sentence, the section and the document. Not here: reading times (`times`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from ingest.extract.cues import cue_pattern
from ingest.extract.times import Time, shift_year
from ingest.model import Document, Role

_PLAN_YEARS = 5  # a review of a five-year plan speaks of the next five years


class Period(NamedTuple):
    """First and last day with the rule and the words that gave them."""

    start: date | None
    end: date | None
    rule: str


_MONTHS = frozenset({"span", "as_of", "point", "year_end"})
_WITHOUT_YEAR = re.compile(r"^[^年]*(?:[月季]|[上下]半年|年[底末])[^年]*$")


def plan_period(document: Document, heading_times: Sequence[Time]) -> Period:
    """The time that a section of plans is about: its heading's, else the stretch after the document's own."""
    start, end = document.period_start, document.period_end
    for time in heading_times:
        if time.first and time.last and time.kind in {"span", "year", "plan"} and (end is None or time.last > end):
            return Period(time.first, time.last, f"plan_heading:{time.text}")
    if start is None or end is None:
        return Period(None, None, "unknown")
    if document.report_kind == "plan":
        return Period(start, end, "document")
    if end.month == 12 and end.day == 31:
        return Period(date(end.year + 1, 1, 1), date(end.year + 1, 12, 31), "year_after_document")
    return Period(end + timedelta(days=1), date(end.year, 12, 31), "rest_of_year")


def reviewed_period(document: Document) -> Period | None:
    """The time that a plan's section of results is about: the stretch of the plan's length before it."""
    start, end = document.period_start, document.period_end
    if document.report_kind != "plan" or start is None or end is None or (start.month, end.month) != (1, 12):
        return None
    years = end.year - start.year + 1
    return Period(date(start.year - years, 1, 1), date(start.year - 1, 12, 31), "before_the_plan")


def fact_period(
    document: Document,
    role: Role,
    is_stock: bool,
    times: Sequence[Time],
    clause_start: int,
    at: int,
    section: Period | None,
    plan: Period | None,
    text: str,
) -> Period:
    """The period of one quantity.

    Args:
        times: the statement's times, in order; those before `at` in it count, the nearest first.
        clause_start: where the number's clause begins; an event's date does not reach beyond its clause.
        section: the period that the section's headings state, if any.
        plan: the section's plan period when the section speaks of plans.
    """
    own = Period(document.period_start, document.period_end, "document")
    for time in reversed([time for time in times if time.end <= at]):
        before = text[max(0, time.start - 2) : time.start]
        compared = bool(before) and (before[-1] in "较比" or before.endswith("与"))
        if compared and role != "baseline":
            continue
        if text.startswith("前", time.end) and time.start < clause_start and text[time.end + 1] not in ",、":
            continue  # 10月底前投用,…: a deadline with its own predicate holds for its clause
        found = _use(ahead(time, plan), role, is_stock, clause_start, own, plan, text)
        if found is not None:
            return found
    if role == "change" and plan is not None:
        return plan
    if role == "target":
        if plan is not None:
            return plan
        if own.end is not None and own.start is not None:
            if own.end.year - own.start.year >= _PLAN_YEARS - 1:
                return Period(date(own.end.year + 1, 1, 1), date(own.end.year + _PLAN_YEARS, 12, 31), "next_plan")
            if (own.end.month, own.end.day) != (12, 31):
                return Period(date(own.end.year, 1, 1), date(own.end.year, 12, 31), "target_of_the_year")
            return own
    if role == "baseline":
        return _before(section or own)
    if section is not None:
        return section
    return own


def ahead(time: Time, plan: Period | None) -> Time:
    """A month without a year (3月底前) lies in the year of the plan whose section names it."""
    if plan is None or plan.start is None or time.first is None or time.last is None:
        return time
    years = plan.start.year - time.last.year
    if years <= 0 or time.kind not in _MONTHS or not _WITHOUT_YEAR.search(time.text):
        return time
    return time._replace(first=shift_year(time.first, years), last=shift_year(time.last, years))


def _reaches(time: Time, clause_start: int, text: str) -> bool:
    """A year inside an earlier clause (成立于1964年,…) says when that happened; one at its head goes on."""
    if time.start < clause_start and cue_pattern(r"[^,;。\d]{0,6}{founded}").match(text, time.end):
        return False
    if time.start >= clause_start or time.text[0] in "到至截":
        return True
    before = text[max(0, time.start - 2) : time.start]
    return not before.strip(" 在从到自截至") or before[-1] in ",;。:、\n("


def _use(
    time: Time, role: Role, is_stock: bool, clause_start: int, own: Period, plan: Period | None, text: str
) -> Period | None:
    first, last = time.first, time.last
    rule = f"{time.kind}:{time.text}"
    if first is None or last is None:
        return None
    match time.kind:
        case "span":
            if role == "target" and time.text.startswith("今年") and last.month < 12 and time.text[-1] in "年来":
                return Period(first, date(last.year, 12, 31), rule)
            return Period(first, last, rule)
        case "as_of":
            return Period(last if is_stock else date(last.year, 1, 1), last, rule)
        case "year" | "year_as_of":
            if not _reaches(time, clause_start, text):
                return None
            if role == "target":
                return Period(first, last, rule)
            if own.start and own.end and own.end.year == last.year and own.start.year == last.year:
                return Period(own.start, own.end, f"document:{time.text}")
            return Period(first, last, rule)
        case "year_end":
            if role == "target" and plan is not None:
                return plan
            if role == "target" or own.end is None or own.end.month == 12:
                return Period(date(last.year, 1, 1), last, rule)
            return None
        case "point":
            holds = time.start >= clause_start or (first != last and _reaches(time, clause_start, text))
            return Period(first, last, rule) if holds and role != "target" else None
        case "plan":
            if text[time.end - 2 : time.end] in {"期间", "时期", "以来"}:
                return Period(first, last, rule)
            return None
        case "now" | "own":
            planned = plan.start.year if plan is not None and plan.start is not None else None
            if time.text == "全年" and own.end is not None and own.end.year == planned:
                return Period(date(planned, 1, 1), date(planned, 12, 31), f"whole_year:{time.text}")
            if role == "target" and time.kind == "own" and own.end is not None:
                if plan is not None:
                    return plan
                return Period(date(own.end.year, 1, 1), date(own.end.year, 12, 31), f"target of:{time.text}")
            if role in {"target", "baseline"}:
                return None
            return Period(
                own.start, own.end, f"as_of_now:{time.text}" if time.kind == "now" else f"document:{time.text}"
            )
        case "reference":
            is_past_in_plan = plan is not None and role == "actual"
            return Period(first, last, rule) if role == "baseline" or is_past_in_plan else None
    return None


def _before(own: Period) -> Period:
    """The stretch of the same length before the document's; a plan of five years begins at the year before it."""
    if own.start is None or own.end is None:
        return Period(None, None, "unknown")
    years = own.end.year - own.start.year + 1
    if years > 1:
        return Period(date(own.start.year - 1, 1, 1), date(own.start.year - 1, 12, 31), "before_document")
    if own.start.month == 1 and own.end.month == 12:
        return Period(shift_year(own.start, -1), shift_year(own.end, -1), "before_document")
    end = own.start - timedelta(days=1)
    months = own.end.month - own.start.month + 1
    begin_month = own.start.month - months
    begin = date(own.start.year, begin_month, 1) if begin_month >= 1 else date(own.start.year - 1, begin_month + 12, 1)
    return Period(begin, end, "before_document")
