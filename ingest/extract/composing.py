"""Composing: names that stand nowhere in one piece: those of a list's items, of a whole's parts, of a count's rate.

Belongs here: putting the pieces together and looking the result up. Not here: which pieces belong together (`naming`,
`lists`, `parts`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from ingest.extract.catalogue import MEASURE, PER_UNITS, SERVICE, SUBJECT, Catalogue
from ingest.extract.cues import cue_pattern, cues
from ingest.extract.fillers import gap_in, without_marks
from ingest.extract.indicator import Context, Hit, Link, find_link

_LINKING_TAIL = r"{linking_tails}+$"
_DOSE = re.compile("第?[一二三四五](?P<rest>[剂针].*)")
_ORDINAL = re.compile("第?(?P<ordinal>[一二三四五])(?:[剂针]|(?:接种)?$)")


class Composer:
    """Looks up names that were put together, in the context of one statement.

    Args:
        catalogue: the indicators and their words.
        context: says whether an indicator's context words stand around the statement.
        headings: gives the words of the headings above, which may lend a subject.
    """

    def __init__(self, catalogue: Catalogue, context: Context, headings: Callable[[], Sequence[Sequence[Hit]]]) -> None:
        self.catalogue = catalogue
        self._context = context
        self._headings = headings

    def link(self, words: str, unit: str, earlier: Iterable[Sequence[Hit]] = ()) -> Link | None:
        """The indicator that words name when a number stands right behind them."""
        own = [Hit(start, end, word) for word, start, end in self.catalogue.hits(words)]
        end = (len(words), len(words))
        inherited = [*earlier, *self._headings()]
        return find_link(self.catalogue, unit, own, inherited, self._context, end, gap_in(words))

    def rate_of(self, counted: Link) -> Link | None:
        """The rate of what a count counts (听力筛查 → 听力筛查率)."""
        link = self.link("".join(counted.words) + "率", "percent")
        return link if link is not None and link.indicator.is_rate and link.rule != "inherited" else None

    def part_of(self, words: str, unit: str, whole: Link) -> Link | None:
        """The indicator that a part's words and the whole's name make together (医院 of 床位 → 医院床位)."""
        part = cue_pattern(_LINKING_TAIL).sub("", without_marks(words))
        for tail in self._cores("".join(whole.words), whole):
            link = self.link(part + tail, unit)
            if link is not None and link.start < len(part):
                return link
        return None

    def list_item(self, items: Sequence[str], at: int) -> str:
        """One name of a list: its own words, with the first one's head and the last one's tail where it lacks them."""
        item, last = items[at], items[-1]
        if (dose := _DOSE.match(last)) and (ordinal := _ORDINAL.search(item)) and _ORDINAL.search(items[0]):
            return without_marks(f"第{ordinal['ordinal']}{dose['rest']}")  # (第)一、二剂接种率
        if not self.catalogue.hits(item):
            item = last  # 2021年、2022年活产数, A县、B县签约率: the items are times or places of one name
        elif at < len(items) - 1 and not item.endswith(cues().words["counting_ends"]):
            rest = self._after_subject(last)
            item = item if item.endswith(rest) else item + rest
        head = next((word for _, word in PER_UNITS if word in items[0]), "")
        if head and at and head not in item:
            first = items[0]
            at_people = first.find("人口", first.index(head))
            item = f"{first[first.index(head) : at_people + 2]}{item}" if at_people >= 0 else f"{head}人{item}"
        average = next((word for word in cues().words["averages"] if items[0].startswith(word)), "")
        if average and at and average not in item:
            item = average + item  # 次均门诊、住院费用
        return without_marks(item)

    def names_subject(self, name: str) -> bool:
        """Whether a name says whom or what it is about, beside the service and the measure."""
        roles = self.catalogue.roles
        return any(slot == SUBJECT for word, _, _ in self.catalogue.hits(name) for _, slot in roles[word])

    def subject_of(self, name: str) -> str:
        """The subject at the head of a name, without the service and measure behind it."""
        rest = self._after_subject(name)
        return name[: len(name) - len(rest)] if rest != name else name

    def _after_subject(self, name: str) -> str:
        """What follows the subject of a list's last name: the service and measure that all of them share."""
        roles = self.catalogue.roles
        hits = self.catalogue.hits(name)
        subjects = [(start, end) for word, start, end in hits if any(slot == SUBJECT for _, slot in roles[word])]
        if not subjects:
            later = [
                start for word, start, _ in hits if start and any(slot in {SERVICE, MEASURE} for _, slot in roles[word])
            ]
            return name[min(later) :] if later else name
        earliest = min(start for start, _ in subjects)
        return name[max(end for start, end in subjects if start == earliest) :]

    def _cores(self, words: str, whole: Link) -> list[str]:
        """A whole's name and its shorter cores, for putting a part's words before them (医疗卫生机构床位 → 床位)."""
        index, mentions = whole.indicator.index, self.catalogue.mentions
        cores = [words[start:] for word, start, _ in self.catalogue.hits(words) if index in mentions[word]]
        return sorted({words, *cores}, key=len, reverse=True)
