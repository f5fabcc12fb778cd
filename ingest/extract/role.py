"""Roles: whether a number is what is, what is meant to be, what was, or how much it changed.

Belongs here: the cues of verb, tense and section. Not here: the dates that follow from a role (`period`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ingest.extract.cues import cues
from ingest.extract.quantity import Quantity
from ingest.extract.tries import longest_of
from ingest.model import Role

_COMPARES = re.compile(r"(?:较|比|与|和)\S{0,3}$")
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_YEARS = re.compile(r"(20\d\d|二[〇零一二三四五六七八九]{3})年")
_MARKS = frozenset(",;。")
# 规范管理率≥60%,实际76.12%; 达到65%以上目标,实际完成73.96%: what was meant to be stands before what came of it
_REALLY = re.compile(r"(?:的?(?:目标|要求|任务))?\)?,?\s?实际(?:上)?[^,;。\d]{0,5}\d")
_BOUNDS, _SHARES = frozenset({">=", "<="}), frozenset({"percent", "per_mille", "per_100k"})
_ALSO_NOUNS = frozenset({"目标", "计划"})  # where a mark follows
_BEHIND_NOUNS = frozenset(',;、"”')
_BRACKETS = re.compile(r"\([^()]*\)")
_A_STANDARD = re.compile(r"的[^,;。的]{0,5}(?:目标|标准|指标|任务)(?!的|任务的)")


class RoleReading(NamedTuple):
    """A role with the rule that gave it; `sign` is -1 for a decrease."""

    role: Role
    rule: str
    sign: int = 1


class RoleReader:
    """Reads roles from the words around a number; built once from the cue file."""

    def __init__(self) -> None:
        words = cues().words
        fillers = longest_of(words["change_fillers"])
        moves = longest_of((*words["change_up"], *words["change_down"]))
        self._change = re.compile(rf"(?P<verb>{moves})(?:{fillers}){{0,3}}\s?$")
        self._falls = frozenset(words["change_down"])
        self._change_reach = 1 + max(map(len, (*words["change_up"], *words["change_down"])))
        self._change_reach += 3 * max(map(len, words["change_fillers"]))
        self._compared = re.compile(
            rf"(?:{longest_of(words['compared_with'])})[^,;。]*?(?:(?P<up>{longest_of(words['compared_up'])})|(?P<down>{longest_of(words['compared_down'])}))了?(?:{longest_of(words['compared_verbs'])})?\s?$"
        )
        self._comparison_ends = re.compile(rf"(?:{longest_of(words['compared_with'])})[^,;。]{{0,6}}\s?$")
        self._down = re.compile(longest_of((*words["change_down"], *words["falls_short"])))
        self._change_is_level = re.compile(
            rf"(?:(?:增加|减少|提高|降低|上升|下降)率(?:达|为)?|(?<!同比)(?<!环比)(?:下降|降低|缩短|减少|降|上升|升高|提高|提升|增加|升)为|(?:{longest_of(words['change_except'])})\D{{0,5}})$"
        )
        done = longest_of(words["task_done"])
        self._did = re.compile(rf"{done}了?\s?$")  # 完成21.6万人次的核酸检测任务
        self._task = re.compile(rf"(?:{longest_of(words['task_before'])})\s?$|^(?:(?!{done}).)*任务\s?$")
        raised = longest_of(words["raised_to"])
        self._from = re.compile(rf"(?:^|[^理自])(?:由|从)(?:(?!{raised})[^,;。由从]){{0,30}}$")
        self._raised = re.compile(rf"[^,;。]{{0,16}}?,?(?:{raised})(?:了)?[^,;。]{{0,4}}?(?:到|至|为|达|上)")
        self._new_predicate = re.compile(rf"[^\u4e00-\u9fff]*(?:{longest_of(words['new_predicates'])})")
        self._earlier = re.compile(rf"(?:{longest_of(words['baseline_words'])})[^,;。]{{0,6}}$")
        self._bracketed_before = re.compile(rf"(?:{longest_of(words['baseline_words'])}|上年|去年|[12]\d{{3}}年)度?\($")
        earlier_year = rf"(?:(?:19|20)\d\d年|{longest_of(words['earlier_years'])})"
        self._compared_level = re.compile(r"(?:[较比]|(?<!参)与)[^,;。]{0,18}的[^,;。]{0,6}$")
        self._surpasses = re.compile(rf"(?:{longest_of(words['surpasses'])}){earlier_year}[^,;。]{{0,10}}$")
        self._target = re.compile(longest_of(words["target_before"]))
        self._except = re.compile(
            rf"{longest_of(words['target_except'])}|争取[^,;。]{{0,10}}?(?:{longest_of(words['won'])})"
        )
        self._accordingly = re.compile(rf"(?:{longest_of(words['accordingly'])})[^,;。]{{0,14}}$")
        self._target_after = re.compile(rf"[^,;。]{{0,3}}?(?:{longest_of(words['target_after'])})")
        self._done = re.compile(longest_of(words["done_words"]))
        self._within = frozenset(words["within_the_year"])
        self._forecasts = frozenset(words["forecasts"])

    def read(
        self,
        text: str,
        quantity: Quantity,
        statement_start: int,
        clause_start: int,
        phrase: str,
        *,
        has_target: bool,
        in_plan: bool,
        is_over: bool,
    ) -> RoleReading:
        """The role of one quantity.

        Args:
            text: folded reading.
            statement_start, clause_start: where the sentence and the clause of the number begin.
            phrase: the number's own words before it.
            has_target: the sentence has a word for what is meant to be (`has_target`).
            in_plan: the section speaks of plans.
            is_over: the year that the document is about is over; what is told of within it is done.
        """
        if quantity.unit in {"percentage_point", "per_mille_point"}:
            sign = -1 if self._down.search(phrase) else 1
            return RoleReading("change", "unit_is_a_difference", sign)
        clause = text[clause_start : quantity.lead]
        change = self._change.search(phrase, max(0, len(phrase) - self._change_reach))
        # 费用增幅控制在10%以内 is an aim
        is_kept = in_plan and text.endswith(cues().words["kept_at"], statement_start, quantity.start)
        if change and not is_kept and not self._change_is_level.search(phrase):
            return RoleReading("change", f"verb:{change.group()}", -1 if change["verb"] in self._falls else 1)
        if text[quantity.start : quantity.start + 1] in "-+" and self._comparison_ends.search(phrase):
            return RoleReading("change", "signed_comparison")
        compared = self._compared.search(clause)
        if compared:
            return RoleReading("change", f"compared:{compared.group()}", -1 if compared["down"] else 1)
        after = text[quantity.stop : quantity.stop + 24]
        if quantity.comparator in _BOUNDS and quantity.unit in _SHARES and _REALLY.match(after):
            return RoleReading("target", "beside_what_was_reached")
        named = None if after[:1] in _MARKS else self._target_after.match(after) or _A_STANDARD.match(after)
        is_done = named is not None and named.group().endswith("任务") and self._did.search(clause)
        if named and not is_done and not self._accordingly.search(clause):
            return RoleReading("target", "named_as_target")
        if ("由" in clause or "从" in clause) and self._from.search(clause) and self._raised.match(after):
            return RoleReading("baseline", "from_a_to_b")
        if not change and (self._compared_level.search(clause) or self._surpasses.search(clause)):
            return RoleReading("baseline", "compared_level")
        earlier = self._earlier.search(phrase)
        if earlier and not _COMPARES.search(phrase, 0, earlier.start()):
            return RoleReading("baseline", f"words:{earlier.group()}")
        lead = quantity.lead
        if text[lead - 1 : lead] == "(" and self._bracketed_before.search(text, max(0, lead - 14), lead):
            return RoleReading("baseline", "earlier_level_in_brackets")
        if self._task.search(phrase):
            return RoleReading("target", "named_as_task")
        if has_target:
            start = max(statement_start, text.rfind(";", statement_start, lead) + 1)
            words = self._target_of(text[start:lead], clause_start - start, clause, quantity.unit, is_over=is_over)
            if words:
                return RoleReading("target", f"verb:{words}")
        if in_plan and not self._done.search(clause):
            return RoleReading("target", "plan_section")
        return RoleReading("actual", "result")

    def has_target(self, text: str, start: int, end: int) -> bool:
        """Whether a word for what is meant to be stands between two offsets."""
        return self._target.search(text, start, end) is not None

    def _target_of(self, lead: str, clause_start: int, clause: str, unit: str, *, is_over: bool) -> str:
        """The words before a number by which it is a target; '' where its predicate is another."""
        if "(" in lead:
            lead = _BRACKETS.sub(lambda match: " " * len(match.group()), lead)
        target = self._last_target(lead, is_over=is_over)
        if target is None or self._done.search(lead, target[1]):
            return ""
        if target[2] in self._forecasts and target[0] < clause_start:
            return ""  # 预计全年出生3000人,65岁以上老年人占17%: what is foreseen ends with its clause
        is_own = target[0] >= clause_start or unit == "percent" or not self._new_predicate.match(clause)
        return target[2] if is_own else ""

    def _last_target(self, lead: str, *, is_over: bool) -> tuple[int, int, str] | None:
        last: tuple[int, int, str] | None = None
        masked: list[tuple[int, int]] | None = None
        for match in self._target.finditer(lead):
            if is_over and match.group() in self._within:
                continue
            if match.group() in _ALSO_NOUNS and lead[match.end() : match.end() + 1] in _BEHIND_NOUNS:
                continue  # 实施防治计划,全县婚检…
            if masked is None:
                masked = [held.span() for held in self._except.finditer(lead)]
            if not any(start <= match.start() and match.end() <= end for start, end in masked):
                last = (match.start(), match.end(), match.group())
        return last


def heading_speaks_of_plans(heading: str, year: int | None) -> bool | None:
    """True for a plan, False for results, None when the heading says neither. The last cue in the heading decides."""
    words = cues().words
    for held in words["heading_except"]:
        heading = heading.replace(held, "")
    plan = max((heading.rfind(word) + len(word) for word in words["plan_headings"] if word in heading), default=-1)
    result = max((heading.rfind(word) + len(word) for word in words["result_headings"] if word in heading), default=-1)
    if heading.rstrip().endswith(words["result_endings"]) and not any(word in heading for word in words["striving"]):
        result = len(heading)
    years = [int(found.translate(_NUMERALS)) for found in _YEARS.findall(heading)]
    if years and year is not None and max(years) > year and plan < 0 and result < 0:
        return True
    if years and year is not None and min(years) > year:
        return True
    if plan < 0 and result < 0:
        return None
    return plan > result


@lru_cache(maxsize=1)
def role_reader() -> RoleReader:
    """The reader of the project's cues."""
    return RoleReader()
