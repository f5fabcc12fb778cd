"""From a document to its facts: the order of the steps, and nothing that one step knows.

Belongs here: walking statements and quantities, handing each question to its module, putting the answers together.
Not here: rules about words.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.extract import parts, quality, scope
from ingest.extract.catalogue import ALSO, NOT, SERVICE, SUBJECT, Catalogue, catalogue
from ingest.extract.cues import cues
from ingest.extract.disease import DEATHS, INCIDENCE, DiseaseMention, case_code
from ingest.extract.found import LEVEL_AFTER, Found
from ingest.extract.indicator import Link
from ingest.extract.naming import Name, Namer
from ingest.extract.period import Period, fact_period
from ingest.extract.quantity import Quantity, QuantityReader, reader
from ingest.extract.role import RoleReader, RoleReading
from ingest.extract.statement import Phrase, Statement
from ingest.extract.tables import table_facts
from ingest.extract.times import Time
from ingest.extract.tries import longest_of
from ingest.model import Document, Fact
from ingest.versions import EXTRACTOR_VERSION

_SHORT_NAME = 3  # characters; 其中住院8426人次 of a scheme counts its inpatients
_NOTIFIABLE_WORDS = ("传染病", "发病", "报告", "病种", "死亡")
_AFTER_DISEASE = " 病患者人例报告发数为共死亡其中全年累计新(,、:"
_DEATHS_REACH = 20
_FIELDS_OF_PEOPLE = frozenset({"maternal_child", "population", "primary_care"})
_TIMES_AND_MARKS = re.compile(r"(?:\d{1,4}年)?\d{0,2}月?份?|上半年|下半年|[一二三四]季度")
_TIME_REACH = 12  # characters: 去年,全县… opens a clause of its own
_CONTINUES = re.compile(r"其中|[按分][^,;。]{1,6}(?:分|看)[,:]")
_CLOSING = set(",;。、)(: \n|")
_QUOTE_REACH = 24  # characters of a noun after the number that a quote may take in


@dataclass(frozen=True)
class _Tools:
    catalogue: Catalogue
    quantities: QuantityReader
    roles: RoleReader
    new_stock: re.Pattern[str]


@lru_cache(maxsize=1)
def _tools() -> _Tools:
    return _Tools(catalogue(), reader(), RoleReader(), re.compile(longest_of(cues().words["new_stock"])))


def extract(document: Document) -> list[Fact]:
    """Read every fact of a document.

    Returns:
        Facts in the order of the text. Spans are half-open offsets into `document.text`; the quote holds the number.
    """
    tools = _tools()
    found = Found(document, tools.catalogue, tools.quantities)
    own_entity = scope.own_entity(document)
    starts = [quantity.start for quantity in found.quantities]
    facts: list[Fact] = []
    previous: Statement | None = None
    wholes: dict[str, parts.Whole] = {}
    span: Period | None = None
    for statement in found.statements:
        first, last = bisect_left(starts, statement.start), bisect_left(starts, statement.end)
        statement.quantities = found.quantities[first:last]
        if statement.quantities:
            span = _span_of_paragraph(found, statement, previous, span)
            reader_ = _StatementReader(found, tools, statement, previous, own_entity, wholes, span)
            facts += reader_.facts()
            wholes = reader_.wholes
        previous = statement
    of_tables = [fact for table in found.tables for fact in table_facts(found, table, EXTRACTOR_VERSION)]
    if of_tables:
        facts = sorted([*facts, *of_tables], key=lambda fact: fact.char_start)
    return quality.flag(facts, tools.catalogue)


def _span_of_paragraph(
    found: Found, statement: Statement, previous: Statement | None, before: Period | None
) -> Period | None:
    """1—5月,全县…: a stretch that opens a paragraph's sentence holds until the paragraph ends or another is named."""
    times = found.times_between(statement.start, statement.end)
    is_new = previous is None or previous.section != statement.section
    if is_new or "\n" in found.text[previous.end if previous else 0 : statement.start]:
        opens = bool(times) and times[0].kind == "span" and times[0].start == statement.start
        return Period(times[0].first, times[0].last, f"paragraph: {times[0].text}") if opens else None
    return before if not any(time.kind in {"as_of", "year", "point", "own"} for time in times) else None


class _StatementReader:
    """Reads the quantities of one statement, in order; a later one may lean on an earlier one."""

    def __init__(
        self,
        found: Found,
        tools: _Tools,
        statement: Statement,
        previous: Statement | None,
        own_entity: str,
        wholes: dict[str, parts.Whole],
        span_of_paragraph: Period | None,
    ) -> None:
        self.found = found
        self.text = found.text
        self.tools = tools
        self.statement = statement
        continues = previous is not None and bool(_CONTINUES.match(found.text, statement.start))
        self.begin = previous.start if previous is not None and continues else statement.start
        self.namer = Namer(found, tools.catalogue, statement, self.begin)
        self.section = found.section(statement)
        self.spoken = span_of_paragraph
        self.times = found.times_between(self.begin, statement.end)
        self.bound: set[int] = set()  # starts of times that belong to one number alone (2018年的5.6张)
        self.scope = scope.StatementScope(found, statement, self.begin, own_entity)
        self.last: tuple[Link, str] | None = None  # indicator and unit of the number before
        # by unit, the counted whole that 其中 may divide; a statement that goes on keeps those of the one before
        self.wholes = dict(wholes) if continues else {}

    def facts(self) -> list[Fact]:
        """The statement's facts."""
        result: list[Fact] = []
        follows_among: list[bool] = []
        for number, quantity in enumerate(self.statement.quantities):
            phrase = self.namer.phrases[number]
            role = self._role(number, quantity, phrase)
            for name in self.namer.names(number, is_change=role.role == "change"):
                fact = self._fact(number, quantity, phrase, name, role)
                if fact is not None:
                    result.append(fact)
                    follows_among.append("其中" in self.text[self.begin : quantity.lead])
        return parts.mark_parts(result, follows_among)

    def _role(self, number: int, quantity: Quantity, phrase: Phrase) -> RoleReading:
        first = self.namer.phrases[self.namer.list_of(number)[0]]
        left = self.text[first.left[0][0] : first.left[-1][1]] if first.left else ""
        reading = self.tools.roles.read(
            self.text, quantity, self.statement.start, phrase.clause_start, left, self.section.in_plan
        )
        before = [time for time in self.times if time.end <= quantity.lead]
        if not before:
            return reading
        last = before[-1]
        behind = self.text[last.end : quantity.lead].strip(" 的为是达到有共(")
        ahead = self.text[max(0, last.start - 1) : last.start]
        if (
            last.kind == "reference"
            and not behind
            and ahead not in {"较", "比", "与", "和"}
            and reading.role == "actual"
        ):
            return RoleReading("baseline", f"earlier_time:{last.text}")
        if reading.rule == "plan_section" and last.start >= phrase.clause_start - _TIME_REACH and self._is_past(last):
            return RoleReading("actual", f"past_time_in_plan:{last.text}")
        return reading

    def _is_past(self, time: Time) -> bool:
        plan = self.section.plan or self.found.document
        begin = plan.start if isinstance(plan, Period) else plan.period_start
        return time.kind == "reference" or (time.last is not None and begin is not None and time.last < begin)

    def _fact(self, number: int, quantity: Quantity, phrase: Phrase, name: Name, role: RoleReading) -> Fact | None:
        link = name.link
        left = self.text[phrase.left[0][0] : phrase.left[-1][1]] if phrase.left else ""
        if role.role in {"change", "baseline"} and link is None and self.last is not None and name.is_bare:
            link = self._changed(quantity)
        if link is not None and link.indicator.kind == "stock" and role.role == "actual":
            role = self._new_ones(left, role)
        part = ""
        if role.role in {"actual", "target"}:
            link, part = self._as_part(number, quantity, name, link)
        disease = self._disease(quantity, phrase, link)
        if disease is not None:
            link, part = disease
        if quantity.unit == "" and not self._is_bare_fact(quantity, link, role):
            return None
        unit = self._unit(quantity, link, role)
        if link is not None:
            self.last = (link, unit)
        if not part and role.role == "actual" and (link is None or link.rule != "part"):
            self._keep_whole(link, unit, quantity)
        period = self._period(quantity, phrase, link, role)
        fact = self._assemble(quantity, phrase, name, link, role, unit, period)
        is_part = bool(part) or "其中" in self.text[phrase.clause_start : quantity.lead]
        self.scope.remember(quantity.lead, link, fact.subgroup, is_part=is_part)
        return replace(fact, subgroup=part) if part and not fact.subgroup else fact

    def _named_disease(self, start: int, end: int) -> DiseaseMention | None:
        """The disease right before a number; where its words name nothing else, the one of an earlier clause."""
        own = [mention for mention in self.found.diseases if start <= mention.start and mention.end <= end]
        if own:
            return own[-1] if not self.text[own[-1].end : end].strip(_AFTER_DISEASE) else None
        if _TIMES_AND_MARKS.sub("", self.text[start:end]).strip(_AFTER_DISEASE):
            return None
        begin = max(self.begin, self.text.rfind(";", self.begin, start) + 1)
        earlier = [mention for mention in self.found.diseases if begin <= mention.start and mention.end <= start]
        return earlier[-1] if earlier else None

    def _keep_whole(self, link: Link | None, unit: str, quantity: Quantity) -> None:
        if link is None:
            self.wholes.pop(unit, None)
        elif not self._is_inside(unit, quantity):
            self.wholes[unit] = parts.Whole(link, unit, quantity.stop, quantity.value)

    def _is_inside(self, unit: str, quantity: Quantity) -> bool:
        """A part with an indicator of its own (其中二孩1100人) leaves the whole as it is."""
        whole = self.wholes.get(unit)
        if whole is None or not parts.is_announced(self.text, whole, quantity):
            return False
        return quantity.value is not None and whole.value is not None and quantity.value <= whole.value

    def _whole_of(self, quantity: Quantity) -> parts.Whole | None:
        """The last counted whole of the quantity's unit."""
        if quantity.unit == "":
            return max(self.wholes.values(), key=lambda whole: whole.stop, default=None)
        return next((whole for unit, whole in self.wholes.items() if parts.same_unit(quantity, unit)), None)

    def _as_part(self, number: int, quantity: Quantity, name: Name, link: Link | None) -> tuple[Link | None, str]:
        """The indicator of a part: its own where part and whole make a name, else the whole's with the part's words."""
        whole = self._whole_of(quantity)
        if whole is None or not self._has_weak_name(quantity, link, whole):
            return link, ""
        words = parts.part_name(name.words)
        if not parts.may_be_part(whole, quantity, words) and whole.unit != "bed":
            return link, ""
        if self._names_another(words, whole.link):
            return link, ""
        announced = parts.is_announced(self.text, whole, quantity)
        joined = self.text[whole.stop : quantity.lead].lstrip().startswith("、") and number > 0
        if not (announced or joined or whole.unit == "bed"):
            return link, ""
        together = self.namer.as_part(number, words, whole.link)
        if together is not None and together.indicator is not whole.link.indicator:
            return replace(together, start=0, end=0, rule="part"), ""
        if together is None and whole.link.indicator.domain == "resources":
            return link, ""  # staff by title or schooling are not measured the way the stock is
        return replace(whole.link, start=0, end=0, rule="part"), words if together is None else ""

    def _names_another(self, words: str, whole: Link) -> bool:
        """其中剖宫产1286人 of live births: the words belong to other indicators of the same field, not to the whole's."""
        roles = [role for word, _, _ in self.tools.catalogue.hits(words) for role in self.tools.catalogue.roles[word]]
        indicators = self.tools.catalogue.indicators
        if (whole.indicator.index, NOT) in roles:
            return True
        mine = any(index == whole.indicator.index for index, _ in roles)
        others = whole.indicator.domain in _FIELDS_OF_PEOPLE and any(
            indicators[index].domain == whole.indicator.domain and slot in {ALSO, SUBJECT, SERVICE}
            for index, slot in roles
        )
        return others and not mine

    def _has_weak_name(self, quantity: Quantity, link: Link | None, whole: parts.Whole) -> bool:
        """Whether a name of its own is missing or so short (其中医院…, 其中住院…) that the whole's may be meant."""
        if link is None or quantity.unit == "":
            return True
        if whole.link.indicator is link.indicator:
            return False
        if quantity.unit_text == "张" and whole.unit == "bed":
            return link.indicator.unit != "bed"
        is_short = link.rule == "whole_name" and sum(map(len, link.words)) <= _SHORT_NAME
        return is_short and link.indicator.domain in {"resources", "services"}

    def _disease(self, quantity: Quantity, phrase: Phrase, link: Link | None) -> tuple[Link, str] | None:
        """手足口病320例: the indicator of a notifiable disease's cases, deaths or incidence, with the disease as part."""
        if quantity.unit not in {"case", "person", "per_100k"} or (link is not None and link.rule != "whole_name"):
            return None
        start, end = phrase.left[0][0], phrase.left[-1][1]
        first = self.namer.phrases[self.namer.list_of(self.statement.quantities.index(quantity))[0]]
        if first.left:
            start = min(start, first.left[0][0])
        mention = self._named_disease(start, end)
        if mention is None or mention.disease.legal_class == "other":
            return None
        sentence = self.text[self.begin : quantity.lead]
        headings = "".join(
            self.text[slice(*self.found.heading_span(section))] for section in self.found.sections_above(self.statement)
        )
        if not any(word in sentence or word in headings for word in _NOTIFIABLE_WORDS):
            return None
        near = self.text[max(self.begin, mention.start - _DEATHS_REACH) : quantity.lead]
        if quantity.unit == "per_100k":
            code = INCIDENCE
        elif "死亡" in near and "发病" not in near and "报告病例" not in near:
            code = DEATHS
        else:
            code = case_code(mention.disease, sentence + headings)
        indicator = self.tools.catalogue.by_code[code]
        words = (self.text[mention.start : mention.end],)
        part = "" if code == mention.disease.indicator else mention.disease.name
        return Link(indicator, 0.0, mention.start, mention.end, "disease", words), part

    def _changed(self, quantity: Quantity) -> Link | None:
        """A change belongs to the level just before it (全县出生1704人,较同期减少111人)."""
        assert self.last is not None
        link, unit = self.last
        if quantity.unit in {"percent", "percentage_point", "per_mille_point", ""}:
            return link
        return link if parts.same_unit(quantity, unit) else None

    def _new_ones(self, left: str, role: RoleReading) -> RoleReading:
        """新增床位300张 is a change of the stock, not the stock (FACTS: new ones are not the stock)."""
        matches = list(self.tools.new_stock.finditer(left))
        if not matches or re.match(r"[^,;]{0,2}(?:到|至|为)", left[matches[-1].end() :]):
            return role
        word = matches[-1].group()
        return RoleReading("change", f"new_ones:{word}", -1 if word.startswith("减") else 1)

    def _is_bare_fact(self, quantity: Quantity, link: Link | None, role: RoleReading) -> bool:
        """A number without a unit is a fact after a rate's name, with a multiplier, or as the change of such a one."""
        if link is None:
            return False
        if quantity.multiplier > 1:
            return True
        after = self.text[quantity.stop : quantity.stop + 1]
        goes_on = self.text.startswith(LEVEL_AFTER, quantity.stop)
        if not link.indicator.is_rate or (after and after not in _CLOSING and not goes_on):
            return False
        return role.role != "change" or (self.last is not None and self.last[0].indicator is link.indicator)

    def _unit(self, quantity: Quantity, link: Link | None, role: RoleReading) -> str:
        if link is None:
            return quantity.unit
        canonical = link.indicator.unit
        if role.role == "change" and quantity.unit != "":
            return quantity.unit if not (canonical == "bed" and quantity.unit_text == "张") else "bed"
        if quantity.unit == "":
            return canonical if canonical != "*" else "person"
        if canonical == "bed" and quantity.unit == "item":
            return "bed"
        if canonical.startswith("per_1") and role.role != "change":
            return canonical
        return quantity.unit

    def _period(self, quantity: Quantity, phrase: Phrase, link: Link | None, role: RoleReading) -> Period:
        is_stock = link is not None and link.indicator.kind == "stock"
        times: list[Time] = [time for time in self.times if time.start not in self.bound]
        times = self._time_in_order(quantity) or times
        before = [time for time in times if time.end <= quantity.lead]
        if role.role == "baseline":
            own = [time for time in before if time.start >= phrase.left[0][0] and self._is_of_baseline(time, quantity)]
            self.bound.update(time.start for time in own)
            times = own
        return fact_period(
            self.found.document,
            role.role,
            is_stock,
            times,
            phrase.clause_start,
            quantity.lead,
            self.spoken or self.section.period,
            self.section.plan,
            self.text,
        )

    def _time_in_order(self, quantity: Quantity) -> list[Time]:
        """2021年、2022年活产数分别为x、y: the time of each value, where as many times as values are named."""
        number = self.statement.quantities.index(quantity)
        first, size = self.namer.list_of(number)
        shared = self.namer.phrases[first]
        if size < 2 or not shared.left:
            return []
        start, end = shared.left[0][0], shared.left[-1][1]
        times = [time for time in self.times if start <= time.start and time.end <= end]
        if len(times) != size or "分别" not in self.text[start:end]:
            return []
        return [times[number - first]]

    def _is_of_baseline(self, time: Time, quantity: Quantity) -> bool:
        """由2018年的5.6张: the time stands between 由 and the number, or is a word for an earlier time."""
        between = self.text[time.end : quantity.lead]
        return time.kind == "reference" or not re.search(r"[由从]", between)

    def _assemble(
        self,
        quantity: Quantity,
        phrase: Phrase,
        name: Name,
        link: Link | None,
        role: RoleReading,
        unit: str,
        period: Period,
    ) -> Fact:
        document, reading = self.found.document, self.found.reading
        place = self._place(quantity, phrase)
        comparator = quantity.comparator
        if role.rule == "named_as_target" and comparator in {">", "<"}:
            comparator = "="  # 高于90%的国家标准 compares with the standard, whose own level is 90
        if link is not None:
            subgroup = self.scope.subgroup(quantity, phrase, name, link)
        else:
            subgroup = self.scope.of_uncoded(phrase, name) if unit == "percent" else ""
        value, value_max = quantity.value, quantity.value_max
        if role.sign < 0 and value is not None:
            value = -value
        start, end = reading.span(quantity.start, quantity.stop if quantity.end == quantity.start else quantity.end)
        code = self._code(link, place.entity)
        key = f"{document.document_id}|{start}|{end}|{code}|{name.words}"
        return Fact(
            fact_id=hashlib.sha256(key.encode()).hexdigest()[:16],
            document_id=document.document_id,
            char_start=start,
            char_end=end,
            quote=self._quote(quantity, phrase),
            number_text=document.text[start:end],
            value=value,
            value_max=value_max,
            unit=unit,
            comparator=comparator,
            role=role.role,
            indicator_text=name.words,
            indicator_code=code,
            subgroup=subgroup,
            entity=place.entity,
            ref_area=place.ref_area,
            period_start=period.start,
            period_end=period.end,
            quality_flags=quantity.flags,
            repaired_value=quantity.repaired,
            confidence=_confidence(link, period, quantity.flags),
            evidence={
                "indicator": f"{link.rule}: {'、'.join(link.words)}" if link else "no entry of the catalogue",
                "unit": quantity.unit_text or "by the indicator's name",
                "role": role.rule,
                "period": period.rule,
                "ref_area": place.rule,
            },
            extractor_version=EXTRACTOR_VERSION,
        )

    def _place(self, quantity: Quantity, phrase: Phrase) -> scope.Place:
        number = self.statement.quantities.index(quantity)
        first, size = self.namer.list_of(number)
        if size > 1:
            place = self.scope.place_in_order(self.namer.phrases[first], number - first, size)
            if place is not None:
                return place
        return self.scope.place(quantity, phrase)

    def _code(self, link: Link | None, entity: str) -> str:
        """The indicator's code; one institution's beds are hospital beds or a township health centre's (standard)."""
        if link is None:
            return ""
        if link.indicator.code == "beds" and entity:
            return "beds_township" if entity.endswith("卫生院") else "beds_hospital"
        return link.indicator.code

    def _quote(self, quantity: Quantity, phrase: Phrase) -> str:
        """The exact text from the naming words to the unit, without what a cut would put into it."""
        begin = min(phrase.left[0][0], quantity.lead) if phrase.left else quantity.lead
        if quantity.start == quantity.end:
            begin = min(begin, phrase.clause_start)  # a number that is not there is shown by its whole clause
        while begin < quantity.lead and self.text[begin] in " ,;:、。)\n|.":
            begin += 1
        end = quantity.stop
        right_start, right_end = phrase.right
        if right_start < right_end and self.text[right_start] not in _CLOSING:
            end = min(right_end, quantity.stop + _QUOTE_REACH)
        while end > quantity.stop and self.text[end - 1] in " ,;:、。\n|":
            end -= 1
        document, reading = self.found.document, self.found.reading
        first, last = reading.span(begin, end)
        number = reading.to_document(quantity.start)
        number_end = reading.span(quantity.start, quantity.stop)[1]
        for cut_start, cut_end in _cuts_between(document.cuts, first, last):
            if cut_end <= number:
                first = cut_end
            elif cut_start >= number_end:
                last = cut_start
                break
        return document.text[first:last]


def _cuts_between(cuts: Sequence[tuple[int, int]], first: int, last: int) -> Sequence[tuple[int, int]]:
    return cuts[bisect_left(cuts, (first,)) : bisect_left(cuts, (last,))]


def _confidence(link: Link | None, period: Period, flags: Sequence[str]) -> float:
    """A first estimate: how the indicator was found, less for a damaged number or an open period."""
    base = (
        {"whole_name": 0.95, "composed": 0.88, "inherited": 0.8, "disease": 0.85, "part": 0.8}[link.rule]
        if link
        else 0.7
    )
    if flags:
        base *= 0.3
    if period.end is None:
        base *= 0.7
    return round(base, 3)
