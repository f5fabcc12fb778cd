"""Lists: several names for several values (A、B和C的率分别为x、y和z), and one value for several names (均达x).

Belongs here: which name goes with which value. Not here: a single number's name (`naming`), putting the pieces of a
name together (`composing`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.extract.catalogue import GROWTH, PER_UNITS
from ingest.extract.cues import cue_pattern
from ingest.extract.fillers import says_something
from ingest.extract.indicator import Link
from ingest.extract.quantity import Quantity

if TYPE_CHECKING:
    from ingest.extract.naming import Namer

_PARALLEL, _ALL_ALIKE = "{in_order}", "{all_alike}|各$"
_COMPARED_WITH = r"{surpasses}|{raised_to}|(?:19|20)\d\d年|{by_how_much}"
_JOINTS = re.compile(r"以及|[和与]|(?<!三)、|、(?!四级)|及(?![以其时])")  # 三、四级手术 is one name


@dataclass(slots=True)
class Name:
    """What a number counts: the words, the spans they stand in, the indicator they name."""

    words: str
    spans: tuple[tuple[int, int], ...]
    link: Link | None
    is_bare: bool = False  # the number's own phrase names nothing; the words are borrowed
    is_spread: bool = False  # put together from a list of names; the words stand so nowhere in the text


class ListNames:
    """Names the values of one statement's lists, in order."""

    def __init__(self, namer: Namer) -> None:
        self._namer = namer
        self._last_items: list[str] = []

    def changes(self, first: int, number: int, size: int) -> list[Name]:
        """A率、B率分别为…,分别下降x、y: the changes belong to the levels before them in the same order."""
        namer = self._namer
        levels = [link for link in namer.links[:first] if link is not None]
        said = namer.joined(namer.phrases[first].left)
        parallel = cue_pattern(_PARALLEL)
        if len(levels) < size or not parallel.search(said) or says_something(parallel.sub("", said)):
            return []
        link = levels[len(levels) - size + number - first]
        return [Name("".join(link.words), namer.phrases[number].left, link, is_spread=True)]

    def again(self, first: int, number: int, size: int) -> Name | None:
        """A、B分别从x、y下降到v、w: a list that names nothing says again what the list before it named."""
        namer = self._namer
        before, quantities = first - size, namer.statement.quantities
        if before < 0 or any(
            quantities[before + at].unit_text != quantities[first + at].unit_text for at in range(size)
        ):
            return None
        said = cue_pattern(_COMPARED_WITH).sub("", namer.without_places(namer.phrases[first].left))
        if says_something(cue_pattern(_PARALLEL).sub("", said)):
            return None
        link = namer.links[before + number - first]
        if link is None:
            return None
        quantities[number].unit = quantities[before + number - first].unit
        return Name("".join(link.words), namer.phrases[number].left, link, is_spread=True)

    def spread(self, first: int, number: int, size: int, *, is_change: bool) -> list[Name]:
        """A name for each value, put together from its item and the tail; none where the text names no list.

        Args:
            first, size: the list of values that the number belongs to.
            number: the value.
            is_change: it says by how much the named ones changed.
        """
        namer = self._namer
        phrase = namer.phrases[first]
        start, end = phrase.left[0][0], phrase.left[-1][1]
        mark = cue_pattern(_PARALLEL if size > 1 else _ALL_ALIKE).search(namer.text, start, end)
        if mark is None:
            return self._unmarked(first, number, size)
        items = [item for item in _JOINTS.split(namer.text[start : mark.start()]) if item.strip(" (")]
        if not items and (bracket := namer.clauses.bracket_around(namer.statement.quantities[first])):
            start = self._clause_before(bracket[0])  # 床位数、医师均低于全省平均水平(分别为x、y)
            items = [item for item in _JOINTS.split(namer.text[start : bracket[0]]) if item.strip()]
        if size == 1:
            names = [self._item(items, at, start, number, is_change=is_change) for at in range(len(items))]
            coded = [name for name in names if name.link is not None]
            if len({name.link.indicator.code for name in coded if name.link}) > 1:
                return coded
            return names if len(names) > 1 and all(item.strip().endswith("率") for item in items) else []
        if len(items) < size and len(self._last_items) == size:
            # 规范管理率分别为… after a list of the same length: its subjects go on
            subjects = [namer.composer.subject_of(item) for item in self._last_items]
            items = [*subjects[:-1], subjects[-1] + items[-1]] if items else []
        elif len(items) == 1 < size and (counted := self._subjects_before(first, size)):
            items = [subject + items[0] for subject in counted]
        if len(items) < size:
            return []
        self._last_items = items[len(items) - size :]
        after = namer.text[mark.end() : end].strip(" 为达是到有")
        if says_something(after):
            items = [item + after for item in items]  # A、B分别报销x、y
        return [self._item(items, len(items) - size + number - first, start, number, is_change=is_change)]

    def _clause_before(self, end: int) -> int:
        """Where the clause begins that ends at a bracket."""
        text, begin = self._namer.text, self._namer.statement.start
        return max(begin, *(text.rfind(mark, begin, end) + 1 for mark in ",;:"))

    def _unmarked(self, first: int, number: int, size: int) -> list[Name]:
        """高血压、糖尿病患者在管1.2万人和0.3万人: as many names as values, without a word that says in order."""
        namer = self._namer
        quantities = namer.statement.quantities[first : first + size]
        (start, end) = namer.phrases[first].left[-1]
        if size == 1 and (quantities[0].unit != "percent" or _JOINTS.search(namer.text, start, end) is None):
            return []
        items = [item for item in _JOINTS.split(namer.text[start:end]) if item.strip()]
        if size == 1:  # 高血压、糖尿病患者规范管理率稳定在75%: a rate that both have
            names = [self._item(items, at, start, number, is_change=False) for at in range(len(items))]
            links = [name.link for name in names if name.link is not None and name.link.rule != "inherited"]
            is_shared = len(links) == len(items) > 1
            return names if is_shared and len({link.indicator.code for link in links}) == len(items) else []
        if len(items) == 1 < size == len(self._last_items):  # 规范管理人数达x、y after a list of the same length
            items = [namer.composer.subject_of(item) + items[0] for item in self._last_items]
        elif len(items) == 1 < size and not namer.composer.names_subject(items[0]):
            # 高血压患者9124人、糖尿病患者2036人,规范管理率为x、y
            items = [subject + items[0] for subject in self._subjects_before(first, size)]
        is_one_unit = len({quantity.unit_text for quantity in quantities}) == 1
        if len(items) != size or not (is_one_unit or all(any(per in item for _, per in PER_UNITS) for item in items)):
            return []
        names = [self._item(items, at, start, first + at, is_change=False) for at in range(size)]
        if len({name.link.indicator.code for name in names if name.link is not None}) < size:
            return []
        self._last_items = items
        return [names[number - first]]

    def _subjects_before(self, first: int, size: int) -> list[str]:
        """Whom the numbers before counted, each others (高血压患者…名、糖尿病患者…名,管理率分别为…)."""
        namer = self._namer
        links = [link for link in namer.links[max(0, first - size) : first] if link is not None]
        if len(links) < size or len({link.indicator.code for link in links}) < size:
            return []
        return [namer.composer.subject_of("".join(link.words)) for link in links]

    def _item(self, items: Sequence[str], at: int, start: int, number: int, *, is_change: bool) -> Name:
        namer = self._namer
        words = namer.composer.list_item(items, at)
        unit = _unit(namer.statement.quantities[number], words)
        if is_change and unit in {"percent", "percentage_point"}:
            unit = GROWTH if unit == "percent" else "percent"
        earlier = namer.lent_before(start)
        if at:  # 结核病人转诊到位率、规范管理率: the first one says of whom
            earlier = [namer.lending((start, start + len(items[0]))), *earlier]
        link = namer.composer.link(words, unit, earlier)
        if link is None and at:  # 能提供…服务的卫生院、村卫生室占比; 临床路径入径率、完成率
            heads = items[0][: items[0].rfind("的") + 1], namer.composer.subject_of(items[0])
            links = (namer.composer.link(head + words, unit, earlier) for head in heads if head)
            link = next((each for each in links if each is not None), None)
        return Name(words, namer.phrases[number].left, link, is_spread=True)


def _unit(quantity: Quantity, words: str) -> str:
    """The number's unit, or per how many people where the name says so."""
    if quantity.unit in {"person", "bed", "item", ""}:
        for unit, per in PER_UNITS:
            if per in words:
                quantity.unit = unit
    return quantity.unit
