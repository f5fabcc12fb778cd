"""Reading one statement: its quantities in order, each handed from question to question.

Belongs here: the order of the questions for one number, and what a later number takes from an earlier one.
Not here: the answers (`naming`, `role`, `parts`, `disease_cases`, `scope`, `subgroup`, `statement_times`), making the
fact (`assemble`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ingest.extract import parts
from ingest.extract.assemble import Assembler
from ingest.extract.confidence import sentence
from ingest.extract.cues import cue_pattern, cues
from ingest.extract.disease_cases import DiseaseCases
from ingest.extract.found import Found
from ingest.extract.indicator import Link
from ingest.extract.lists import Name
from ingest.extract.naming import Namer
from ingest.extract.period import Period, ahead
from ingest.extract.quantity import Quantity
from ingest.extract.reporter import Reporter
from ingest.extract.role import RoleReading, role_reader
from ingest.extract.scope import Place, StatementScope, names_whole
from ingest.extract.statement import Phrase, Statement, goes_on
from ingest.extract.statement_times import StatementTimes
from ingest.extract.subgroup import StatementGroups, is_named_in, made_by
from ingest.extract.table_words import table_words
from ingest.extract.times import Time
from ingest.extract.tries import longest_of
from ingest.model import Fact

_MYRIAD = 10_000  # 体检人数达1000万: a large count may leave the unit to its name
_LINKING_TAIL = r"{linking_tails}+$"
_TIME_REACH = 12  # characters: 去年,全县… opens a clause of its own
_LEVEL_AGAIN = re.compile(r"[^,;]{0,2}(?:到|至|为)")
_CLOSING = frozenset(",;。、)(: \n|")
_UNITS_OF_SHARES = frozenset({"percent", "percentage_point", "CNY"})
_NAMED = ("named", "entity")
_BOUNDS = frozenset({">=", "<="})
_JOINING = " 、和与及以"
_LINKING = " 的为是达到有共("
_COMPARING = frozenset("较比与和")


class StatementReader:
    """Reads the quantities of one statement, in order; a later one may lean on an earlier one.

    Args:
        found: what the finders found in the document.
        statement: with its quantities.
        previous: the statement before, which 其中… may continue.
        reporter: whose report the document is.
        wholes: what the statement before counted, by unit.
        span_of_paragraph: the stretch of time that the paragraph opened with.
    """

    def __init__(
        self,
        found: Found,
        statement: Statement,
        previous: Statement | None,
        reporter: Reporter,
        wholes: dict[str, parts.Whole],
        span_of_paragraph: Period | None,
    ) -> None:
        self.found = found
        self.text = found.text
        self.statement = statement
        continues = previous is not None and goes_on(found.text, statement)
        self.begin = previous.start if previous is not None and continues else statement.start
        self.namer = Namer(found, found.catalogue, statement, self.begin)
        self.section = found.section(statement)
        self.times = StatementTimes(found, statement, self.namer, span_of_paragraph)
        self.scope = StatementScope(found, statement, self.begin, reporter)
        self.groups = StatementGroups(found, statement, self.begin)
        self.diseases = DiseaseCases(found, statement, self.begin)
        # indicator and unit of the last number that had one, by the bracket that it stands in
        self.levels: dict[tuple[int, int] | None, _Level] = {}
        self.uncoded: str | None = None  # the unit of a number without an indicator behind the last one with one
        self.place: tuple[Place | None, int] = None, -1  # of the last number outside of brackets, and where it ends
        self.is_share = False  # the last percentage has no indicator (占比…): what moves by points is that
        self.read_roles: list[RoleReading] = []
        lists_on = continues or self.namer.opens_with_a_place()
        self.wholes = parts.Wholes(found, self.namer, wholes if lists_on else {})
        self.assembler = Assembler(found)
        among = self.text.find("其中", self.begin, statement.end)
        self.among = among + 2 if among >= 0 else statement.end + 1  # where the first 其中 ends
        self.roles = role_reader()
        self.has_target = self.roles.has_target(self.text, statement.start, statement.end)

    def facts(self) -> list[Fact]:
        """The statement's facts."""
        result: list[Fact] = []
        follows_among: list[bool] = []
        for number, quantity in enumerate(self.statement.quantities):
            phrase = self.namer.phrases[number]
            role = self._role(number, quantity, phrase)
            self.read_roles.append(role)
            for name in self.namer.names(number, is_change=role.role == "change"):
                fact = self._fact(number, quantity, phrase, name, role)
                if fact is not None:
                    result.append(fact)
                    follows_among.append(self.among <= quantity.lead)
        return parts.mark_parts(result, follows_among) if True in follows_among else result

    # -- role ------------------------------------------------------------------------------------------------------

    def _role(self, number: int, quantity: Quantity, phrase: Phrase) -> RoleReading:
        first = self.namer.phrases[self.namer.list_of(number)[0]]
        own = self.text[phrase.left[0][0] : phrase.left[-1][1]]
        left = own if own.strip(_JOINING) else self.text[first.left[0][0] : first.left[-1][1]]
        reading = self.roles.read(
            self.text,
            quantity,
            self.statement.start,
            phrase.clause_start,
            left,
            has_target=self.has_target,
            in_plan=self.section.in_plan,
            is_over=self._is_over(),
        )
        if reading.rule not in {"result", "plan_section"}:
            return reading
        if reading.role == "actual" and self._bounds_the_year(quantity, phrase):
            return RoleReading("target", "bound_for_the_year")
        leading = self.namer.list_of(number)[0]
        leader = self.read_roles[leading] if leading != number else None
        if leader is not None and (leader.role in {"baseline", "target"} or leader.rule.startswith("compared:")):
            return leader  # 高于2015年的4.25张、8.37人; 比全市平均水平低0.57张和0.31人
        last = next((time for time in reversed(self.times.said) if time.end <= quantity.lead), None)
        if last is None:
            return reading
        if last.kind == "reference" and reading.role == "actual":
            is_direct = not self.text[last.end : quantity.lead].strip(_LINKING)
            compares = self.text[max(0, last.start - 1) : last.start] in _COMPARING
            if is_direct and (not compares or self._moves_on(quantity)):
                return RoleReading("baseline", f"earlier_time:{last.text}")
        is_free = not any(last.end <= other.start < quantity.lead for other in self.statement.quantities)
        if (
            reading.rule == "plan_section"
            and is_free
            and last.start >= phrase.clause_start - _TIME_REACH
            and self._is_past(last)
        ):
            return RoleReading("actual", f"past_time_in_plan:{last.text}")
        return reading

    def _bounds_the_year(self, quantity: Quantity, phrase: Phrase) -> bool:
        """全年查办案件80起以上, said in a report of half a year: what the whole year is to reach."""
        if quantity.comparator not in _BOUNDS or self._is_over():
            return False
        return self.text.find("全年", phrase.clause_start, quantity.lead) >= 0

    def _is_over(self) -> bool:
        """Whether the document tells of a whole year."""
        document = self.found.document
        last = document.period_end
        return document.report_kind != "plan" and last is not None and (last.month, last.day) == (12, 31)

    def _moves_on(self, quantity: Quantity) -> bool:
        """较去年同期1197例下降5%: a count that the change follows is the earlier level."""
        is_count = quantity.unit not in {"percent", "percentage_point", "per_mille_point"}
        return is_count and cue_pattern("(?:相比)?,?{moves}").match(self.text, quantity.stop) is not None

    def _is_past(self, time: Time) -> bool:
        if time.text == "全年" and not self._is_over():
            return False  # 下半年安排: 全年完成筛查2万人
        plan = self.section.plan or self.found.document
        begin = plan.start if isinstance(plan, Period) else plan.period_start
        time = ahead(time, self.section.plan)
        return time.kind == "reference" or (time.last is not None and begin is not None and time.last < begin)

    def _new_ones(self, phrase: Phrase, role: RoleReading) -> RoleReading:
        """新增床位300张 is a change of the stock, not the stock (FACTS: new ones are not the stock)."""
        start, end = phrase.left[0][0], phrase.left[-1][1]
        matches = list(_new_stock().finditer(self.text, start, end))
        if not matches or _LEVEL_AGAIN.match(self.text, matches[-1].end(), end):
            return role
        word = matches[-1].group()
        return RoleReading("change", f"new_ones:{word}", -1 if word.startswith("减") else 1)

    # -- one fact --------------------------------------------------------------------------------------------------

    def _fact(self, number: int, quantity: Quantity, phrase: Phrase, name: Name, role: RoleReading) -> Fact | None:
        link = name.link
        bracket = self.namer.clauses.bracket_around(quantity)
        last = self.levels.get(bracket) or self.levels.get(None)
        part = ""
        follows = link is None or role.role == "change"  # what changed is the level itself, class and part included
        if follows and last is not None and name.is_bare and role.role in {"change", "baseline"}:
            link = link if self._is_of_uncoded(quantity) else _changed(quantity, last) or link
            part = last.part if link is not None else ""
        if link is not None and link.indicator.kind == "stock" and role.role == "actual":
            role = self._new_ones(phrase, role)
        is_place_alone = (
            link is None
            and role.role == "actual"
            and (self.namer.names_only_places(phrase.left, phrase) or self.namer.names_only_places(name.spans, phrase))
        )
        if is_place_alone:
            link = self.wholes.said_of_places(quantity)
        elif role.role in {"actual", "target"}:
            link, part = self.wholes.as_part(number, quantity, name, link)
        first, size = self.namer.list_of(number)
        if role.role == "actual" and self._is_kept_at(first, quantity):
            quantity.comparator = "="
        disease = self.diseases.of(quantity, phrase, self.namer.phrases[first], (number - first, size), link)
        if disease is not None:
            link, part = disease
        if quantity.unit == "" and link is None and quantity.multiplier >= _MYRIAD:
            quantity.unit = table_words().implied_unit(cue_pattern(_LINKING_TAIL).sub("", name.words))
        if quantity.unit == "" and not self._is_bare_fact(quantity, link, role, last):
            return None
        unit = _unit(quantity, link, role)
        if link is not None:
            self.levels[bracket] = _Level(link, unit, part)
            self.uncoded = None
        elif role.role == "actual" and not name.is_bare and unit != "percent":
            self.uncoded = unit
        if role.role != "change" and unit == "percent":
            self.is_share = link is None
        is_level = role.role in {"actual", "target"}
        if not part and not is_place_alone and is_level and (link is None or link.rule != "part"):
            self.wholes.keep(link, unit, quantity)
        period = self.times.period(number, quantity, phrase, link, role)
        place = self._place_in_bracket(number, bracket) or self._place(number, quantity, phrase, link)
        before = self.place[0]
        goes_on = name.is_bare and before is not None and before.rule.startswith(_NAMED) and place.rule == "document"
        if goes_on and before is not None and not names_whole(self.text, phrase.left[0][0], quantity.lead):
            place = before  # 我省…率为9.8/10万,较上年9.9/10万下降…: a bare number goes on with the place too
        if bracket is None:
            self.place = place, quantity.stop
        if link is not None:
            subgroup = self.groups.subgroup(quantity, phrase, name, link, goes_on=not part)
            other = made_by(subgroup, link)
            if other:
                link, subgroup = link._replace(indicator=self.found.catalogue.by_code[other]), ""
            if subgroup and is_named_in(subgroup, place.entity):
                subgroup = ""  # 医院 in a hospital's own report is that hospital
            is_part = bool(part) or (
                not is_place_alone and self.text.find("其中", phrase.clause_start, quantity.lead) >= 0
            )
            if bracket is None:
                self.groups.remember(quantity.lead, link, subgroup, is_part=is_part)
        else:
            subgroup = self.groups.of_uncoded(phrase, name, unit) if unit in _UNITS_OF_SHARES else ""
        told, company = _parts(part, subgroup), self._sentence(quantity)
        return self.assembler.fact(quantity, phrase, name.words, link, unit, role, told, place, period, company)

    def _is_kept_at(self, first: int, quantity: Quantity) -> bool:
        """药占比控制在28.6%: a result that was kept at a level, no bound (以内, 以下) to be kept."""
        lead = self.statement.quantities[first].lead
        kept = cues().words["kept_at"]
        is_kept = self.text.endswith(kept, 0, self.statement.quantities[first].start) and lead <= quantity.lead
        return is_kept and cue_pattern("[^,;。]{0,20}{kept_within}").match(self.text, quantity.end) is None

    def _sentence(self, quantity: Quantity) -> str:
        """What else the sentence holds, for the fact's confidence."""
        is_behind = (
            cue_pattern("{institution_nouns}").search(self.text, self.statement.start, quantity.lead) is not None
        )
        return sentence(len(self.statement.quantities), is_behind_institution=is_behind)

    def _is_of_uncoded(self, quantity: Quantity) -> bool:
        """Whether what changed is a number without an indicator that stands nearer than the last one with one."""
        if quantity.unit == "percentage_point":
            return self.is_share
        if self.uncoded is None:
            return False
        return quantity.unit == "percent" or parts.same_unit(quantity, self.uncoded)

    def _is_bare_fact(self, quantity: Quantity, link: Link | None, role: RoleReading, last: _Level | None) -> bool:
        """A number without a unit is a fact after a rate's name, with a multiplier, or as the change of such a one."""
        if link is None:
            return False
        if quantity.multiplier > 1:
            return True
        after = self.text[quantity.stop : quantity.stop + 1]
        goes_on = self.text.startswith(cues().words["level_after"], quantity.stop)
        if not link.indicator.is_rate or (after and after not in _CLOSING and not goes_on):
            return False
        return role.role != "change" or (last is not None and last.link.indicator is link.indicator)

    # -- place -----------------------------------------------------------------------------------------------------

    def _place_in_bracket(self, number: int, bracket: tuple[int, int] | None) -> Place | None:
        """全国门诊总量增加2.5亿人次(增长3.2%): a bracket right behind a number speaks of the same place."""
        if bracket is not None and (place := self.scope.place_before(bracket[0])) is not None:
            return place
        if not number or bracket is None or bracket[0] != self.place[1]:
            return None
        names_another = bool(self.scope.places_in(self.namer.phrases[number]))  # (全省7.78张、全国6.46张)
        return None if names_another else self.place[0]

    def _place(self, number: int, quantity: Quantity, phrase: Phrase, link: Link | None) -> Place:
        first, size = self.namer.list_of(number)
        if size > 1:
            place = self.scope.place_in_order(self.namer.phrases[first], number - first, size)
            if place is not None:
                return place
            leading = self.scope.place(self.statement.quantities[first], self.namer.phrases[first], link)
            if number > first and leading.rule.startswith("named"):
                return leading
        return self.scope.place(quantity, phrase, link)


class _Level(NamedTuple):
    """What a number measured: what a change behind it may be of."""

    link: Link
    unit: str
    part: str


def _changed(quantity: Quantity, level: _Level) -> Link | None:
    """A change belongs to the level just before it (全县出生1704人,较同期减少111人)."""
    if quantity.unit in {"percent", "percentage_point", "per_mille_point", ""}:
        return level.link
    return level.link if parts.same_unit(quantity, level.unit) else None


def _parts(part: str, subgroup: str) -> str:
    """A part of a whole and the group it speaks for, as one: the cases of a disease at an age."""
    return "、".join(dict.fromkeys(said for said in (part, subgroup) if said)) if part not in subgroup else subgroup


def _unit(quantity: Quantity, link: Link | None, role: RoleReading) -> str:
    """The unit of the fact: the number's own, or the one that the indicator's name implies."""
    unit = quantity.unit
    if link is None:
        return unit
    canonical = link.indicator.unit
    if role.role == "change" and unit != "":
        return unit if not (canonical == "bed" and quantity.unit_text == "张") else "bed"
    if unit == "":
        return canonical if canonical != "*" else "person"
    if canonical == "bed" and unit == "item" and quantity.unit_text == "张":
        return "bed"
    if canonical.startswith("per_1") and role.role != "change" and unit not in {"percent", "per_mille"}:
        return canonical
    return unit


@lru_cache(maxsize=1)
def _new_stock() -> re.Pattern[str]:
    return re.compile(longest_of(cues().words["new_stock"]))
