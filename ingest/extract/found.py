"""What is found in a document before any question is asked: words, times, places, groups, numbers, each with its span.

Belongs here: one pass of each finder over the folded reading, and look-up by span.
Not here: what belongs to what (`naming`, `scope`, `period`).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from ingest.extract import damage, groups, mentions
from ingest.extract.catalogue import Catalogue
from ingest.extract.cues import cue_pattern, cues
from ingest.extract.disease import diseases
from ingest.extract.indicator import Hit, Hits
from ingest.extract.period import Period, plan_period, reviewed_period
from ingest.extract.quantity import Quantity, QuantityReader
from ingest.extract.role import heading_speaks_of_plans
from ingest.extract.shared_units import share_bounds, share_units
from ingest.extract.statement import Statement, goes_on, statements
from ingest.extract.times import Time, find_times
from ingest.extract.tries import longest_of
from ingest.extract.units import units
from ingest.model import Document
from ingest.text.fold import fold
from ingest.text.reading import Reading
from ingest.text.tables import find_tables, read_spans

_QUOTED = re.compile(r"[“\"《][^”\"》\n]{0,24}[”\"》]")
_MEASURE_ALONE = re.compile(r".\s?[\d.]+\s?[%‰]\D{0,2}$")  # “95%以上” is a figure, “三个95%” a name
_SKIPPED_IN_NAMES = re.compile("[“”\"'‘’《》 ]")
_AMONG = re.compile("其中")
_SAME_START = 8  # catalogue words that begin at one place
_CLOSING = frozenset(",;。、)(:\n|")  # what may follow a number that stands without a unit
# 100张床位以下医院, 3000人以上的小区: which hospitals, which estates, not how many
_NO_WORD = "\0"
_BOUNDING_UNITS = frozenset({"bed", "item", "person", "household", "CNY"})
_BOUNDS_A_NOUN = (
    r"(?P<bound>\s?张(?:床位|病床)?(?:及?以[上下])?(?:床位|病床)?的?(?=(?:综合|专科)?医院)"
    r"|[^,;。\d]{1,4}以[上下]的?(?!{not_bounded})(?=[^,;。\d]{0,4}{bounded})"
    r"|[^,;。\d]{0,2}以[上下](?=的?[^,;。\d]{0,14}(?:服务|技术|方法)的{bounded}))"
)
_COUNTED = r"\s?\d[\d,]*\s?{counts_institutions}"
_BOUNDS = ("以上", "以下")
_SPANS = re.compile(r"\d\D*[-—至到]\D*\d")
_RUN_IN_LEVEL = 5  # 一是… inside a paragraph: its first clause is a sentence, not a heading that says plan or result
_LAST_MONTH = 12
_YEAR = r"(?:(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{3})年"
_TURNS_TO_PLANS = (
    rf"\n[ \u3000]*(?P<when>{_YEAR}|明年|来年|下半年|{{next_steps}})[,:]?(?![^,;。\n]{{0,12}}年度?工作总结)"
    r"[^。;\n\d]{0,60}?{turns_to_plans}"
)


class SectionReading:
    """What a section's headings say of everything under them."""

    __slots__ = ("hits", "in_plan", "period", "plan")

    def __init__(self, in_plan: bool, plan: Period | None, period: Period | None, hits: list[list[Hit]]) -> None:
        self.in_plan = in_plan
        self.plan = plan
        self.period = period
        self.hits = hits  # of the headings, nearest first


class Found:
    """One document's reading with everything that the finders found. All offsets are offsets into `text`."""

    def __init__(self, document: Document, catalogue: Catalogue, quantity_reader: QuantityReader) -> None:
        self.document = document
        self.catalogue = catalogue
        self.reading = Reading(document.text, document.cuts)
        self.text = fold(self.reading.text)
        spoken_on = document.published_on if document.report_kind == "news" else None
        self.times = find_times(self.text, document.period_start, document.period_end, spoken_on)
        self._time_starts = [time.start for time in self.times]
        year = document.period_end.year if document.period_end else None
        self.places = mentions.places(document.ref_area, year).mentions(self.text)
        self.entities = [
            mention
            for mention in mentions.institutions().mentions(self.text, self.places, mentions.towns(document.ref_area))
            if not cue_pattern(_COUNTED).match(self.text, mention.end)
        ]
        self.named = sorted([*self.places, *self.entities], key=lambda mention: (mention.start, -mention.end))
        self.groups = groups.groups().mentions(self.text)
        self._group_starts = [mention.start for mention, _ in self.groups]
        self.ages = groups.ages(self.text)
        self.diseases = diseases().mentions(self.text)
        self._heading_spans = [
            (self.reading.from_document(section.start), self.reading.from_document(section.heading_end))
            for section in document.sections
        ]
        self.statements = statements(document, self.reading, self.text)
        self.tables = document.tables or tuple(find_tables(document.text, document.asides))
        self.replacement: damage.Replacement | None = None
        self._bounds: list[tuple[int, int]] = []
        self.quantities = self._find_quantities(quantity_reader)
        words = damage.without_swaps(self.text)
        for start, end in self._bounds:  # 100张床位以下 names no beds
            words = words[:start] + _NO_WORD * (end - start) + words[end:]
        self._contexts = self._find_contexts(words)
        self.hits = Hits(self._catalogue_hits(words))
        self._per_head = [hit for hit in self.hits.items if hit[2] in catalogue.per_head_words]
        self._turns = self._find_turns()
        self.sections = self._read_sections()
        self.title_hits = [Hit(start, end, word) for word, start, end in catalogue.hits(fold(document.title))]

    def times_between(self, start: int, end: int) -> Sequence[Time]:
        """Times that begin in [start, end), in order."""
        return self.times[bisect_left(self._time_starts, start) : bisect_left(self._time_starts, end)]

    def section(self, statement: Statement) -> SectionReading:
        """What the headings above a statement say; before the first heading, what the document's kind says."""
        if statement.section < 0:
            reading = SectionReading(self.document.report_kind == "plan", None, None, [])
        else:
            reading = self.sections[statement.section]
        return self._past_the_turn(statement.section, statement.start, reading)

    def _past_the_turn(self, section: int, start: int, reading: SectionReading) -> SectionReading:
        """What a section says at an offset: plans, behind a paragraph in which it turns to them."""
        turn = self._turns.get(self._of_paragraphs(section))
        if turn is None or start < turn[0] or reading.in_plan:
            return reading
        return SectionReading(True, turn[1], None, reading.hits)

    def groups_between(self, start: int, end: int) -> Sequence[tuple[mentions.Mention, groups.Group]]:
        """Groups named in [start, end), in order."""
        starts = self._group_starts
        return self.groups[bisect_left(starts, start) : bisect_left(starts, end)]

    def gives_context(self, index: int, start: int, end: int) -> bool:
        """Whether a context word of an indicator lies in [start, end)."""
        spans = self._contexts.get(index)
        if spans is None:
            return False
        at = bisect_left(spans, (start,))
        while at < len(spans) and spans[at][0] < end:
            if spans[at][1] <= end:
                return True
            at += 1
        return False

    def is_too_early(self, index: int) -> bool:
        """Whether an indicator was not yet measured in the document's last year."""
        last = self.document.period_end
        return last is not None and last.year < self.catalogue.indicators[index].since

    def per_head_before(self, start: int, end: int) -> list[Hit]:
        """The words of the last 每千人口 or the like that lies in [start, end)."""
        at = bisect_left(self._per_head, (end,)) - 1
        while at >= 0 and self._per_head[at][0] >= start and self._per_head[at][1] > end:
            at -= 1
        if at < 0 or self._per_head[at][0] < start:
            return []
        last = self._per_head[at][0]
        return [
            hit
            for hit in self._per_head[bisect_left(self._per_head, (last,)) :][:_SAME_START]
            if hit[0] == last and hit[1] <= end
        ]

    def sections_above(self, statement: Statement) -> list[int]:
        """The sections around a statement, innermost first."""
        result: list[int] = []
        section = statement.section
        while section >= 0:
            result.append(section)
            section = self.document.sections[section].parent
        return result

    def section_start(self, statement: Statement) -> int:
        """Where the innermost section around a statement begins."""
        if statement.section < 0:
            return statement.start
        return min(statement.start, self.reading.from_document(self.document.sections[statement.section].start))

    def heading_span(self, section: int) -> tuple[int, int]:
        """Where a section's heading stands in the reading."""
        return self._heading_spans[section]

    def _spans_with_words(self) -> list[tuple[int, int]]:
        """Where catalogue words can name a number: headings, statements with a number, and those that these go on."""
        spans = list(self._heading_spans)
        starts = [quantity.start for quantity in self.quantities]
        at = 0
        for number, statement in enumerate(self.statements):
            at = bisect_left(starts, statement.start, at)
            if at < len(starts) and starts[at] < statement.end:
                if number and goes_on(self.text, statement):
                    spans.append((self.statements[number - 1].start, self.statements[number - 1].end))
                spans.append((statement.start, statement.end))
        return _merged(sorted(spans))

    def _catalogue_hits(self, words: str) -> Iterator[tuple[int, int, int]]:
        """Catalogue words where they can name a number, read without quotation marks and blanks."""
        hits, marks = self.catalogue.hits, _SKIPPED_IN_NAMES
        for start, end in self._spans_with_words():
            text = words[start:end]
            among = text.find("其中")
            if among < 0 and marks.search(text) is None:
                yield from [(start + first, start + last, word) for word, first, last in hits(text)]
                continue
            kept: list[int] = []  # where each character that is read stands
            at = 0
            for mark in marks.finditer(text):
                kept.extend(range(start + at, start + mark.start()))
                at = mark.end()
            kept.extend(range(start + at, end))
            found = hits(marks.sub("", text) if at else text)
            if among < 0:
                yield from [(kept[first], kept[last - 1] + 1, word) for word, first, last in found]
            else:  # 其中医院 holds no 中医院
                held = {start + match.start() + 1 for match in _AMONG.finditer(text)}
                yield from [
                    (kept[first], kept[last - 1] + 1, word) for word, first, last in found if kept[first] not in held
                ]

    def _find_contexts(self, words: str) -> dict[int, list[tuple[int, int]]]:
        """For each indicator that needs certain words around it, where in the text they stand."""
        contexts: dict[int, list[tuple[int, int]]] = {}
        for indices, start, end in self.catalogue.context_hits(words):
            for index in indices:
                contexts.setdefault(index, []).append((start, end))
        for spans in contexts.values():
            spans.sort()
        return contexts

    def _plans_go_on(self, result: Sequence[SectionReading], number: int) -> bool | None:
        """A report goes from results to plans: a later top heading that says neither stays with the plans before it."""
        before = next((index for index in reversed(range(number)) if self.document.sections[index].parent < 0), -1)
        return True if before >= 0 and result[before].in_plan else None

    def _find_quantities(self, quantity_reader: QuantityReader) -> list[Quantity]:
        asides = [
            (self.reading.from_document(start), self.reading.from_document(end)) for start, end in self.document.asides
        ]
        asides += [span for table in self.tables for span in read_spans(table, self.reading, self.text)]
        skip = [(time.start, time.end) for time in self.times if any(map(str.isdigit, time.text))]
        skip += [match.span() for match in _QUOTED.finditer(self.text) if not _MEASURE_ALONE.match(match.group())]
        skip += [(age.start, age.end) for age in self.ages if not self._is_measured(age)]
        skip += asides
        skip.sort()
        found = quantity_reader.read(self.text, _merged(skip))
        found = damage.with_damage(self.text, found, asides)
        share_units(self.text, found)
        share_bounds(self.text, found)
        self.replacement = damage.find_replacement(self.text, found)
        found = [quantity for quantity in found if self._is_quantity(quantity)]
        if self.replacement is not None:
            damage.mark_replaced(self.text, found, self.replacement)
        damage.mark_years_in_rates(self.text, found)
        return found

    def _is_measured(self, age: mentions.Mention) -> bool:
        """Whether an age is a level (平均年龄51岁), not a part of the people (平均年龄51岁,60岁以上的占三成)."""
        is_part = age.name.endswith(_BOUNDS) or _SPANS.search(age.name)
        divides = is_part and self.text.startswith(cues().words["divided_by_age"], age.end)
        return not divides and self._measures_time(age.start, 12)

    def _measures_time(self, start: int, reach: int) -> bool:
        begin = max(0, start - reach)
        begin = max(begin, self.text.rfind("。", begin, start), self.text.rfind("\n", begin, start))
        return bool(_time_names().search(self.text, begin, start))

    def _is_quantity(self, quantity: Quantity) -> bool:
        before = self.text[max(0, quantity.start - 6) : quantity.start].rstrip()
        if before.endswith(cues().words["numbered_names"]) or (
            before.endswith("前") and quantity.unit_text in {"名", "位"}
        ):
            return False
        if quantity.unit in _BOUNDING_UNITS and (bound := cue_pattern(_BOUNDS_A_NOUN).match(self.text, quantity.end)):
            self._bounds.append((quantity.start, bound.end("bound")))
            return False
        if quantity.unit_text == "克" and cue_pattern("{weighed}[^,;。]{0,4}").search(before):
            return False
        if quantity.unit == "" and quantity.multiplier == 1 and quantity.value is not None:
            after = self.text[quantity.stop : quantity.stop + 2].lstrip()[:1]
            if after and after not in _CLOSING and not self.text.startswith(cues().words["level_after"], quantity.stop):
                return False
        return quantity.unit_text not in units().time_like or self._measures_time(quantity.start, 40)

    def _of_paragraphs(self, section: int) -> int:
        """The section that holds whole paragraphs: itself, or the one around 一是… inside a paragraph."""
        sections = self.document.sections
        while section >= 0 and sections[section].level >= _RUN_IN_LEVEL:
            section = sections[section].parent
        return section

    def _find_turns(self) -> dict[int, tuple[int, Period]]:
        """Paragraphs that turn to plans under no heading (2021年,我们将…): by section, where and for when."""
        document = self.document
        if document.report_kind == "plan" or document.period_end is None:
            return {}
        starts = [self.reading.from_document(section.start) for section in document.sections]
        turns: dict[int, tuple[int, Period]] = {}
        for match in cue_pattern(_TURNS_TO_PLANS).finditer(self.text):
            times = find_times(match["when"], document.period_start, document.period_end)
            is_ahead = any(time.first and time.first > document.period_end for time in times)
            if times and not is_ahead and not (match["when"] == "下半年" and document.period_end.month < _LAST_MONTH):
                continue
            section = self._of_paragraphs(bisect_right(starts, match.start("when")) - 1)
            turns.setdefault(section, (match.start("when"), plan_period(document, times)))
        return turns

    def _read_sections(self) -> list[SectionReading]:
        result: list[SectionReading] = []
        document = self.document
        year = document.period_end.year if document.period_end else None
        for number, section in enumerate(document.sections):
            above = (
                result[section.parent]
                if section.parent >= 0
                else SectionReading(document.report_kind == "plan", None, None, [])
            )
            above = self._past_the_turn(section.parent, self.reading.from_document(section.start), above)
            start, end = self.heading_span(number)
            hits = [self.hits.within(start, end), *above.hits]
            heading = self.text[start:end]
            times = find_times(heading, document.period_start, document.period_end)
            period = _stated_period(times, year) or above.period
            speaks = heading_speaks_of_plans(heading, year) if section.level < _RUN_IN_LEVEL else None
            if speaks is None and section.parent < 0 and number and document.sections[number - 1].end <= section.start:
                speaks = self._plans_go_on(result, number)
            in_plan = above.in_plan if speaks is None else speaks
            if not in_plan:
                result.append(SectionReading(False, None, period or reviewed_period(document), hits))
            elif above.in_plan and above.plan is not None and not times:
                result.append(SectionReading(True, above.plan, None, hits))
            else:
                result.append(SectionReading(True, plan_period(document, times), None, hits))
        return result


def _stated_period(times: Sequence[Time], year: int | None) -> Period | None:
    """The stretch that a heading names: a span, or an earlier year than the document's."""
    for time in times:
        if time.kind == "span" or (time.kind == "year" and time.last and year and time.last.year < year):
            return Period(time.first, time.last, f"heading:{time.text}")
    return None


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for start, end in spans:
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


@lru_cache(maxsize=1)
def _time_names() -> re.Pattern[str]:
    return re.compile(longest_of(cues().words["time_names"]))
