"""Scope: for which place or institution a number speaks.

Belongs here: the place and the entity of a quantity. Not here: the part of the population (`subgroup`), region codes
(`regions`), indicator names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from ingest.extract.cues import cue_pattern, cues
from ingest.extract.found import Found
from ingest.extract.indicator import Link
from ingest.extract.mentions import Mention, between
from ingest.extract.quantity import Quantity
from ingest.extract.reporter import Reporter
from ingest.extract.statement import Phrase, Statement
from ingest.extract.tries import longest_of

_KIND_COUNTED = r"{counted_kinds}$"
_BY_HOW_MUCH = r"[^,;。\d]{0,8}?(?:{compared_up}|{compared_down})"
_WHOLE_AREA = r"{whole_area}(?!{whole_area_except})"  # not 全市唯一的采供血机构
_NO_JOINT = frozenset("时早其")
_JOINTS = frozenset("、和及与")
_LISTING = frozenset("等、和及")
_MEASURED_AGAINST = frozenset("与占居列")  # 占全省的45%: a share of another place, still one's own
_MEASURES_OF_BUILDINGS = frozenset({"bed", "sqm", "mu"})
_COUNTED_BEFORE = re.compile(r"\d[家所个]$")
_ENUMERATORS = re.compile(r"[^\u4e00-\u9fff]|[一二三四五六七八九十]")
_SPEECH = r"[^,;。:\n]{0,4}{heads}[^,;。:\n]{0,6}:"
_INVESTED = r"(?<![^,;。:(]){invested}"
_OPENING_REACH = 8  # characters
_WITH = frozenset("与同跟")  # 县医院与A、B等3家医院签约: not one of the list
_CLAUSE_END = re.compile("[,;。:]")
# Whose figures in later clauses are still its own; the figures of a centre for disease control are its area's.
_CARE_NAME = r"{care_names}$|^(?:我|本|该)院"
_CLAUSE_OPENING = r"(?:^|[,;。:\n\s)]){clause_openings}?[,:]?$|元的$"


class Place(NamedTuple):
    """The area code and the entity that a number speaks for, with the rule."""

    ref_area: str
    entity: str
    rule: str


class StatementScope:
    """Answers for the quantities of one statement."""

    def __init__(self, found: Found, statement: Statement, begin: int, reporter: Reporter) -> None:
        self._text = found.text
        self._own = found.document.ref_area
        self._reporter = reporter
        self._begin = begin
        self._found = found
        self._statement = statement
        self._entities = between(found.entities, begin, statement.end)
        places = between(found.places, begin, statement.end)
        self._places = [place for place in places if place.code != self._own]
        own = self._own.rstrip("0") or " "
        self._below = [place for place in self._places if place.code.startswith(own)]
        self._heading: str | None = None  # the institution of a heading, once it is looked for
        self._building = "", 0  # what money last went into, and where that amount ends
        self._ends = {mention.end for mention in (*self._entities, *places)}

    def places_in(self, phrase: Phrase) -> Sequence[Mention]:
        """The places other than the document's own that a phrase names."""
        return [each for start, end in phrase.left for each in between(self._places, start, end)]

    def place_before(self, bracket: int) -> Place | None:
        """The place whose average a bracket gives (低于全省平均水平(1.98人))."""
        for mention in reversed(self._places):
            if mention.end <= bracket:
                is_average = cue_pattern("{average_levels}").fullmatch(self._text, mention.end, bracket) is not None
                return Place(mention.code, "", f"named: {mention.name}") if is_average else None
        return None

    def place_in_order(self, shared: Phrase, position: int, size: int) -> Place | None:
        """A县、B县、C县…分别为x、y、z: the place of each value, where as many places as values are named."""
        if not shared.left:
            return None
        start, end = shared.left[0][0], shared.left[-1][1]
        if not between(self._places, start, end) and cue_pattern("{in_order}").search(self._text, start, end):
            # 金阳县、美姑县进度较慢,分别为x和y
            start = max(self._begin, *(self._text.rfind(mark, self._begin, start - 1) + 1 for mark in ",;:"))
        named = [*between(self._places, start, end)]
        codes = list(dict.fromkeys(place.code for place in named if place.end <= end))
        if len(codes) != size:
            return self._entity_in_order(start, end, position, size)
        return Place(
            codes[position],
            "",
            f"named in order: {next(place.name for place in named if place.code == codes[position])}",
        )

    def _entity_in_order(self, start: int, end: int, position: int, size: int) -> Place | None:
        """县人民医院、县中医院药占比分别为x、y: the institution of each value."""
        named = [mention for mention in between(self._entities, start, end) if mention.end <= end]
        is_row = len(named) == size > 1 and all(
            self._text[left.end : right.start] in _JOINTS for left, right in pairwise(named)
        )
        if not is_row or not cue_pattern("{in_order}").search(self._text, named[-1].end, end):
            return None
        return Place(self._own, named[position].name, f"named in order: {named[position].name}")

    def place(self, quantity: Quantity, phrase: Phrase, link: Link | None) -> Place:
        """The nearest place or institution that the number speaks for: named in its phrase, or the clause's subject."""
        lead = quantity.lead
        begin = max(self._begin, self._text.rfind(";", self._begin, lead) + 1)
        place = self._last(self._places, begin, quantity, phrase, own_phrase_only=True) if self._places else None
        if place is None and self._below:
            place = self._last(self._below, begin, quantity, phrase, own_phrase_only=False)
            if place is not None and self._returns_to_all(place.end, lead):
                place = None
        entity = None
        if self._entities:  # a hospital's services are told past a semicolon
            since = self._begin if link is not None and link.indicator.domain == "services" else begin
            entity = self._last(self._entities, since, quantity, phrase, own_phrase_only=False)
        if place is not None and self._is_surpassed(place, quantity):
            place = None
        if place is not None and (entity is None or place.start > entity.end):
            return Place(place.code, "", f"named: {place.name}")
        if entity is not None and not names_whole(self._text, entity.start, lead):
            return Place(self._of_name(entity), entity.name, f"entity: {entity.name}")
        if self._heading is None:
            self._heading = self._of_heading()
        if self._heading and not names_whole(self._text, begin, lead):
            return Place(self._own, self._heading, f"heading: {self._heading}")
        if quantity.unit == "CNY":
            self._building = self._built(quantity), quantity.stop
        built, since = self._building
        if built and (quantity.unit == "CNY" or self._goes_on_building(quantity, since)):
            return Place(self._own, built, f"built: {built}")
        if site := self._site(quantity, phrase, begin):
            return Place(self._own, site, f"works: {site}")
        station = self._reporter.station
        if station and not names_whole(self._text, begin, lead) and self._is_own_affair(quantity, phrase, link):
            return Place(self._own, station, "the station's own affairs")
        return Place(self._own, self._reporter.entity, "document")

    def _returns_to_all(self, start: int, end: int) -> bool:
        """Whether a word for the document's own area stands there; 全县 in a prefecture's report is the one named."""
        whole = cue_pattern(_WHOLE_AREA).search(self._text, start, end)
        return whole is not None and not (self._own.endswith("00") and whole.group()[-1] in "县区旗")

    def _is_own_affair(self, quantity: Quantity, phrase: Phrase, link: Link | None) -> bool:
        """Whether a station's report speaks of the station itself: by words of the clause, its heading, its wards."""
        text, lead = self._text, quantity.lead
        if _own_affairs().search(text, phrase.clause_start, lead):
            return True
        if cue_pattern("{whole_station}").search(text, self._begin, lead):
            return True
        headings = [self._found.heading_span(section) for section in self._found.sections_above(self._statement)]
        if any(cue_pattern("{own_headings}").search(text, *span) for span in headings):
            return True
        treats = cue_pattern("{stations_that_treat}$").search(self._reporter.station) is not None
        return treats and link is not None and link.indicator.domain == "services"

    def _built(self, quantity: Quantity) -> str:
        """The institutions that money goes into, named behind it in its clause (投资1.06亿元迁建县疾控中心)."""
        text, begin = self._text, quantity.stop
        stop = _CLAUSE_END.search(text, begin, self._statement.end)
        end = stop.start() if stop else self._statement.end
        if text.startswith("的", begin):  # 投资1.06亿元的县疾控中心迁建项目
            named = between(self._entities, begin + 1, begin + 2)
        else:
            verb = cue_pattern("{builds}").search(text, begin, end)
            first = begin if text.startswith("对", begin) else verb.end() if verb else end
            named = between(self._entities, first, end) if verb else ()
        if len(named) == 1:
            return named[0].name if self._is_one(named[0]) else ""
        is_row = bool(named) and all(text[left.end : right.start] in _JOINTS for left, right in pairwise(named))
        return "、".join(each.name for each in named) if is_row and text[named[-1].end] != "等" else ""

    def _site(self, quantity: Quantity, phrase: Phrase, begin: int) -> str:
        """The institution that an earlier clause builds or moves (县医院新院主体完工,设置床位300张); '' without one."""
        text, lead = self._text, quantity.lead
        if quantity.unit not in _MEASURES_OF_BUILDINGS and not (
            quantity.unit == "CNY" and cue_pattern(_INVESTED).search(text, phrase.left[0][0], lead)
        ):
            return ""
        mention = next((each for each in reversed(self._entities) if each.end <= lead), None)
        if mention is None or mention.start < begin or self._others_follow(mention, phrase):
            return ""
        if "等" in mention.name or mention.name.endswith(cues().words["town_ends"]):
            return ""  # 改扩建A、B等6所卫生院,新增床位240张: the sum over several
        end = _CLAUSE_END.search(text, mention.end, lead)
        opened = max(begin, *(text.rfind(mark, begin, mention.start) for mark in ",;。:"))
        is_works = cue_pattern("{works}").search(text, mention.end, end.start() if end else lead)
        is_built = cue_pattern("(?:{builds})").search(text, opened, mention.start)
        if not (is_works or is_built) or not self._is_one(mention) or names_whole(text, mention.end, lead):
            return ""
        return mention.name

    def _goes_on_building(self, quantity: Quantity, since: int) -> bool:
        """投资1.06亿元迁建县医院,建筑面积3万平方米,设置床位300张: what is built is measured in the same sentence."""
        between_them = self._text[since : quantity.lead]
        return (
            quantity.unit in _MEASURES_OF_BUILDINGS
            and ";" not in between_them
            and not names_whole(self._text, since, quantity.lead)
        )

    def _last(
        self, mentions: Sequence[Mention], begin: int, quantity: Quantity, phrase: Phrase, *, own_phrase_only: bool
    ) -> Mention | None:
        """The last mention before the number that can be its subject."""
        lead = quantity.lead
        counts_none = not self._counts_institutions(quantity, phrase)
        # A医院、B医院改造等9个项目, A医院搬迁、3所卫生院综合楼: the number goes on the list or counts it
        lists = self._text[lead - 1 : lead] in _LISTING
        for mention in reversed(mentions):
            if mention.end > lead:
                continue
            if mention.start < begin:
                return None
            if mention.code and mention.end == lead and self._text[mention.start - 1 : mention.start] == "与":
                return mention  # 与全省2.33人的平均水平相比: the other's level
            is_own = mention.start >= phrase.clause_start
            if is_own and lists:
                if self._text[mention.end] in _WITH:
                    return mention
                continue
            goes_on = not own_phrase_only and (bool(mention.code) or (counts_none and self._has_care(mention, phrase)))
            if goes_on and not is_own and self._is_circumstance(mention):
                continue
            if goes_on and not is_own and not mention.code and self._others_follow(mention, phrase):
                return None
            if (is_own or (goes_on and self._opens_clause(mention))) and self._is_one(mention):
                return mention
        return None

    def _has_care(self, mention: Mention, phrase: Phrase) -> bool:
        """Whether an institution's later figures are its own: of one that cares for patients, or of its own affairs."""
        if cue_pattern(_CARE_NAME).search(mention.name):
            return True
        return _own_affairs().search(self._text, phrase.clause_start, phrase.left[-1][1]) is not None

    def _others_follow(self, mention: Mention, phrase: Phrase) -> bool:
        """县中医院通过复评,15家乡镇卫生院设立中医馆,中医处方占比…: a kind of institutions takes the subject over."""
        kind = cue_pattern(_KIND_COUNTED)
        return any(
            kind.search(group.name)
            and (named.start >= phrase.left[0][0] or _COUNTED_BEFORE.search(self._text, named.start - 3, named.start))
            and not any(entity.start <= named.start < entity.end for entity in self._entities)
            for named, group in self._found.groups_between(mention.end, phrase.left[-1][1])
        )

    def _counts_institutions(self, quantity: Quantity, phrase: Phrase) -> bool:
        """县中医院通过复评,15家乡镇卫生院设立中医馆: institutions that are counted are none before them."""
        start, end = phrase.right
        counted = list(self._found.groups_between(start, start + 1)) if start < end else []
        if quantity.unit == "item":
            left = phrase.left[-1]
            counted += [named for named in self._found.groups_between(*left) if named[0].end == left[1]]
        kind = cue_pattern(_KIND_COUNTED)
        return any(kind.search(group.name) for _, group in counted)

    def _is_circumstance(self, mention: Mention) -> bool:
        """在县医院支持下,全年体检…: a clause that ends so says how, not who."""
        end = _CLAUSE_END.search(self._text, mention.end, self._statement.end)
        return end is not None and end.start() > mention.end and self._text[end.start() - 1] in "下后时"

    def _is_one(self, mention: Mention) -> bool:
        """A name in a row of names, behind 与, or at the head of a title is not the subject alone."""
        after = self._text[mention.end : mention.end + 1]
        if after == "及" and self._text[mention.end + 1 : mention.end + 2] in _NO_JOINT:
            after = ""  # 该院及时腾调床位
        before = self._text[mention.start - 1 : mention.start] if mention.start else ""
        if after == "与" and self._opens_clause(mention) and self._joins(mention):
            return True
        if (after and after in "、和及与等") or (before and before in _MEASURED_AGAINST):
            return False
        if before and before in "、和" and mention.start - 1 in self._ends:
            return False
        return not (mention.code and _titles().match(self._text, mention.end))

    def _of_name(self, entity: Mention) -> str:
        """The code of the place below the document's own that an institution's name begins with (武山县人民医院)."""
        return next((place.code for place in self._below if place.start == entity.start), self._own)

    def _joins(self, mention: Mention) -> bool:
        """县人民医院与A、B建立专科联盟: what it does with others is its own."""
        end = _CLAUSE_END.search(self._text, mention.end, self._statement.end)
        stop = end.start() if end else self._statement.end
        return cue_pattern("{joins}").search(self._text, mention.end, stop) is not None

    def _is_surpassed(self, mention: Mention, quantity: Quantity) -> bool:
        """高于全省0.4个百分点, 比全市平均水平低0.57张: by how much one differs from another place is one's own."""
        before = self._text[max(0, mention.start - 4) : mention.start]
        if quantity.unit == "percentage_point":
            return cue_pattern("(?:{surpasses}|[较比与])$").search(before) is not None
        rest = self._text[mention.end : quantity.lead]
        if before.endswith(("比", "较")) and cue_pattern(_BY_HOW_MUCH).match(rest):
            return True
        if cue_pattern("{surpasses}$").search(before) is None or quantity.unit.startswith("per_"):
            return False  # 每千人口1.8人,低于全市平均水平2.16人 is the other's level
        return self._text.endswith(("平均水平", "平均"), mention.end, quantity.lead)

    def _opens_clause(self, mention: Mention) -> bool:
        before = self._text[max(0, mention.start - _OPENING_REACH) : mention.start]
        return bool(cue_pattern(_CLAUSE_OPENING).search(before)) or mention.start == self._begin

    def _speaker(self) -> str:
        """The institution whose head speaks in a paragraph (县人民医院负责人:谢谢提问。…)."""
        start = self._text.rfind("\n", 0, self._statement.start) + 1
        for mention in between(self._found.entities, start, start + _OPENING_REACH):
            is_speech = cue_pattern(_SPEECH).match(self._text, mention.end)
            if mention.start == start and is_speech and cue_pattern(_CARE_NAME).search(mention.name):
                return mention.name
        return ""

    def _of_heading(self) -> str:
        """The institution that a heading around the statement begins with; '' without one."""
        if speaker := self._speaker():
            return speaker
        section = self._statement.section
        while section >= 0:
            start, end = self._found.heading_span(section)
            for mention in between(self._found.entities, start, end):
                opening = _ENUMERATORS.sub("", self._text[start : mention.start])
                if not opening and end <= self._statement.start and self._is_one(mention):
                    return mention.name
            section = self._found.document.sections[section].parent
        return ""


def names_whole(text: str, start: int, end: int) -> bool:
    """Whether a word for the whole area stands between two offsets."""
    return cue_pattern(_WHOLE_AREA).search(text, start, end) is not None


@lru_cache(maxsize=1)
def _own_affairs() -> re.Pattern[str]:
    return re.compile(longest_of(cues().words["own_affairs"]))


@lru_cache(maxsize=1)
def _titles() -> re.Pattern[str]:
    return re.compile(longest_of(cues().words["title_after_place"]))
