"""Rates: rates and shares whose name stands in the words of another number, or before the parts that share it.

Belongs here: the rate of what was counted, the share of a count, the head of a row of parts. Not here: names that
stand in a number's own words (`naming`), lists (`lists`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.extract.cues import cue_pattern
from ingest.extract.fillers import fillers, says_something, without_marks
from ingest.extract.indicator import Link
from ingest.extract.statement import Phrase

if TYPE_CHECKING:
    from ingest.extract.naming import Namer

_SHORT_NAME = 10  # characters


class RateNames:
    """Names rates and shares by the numbers before them in one statement."""

    def __init__(self, namer: Namer) -> None:
        self._namer = namer

    def of_count(self, number: int, left: str) -> Link | None:
        """听力筛查4058人(筛查率95.80%): a bare rate behind a count is the rate of what was counted."""
        counted = self._namer.links[number - 1] if number else None
        if counted is None or counted.indicator.is_rate or not left.rstrip(" 为达到是").endswith("率"):
            return None
        core = fillers().sub("", without_marks(left)).strip("(,")
        core = core.removesuffix("率")
        return self._namer.composer.rate_of(counted) if core and core in "".join(counted.words) else None

    def beside_rate(self, number: int, left: str) -> Link | None:
        """入径率52%,完成率84%: a rate in filling words alone that is another one of the same subject."""
        before = self._namer.links[number - 1] if number else None
        own = left.strip(" ,为达到是")
        if before is None or not before.indicator.is_rate or not own.endswith("率"):
            return None
        composer = self._namer.composer
        links = (
            composer.link(subject + own, "percent")
            for subject in self._namer.catalogue.subjects_of[before.indicator.index]
        )
        named = (link for link in links if link is not None and link.rule == "whole_name" and not link.start)
        return next((link for link in named if link.indicator is not before.indicator), None)

    def completing(self, number: int, left: str, unit: str) -> Link | None:
        """奖励扶助对象1386人,资金133万元: short words of money or a rate that make a name with those before."""
        before = next((link for link in reversed(self._namer.links[max(0, number - 2) : number]) if link), None)
        own = without_marks(left.strip(" ,;:为达到是共计"))
        is_told = unit == "CNY" or (unit == "percent" and own.endswith("率") and says_something(own))
        if before is None or not is_told or not 0 < len(own) <= _SHORT_NAME or before.rule == "inherited":
            return None
        named = "".join(before.words)
        for words in (own + named, named + own):
            link = self._namer.composer.link(words, unit)
            if link is not None and link.rule != "inherited" and link.indicator is not before.indicator:
                at = len(own) if words.startswith(own) else len(named)
                if link.start < at < link.end and not (unit == "percent" and _says_more(own, link)):
                    return link
        return None

    def under_head(self, phrase: Phrase, unit: str) -> Link | None:
        """基础免疫接种率:卡介苗98.6%;麻疹疫苗98.8%, 总诊疗量中,医院38.8万人次: the head names what each part has."""
        text, (start, end) = self._namer.text, phrase.left[-1]
        named = self._namer.found.groups_between(start, end)
        if len(named) != 1 or says_something(text[start : named[0][0].start] + text[named[0][0].end : end]):
            return None
        begin = self._namer.statement.start
        closing = max(text.rfind("中,", begin, start), text.rfind(":", begin, start))
        first = max(begin, *(text.rfind(mark, begin, closing) + 1 for mark in ",;。")) if closing > 0 else begin
        head = without_marks(text[first : max(first, closing)])
        if not head or any(first <= quantity.start < closing for quantity in self._namer.statement.quantities):
            return None
        links = (self._namer.composer.link(words, unit) for words in (named[0][0].name + head, head))
        return next((link for link in links if link is not None and link.rule == "whole_name"), None)

    def beside(self, number: int, unit: str) -> Link | None:
        """The rate of what the number before counted, where only a mark stands between them."""
        if not number:
            return None
        words = without_marks(self._namer.joined(self._namer.spans[number - 1]))
        links = (self._namer.composer.link(words + end, unit) for end in ("率", "发生率"))
        return next((each for each in links if each and each.indicator.is_rate and each.rule != "inherited"), None)

    def of_class(self, number: int, left: str, link: Link) -> Link:
        """甲乙类传染病312例,发病率142.8/10万: the rate of the class that was counted, where it has one of its own."""
        counted = self._namer.links[number - 1]
        if counted is None or counted.indicator.domain != link.indicator.domain:
            return link
        words = without_marks(self._namer.joined(self._namer.spans[number - 1]) + left.strip(" ,"))
        of_class = self._namer.composer.link(words, "per_100k")
        is_longer = of_class is not None and of_class.rule == "whole_name" and of_class.score > link.score
        return of_class if of_class is not None and is_longer else link

    def _counted(self, number: int) -> Link | None:
        """What the number before counts: by its own name, else as a part of the last whole in its unit."""
        links, quantities = self._namer.links, self._namer.statement.quantities
        if not number or links[number - 1] is not None:
            return links[number - 1] if number else None
        unit = quantities[number - 1].unit
        return next((links[at] for at in range(number - 1, -1, -1) if links[at] and quantities[at].unit == unit), None)

    def share(self, number: int, phrase: Phrase) -> Link | None:
        """基层医疗卫生机构诊疗185万人次,占57.4%: a share of what was counted, where the catalogue names that share."""
        counted = self._counted(number)
        own = cue_pattern("(?:{before_part})?(?P<part>[^,;。]*?)(?P<share>(?:{share_before})[^,;。]*)$").search(
            self._namer.text, phrase.left[0][0], phrase.left[-1][1]
        )
        if counted is None or counted.indicator.is_rate or own is None:
            return None
        name, share = own["part"] + self._namer.joined(self._namer.spans[number - 1]), own["share"]
        is_alone = self._namer.list_of(number)[1] == 1
        ends = (share, "占比", *(["".join(counted.words) + "占比"] if is_alone else []))
        links = (self._namer.composer.link(without_marks(name + end), "percent") for end in ends)
        return next((link for link in links if link is not None and link.indicator.code.endswith("share")), None)


def _says_more(words: str, link: Link) -> bool:
    """Whether words hold something that a name does not (托位使用率 beside 出生人口 is no 出生率)."""
    if link.rule == "whole_name":
        return False
    for word in sorted(link.words, key=len, reverse=True):
        words = words.replace(word, "", 1)
    return says_something(words)
