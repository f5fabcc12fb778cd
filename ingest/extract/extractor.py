"""From a document to its facts: the order of the steps, and nothing that one step knows.

Belongs here: walking statements and quantities, handing each question to its module, putting the answers together.
Not here: rules about words.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.extract import damage, quality, scope
from ingest.extract.catalogue import Catalogue, catalogue
from ingest.extract.cues import cues
from ingest.extract.indicator import Hit, Hits, Link, find_link
from ingest.extract.period import Period, fact_period, plan_period
from ingest.extract.quantity import Quantity, QuantityReader, reader
from ingest.extract.role import RoleReader, RoleReading, heading_speaks_of_plans
from ingest.extract.statement import Clauses, Phrase, Statement, statements
from ingest.extract.times import Time, find_times
from ingest.extract.tries import longest_of
from ingest.extract.units import units
from ingest.model import Document, Fact
from ingest.text.fold import fold
from ingest.text.reading import Reading

EXTRACTOR_VERSION = "1"

_QUOTED = re.compile(r"[“\"《][^”\"》\n]{0,24}[”\"》]")
_ALREADY_NAMED = re.compile(r"[“”\"'‘’《》\s]")
_PER_UNITS = (
    ("per_1k", re.compile(r"每千")),
    ("per_10k", re.compile(r"每万")),
    ("per_100k", re.compile(r"每十万|每10万")),
)
_CONTENT = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_PARALLEL = re.compile(r"分别|依次|各为|各达")


@dataclass(frozen=True, slots=True)
class _Tools:
    catalogue: Catalogue
    quantities: QuantityReader
    roles: RoleReader
    lost: damage.LostNumbers
    fillers: re.Pattern[str]
    time_names: re.Pattern[str]
    not_stock: re.Pattern[str]
    new_stock: re.Pattern[str]
    share: re.Pattern[str]
    completion: re.Pattern[str]


@lru_cache(maxsize=1)
def _tools() -> _Tools:
    words = cues().words
    fillers = longest_of(words["fillers"])
    return _Tools(
        catalogue=catalogue(),
        quantities=reader(),
        roles=RoleReader(),
        lost=damage.LostNumbers(),
        fillers=re.compile(rf"(?:{fillers}|[\s“”\"'‘’《》()、,:—])*"),
        time_names=re.compile(longest_of(words["time_names"])),
        not_stock=re.compile(longest_of(words["not_stock_verbs"])),
        new_stock=re.compile(longest_of(words["new_stock"])),
        share=re.compile(rf"(?:{longest_of(words['share_before'])})[^,;。]{{0,16}}$"),
        completion=re.compile(rf"(?:{longest_of(words['completion_before'])})(?:{fillers})*$"),
    )


def extract(document: Document) -> list[Fact]:
    """Read every fact of a document.

    Returns:
        Facts in the order of the text. Spans are half-open offsets into `document.text`; the quote holds the number.
    """
    return _Extraction(document, _tools()).facts()


class _Extraction:
    """The reading of one document."""

    def __init__(self, document: Document, tools: _Tools) -> None:
        self.document = document
        self.tools = tools
        self.reading = Reading(document.text, document.cuts)
        self.text = fold(self.reading.text)
        self.times = find_times(self.text, document.period_start, document.period_end)
        self._time_ends = [time.end for time in self.times]
        self.hits = self._catalogue_hits()
        year = document.period_end.year if document.period_end else None
        self.places = scope.Places(document.ref_area, year).mentions(self.text)
        self.towns = scope.Towns(document.ref_area).mentions(self.text)
        self.entities = scope.institutions().mentions(self.text, self.places, self.towns)
        self.groups = scope.groups().mentions(self.text)
        self.ages = scope.ages(self.text)
        self.statements = statements(document, self.reading, self.text)
        self.quantities = self._quantities()
        self._sections = self._read_sections()
        self._own_entity = scope.own_entity(document)

    # -- reading ------------------------------------------------------------------------------------------------

    def _catalogue_hits(self) -> Hits:
        """Catalogue words of the text, read without quotation marks and blanks."""
        kept = [position for position, character in enumerate(self.text) if character not in "“”\"'‘’《》 "]
        compact = "".join([self.text[position] for position in kept])
        return Hits(
            [Hit(kept[start], kept[end - 1] + 1, word) for word, start, end in self.tools.catalogue.hits(compact)]
        )

    def _quantities(self) -> list[Quantity]:
        asides = [
            (self.reading.from_document(start), self.reading.from_document(end)) for start, end in self.document.asides
        ]
        skip = sorted(
            [
                *((time.start, time.end) for time in self.times if any(c.isdigit() for c in time.text)),
                *(match.span() for match in _QUOTED.finditer(self.text) if not re.search(r"[%‰]", match.group())),
                *((age.start, age.end) for age in self.ages if not self._measures_age(age.start)),
                *asides,
            ]
        )
        found = self.tools.quantities.read(self.text, _merged(skip))
        lost = self.tools.lost.find(self.text)
        taken = {quantity.start for quantity in found}
        found += [
            quantity
            for quantity in lost
            if quantity.start not in taken and not any(start <= quantity.start < end for start, end in asides)
        ]
        found.sort(key=lambda quantity: quantity.start)
        replacement = damage.find_replacement(self.text, found)
        self.replacement = replacement
        if replacement is not None:
            for quantity in found:
                if replacement.written in self.text[quantity.start : quantity.end]:
                    quantity.flags = (*quantity.flags, "digits_corrupt")
        return [quantity for quantity in found if self._is_quantity(quantity)]

    def _measures_age(self, start: int) -> bool:
        return bool(self.tools.time_names.search(self.text, max(0, start - 12), start))

    def _is_quantity(self, quantity: Quantity) -> bool:
        before = self.text[max(0, quantity.start - 4) : quantity.start]
        if before.endswith("第") or before.endswith(("型号", "编号", "热线", "电话")):
            return False
        if quantity.unit_text in units().time_like:
            clause = max(self.text.rfind(mark, 0, quantity.start) for mark in ",;。\n")
            return bool(self.tools.time_names.search(self.text, max(clause, quantity.start - 20), quantity.start))
        return True

    def _read_sections(self) -> list[tuple[bool, Period | None, Period | None]]:
        """For each section: whether it speaks of plans, the plan's period, the period that its headings state."""
        result: list[tuple[bool, Period | None, Period | None]] = []
        year = self.document.period_end.year if self.document.period_end else None
        for section in self.document.sections:
            inherited = (
                result[section.parent] if section.parent >= 0 else (self.document.report_kind == "plan", None, None)
            )
            heading = fold(section.heading)
            speaks = heading_speaks_of_plans(heading, year)
            plan = inherited[0] if speaks is None else speaks
            times = find_times(heading, self.document.period_start, self.document.period_end)
            period = next(
                (
                    Period(time.first, time.last, f"heading:{time.text}")
                    for time in times
                    if time.kind == "span" or (time.kind == "year" and time.last and year and time.last.year < year)
                ),
                None,
            )
            if plan and inherited[0] and inherited[1] is not None and not times:
                result.append((True, inherited[1], None))
            else:
                result.append((plan, plan_period(self.document, times) if plan else None, period or inherited[2]))
        return result

    # -- walking ------------------------------------------------------------------------------------------------

    def facts(self) -> list[Fact]:
        """The document's facts in order."""
        found: list[Fact] = []
        starts = [quantity.start for quantity in self.quantities]
        previous: Statement | None = None
        for statement in self.statements:
            first, last = bisect_left(starts, statement.start), bisect_left(starts, statement.end)
            if first == last:
                previous = statement
                continue
            statement.quantities = self.quantities[first:last]
            found += self._statement(statement, previous)
            previous = statement
        return quality.flag(found, self.tools.catalogue)

    def _statement(self, statement: Statement, previous: Statement | None) -> list[Fact]:
        carries = previous is not None and self.text.startswith(("其中", "同时,其中"), statement.start)
        begin = previous.start if carries and previous is not None else statement.start
        clauses = Clauses(self.text, statement.start, statement.end, statement.quantities)
        in_plan, plan, section_period = (
            self._sections[statement.section]
            if statement.section >= 0
            else (self.document.report_kind == "plan", None, None)
        )
        times = self.times[bisect_right(self._time_ends, begin) : bisect_right(self._time_ends, statement.end)]
        facts: list[Fact] = []
        phrases = [clauses.phrase(number) for number in range(len(statement.quantities))]
        last_link: Link | None = None
        for number, quantity in enumerate(statement.quantities):
            phrase = phrases[number]
            link, words = self._link(statement, clauses, phrases, number, begin, last_link)
            left_text = self.text[phrase.left[0][0] : quantity.lead]
            role = self.tools.roles.read(self.text, quantity, statement.start, phrase.clause_start, left_text, in_plan)
            if (
                role.role == "change"
                and link is None
                and last_link is not None
                and quantity.unit
                in {
                    "percent",
                    "percentage_point",
                    last_link.indicator.unit,
                }
            ):
                link = last_link
            if (
                link is not None
                and role.role in {"actual", "target"}
                and link.indicator.kind == "stock"
                and self.tools.new_stock.search(left_text)
            ):
                role = self._new_stock(left_text, role, quantity)
            if quantity.unit == "" and not self._unitless(quantity, link, role):
                continue
            if link is not None:
                last_link = link
            facts.append(
                self._fact(statement, begin, clauses, quantity, phrase, link, words, role, times, plan, section_period)
            )
        return facts

    def _new_stock(self, left: str, role: RoleReading, quantity: Quantity) -> RoleReading:
        match = next(reversed([*self.tools.new_stock.finditer(left)]), None)
        if match is None or re.match(r"[^,;]{0,2}(?:到|至|为)", left[match.end() :]):
            return role
        return RoleReading("change", f"new_ones:{match.group()}", -1 if match.group().startswith("减") else 1)

    def _unitless(self, quantity: Quantity, link: Link | None, role: RoleReading) -> bool:
        """A bare number is a fact where a rate's name stands directly before it, or a multiplier after it."""
        if link is None:
            return False
        if quantity.multiplier > 1:
            return True
        after = self.text[quantity.stop : quantity.stop + 1]
        return (
            link.indicator.is_rate
            and link.end <= quantity.start
            and (not after or after in ",;。、)(:\n ")
            and role.role != "change"
        )

    # -- indicator ----------------------------------------------------------------------------------------------

    def _is_clear(self, start: int, end: int) -> bool:
        match = self.tools.fillers.fullmatch(self.text, start, max(start, end))
        return match is not None

    def _link(
        self,
        statement: Statement,
        clauses: Clauses,
        phrases: Sequence[Phrase],
        number: int,
        begin: int,
        last_link: Link | None,
    ) -> tuple[Link | None, str]:
        """The indicator of one quantity and the words that name what it counts."""
        quantity, phrase = statement.quantities[number], phrases[number]
        first = number
        while first > 0 and (
            phrases[first].is_list_member or statement.quantities[first - 1].stop == statement.quantities[first].lead
        ):
            first -= 1
        size = 1
        while first + size < len(phrases) and phrases[first + size].is_list_member:
            size += 1
        shared = phrases[first]
        parallel = self._parallel(statement, shared, first, number, size)
        if parallel is not None:
            return parallel
        spans = [span for span in phrase.left if span[1] > span[0]]
        if first != number:
            spans = [span for span in shared.left if span[1] > span[0]]
        right = phrase.right
        own = [hit for span in (*spans, right) for hit in self.hits.within(*span)]
        anchor = (statement.quantities[first].lead if first != number else quantity.lead, quantity.stop)
        earlier = clauses.earlier_clauses(min(span[0] for span in spans) if spans else quantity.lead)
        inherited = [self.hits.within(*span) for span in earlier[:8]]
        headings = self._heading_hits(statement)
        if begin < statement.start:
            inherited.append(self.hits.within(begin, statement.start))
        inherited += headings
        context = frozenset(hit.word for hit in self.hits.within(begin, statement.end)) | frozenset(
            hit.word for hits in headings for hit in hits
        )
        unit = self._unit_by_name(quantity, spans)
        words = self._words(quantity, spans, right)
        left_text = "".join(self.text[a:b] for a, b in spans)
        link = find_link(self.tools.catalogue, unit, own, inherited, context, anchor, self._is_clear)
        if (
            link is None
            and not _CONTENT.search(self._without_fillers(left_text))
            and not self._right_noun(right)
            and earlier
        ):
            # a bare number: what it counts was named in the clause before
            for span in earlier[:2]:
                before = self.hits.within(*span)
                link = find_link(
                    self.tools.catalogue, unit, before, inherited[1:], context, (span[1], quantity.stop), self._is_clear
                )
                if link is not None or _CONTENT.search(self._without_fillers(self.text[span[0] : span[1]])):
                    words = words or self.text[span[0] : span[1]].strip(" ,;:、")
                    break
        if link is not None and self._near_miss(link, quantity, left_text, right):
            link = None
        return link, words

    def _parallel(
        self, statement: Statement, shared: Phrase, first: int, number: int, size: int
    ) -> tuple[Link | None, str] | None:
        """A、B和C的率分别为x、y和z: the name for one of several values, put together from its own part and the tail."""
        if size < 2:
            return None
        start, end = shared.left[0][0], shared.left[-1][1]
        named = self.text[start:end]
        mark = _PARALLEL.search(named)
        if mark is None:
            return None
        parts = [part for part in re.split(r"[、和与及]", named[: mark.start()]) if part.strip()]
        if len(parts) < size:
            return None
        position = number - first
        part = parts[len(parts) - size + position]
        tail = parts[-1]
        catalogue_ = self.tools.catalogue
        if position < size - 1:
            subjects = [
                (hit_start, hit_end)
                for word, hit_start, hit_end in catalogue_.hits(tail)
                if any(slot == 1 for _, slot in catalogue_.roles[word])
            ]
            if subjects:
                earliest = min(hit_start for hit_start, _ in subjects)
                tail = tail[max(hit_end for hit_start, hit_end in subjects if hit_start == earliest) :]
            part = part + tail if not part.endswith(("率", "数")) else part
        clean = _ALREADY_NAMED.sub("", part)
        own = [Hit(hit_start, hit_end, word) for word, hit_start, hit_end in catalogue_.hits(clean)]
        context = frozenset(hit.word for hit in self.hits.within(statement.start, statement.end)) | frozenset(
            hit.word for hits in self._heading_hits(statement) for hit in hits
        )
        earlier = [self.hits.within(statement.start, start), *self._heading_hits(statement)]

        def is_clear(a: int, b: int) -> bool:
            return self.tools.fillers.fullmatch(clean, a, max(a, b)) is not None

        link = find_link(
            catalogue_, statement.quantities[number].unit, own, earlier, context, (len(clean), len(clean)), is_clear
        )
        return link, clean

    def _heading_hits(self, statement: Statement) -> list[list[Hit]]:
        result: list[list[Hit]] = []
        section = statement.section
        while section >= 0:
            at = self.document.sections[section]
            start, end = self.reading.from_document(at.start), self.reading.from_document(at.heading_end)
            if end <= statement.start or start >= statement.end:
                result.append(self.hits.within(start, end))
            section = at.parent
        return result

    def _unit_by_name(self, quantity: Quantity, spans: Sequence[tuple[int, int]]) -> str:
        """每千人口床位数5.2张 is beds per 1,000, whatever its own measure word says."""
        if quantity.unit in {"person", "bed", "item", ""}:
            text = "".join(self.text[start:end] for start, end in spans)
            for unit, pattern in _PER_UNITS:
                if pattern.search(text):
                    quantity.unit = unit
        return quantity.unit

    def _without_fillers(self, text: str) -> str:
        match = self.tools.fillers.match(text)
        return text[match.end() :] if match else text

    def _right_noun(self, right: tuple[int, int]) -> bool:
        return bool(_CONTENT.match(self.text[right[0] : right[0] + 1])) if right[1] > right[0] else False

    def _words(self, quantity: Quantity, spans: Sequence[tuple[int, int]], right: tuple[int, int]) -> str:
        """The words that name what is counted, for people to read."""
        left = "".join(self.text[start:end] for start, end in spans).strip(" ,;:、.")
        after = self.text[right[0] : right[1]].strip(" ,;:、.") if self._right_noun(right) else ""
        return f"{left}{'…' if left and after else ''}{after}"

    def _near_miss(self, link: Link, quantity: Quantity, left: str, right: tuple[int, int]) -> bool:
        """Bought, trained or inspected ones are not the stock; a share or a task's completion is not the rate."""
        indicator = link.indicator
        is_percent = quantity.unit == "percent"
        if is_percent and link.rule != "whole_name" and self.tools.share.search(left):
            return not indicator.code.endswith("share")
        if (
            quantity.unit == "percent"
            and self.tools.completion.search(left)
            and not self._is_whole_rate(link, quantity)
        ):
            return True
        if (
            indicator.kind == "stock"
            and not indicator.has_service
            and indicator.domain in {"resources", "maternal_child", "services", "population"}
        ):
            around = left + self.text[right[0] : right[1]]
            if self.tools.not_stock.search(around):
                return True
        return False

    def _is_whole_rate(self, link: Link, quantity: Quantity) -> bool:
        return link.rule == "whole_name" and link.indicator.is_rate and quantity.start - link.end <= 3

    # -- putting together ---------------------------------------------------------------------------------------

    def _fact(
        self,
        statement: Statement,
        begin: int,
        clauses: Clauses,
        quantity: Quantity,
        phrase: Phrase,
        link: Link | None,
        words: str,
        role: RoleReading,
        times: Sequence[Time],
        plan: Period | None,
        section_period: Period | None,
    ) -> Fact:
        indicator = link.indicator if link else None
        is_stock = indicator is not None and indicator.kind == "stock"
        period = fact_period(
            self.document,
            role.role,
            is_stock,
            times,
            phrase.clause_start,
            quantity.lead,
            section_period,
            plan,
            self.text,
        )
        ref_area, entity, place_rule = self._place(statement, begin, quantity, phrase)
        subgroup = self._subgroup(statement, begin, quantity, phrase, link) if indicator else ""
        flags = quantity.flags
        value, value_max = quantity.value, quantity.value_max
        repaired_value = None
        if "digits_corrupt" in flags:
            assert self.replacement is not None
            repaired_value = damage.repaired(self.text[quantity.start : quantity.end], self.replacement)
            repaired_value = None if repaired_value is None else repaired_value * quantity.multiplier
            value = value_max = None
        if role.sign < 0 and value is not None:
            value = -value
        unit = self._unit(quantity, link, role)
        start, end = self.reading.span(quantity.start, max(quantity.end, quantity.start + 1))
        if "digits_lost" in flags:
            start, end = self.reading.span(quantity.start, quantity.stop)
        quote = self._quote(quantity, phrase, link)
        number = self.document.text[start:end]
        evidence = {
            "indicator": f"{link.rule}: {self.text[link.start : link.end]}"
            if link and link.rule != "parallel"
            else "none",
            "unit": quantity.unit_text or "by the indicator",
            "role": role.rule,
            "period": period.rule,
            "ref_area": place_rule,
        }
        key = f"{self.document.document_id}|{start}|{end}|{indicator.code if indicator else ''}|{words}"
        return Fact(
            fact_id=hashlib.sha256(key.encode()).hexdigest()[:16],
            document_id=self.document.document_id,
            char_start=start,
            char_end=end,
            quote=quote,
            number_text=number,
            value=value,
            value_max=value_max,
            unit=unit,
            comparator=quantity.comparator,
            role=role.role,
            indicator_text=words,
            indicator_code=indicator.code if indicator else "",
            subgroup=subgroup,
            entity=entity,
            ref_area=ref_area,
            period_start=period.start,
            period_end=period.end,
            quality_flags=flags,
            repaired_value=repaired_value,
            confidence=_confidence(link, period, flags),
            evidence=evidence,
            extractor_version=EXTRACTOR_VERSION,
        )

    def _unit(self, quantity: Quantity, link: Link | None, role: RoleReading) -> str:
        if link is None or role.role == "change":
            return quantity.unit
        canonical = link.indicator.unit
        if quantity.unit == "" and canonical != "*":
            return canonical
        if canonical == "bed" and quantity.unit == "item":
            return "bed"
        if canonical in {"per_1k", "per_10k", "per_100k"}:
            return canonical
        return quantity.unit

    def _quote(self, quantity: Quantity, phrase: Phrase, link: Link | None) -> str:
        """The exact text from the naming words to the unit, cut short at a cut of the document."""
        begin = min(phrase.left[0][0], quantity.lead)
        while begin < quantity.lead and self.text[begin] in " ,;:、。)\n":
            begin += 1
        end = quantity.stop
        if self._right_noun(phrase.right):
            end = min(phrase.right[1], quantity.stop + 24)
        while end > quantity.stop and self.text[end - 1] in " ,;:、。\n":
            end -= 1
        first, last = self.reading.span(begin, end)
        for cut_start, cut_end in self.document.cuts:
            number_start = self.reading.to_document(quantity.start)
            if first <= cut_start and cut_end <= number_start:
                first = max(first, cut_end)
            elif number_start <= cut_start < last:
                last = min(last, max(cut_start, self.reading.span(quantity.start, quantity.stop)[1]))
        return self.document.text[first:last]

    def _place(self, statement: Statement, begin: int, quantity: Quantity, phrase: Phrase) -> tuple[str, str, str]:
        """Reference area and entity: the nearest place or institution named before the number in its statement."""
        own = self.document.ref_area
        area_at = scope.area_word_after(self.text, begin, quantity.lead)
        entity: scope.Mention | None = None
        for mention in self.entities:
            if mention.start >= begin and mention.end <= quantity.lead and self._is_subject(mention, quantity, phrase):
                entity = mention
        if entity is not None and area_at > entity.end:
            entity = None
        place: scope.Mention | None = None
        for mention in self.places:
            if mention.code == own or mention.start < phrase.clause_start or mention.end > quantity.lead:
                continue
            if entity is not None and entity.start <= mention.start < entity.end:
                continue
            if self._is_subject(mention, quantity, phrase):
                place = mention
        if place is not None and (entity is None or place.start > entity.start):
            return place.code, "", f"named:{place.name}"
        if entity is not None:
            return own, entity.name, f"entity:{entity.name}"
        heading = self._heading_entity(statement)
        if heading and area_at < 0:
            return own, heading, f"heading:{heading}"
        return own, self._own_entity, "document"

    def _heading_entity(self, statement: Statement) -> str:
        section = statement.section
        while section >= 0:
            at = self.document.sections[section]
            start, end = self.reading.from_document(at.start), self.reading.from_document(at.heading_end)
            for mention in self.entities:
                if start <= mention.start < start + 6 and mention.end <= end and end <= statement.start:
                    return mention.name
            section = at.parent
        return ""

    def _is_subject(self, mention: scope.Mention, quantity: Quantity, phrase: Phrase) -> bool:
        """A name is what the number speaks for unless it is one of several that the number counts."""
        after = self.text[mention.end : mention.end + 1]
        before = self.text[mention.start - 1 : mention.start] if mention.start else ""
        return not (after and after in "、和及与等") and not (before and before in "、与")

    def _subgroup(self, statement: Statement, begin: int, quantity: Quantity, phrase: Phrase, link: Link | None) -> str:
        """Groups and ages in the number's clause or lent with its subject, unless the indicator's name says them."""
        assert link is not None
        code = link.indicator.code
        spans = [*phrase.left, phrase.right]
        found: list[str] = []
        for mention, group in self.groups:
            if code in group.implied_by:
                continue
            if any(start <= mention.start and mention.end <= end for start, end in spans) and not (
                link.start <= mention.start and mention.end <= link.end
            ):
                found.append(group.name)
        for age in self.ages:
            implied = any(said in age.name or age.name in said for said in link.indicator.ages)
            in_name = link.start <= age.start < link.end
            if any(start <= age.start and age.end <= end for start, end in spans) and not implied and not in_name:
                found.append(age.name)
        return "、".join(dict.fromkeys(found))


def _merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    for start, end in spans:
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def _confidence(link: Link | None, period: Period, flags: Sequence[str]) -> float:
    """A first estimate: how the indicator was found, less for a damaged number or an open period."""
    base = {"whole_name": 0.95, "composed": 0.88, "inherited": 0.8}.get(link.rule, 0.75) if link else 0.7
    if flags:
        base *= 0.3
    if period.end is None:
        base *= 0.7
    return round(base, 3)
