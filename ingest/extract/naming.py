"""Naming: from a number to the words that name what it counts, and by them to its indicator.

Belongs here: which stretch of a sentence names a number (its own phrase, the phrase it shares, the clause before), and
the near misses that stay uncoded. Not here: matching words with the catalogue (`indicator`), places (`scope`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.extract.catalogue import MEASURE, PER_UNITS, SERVICE, SUBJECT, Catalogue
from ingest.extract.cues import cues
from ingest.extract.found import Found
from ingest.extract.indicator import Hit, Link, find_link
from ingest.extract.mentions import between
from ingest.extract.quantity import Quantity
from ingest.extract.statement import Clauses, Phrase, Statement
from ingest.extract.tries import longest_of

_PARALLEL = re.compile(r"分别|依次|各为|各达|各占")
_ALL_ALIKE = re.compile(r"均|都|皆|同为")
_JOINTS = re.compile(r"以及|[、和与]|及(?!以|其)")
# behind a number: says what kind of level it is (的平均水平, 的国家标准), not what is counted
_LEVEL_NAMED = re.compile(
    r"的[^,;。的]{0,6}(?:目标|要求|标准|水平|指标|均值|平均|任务)|的$|相比|(?:再|又)?(?:增加|提高|提升|上升|下降|减少|降低|增长|扩大|升|降|缩短)"
)
_CONTENT = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_MARKS_IN_NAMES = re.compile(r"[“”\"'‘’《》\s]")
_INHERITED_CLAUSES = 8
_ROUNDS = frozenset({"轮", "届"})  # how often, never how many were counted
_PER_HEAD_LENGTH = 8
_SURE_CHANGE = 5.0  # a growth in percent names its count only with a clear name before it
# Rows whose items are kinds of one thing.
_HEADED_ROWS = frozenset({"smoke_free_or_healthy_units"})
# Indicators that count things: there the verb says whether the number is the stock.
_COUNTING_ENDS = ("率", "数", "人次", "量", "费用", "日")  # a name that is whole without the list's tail
_COUNTED_DOMAINS = frozenset({"resources", "maternal_child", "services", "population"})


@dataclass(slots=True)
class Name:
    """What a number counts: the words, the spans they stand in, the indicator they name."""

    words: str
    spans: tuple[tuple[int, int], ...]
    link: Link | None
    is_bare: bool = False  # the number's own phrase names nothing; the words are borrowed
    is_spread: bool = False  # put together from a list of names; the words stand so nowhere in the text


@dataclass(frozen=True)
class _Patterns:
    fillers: re.Pattern[str]
    places: re.Pattern[str]
    not_stock: re.Pattern[str]
    share: re.Pattern[str]
    row: re.Pattern[str]
    has: re.Pattern[str]
    completion: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    words = cues().words
    fillers = longest_of(words["fillers"])
    return _Patterns(
        # a bracket that holds no number explains the name before it (含幼儿园托班)
        fillers=re.compile(
            rf"(?:{fillers}|{longest_of((*words['change_up'], *words['change_down']))}"
            rf"|(?:19|20)\d\d年(?:度|底|末)?的?|\d{{1,2}}月(?:份|底|末)?|[“]?十[一二三四]?五[”]?期?末|"
            rf"\([^()]{{0,24}}\)|约?占[^,;。\d]{{0,14}}?的(?:比例|比重)?|[\s“”\"'‘’《》()、,:—|])*"
        ),
        places=re.compile(longest_of(words["area_words"])),
        not_stock=re.compile(longest_of(words["not_stock_verbs"])),
        share=re.compile(rf"(?:{longest_of(words['share_before'])})[^,;。]{{0,16}}$"),
        row=re.compile(longest_of(words["row_verbs"])),
        has=re.compile(rf"(?:{longest_of(words['stock_verbs'])})[^,;。]{{0,4}}$"),
        completion=re.compile(rf"(?:{longest_of(words['completion_before'])})(?:{fillers})*$"),
    )


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
            yield known[at]
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
        self._fillers = _patterns().fillers
        self._headings: list[list[Hit]] | None = None
        self._lending: dict[tuple[int, int], list[Hit]] = {}
        self._spans: list[tuple[tuple[int, int], ...]] = []
        self._links: list[Link | None] = []
        self._missed: list[bool] = []  # which were near misses
        self._anchors: list[int] = []  # where the words of each number end: the number that they stand before
        self._last_parts: list[str] = []

    def names(self, number: int, *, is_change: bool) -> list[Name]:
        """What the statement's quantity of that index counts: one name, or several when one value holds for all."""
        quantity, phrase = self.statement.quantities[number], self.phrases[number]
        first, size = self.list_of(number)
        if is_change and size > 1:
            spread = self._changes_in_order(first, number, size)
            if spread:
                self._remember(first, spread[0].link)
                return spread
        spread = self._spread(first, number, size, is_change=is_change)
        if spread:
            self._remember(first, spread[-1].link)
            return spread
        spans = tuple(span for span in phrase.left if span[1] > span[0])
        left = self._joined(spans)
        anchor = quantity.lead
        is_bare = first != number or not (
            self._has_noun_after(phrase) or self._says_something(self._without_places(spans))
        )
        if first != number:
            spans, anchor = self._spans[first], self._anchors[first]
        elif is_bare:
            borrowed = None if self._sums_up(number, left) else self._borrow(number, phrase)
            if borrowed is not None:
                spans, anchor = borrowed
        self._spans.append(spans)
        self._anchors.append(anchor)
        unit = self._unit(quantity, spans)
        if is_change and unit in {"percent", "percentage_point"}:
            unit = "" if unit == "percent" else "percent"  # a count grows by percents, a rate by points
        own = [hit for span in (*spans, phrase.right) for hit in self.found.hits.within(*span)]
        if unit.startswith("per_1") and not any(per in self._joined(spans) for _, per in PER_UNITS):
            own = self._per_head(spans) + own
        link = find_link(
            self.catalogue,
            "round" if quantity.unit_text in _ROUNDS else unit,
            own,
            _Earlier(self, min((span[0] for span in spans), default=quantity.lead)),
            self._gives_context,
            (anchor, quantity.stop),
            self._clear,
        )
        if is_change and link is not None and quantity.unit == "percent" and link.score < _SURE_CHANGE:
            link = None
        is_missed = link is not None and (
            self._near_miss(link, quantity, self._joined(spans), phrase) or self._goes_on_missing(number, phrase)
        )
        self._missed.append(is_missed)
        if is_missed:
            link = None
        if link is not None and first != number and self._says_other_unit(first, number, link):
            link = None
        if quantity.unit == "percent" and (link is None or link.rule == "inherited"):
            link = self._twin(number, left) or link
        link = self._of_enumeration(number, phrase, link)
        self._links.append(link)
        return [Name(self._words(spans, phrase), spans, link, is_bare)]

    def _remember(self, first: int, link: Link | None) -> None:
        self._spans.append(self.phrases[first].left)
        self._anchors.append(self.statement.quantities[first].lead)
        self._missed.append(False)
        self._links.append(link)

    def _twin(self, number: int, left: str) -> Link | None:
        """听力筛查4058人(筛查率95.80%): a bare rate behind a count is the rate of what was counted."""
        before = self._links[number - 1] if number else None
        core = _patterns().fillers.sub("", _MARKS_IN_NAMES.sub("", left)).strip("(,")
        if before is None or before.indicator.is_rate or not left.rstrip(" 为达到是").endswith("率"):
            return None
        counted = "".join(before.words)
        if core.removesuffix("率") not in counted:
            return None
        clean = f"{counted}率"
        own = [Hit(start, end, word) for word, start, end in self.catalogue.hits(clean)]

        def clear(a: int, b: int) -> bool:
            return a >= b or _patterns().fillers.fullmatch(clean, a, b) is not None

        end = (len(clean), len(clean))
        link = find_link(self.catalogue, "percent", own, self.headings, self._gives_context, end, clear)
        return link if link is not None and link.indicator.is_rate and link.rule != "inherited" else None

    def _per_head(self, spans: Sequence[tuple[int, int]]) -> list[Hit]:
        """The nearest 每千人口 before a number that leaves it out (每千人口床位4.9张,医师2.3人)."""
        before = min((start for start, _ in spans), default=self.statement.start)
        heads = self.found.per_head_before(self.begin, before)
        return [hit for hit in heads if hit.end - hit.start <= _PER_HEAD_LENGTH]

    def _changes_in_order(self, first: int, number: int, size: int) -> list[Name]:
        """A率、B率分别为…,分别下降x、y: the changes belong to the levels before them in the same order."""
        levels = [link for link in self._links[:first] if link is not None]
        said = self._joined(self.phrases[first].left)
        if len(levels) < size or not _PARALLEL.search(said) or self._says_something(_PARALLEL.sub("", said)):
            return []
        link = levels[len(levels) - size + number - first]
        return [Name("".join(link.words), self.phrases[number].left, link, is_spread=True)]

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
        if number > 0:
            previous = self.statement.quantities[number - 1]
            if previous.stop >= phrase.clause_start and self._spans[number - 1]:
                return self._spans[number - 1], self._anchors[number - 1]
        for span in self.clauses.earlier_clauses(phrase.clause_start, 2):
            inside = [
                index for index, q in enumerate(self.statement.quantities[:number]) if span[0] <= q.start < span[1]
            ]
            if inside:
                spans = self._spans[inside[-1]]
                return (spans, self._anchors[inside[-1]]) if spans else None
            if self._says_something(self.text[span[0] : span[1]]):
                return (span,), span[1]
        return None

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
            for index, earlier in enumerate(self._links[first:number], start=first)
        )

    def _of_enumeration(self, number: int, phrase: Phrase, link: Link | None) -> Link | None:
        """建设健康促进机关56个、学校36所、医院21家: later items of a row keep the first one's head."""
        if number == 0 or not phrase.left or phrase.left[0][0] == phrase.clause_start:
            return link
        before = self._links[number - 1]
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

    def lending(self, span: tuple[int, int]) -> list[Hit]:
        """The words of a clause that may lend a subject or speak against a name."""
        found = self._lending.get(span)
        if found is None:
            lends = self.catalogue.lending_words
            found = self._lending[span] = [hit for hit in self.found.hits.within(*span) if hit[2] in lends]
        return found

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
        if self.found.gives_context(index, self._section_start, self.statement.end):
            return True
        contexts = self.catalogue.contexts
        return any(index in contexts[hit.word] for hits in self.found.section(self.statement).hits for hit in hits)

    def _without_places(self, spans: Sequence[tuple[int, int]]) -> str:
        """The words of some spans without the places and institutions they name."""
        pieces: list[str] = []
        for start, end in spans:
            at = start
            for mention in between(self.found.named, start, end):
                if mention.start >= at and mention.end <= end:
                    pieces.append(self.text[at : mention.start])
                    at = mention.end
            pieces.append(self.text[at:end])
        return "".join(pieces)

    def _joined(self, spans: Sequence[tuple[int, int]]) -> str:
        return "".join([self.text[start:end] for start, end in spans])

    def _says_something(self, text: str) -> bool:
        """Whether a phrase names anything beyond fillers and words for a whole area."""
        if not _CONTENT.search(text):
            return False
        rest = _patterns().places.sub("", text)
        match = _patterns().fillers.match(rest)
        return bool(_CONTENT.search(rest[match.end() :] if match else rest))

    def _has_noun_after(self, phrase: Phrase) -> bool:
        start, end = phrase.right
        return start < end and bool(_CONTENT.match(self.text[start])) and not _LEVEL_NAMED.match(self.text[start:end])

    def _words(self, spans: Sequence[tuple[int, int]], phrase: Phrase) -> str:
        """The words that name what is counted, for people to read."""
        left = self._joined(spans).strip(" ,;:、.|")
        after = self.text[slice(*phrase.right)].strip(" ,;:、.|") if self._has_noun_after(phrase) else ""
        return f"{left}…{after}" if left and after else left or after

    def _clear(self, start: int, end: int) -> bool:
        return start >= end or self._fillers.fullmatch(self.text, start, end) is not None

    def _unit(self, quantity: Quantity, spans: Sequence[tuple[int, int]]) -> str:
        """每千人口床位数5.2张 is beds per 1,000, whatever its own measure word says."""
        if quantity.unit in {"person", "bed", "item", ""}:
            named = self._joined(spans)
            if quantity.value is not None and quantity.value % 1 and quantity.multiplier == 1:
                # 每千人口拥有医师2.3人,护士2.8人: nobody counts parts of a person
                named += self.text[self.statement.start : quantity.lead]
            for unit, words in PER_UNITS:
                if words in named and quantity.multiplier == 1 and (quantity.value is None or quantity.value < 1000):
                    quantity.unit = unit
            if quantity.unit == "item" and quantity.unit_text == "张" and "床" in named:
                quantity.unit = "bed"
        return quantity.unit

    # -- lists of names ------------------------------------------------------------------------------------------

    def _spread(self, first: int, number: int, size: int, *, is_change: bool) -> list[Name]:
        """A、B和C的率分别为x、y和z, A、B的率均达x: a name for each value, from its part and the tail."""
        phrase = self.phrases[first]
        if not phrase.left:
            return []
        start, end = phrase.left[0][0], phrase.left[-1][1]
        named = self.text[start:end]
        mark = _PARALLEL.search(named) if size > 1 else _ALL_ALIKE.search(named)
        if mark is None:
            return []
        parts = [part for part in _JOINTS.split(named[: mark.start()]) if part.strip()]
        if size > 1:
            if len(parts) < size and len(self._last_parts) == size:
                # 规范管理率分别为… after a list of the same length: its subjects go on
                parts = [*self._last_parts[:-1], self._subject_of(self._last_parts[-1]) + parts[-1]] if parts else []
            if len(parts) < size:
                return []
            self._last_parts = parts[len(parts) - size :]
            after = named[mark.end() :].strip(" 为达是到有")
            if self._says_something(after):
                parts = [part + after for part in parts]  # A、B分别报销x、y
            chosen = [len(parts) - size + number - first]
        else:
            chosen = list(range(len(parts)))
        names = [self._part(parts, index, start, number, is_change=is_change) for index in chosen]
        if size > 1:
            return names
        coded = [name for name in names if name.link is not None]
        return coded if len({name.link.indicator.code for name in coded if name.link}) > 1 else []

    def _part(self, parts: Sequence[str], index: int, start: int, number: int, *, is_change: bool) -> Name:
        """One name of a list: its own part, with the head of the first and the tail of the last where it lacks them."""
        quantity = self.statement.quantities[number]
        part = parts[index]
        last = parts[-1]
        if not self.catalogue.hits(part):
            part = last  # 2021年、2022年活产数, A县、B县签约率: the parts are times or places of one name
        elif index < len(parts) - 1 and not part.endswith(_COUNTING_ENDS):
            part += self._after_subject(last)
        head = next((word for _, word in PER_UNITS if word in parts[0]), "")
        if head and index and head not in part:
            part = f"{parts[0][parts[0].index(head) :][:4]}{part}" if "人口" in parts[0] else f"{head}人{part}"
        clean = _MARKS_IN_NAMES.sub("", part)
        unit = self._unit_of_words(quantity, clean)
        if is_change and unit in {"percent", "percentage_point"}:
            unit = "" if unit == "percent" else "percent"
        own = [Hit(hit_start, hit_end, word) for word, hit_start, hit_end in self.catalogue.hits(clean)]
        inherited = [self.found.hits.within(self.statement.start, start), *self.headings]

        def clear(a: int, b: int) -> bool:
            return a >= b or _patterns().fillers.fullmatch(clean, a, b) is not None

        link = find_link(self.catalogue, unit, own, inherited, self._gives_context, (len(clean), len(clean)), clear)
        return Name(clean, self.phrases[number].left, link, is_spread=True)

    def _unit_of_words(self, quantity: Quantity, words: str) -> str:
        if quantity.unit in {"person", "bed", "item", ""}:
            for unit, per in PER_UNITS:
                if per in words:
                    quantity.unit = unit
        return quantity.unit

    def _subject_of(self, part: str) -> str:
        """The subject at the head of a name, without the service and measure behind it."""
        rest = self._after_subject(part)
        return part[: len(part) - len(rest)] if rest != part else part

    def _after_subject(self, part: str) -> str:
        """What follows the subject of a list's last name: the service and measure that all of them share."""
        subjects = [
            (start, end)
            for word, start, end in self.catalogue.hits(part)
            if any(slot == SUBJECT for _, slot in self.catalogue.roles[word])
        ]
        if not subjects:
            later = [
                start
                for word, start, _ in self.catalogue.hits(part)
                if start and any(slot in {SERVICE, MEASURE} for _, slot in self.catalogue.roles[word])
            ]
            return part[min(later) :] if later else part
        earliest = min(start for start, _ in subjects)
        return part[max(end for start, end in subjects if start == earliest) :]

    def as_part(self, number: int, words: str, whole: Link) -> Link | None:
        """The indicator that a part's words and the whole's name make together (其中医院30412张 of 床位 → 医院床位)."""
        part = re.sub(r"(?:达到|达|为|至|到|有|是|共|均|保持|稳定在)+$", "", _MARKS_IN_NAMES.sub("", words))
        quantity = self.statement.quantities[number]
        unit = whole.indicator.unit if quantity.unit in {"", "item"} else quantity.unit
        for tail in self._cores("".join(whole.words), whole):
            clean = part + tail
            own = [Hit(start, end, word) for word, start, end in self.catalogue.hits(clean)]

            def clear(a: int, b: int, clean: str = clean) -> bool:
                return a >= b or _patterns().fillers.fullmatch(clean, a, b) is not None

            end = (len(clean), len(clean))
            link = find_link(self.catalogue, unit, own, self.headings, self._gives_context, end, clear)
            if link is not None and link.start < len(part):
                return link
        return None

    def _cores(self, words: str, whole: Link) -> list[str]:
        """A whole's name and its shorter cores, for putting a part's words before them (医疗卫生机构床位 → 床位)."""
        cores = [
            words[start:]
            for word, start, _ in self.catalogue.hits(words)
            if any(index == whole.indicator.index for index, _ in self.catalogue.roles[word])
        ]
        return sorted({words, *cores}, key=len, reverse=True)

    def _goes_on_missing(self, number: int, phrase: Phrase) -> bool:
        """新纳入管理高血压患者1260人、糖尿病患者486人: what the verb says of the first holds for the row."""
        if number == 0 or not phrase.left or phrase.left[0][0] == phrase.clause_start:
            return False
        row = self.text[phrase.clause_start : phrase.left[0][0]]
        joined = self.text[self.statement.quantities[number - 1].stop : phrase.left[0][1]].lstrip().startswith("、")
        return joined and (self._missed[number - 1] or bool(_patterns().row.match(self._without_fillers(row))))

    def _without_fillers(self, text: str) -> str:
        match = _patterns().fillers.match(text)
        return text[match.end() :] if match else text

    def _goes_on(self, link: Link) -> bool:
        """54个乡镇卫生院全部实施…: the counted ones do something; that they are all of them is not said."""
        after = self.text[link.end : link.end + 1]
        return bool(_CONTENT.match(after)) and after not in "和与及"

    # -- near misses ---------------------------------------------------------------------------------------------

    def _near_miss(self, link: Link, quantity: Quantity, left: str, phrase: Phrase) -> bool:
        """Bought, trained or inspected ones are not the stock; a share or a task's completion is not the rate."""
        indicator, patterns = link.indicator, _patterns()
        if quantity.unit == "percent" and link.rule != "whole_name" and patterns.share.search(left):
            return not indicator.code.endswith("share")
        if quantity.unit == "percent" and patterns.completion.search(left):
            return not (link.rule == "whole_name" and indicator.is_rate and quantity.lead - link.end <= 3)
        if indicator.kind == "stock" and not indicator.has_service and indicator.domain in _COUNTED_DOMAINS:
            if link.start >= quantity.stop and self._goes_on(link) and not patterns.has.search(left):
                return True
            outside = left.replace(self.text[link.start : link.end], "")
            return bool(patterns.not_stock.search(outside + self.text[slice(*phrase.right)]))
        return False
