"""From a document to its facts: the order of the steps, and nothing that one step knows.

Belongs here: walking the statements of a document, adding what its tables say, the checks on all of it.
Not here: how one statement is read (`statement_reader`), rules about words.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date

from ingest.extract import confidence, legibility, quality
from ingest.extract.catalogue import catalogue
from ingest.extract.found import Found
from ingest.extract.parts import Whole
from ingest.extract.period import Period
from ingest.extract.quantity import reader
from ingest.extract.reporter import reporter_of
from ingest.extract.statement import Statement
from ingest.extract.statement_reader import StatementReader
from ingest.extract.tables import table_facts
from ingest.extract.times import Time
from ingest.model import Document, Fact
from ingest.versions import EXTRACTOR_VERSION

_OPENING_TIMES = frozenset({"span", "as_of"})
_LONG_YEAR = 330  # days: a report of so many tells of the year
_NAMES_A_TIME = frozenset({"as_of", "year", "point", "own"})


def extract(document: Document) -> list[Fact]:
    """Read every fact of a document.

    Returns:
        Facts in the order of the text. Spans are half-open offsets into `document.text`; the quote holds the number.
    """
    found = Found(document, catalogue(), reader())
    reporter = reporter_of(document)
    starts = [quantity.start for quantity in found.quantities]
    facts: list[Fact] = []
    previous: Statement | None = None
    wholes: dict[str, Whole] = {}
    span: Period | None = None
    first = 0
    for statement in found.statements:
        first = bisect_left(starts, statement.start, first)
        last = bisect_left(starts, statement.end, first)
        statement.quantities = found.quantities[first:last]
        if statement.quantities:
            span = _span_of_paragraph(found, statement, previous, span)
            reading = StatementReader(found, statement, previous, reporter, wholes, span)
            facts += reading.facts()
            wholes = reading.wholes.counted
        previous = statement
    of_tables = [fact for table in found.tables for fact in table_facts(found, table, EXTRACTOR_VERSION)]
    if of_tables:
        facts = sorted([*facts, *of_tables], key=lambda fact: fact.char_start)
    return legibility.weigh(confidence.weigh(quality.flag(facts, found.catalogue), document), document)


def _is_heading(found: Found, statement: Statement) -> bool:
    """Whether a statement is the heading of its section, run into the paragraph."""
    return statement.section >= 0 and statement.end <= found.heading_span(statement.section)[1] + 1


def _is_statistical(found: Found, time: Time) -> bool:
    """2018年统计年度(2017年10月1日至2018年9月30日): a bracket says which days a year of statistics has."""
    opened = found.text.rfind("(", max(0, time.start - 4), time.start + 1)
    return opened >= 0 and found.text.endswith("年度", 0, opened)


def _lags(found: Found, time: Time) -> bool:
    """Whether figures end before their report does (1—5月 in one of half a year); a whole year's stay its own."""
    start, end = found.document.period_start, found.document.period_end
    return start is not None and end is not None and time.last != end and (end - start).days < _LONG_YEAR


def _parts_paragraphs(found: Found, start: int, end: int) -> bool:
    """Whether a paragraph ends between two statements; a line that ends with a semicolon only goes on below."""
    at = found.text.find("\n", start, end)
    return at >= 0 and not found.text[:at].endswith((";", ",", ":"), max(0, at - 1))


def _span_of_paragraph(
    found: Found, statement: Statement, previous: Statement | None, before: Period | None
) -> Period | None:
    """1—5月,全县…: a stretch that opens a paragraph's sentence holds until the paragraph ends or another is named."""
    times = found.times_between(statement.start, statement.end)
    is_new = previous is None or previous.section != statement.section or _is_heading(found, previous)
    year = next((time for time in times if time.kind == "span" and _is_statistical(found, time)), None)
    if year is not None:
        return Period(year.first, year.last, f"statistical year: {year.text}")
    if is_new or _parts_paragraphs(found, previous.end if previous else 0, statement.start):
        opens = bool(times) and times[0].kind in _OPENING_TIMES and times[0].start == statement.start
        if not opens or times[0].last == found.document.period_end:
            return None
        first, last = times[0].first, times[0].last
        if times[0].kind == "as_of" and last is not None:
            first = date(last.year, 1, 1)
        return Period(first, last, f"paragraph: {times[0].text}")
    if times and times[0].kind == "span" and times[0].start == statement.start and _lags(found, times[0]):
        return Period(times[0].first, times[0].last, f"paragraph: {times[0].text}")
    return before if before is not None and not any(time.kind in _NAMES_A_TIME for time in times) else None
