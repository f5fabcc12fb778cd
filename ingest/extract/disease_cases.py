"""Cases of diseases: the number behind a disease's name counts its cases, its deaths or its incidence.

Belongs here: which disease a number belongs to, and whether the text speaks of notifiable diseases at all.
Not here: the diseases and their indicators (`disease`).
"""

from __future__ import annotations

import re

from ingest.extract.cues import cue_pattern
from ingest.extract.disease import DEATHS, INCIDENCE, DiseaseMention, case_code
from ingest.extract.fillers import says_something
from ingest.extract.found import Found
from ingest.extract.indicator import Link
from ingest.extract.mentions import between
from ingest.extract.quantity import Quantity
from ingest.extract.statement import Phrase, Statement

_AFTER_DISEASE = " 病患者人例报告发数为共死亡其中全年累计新本地土输入确诊疑似到至(,、:"
_DEATHS_REACH = 20
_PARAGRAPH_REACH = 200  # 全区报告乙类传染病1365例。…其中肺结核218例
_REPORTED_AGAIN = "死亡[^死]*[,;。][^死]*?{reported_again}"  # 无死亡病例;报告登革热3例
_UNITS = frozenset({"case", "person", "per_100k"})
_FROM_YEAR = re.compile(r"[由从](?:(?:19|20)\d\d年|去年|上年)?(?:同期)?的?")
_TIMES_AND_MARKS = re.compile(r"(?:\d{1,4}年)?\d{0,2}月?份?|上半年|下半年|[一二三四]季度")


class DiseaseCases:
    """Answers for the quantities of one statement."""

    def __init__(self, found: Found, statement: Statement, begin: int) -> None:
        self.found = found
        self.text = found.text
        self.statement = statement
        self.begin = begin
        self.mentions = between(found.diseases, begin, statement.end)

    def of(
        self, quantity: Quantity, phrase: Phrase, first: Phrase, place: tuple[int, int], link: Link | None
    ) -> tuple[Link, str] | None:
        """手足口病320例: the indicator of a notifiable disease's cases, deaths or incidence, with the disease as part.

        Args:
            first: the phrase of the first number of the list that this one goes on.
            place: the number's position in that list, and the list's length.
            link: what the words name without the disease; a composed name is not given up for it.

        Returns:
            The link and the part; None where the number counts no cases.
        """
        if not self.mentions or quantity.unit not in _UNITS:
            return None
        start = min(phrase.left[0][0], first.left[0][0])
        mention = self._in_order(first, *place)
        if mention is None and (link is None or _may_be_disease(link)):
            mention = self._named(start, phrase.left[-1][1])
        if mention is None or mention.disease.legal_class == "other":
            return None
        text = self.text
        spoken = text[self.begin : quantity.lead] + "".join(
            text[slice(*self.found.heading_span(section))] for section in self.found.sections_above(self.statement)
        )
        if not cue_pattern("{notifiable_words}").search(spoken):
            paragraph = max(text.rfind("\n", 0, self.begin), self.begin - _PARAGRAPH_REACH, 0)
            if link is not None or not cue_pattern("{notifiable_words}").search(text, paragraph, self.begin):
                return None
        near = text[max(self.begin, mention.start - _DEATHS_REACH) : quantity.lead]
        if quantity.unit == "per_100k":
            code = INCIDENCE
        elif (
            "死亡" in near
            and "发病" not in near
            and "报告病例" not in near
            and not cue_pattern(_REPORTED_AGAIN).search(near)
        ):
            code = DEATHS
        else:
            code = case_code(mention.disease, spoken)
        words = (text[mention.start : mention.end],)
        part = "" if code == mention.disease.indicator else mention.disease.name
        return Link(self.found.catalogue.by_code[code], 0.0, mention.start, mention.end, "disease", words), part

    def _in_order(self, first: Phrase, position: int, size: int) -> DiseaseMention | None:
        """以手足口病和流感为主,分别为94例、82例: as many diseases as values stand before the list."""
        lead = first.left[-1][1]
        if size < 2 or not cue_pattern("{in_order}").search(self.text, first.left[0][0], lead):
            return None
        begin = max(self.begin, *(self.text.rfind(mark, self.begin, first.left[0][0] - 1) + 1 for mark in ",;"))
        listed = [mention for mention in self.mentions if begin <= mention.start and mention.end <= lead]
        return listed[position] if len(listed) == size else None

    def _named(self, start: int, end: int) -> DiseaseMention | None:
        """The disease right before a number; where its words name nothing else, the one of an earlier clause."""
        own = [mention for mention in self.mentions if start <= mention.start and mention.end <= end]
        if own:
            return own[-1] if not _measured(self.text[own[-1].end : end]).strip(_AFTER_DISEASE) else None
        words = self._without_parts(start, end)
        if _TIMES_AND_MARKS.sub("", words).strip(_AFTER_DISEASE) and says_something(words):
            return None
        begin = max(self.begin, self.text.rfind(";", self.begin, start) + 1)
        earlier = [mention for mention in self.mentions if begin <= mention.start and mention.end <= start]
        several = len({mention.disease.name for mention in earlier}) > 1
        return (
            earlier[-1] if earlier and not (several and cue_pattern("{sums_up}").match(self.text[start:end])) else None
        )

    def _without_parts(self, start: int, end: int) -> str:
        """Words without the ages and places that divide a disease's cases (其中0—3岁298例, 城关镇41例)."""
        found, pieces, at = self.found, [], start
        for mention in sorted((*between(found.ages, start, end), *between(found.named, start, end))):
            if mention.start >= at and mention.end <= end:
                pieces.append(self.text[at : mention.start])
                at = mention.end
        return "".join((*pieces, self.text[at:end]))


def _measured(words: str) -> str:
    """肺结核发病率由2018年的, 发病率下降到: the words behind a disease without the measure, times, and what it did."""
    rest = cue_pattern("发病率(?:为|达|是)?{raised_to}?").sub("", words, count=1)
    return rest if len(rest) == len(words) else _FROM_YEAR.sub("", rest)


def _may_be_disease(link: Link) -> bool:
    """A whole name may give way to a disease's; a part does where its whole counts diseases too."""
    return link.rule == "whole_name" or (link.rule == "part" and link.indicator.domain == "disease_control")
