"""Times of a statement: which of the times that a sentence names each of its numbers is about.

Belongs here: times shared in order, times that belong to one number alone, the year of an earlier level. Not here:
choosing one time by its kind (`period`), finding times (`times`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.extract.found import Found
from ingest.extract.indicator import Link
from ingest.extract.naming import Namer
from ingest.extract.period import Period, fact_period
from ingest.extract.quantity import Quantity
from ingest.extract.role import RoleReading
from ingest.extract.statement import Phrase, Statement
from ingest.extract.times import Time, shift_year

_FROM = re.compile(r"[由从]")
_ANEW = re.compile(r"[由从;]")
_COMPARES_WITH = frozenset("由从较比与是")


class StatementTimes:
    """Answers for the quantities of one statement.

    Args:
        found, statement: the document's findings and the statement.
        namer: of the statement; it knows lists and clauses.
        spoken: the stretch of time that the paragraph opened with.
    """

    def __init__(self, found: Found, statement: Statement, namer: Namer, spoken: Period | None) -> None:
        self._found = found
        self._text = found.text
        self._statement = statement
        self._namer = namer
        self._section = found.section(statement)
        self._spoken = spoken
        self.said = found.times_between(namer.begin, statement.end)
        self._bound: set[int] = set()  # starts of times that belong to one number alone (2018年的5.6张)
        self._actual: Period | None = None  # of the last number that says what is
        self._baseline: tuple[Period, int] | None = None  # of the last earlier level, and where it ends

    def period(self, number: int, quantity: Quantity, phrase: Phrase, link: Link | None, role: RoleReading) -> Period:
        """The days that the statement's quantity of that index is about; asked in the order of the text."""
        is_stock = link is not None and link.indicator.kind == "stock"
        times: Sequence[Time] = self.said
        if times:
            clauses = self._namer.clauses
            times = [time for time in times if not clauses.is_aside(time.start, time.end, quantity.lead)]
            if self._bound:
                times = [time for time in times if time.start not in self._bound]
            times = self._time_in_order(number) or times
        if quantity.unit_text == "倍":  # 是2021年底的3.2倍: the time of what it is measured by
            self._bound.update(
                time.start
                for time in times
                if time.kind != "reference" and self._text[time.end : quantity.lead] in {"", "的"}
            )
            times = [time for time in times if time.start not in self._bound]
        if role.role == "baseline" and times:
            times = [
                time
                for time in times
                if phrase.left[0][0] <= time.start
                and time.end <= quantity.lead
                and self._is_of_baseline(time, quantity)
            ]
            self._bound.update(time.start for time in times)
        period = fact_period(
            self._found.document,
            role.role,
            is_stock,
            times,
            phrase.clause_start,
            quantity.lead,
            self._spoken or self._section.period,
            self._section.plan,
            self._text,
        )
        if role.role == "actual":
            self._actual = period
        elif role.role == "baseline":
            period = self._earlier(period, quantity)
            self._baseline = period, quantity.stop
        return period

    def _earlier(self, period: Period, quantity: Quantity) -> Period:
        """An earlier level's period: 上年同期 of what was just said; one without a time goes on with the one before."""
        actual = self._actual
        if "同期" in period.rule and actual is not None and actual.start is not None and actual.end is not None:
            return Period(shift_year(actual.start, -1), shift_year(actual.end, -1), period.rule)
        if "reference" in period.rule and actual is not None and actual.end is not None and actual.start is not None:
            own = self._found.document.period_end
            if own is not None and actual.end.year != own.year:  # 2018年…,较上年…: the year before the sentence's
                return Period(shift_year(actual.start, -1), shift_year(actual.end, -1), period.rule)
        if period.rule == "before_document" and self._baseline is not None:
            before, stop = self._baseline
            between = self._text[stop : quantity.lead]
            if not any(q.stop > stop and q.stop < quantity.lead for q in self._statement.quantities) and not (
                _ANEW.search(between)
            ):
                return before
        if period.rule == "before_document" and (compared := self._year_compared(quantity)):
            return compared
        return period

    def _year_compared(self, quantity: Quantity) -> Period | None:
        """由2012年的15张增加到21张,护士由8人增加到13人: the earlier year that the sentence compares with goes on."""
        own = self._found.document.period_end
        for time in reversed(self.said):
            if time.end > quantity.lead or time.kind not in {"year", "as_of"}:
                continue
            if own is None or time.last is None or time.last >= own:
                continue
            if self._text[max(0, time.start - 1) : time.start] in _COMPARES_WITH:
                return Period(time.first, time.last, f"compared with:{time.text}")
        return None

    def _time_in_order(self, number: int) -> list[Time]:
        """2021年、2022年活产数分别为x、y: the time of each value, where as many times as values are named."""
        first, size = self._namer.list_of(number)
        if size < 2:
            return []
        shared = self._namer.phrases[first]
        start, end = shared.left[0][0], shared.left[-1][1]
        times = [time for time in self.said if start <= time.start and time.end <= end]
        if not times:  # 到2022年和2030年,…率分别达到x和y
            before = self._namer.clauses.earlier_clauses(start, 1)
            times = [
                time for time in self.said if before and before[0][0] <= time.start and time.end <= before[0][1] + 1
            ]
        if len(times) != size or self._text.find("分别", start, end) < 0:
            return []
        return [times[number - first]]

    def _is_of_baseline(self, time: Time, quantity: Quantity) -> bool:
        """由2018年的5.6张: the time stands between 由 and the number, or is a word for an earlier time."""
        return time.kind == "reference" or not _FROM.search(self._text, time.end, quantity.lead)
