"""Naming: from a number to the words that name what it counts, and by them to its indicator.

Belongs here: which stretch of a sentence names a number (its own phrase, the phrase it shares, the clause before).
Not here: lists of names (`lists`), rates and shares of counts (`rates`), numbers that only look named (`near_miss`),
matching words with the catalogue (`indicator`), places (`scope`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain

from ingest.extract.catalogue import GROWTH, MEASURE, PER_UNITS, SERVICE, SHORT_PER_UNITS, Catalogue
from ingest.extract.composing import Composer
from ingest.extract.cues import cue_pattern
from ingest.extract.fillers import CONTENT, gap_in, says_something, without_marks
from ingest.extract.found import Found
from ingest.extract.indicator import Hit, Link, find_link
from ingest.extract.lists import ListNames, Name
from ingest.extract.mentions import between
from ingest.extract.near_miss import is_near_miss, opens_missing_row
from ingest.extract.quantity import Quantity
from ingest.extract.rates import RateNames
from ingest.extract.statement import Clauses, Phrase, Statement

_COMPARES = "[ (]*{compared_with}"
# behind a number: says what kind of level it is (的平均水平, 的国家标准), not what is counted
_LEVEL_NAMED = r"的[^,;。的]{0,6}{levels}|的$|相比|(?:再|又|有所)?{moves}|再到"
_COMPARED_WITH = (
    r"[较比与](?:[^,;。]{0,12}?(?:前|末|底|初|同期|时)(?:的?{by_how_much})?"
    r"(?:(?:{compared_up}|{compared_down}){compared_verbs}?)?|(?:{compared_up}|{compared_down}){compared_verbs}?)"
)
_INHERITED_CLAUSES = 8
_OF_INSTITUTIONS = frozenset({"家", "所", "间"})
_KIND_BEFORE = r"{counted_kinds}[ 有共为]*$"
_RATES = frozenset({"per_mille", "per_10k", "per_100k"})
_KINDS = frozenset({"种", "类"})
_ROUNDS = frozenset({"轮", "届"})  # how often, never how many were counted
_PER_HEAD_LENGTH = 8
_PLACE_LENGTH = 12
_SURE_CHANGE = 5.0  # a growth in percent names its count only with a clear name before it
# Rows whose items are kinds of one thing.
_INSPECTIONS = frozenset({"supervision_inspections"})
_HEADED_ROWS = frozenset({"smoke_free_or_healthy_units"})


def _counting(quantity: Quantity, unit: str) -> str:
    """The unit that a name must fit: rounds and kinds (资料86种) are not the things themselves."""
    if quantity.unit_text in _ROUNDS:
        return "round"
    return "kind" if quantity.unit_text in _KINDS else unit


def _last_per(words: str) -> str:
    """The unit of the last 每千人口 or the like in some words; '' without one."""
    units = (*PER_UNITS, *SHORT_PER_UNITS)
    return max(((words.rfind(per), unit) for unit, per in units if per in words), default=(0, ""))[1]


def _behind_words(text: str, lead: int) -> int:
    """Where the words before a number end; blanks between are no distance."""
    while lead and text[lead - 1] == " ":
        lead -= 1
    return lead


class _Earlier:
    """The words of the clauses and headings before a phrase, nearest first, each looked up when it is asked for."""

    __slots__ = ("_before", "_known", "_namer", "_spans")

    def __init__(self, namer: Namer, before: int) -> None:
        self._namer = namer
        self._before = before
        self._spans: list[tuple[int, int]] | None = None
        self._known: list[list[Hit]] = []

    def __iter__(self) -> Iterator[list[Hit]]:
        namer, known = self._namer, self._known
        if self._spans is None:
            self._spans = namer.clauses.earlier_clauses(self._before, _INHERITED_CLAUSES)
            if namer.begin < namer.statement.start:
                self._spans.append((namer.begin, namer.statement.start))
        for at, span in enumerate(self._spans):
            if at == len(known):
                known.append(namer.lending(span))
            if known[at] or not cue_pattern(_COMPARES).match(namer.text, *span):
                yield known[at]  # 出生1147人,同比减少63人,死亡1742人: a comparison stands in nobody's way
        yield from namer.headings


class Namer:
    """Names the quantities of one statement, in order; a later one may lean on an earlier one."""

    def __init__(self, found: Found, catalogue: Catalogue, statement: Statement, begin: int) -> None:
        self.found = found
        self.text = found.text
        self.catalogue = catalogue
        self.statement = statement
        self.begin = begin  # of what the statement continues (其中 …), else its own start
        self.clauses = Clauses(found.text, statement.start, statement.end, statement.quantities)
        self.phrases = [self.clauses.phrase(number) for number in range(len(statement.quantities))]
        self._section_start = found.section_start(statement)
        self._lists = self._find_lists()
        self._is_clear = gap_in(self.text, found.places)
        self.composer = Composer(catalogue, self._gives_context, lambda: self.headings)
        self._list_names = ListNames(self)
        self._rates = RateNames(self)
        self._headings: list[list[Hit]] | None = None
        self._heading_contexts: frozenset[int] | None = None
        self._lending: dict[tuple[int, int], list[Hit]] = {}
        self.spans: list[tuple[tuple[int, int], ...]] = []
        self.links: list[Link | None] = []
        self._missed: list[bool] = []  # which were near misses
        self._anchors: list[int] = []  # where the words of each number end: the number that they stand before

    def names(self, number: int, *, is_change: bool) -> list[Name]:
        """What the statement's quantity of that index counts: one name, or several when one value holds for all."""
        quantity, phrase = self.statement.quantities[number], self.phrases[number]
        first, size = self.list_of(number)
        if is_change and size > 1:
            spread = self._list_names.changes(first, number, size)
            if spread:
                self._remember(first, spread[0].link)
                return spread
        if size > 1 and (again := self._list_names.again(first, number, size)) is not None:
            self._remember(first, again.link)
            return [again]
        spread = self._list_names.spread(first, number, size, is_change=is_change)
        if spread:
            self._remember(first, spread[-1].link)
            return spread
        spans = tuple(span for span in phrase.left if span[1] > span[0])
        left = self.joined(spans)
        anchor = _behind_words(self.text, quantity.lead)
        said = self.without_places(spans)
        if is_change:
            said = cue_pattern(_COMPARED_WITH).sub("", said)  # 比五年前提高, 较“十二五”末下降
        is_bare = first != number or not (self._has_noun_after(phrase) or says_something(said))
        is_bare = is_bare and not self._is_own_rate(number, first, left)
        if first != number:
            spans, anchor = self.spans[first], self._anchors[first]
        elif is_bare:
            borrowed = None if self._sums_up(number, left) else self._borrow(number, phrase)
            if borrowed is not None:
                spans, anchor = borrowed
        self.spans.append(spans)
        self._anchors.append(anchor)
        unit = self._unit(quantity, spans)
        if is_change and unit in {"percent", "percentage_point"}:
            unit = GROWTH if unit == "percent" else "percent"  # a count grows by percents, a rate by points
        own = [hit for span in (*spans, phrase.right) for hit in self.found.hits.within(*span)]
        if unit.startswith("per_1") and not _last_per(self.joined(spans)):
            own = self._per_head(spans) + own
        link = find_link(
            self.catalogue,
            _counting(quantity, unit),
            own,
            _Earlier(self, spans[0][0] if spans else quantity.lead),
            self._gives_context,
            (anchor, quantity.stop),
            self._is_clear,
        )
        if is_change and link is not None and quantity.unit == "percent" and link.score < _SURE_CHANGE:
            link = None
        if is_change and link is None and not is_bare:
            link = self._of_level(number, said)
        is_missed = link is not None and (
            is_near_miss(self.text, link, quantity, self.joined(spans), phrase) or self._goes_on_missing(number, phrase)
        )
        if quantity.unit == "percent" and (is_missed or link is None):
            shared = self._rates.share(number, phrase)
            is_missed, link = (False, shared) if shared is not None else (is_missed, link)
        self._missed.append(is_missed)
        if is_missed:
            link = None
        if link is not None and first != number and self._says_other_unit(first, number, link):
            link = None
        if link is not None and link.rule == "inherited" and self._names_another_disease(spans, link):
            link = None
        if (
            quantity.unit == "percent"
            and is_bare
            and first == number
            and (other := self._rates.beside_rate(number, left))
        ):
            is_missed, link = False, other
        if quantity.unit == "percent" and not is_missed and (link is None or link.rule == "inherited"):
            link = self._rates.of_count(number, left) or link
        elif link is None and quantity.unit in _RATES and (first != number or (is_bare and left.find("率") >= 0)):
            link = self._rates.beside(number, quantity.unit)  # 婴儿死亡38例、3.79‰
        elif link is not None and quantity.unit == "per_100k" and number and link.rule == "whole_name":
            link = self._rates.of_class(number, left, link)
        if link is None and not is_missed and not is_change:
            link = self._rates.under_head(phrase, unit)
            if link is None and (completed := self._rates.completing(number, left, unit)) is not None:
                link, spans = completed, (*self.spans[number - 1], *spans)
        if link is not None and link.indicator.unit == "bed" and self._counts_institutions(quantity, left):
            link = None  # 800张以上床位医院40家 counts no beds
        link = self._of_enumeration(number, phrase, link)
        self.links.append(link)
        return [Name(self._words(spans, phrase), spans, link, is_bare)]

    def _is_own_rate(self, number: int, first: int, left: str) -> bool:
        """入径率52%,完成率84%: a rate in filling words alone that makes a name with what the sentence speaks of."""
        if first != number or self.statement.quantities[number].unit != "percent" or "率" not in left:
            return False
        earlier = self.lent_before(self.phrases[number].left[0][0])
        link = self.composer.link(without_marks(left.strip(" ,为达到")), "percent", earlier)
        return link is not None and link.indicator.is_rate

    def _of_level(self, number: int, said: str) -> Link | None:
        """报告传染病2416例…,与上年同期相比发病数下降12%: a change names by its measure which level it is of."""
        said = said.replace("相比", "")
        roles, rest = self.catalogue.roles, said
        services, measures = set[int](), set[int]()
        for word, start, end in self.catalogue.hits(said):
            services |= {index for index, slot in roles[word] if slot == SERVICE}
            measures |= {index for index, slot in roles[word] if slot == MEASURE}
            if any(slot in {SERVICE, MEASURE} for _, slot in roles[word]):
                rest = f"{rest[:start]}{',' * (end - start)}{rest[end:]}"
        measured = services or measures
        if says_something(rest):
            return None
        is_rate, in_points = "率" in said, self.statement.quantities[number].unit == "percentage_point"
        for link in reversed(self.links[:number]):
            if link is not None and link.indicator.index in measured and link.indicator.is_rate == is_rate:
                return link if link.indicator.unit == "percent" or not in_points else None
        return None

    def _remember(self, first: int, link: Link | None) -> None:
        self.spans.append(self.phrases[first].left)
        self._anchors.append(self.statement.quantities[first].lead)
        self._missed.append(False)
        self.links.append(link)

    def _per_head(self, spans: Sequence[tuple[int, int]]) -> list[Hit]:
        """The nearest 每千人口 before a number that leaves it out (每千人口床位4.9张,医师2.3人)."""
        before = spans[0][0] if spans else self.statement.start
        heads = self.found.per_head_before(self.begin, before)
        return [hit for hit in heads if hit.end - hit.start <= _PER_HEAD_LENGTH]

    # -- which words ---------------------------------------------------------------------------------------------

    def list_of(self, number: int) -> tuple[int, int]:
        """The first quantity of the list that this one belongs to, and the list's length."""
        return self._lists[number]

    def _find_lists(self) -> list[tuple[int, int]]:
        """For each quantity, the first one of its list and the list's length."""
        result: list[tuple[int, int]] = []
        count = len(self.phrases)
        first = 0
        for number in range(1, count + 1):
            if number == count or not self._continues(number):
                result += [(first, number - first)] * (number - first)
                first = number
        return result

    def _continues(self, number: int) -> bool:
        quantities = self.statement.quantities
        return self.phrases[number].is_list_member or quantities[number - 1].stop == quantities[number].lead

    def _borrow(self, number: int, phrase: Phrase) -> tuple[tuple[tuple[int, int], ...], int] | None:
        """The words of a bare number: of the number before it in its clause, else of the clause before."""
        before = self.before(number)
        if before is not None:
            previous = self.statement.quantities[before]
            reached = previous.stop >= phrase.clause_start or (
                before < number - 1 and self._goes_on_behind(before, number)
            )
            if reached and self.spans[before]:
                return self.spans[before], self._anchors[before]
        for span in self.clauses.earlier_clauses(phrase.clause_start, 2):
            inside = [
                index for index, q in enumerate(self.statement.quantities[:number]) if span[0] <= q.start < span[1]
            ]
            if inside:
                spans = self.spans[inside[-1]]
                return (spans, self._anchors[inside[-1]]) if spans else None
            if says_something(self.text[span[0] : span[1]]):
                return (span,), span[1]
        return None

    def before(self, number: int) -> int | None:
        """The number before one, brackets that close between them left out (881所(中心224所),增加1所)."""
        quantities, bracket_around = self.statement.quantities, self.clauses.bracket_around
        own = bracket_around(quantities[number])
        return next((at for at in range(number - 1, -1, -1) if bracket_around(quantities[at]) in (None, own)), None)

    def _goes_on_behind(self, before: int, number: int) -> bool:
        """Whether only a bracket and one mark stand between two numbers and the words of the second."""
        quantities = self.statement.quantities
        bracket = self.clauses.bracket_around(quantities[number - 1])
        return bracket is not None and bracket[0] - quantities[before].stop <= 1

    def _sums_up(self, number: int, left: str) -> bool:
        """共计26家 after several items is their sum, not one more of the last."""
        return number > 1 and left.strip(" ,").startswith(("共计", "合计", "总计"))

    def _says_other_unit(self, first: int, number: int, link: Link) -> bool:
        """Of 补偿241人次、30户、31人 only the first is the indicator; the others count it in other units."""
        quantities = self.statement.quantities
        if link.indicator.unit == "visit" and any(q.unit == "household" for q in quantities[first:number]):
            return True
        return any(
            earlier is not None
            and earlier.indicator is link.indicator
            and quantities[index].unit != quantities[number].unit
            for index, earlier in enumerate(self.links[first:number], start=first)
        )

    def _counts_institutions(self, quantity: Quantity, left: str) -> bool:
        """Whether a number counts institutions, by its measure word or by the noun right before it."""
        if quantity.unit_text == "个":
            return cue_pattern(_KIND_BEFORE).search(left) is not None
        return quantity.unit_text in _OF_INSTITUTIONS

    def _names_another_disease(self, spans: Sequence[tuple[int, int]], link: Link) -> bool:
        """糖尿病患者管理…,慢性乙肝患者管理…: whom the words name themselves they need not borrow."""
        named = [mention for start, end in spans for mention in between(self.found.diseases, start, end)]
        return any(
            mention.end <= link.start and self.text[mention.start : mention.end] not in link.words[0]
            for mention in named
        )

    def _of_enumeration(self, number: int, phrase: Phrase, link: Link | None) -> Link | None:
        """建设健康促进机关56个、学校36所、医院21家: later items of a row keep the first one's head."""
        if number == 0 or not phrase.left:
            return link
        before = self.links[number - 1]
        # 公共场所512户次,医疗机构628户次: what is counted in rounds is not the institutions
        is_open = link is None or self.statement.quantities[number].unit_text.endswith("次")
        if is_open and before is not None and self._is_inspected_too(before, number, phrase):
            return before
        if phrase.left[0][0] == phrase.clause_start:
            return link
        joined = self.text[self.statement.quantities[number - 1].stop : phrase.left[0][1]].lstrip().startswith("、")
        if before is None or not joined or before.indicator.domain in {"resources", "services"}:
            return link
        if link is None and before.indicator.code in _HEADED_ROWS and self.statement.quantities[number].unit == "item":
            return before
        return (
            before
            if link is not None and link.indicator.domain == "resources" and not before.indicator.has_service
            else link
        )

    def _is_inspected_too(self, before: Link, number: int, phrase: Phrase) -> bool:
        """检查餐饮单位176家次,公共场所86家,学校32所: the verb of the first holds for each kind of place."""
        if before.indicator.code not in _INSPECTIONS or self.statement.quantities[number].unit not in {
            "item",
            "visit",
            "household",
        }:
            return False
        (start, end), code = phrase.left[-1], before.indicator.code
        named = [mention for mention, group in self.found.groups_between(start, end) if code in group.only]
        if not named:
            return False
        return not says_something(f"{self.text[start : named[0].start]},{self.text[named[-1].end : end]}")

    def lending(self, span: tuple[int, int]) -> list[Hit]:
        """The words of a clause that may lend a subject or speak against a name."""
        found = self._lending.get(span)
        if found is None:
            lends = self.catalogue.lending_words
            found = self._lending[span] = [hit for hit in self.found.hits.within(*span) if hit[2] in lends]
        return found

    def lent_before(self, before: int) -> list[list[Hit]]:
        """What the clauses before an offset may lend, nearest first."""
        return [self.lending(span) for span in self.clauses.earlier_clauses(before, _INHERITED_CLAUSES)]

    @property
    def headings(self) -> list[list[Hit]]:
        """The words of the headings above, nearest first; of one that the statement itself begins, those it holds."""
        if self._headings is None:
            above = self.found.section(self.statement).hits
            self._headings = [hits for hits in above if not hits or hits[-1].end <= self.statement.start]
            self._headings += [[hit for hit in hits if hit.end <= self.statement.end] for hits in above[:1]]
        return self._headings

    def _gives_context(self, index: int) -> bool:
        """Whether the section up to the statement's end, or a heading above, holds a context word of an indicator."""
        if self.found.is_too_early(index):
            return False
        if index in self._refused:
            return False
        if self.found.gives_context(index, self._section_start, self.statement.end):
            return True
        if self._heading_contexts is None:
            contexts = self.catalogue.contexts
            hits = chain(*self.found.section(self.statement).hits, self.found.title_hits)
            self._heading_contexts = frozenset().union(*[contexts[hit.word] for hit in hits])
        return index in self._heading_contexts

    @cached_property
    def _refused(self) -> frozenset[int]:
        """The indicators that the sentence or a heading above says it does not speak of (HPV疫苗…,第一剂接种1200人)."""
        own = self.found.hits.within(self.statement.start, self.statement.end)
        refusals = self.catalogue.refusals
        return frozenset().union(*[refusals[hit.word] for hit in chain(own, *self.found.section(self.statement).hits)])

    def without_places(self, spans: Sequence[tuple[int, int]]) -> str:
        """The words of some spans without the places, institutions and times they name."""
        pieces: list[str] = []
        for start, end in spans:
            at = start
            named = [(mention.start, mention.end) for mention in between(self.found.named, start, end)]
            named += [(time.start, time.end) for time in self.found.times_between(start, end)]
            for first, last in sorted(named):
                if first >= at and last <= end:
                    pieces.append(self.text[at:first])
                    at = last
            pieces.append(self.text[at:end])
        return "".join(pieces)

    def names_only_places(self, spans: Sequence[tuple[int, int]], phrase: Phrase) -> bool:
        """Whether a number's words are a place or an institution and nothing else (施甸县2例)."""
        named = any(between(self.found.named, start, end) for start, end in spans)
        return named and not self._has_noun_after(phrase) and not says_something(self.without_places(spans))

    def names_only_a_group(self, number: int) -> bool:
        """Whether a number's words are a part of the people and nothing else (签约率达到45%,重点人群达到70%)."""
        phrase = self.phrases[number]
        start, end = phrase.left[-1]
        named = self.found.groups_between(start, end)
        if len(named) != 1 or self._has_noun_after(phrase):
            return False
        mention = named[0][0]
        return not says_something(f"{self.text[start : mention.start]},{self.text[mention.end : end]}")

    def opens_with_a_place(self) -> bool:
        """Whether the statement begins with a place and its number: it goes on the list of the one before."""
        quantities = self.statement.quantities
        if not quantities or not quantities[0].lead - self.statement.start <= _PLACE_LENGTH:
            return False
        return self.names_only_places(self.phrases[0].left, self.phrases[0])

    def joined(self, spans: Sequence[tuple[int, int]]) -> str:
        text = self.text
        if len(spans) == 1:
            return text[slice(*spans[0])]
        return "".join([text[start:end] for start, end in spans])

    def _has_noun_after(self, phrase: Phrase) -> bool:
        start, end = phrase.right
        return (
            start < end
            and bool(CONTENT.match(self.text[start]))
            and not cue_pattern(_LEVEL_NAMED).match(self.text[start:end])
        )

    def _words(self, spans: Sequence[tuple[int, int]], phrase: Phrase) -> str:
        """The words that name what is counted, for people to read."""
        left = self.joined(spans).strip(" ,;:、.|")
        after = self.text[slice(*phrase.right)].strip(" ,;:、.|") if self._has_noun_after(phrase) else ""
        return f"{left}…{after}" if left and after else left or after

    def _unit(self, quantity: Quantity, spans: Sequence[tuple[int, int]]) -> str:
        """每千人口床位数5.2张 is beds per 1,000, whatever its own measure word says."""
        if quantity.unit in {"person", "bed", "item", ""}:
            named = self.joined(spans)
            if quantity.multiplier == 1 and (quantity.value is None or quantity.value < 1000):
                per = _last_per(named)
                if not per and quantity.value is not None and quantity.value % 1:
                    # 每千人口拥有医师2.3人,护士2.8人: nobody counts parts of a person
                    per = _last_per(self.text[self.statement.start : quantity.lead])
                quantity.unit = per or quantity.unit
            if quantity.unit == "item" and quantity.unit_text == "张" and "床" in named:
                quantity.unit = "bed"
        return quantity.unit

    def _goes_on_missing(self, number: int, phrase: Phrase) -> bool:
        """新纳入管理高血压患者1260人、糖尿病患者486人: what the verb says of the first holds for the row."""
        if number == 0 or not phrase.left or phrase.left[0][0] == phrase.clause_start:
            return False
        row = self.text[phrase.clause_start : phrase.left[0][0]]
        joined = self.text[self.statement.quantities[number - 1].stop : phrase.left[0][1]].lstrip().startswith("、")
        return joined and (self._missed[number - 1] or opens_missing_row(row))

    def as_part(self, number: int, words: str, whole: Link) -> Link | None:
        """The indicator that a part's words and the whole's name make together (其中医院30412张 of 床位 → 医院床位)."""
        quantity = self.statement.quantities[number]
        unit = whole.indicator.unit if quantity.unit in {"", "item"} else quantity.unit
        return self.composer.part_of(words, unit, whole)
