"""Tables: from cells to facts.

Belongs here: which heads a cell has, and what they say of its indicator, unit, role, period and place.
Not here: finding tables (`text.tables`, `parse`), the words of heads (`table_words`), reading one number (`quantity`).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from ingest.extract import scope
from ingest.extract.cues import cues
from ingest.extract.disease import DEATHS, INCIDENCE, Disease, case_code, diseases
from ingest.extract.found import Found
from ingest.extract.indicator import Hit, Link, find_link
from ingest.extract.period import Period, fact_period
from ingest.extract.quantity import Quantity, QuantityReader, reader
from ingest.extract.table_words import HeadUnit, is_among, plain, read_unit, split_unit, table_words
from ingest.extract.times import Time, find_times
from ingest.extract.tries import longest_of
from ingest.model import Fact, Role, Table
from ingest.text.fold import fold
from ingest.text.tables import kind_of_cell

_CONFIDENCE = {"whole_name": 0.93, "composed": 0.88, "inherited": 0.8, "disease": 0.9}
_UNCODED = 0.65
_BARE_YEAR = re.compile(r"(?:19|20)\d\d$")
_CAPTION_UNIT = re.compile(r"([\u4e00-\u9fff]{0,8}?)单位[::]\s?([^)\s;。]+)")
_QUOTE_REACH = 24
_TIME_LEAD = 16


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell in the reading: its words without blanks around, and what they are."""

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Head:
    """What one head cell says."""

    text: str
    words: str  # what is counted, without time, role and unit
    unit: HeadUnit | None
    times: tuple[Time, ...]
    role: Role | None
    place: str = ""  # code
    entity: str = ""
    is_total: bool = False
    is_share: bool = False
    is_among: bool = False


@dataclass(frozen=True, slots=True)
class _Heads:
    """The heads above or beside a cell, the outermost first."""

    heads: tuple[_Head, ...] = ()

    @property
    def words(self) -> list[str]:
        said = [head.words for head in self.heads if head.words]
        return [word for at, word in enumerate(said) if not any(word in inner for inner in said[at + 1 :])]

    @property
    def unit(self) -> HeadUnit | None:
        return next((head.unit for head in reversed(self.heads) if head.unit), None)

    @property
    def times(self) -> tuple[Time, ...]:
        return tuple(time for head in self.heads for time in head.times)

    @property
    def role(self) -> Role | None:
        return next((head.role for head in reversed(self.heads) if head.role), None)

    @property
    def text(self) -> str:
        return " / ".join(head.text for head in self.heads)

    def place(self) -> _Head | None:
        return next((head for head in reversed(self.heads) if head.place or head.entity or head.is_total), None)


def table_facts(found: Found, table: Table) -> list[Fact]:
    """The facts that a table's cells state.

    Args:
        found: what is found in the document; the table's offsets are the document's.
        table: from the page's markup or from `text.tables`.

    Returns:
        Facts in the order of the text; none when no cell has an indicator or a stated unit (a list of contacts).
    """
    return _TableReader(found, table).facts()


class _TableReader:
    """Reads one table: its grid, its heads, its cells."""

    def __init__(self, found: Found, table: Table) -> None:
        self.found = found
        self.document = found.document
        self.words = table_words()
        self.grid, self.header_rows, self.caption = self._lay_out(table)
        self.height = max((row for row, _ in self.grid), default=-1) + 1
        self.width = max((column for _, column in self.grid), default=-1) + 1
        self.labels = [self._is_label_column(column) for column in range(self.width)]
        self.caption_times = find_times(self.caption, self.document.period_start, self.document.period_end)
        section = bisect_right([section.start for section in self.document.sections], table.start) - 1
        self.section = found.sections[section] if section >= 0 else None
        self.own_entity = scope.own_entity(self.document)
        context = [Hit(start, end, word) for word, start, end in found.catalogue.hits(self.caption)]
        title = [Hit(start, end, word) for word, start, end in found.catalogue.hits(fold(self.document.title))]
        self.inherited = [context, *(self.section.hits if self.section else []), title]

    # -- the grid --------------------------------------------------------------------------------------------------

    def _lay_out(self, table: Table) -> tuple[dict[tuple[int, int], _Cell], set[int], str]:
        """Cells by row and column with spans filled in, the rows that are heads, and the caption."""
        grid: dict[tuple[int, int], _Cell] = {}
        marked: set[int] = set()
        alone: dict[int, int] = {}
        for cell in table.cells:
            start = self.found.reading.from_document(cell.start)
            end = self.found.reading.from_document(cell.end)
            text = self.found.text[start:end].strip()
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    grid.setdefault((row, column), _Cell(start, end, text, kind_of_cell(text)))
                if text:
                    alone[row] = alone.get(row, 0) + 1
            if cell.is_header and cell.column_span + cell.row_span > 0:
                marked.add(cell.row)
        caption = [table.caption]
        first = min((row for row, _ in grid), default=0)
        rows = sorted({row for row, _ in grid})
        for row in rows:  # a first row of one cell is a caption
            if alone.get(row, 0) != 1 or row - first > 2:
                break
            caption.append(next(cell.text for (at, _), cell in sorted(grid.items()) if at == row and cell.text))
            grid = {key: cell for key, cell in grid.items() if key[0] != row}
            marked.discard(row)
        headers: set[int] = set()
        for row in rows:
            kinds = [cell.kind for (at, _), cell in grid.items() if at == row]
            if not kinds:
                continue
            if "number" in kinds or (headers and row not in marked and "text" not in kinds[1:] and "year" not in kinds):
                break
            headers.add(row)
        return grid, headers, fold(" ".join(part for part in caption if part))

    def _body(self) -> Iterator[int]:
        return (row for row in range(self.height) if row not in self.header_rows)

    def _is_label_column(self, column: int) -> bool:
        """A column of words, or one whose head says that its numbers only name the rows."""
        if self._is_no_fact(column):
            return False
        if self.words.holds("label_heads", split_unit(self._column_text(column))[0]):
            return True
        kinds = [self.grid[row, column].kind for row in self._body() if (row, column) in self.grid]
        counted = [kind for kind in kinds if kind != "blank"]
        texts = sum(kind in {"text", "year"} for kind in counted)
        return bool(counted) and texts * 2 > len(counted) and not (texts == len(counted) == 0)

    def _is_no_fact(self, column: int) -> bool:
        head = self._column_text(column)
        return self.words.holds("no_facts", head) or bool(self.words.mentions("no_facts_within", head))

    def _column_text(self, column: int) -> str:
        cells = [self.grid[row, column] for row in sorted(self.header_rows) if (row, column) in self.grid]
        return cells[-1].text.replace(" ", "") if cells else ""

    # -- heads -----------------------------------------------------------------------------------------------------

    def _head(self, cell: _Cell, above: str = "") -> _Head:
        """What one head cell says."""
        found = self.found
        times = self._times_in(cell)
        text = cell.text
        if _BARE_YEAR.match(text):
            year = int(text)
            times = [Time(cell.start, cell.end, "year", date(year, 1, 1), date(year, 12, 31), text)]
        rest = found.text[cell.start : cell.end]
        for time in reversed(times):
            rest = rest[: max(0, time.start - cell.start)] + rest[max(0, time.end - cell.start) :]
        label = plain(rest.replace(" ", ""))
        words, unit = split_unit(label)
        role = self._role_of(text.replace(" ", ""))
        words = self._thing(words.strip(" :,、"), role)
        whole = plain(text.replace(" ", ""))
        if self.words.holds("totals", split_unit(whole)[0]):
            return _Head(text, "", unit, tuple(times), role, is_total=True)
        place = self._place_of(cell, whole, above)
        if place is not None:
            return replace(place, times=tuple(times))
        is_share = self.words.holds("shares", words)
        words = self.words.expansions.get(words, words)
        if words[-1:].isdigit() and "岁" in above:
            words += "岁"
        if self.words.holds("values", words) or is_share:
            words = ""
        return _Head(text, words, unit, tuple(times), role, is_share=is_share, is_among=is_among(text))

    def _times_in(self, cell: _Cell) -> list[Time]:
        """Times of a cell; a match may take in blanks before and after it that lie outside."""
        found = []
        for time in self.found.times_between(cell.start - _TIME_LEAD, cell.end):
            start = time.start + len(time.text) - len(time.text.lstrip())
            if cell.start <= start and start + len(time.text.strip()) <= cell.end:
                found.append(time)
        return found

    def _role_of(self, text: str) -> Role | None:
        words = self.words
        if words.mentions("changes", text) and not words.mentions("not_changes", text):
            return "change"
        if words.mentions("targets", text) and not words.mentions("not_targets", text):
            return "target"
        return "baseline" if words.mentions("earlier", text) else None

    def _thing(self, words: str, role: Role | None) -> str:
        """A head's words without those that say which value of the thing stands below."""
        if role == "change":
            words = _patterns().change.sub("", words)
        beginning = next((word for word in self.words.longest("value_beginnings") if words.startswith(word)), "")
        if beginning and len(words) >= len(beginning) + 2:
            words = words[len(beginning) :]
        for ending in self.words.longest("value_endings"):
            if len(words) >= len(ending) + 2 and words.endswith(ending):
                return words[: -len(ending)].strip("的(): ")
        return words.strip("的: ")

    def _place_of(self, cell: _Cell, label: str, above: str) -> _Head | None:
        """The place or institution that a label names, when it names nothing else."""
        found = self.found
        for mention in found.places:
            if cell.start <= mention.start and mention.end <= cell.end and mention.end - mention.start >= len(label):
                is_own = mention.code == self.document.ref_area
                return _Head(cell.text, "", None, (), None, place="" if is_own else mention.code, is_total=is_own)
        for mention in found.entities:
            if cell.start <= mention.start and mention.end <= cell.end and mention.end - mention.start >= len(label):
                return _Head(cell.text, "", None, (), None, entity=mention.name)
        if label and self.words.holds("entity_heads", above) and cell.kind == "text":
            if above in self.words.sets["unit_heads"] and read_unit(label):
                return None
            if scope.groups().mentions(label) and above in {"机构", "医疗机构"}:
                return None
            return _Head(cell.text, "", None, (), None, entity=label)
        return None

    def _column_heads(self, column: int, row: int) -> _Heads:
        cells = []
        for above in sorted(self.header_rows):
            cell = self.grid.get((above, column))
            if above < row and cell is not None and cell.text and cell not in cells:
                cells.append(cell)
        return _Heads(tuple(self._head(cell) for cell in cells))

    def _row_heads(self, row: int, column: int) -> tuple[_Heads, HeadUnit | None, _Cell | None]:
        """The labels nearest to the left of a cell, the unit of a column of units, and the innermost label."""
        heads: list[_Head] = []
        unit: HeadUnit | None = None
        last: _Cell | None = None
        for at in range(column - 1, -1, -1):
            if not self.labels[at]:
                if last is not None:
                    break
                continue
            cell = self.grid.get((row, at))
            above = self._column_text(at)
            if cell is None or not cell.text or cell.kind == "blank":
                continue
            if self.words.holds("unit_heads", above) and read_unit(cell.text) is not None:
                unit = unit or read_unit(cell.text)
                continue
            heads.insert(0, self._head(cell, above))
            last = last or cell
        return _Heads(tuple(heads)), unit, last

    # -- cells -----------------------------------------------------------------------------------------------------

    def facts(self) -> list[Fact]:
        result: list[Fact] = []
        is_measured = False
        whole: _Heads = _Heads()
        for row in self._body():
            cells = [(column, self.grid[row, column]) for column in range(self.width) if (row, column) in self.grid]
            own: _Heads | None = None
            seen: set[int] = set()
            for column, cell in cells:
                if cell.kind != "number" or self.labels[column] or cell.start in seen:
                    continue
                seen.add(cell.start)
                if self._is_no_fact(column):
                    continue
                heads, unit, label = self._row_heads(row, column)
                if label is None and self.header_rows and not self._column_heads(column, row).words:
                    continue
                own = heads
                for fact, has_unit in self._cell_facts(row, column, cell, heads, unit, label, whole):
                    result.append(fact)
                    is_measured |= has_unit or bool(fact.indicator_code)
            if own is not None and not any(head.is_among for head in own.heads) and own.words:
                whole = own
        return sorted(result, key=lambda fact: fact.char_start) if is_measured else []

    def _cell_facts(
        self,
        row: int,
        column: int,
        cell: _Cell,
        heads: _Heads,
        unit: HeadUnit | None,
        label: _Cell | None,
        whole: _Heads,
    ) -> Iterator[tuple[Fact, bool]]:
        above = self._column_heads(column, row)
        parent = whole if any(head.is_among for head in heads.heads) else _Heads()
        if any(head.is_among for head in above.heads):  # 出生人数 | 其中男婴
            parent = self._borrowed(column, row, parent, counts_only=True)
        elif not above.words and not any(head.is_share for head in above.heads):
            above = self._borrowed(column, row, above)
        for number, quantity in enumerate(_quantities(cell.text)[:2]):
            fact = self._fact(cell, quantity, number, heads, above, unit, label, parent)
            if fact is not None:
                yield fact

    def _borrowed(self, column: int, row: int, above: _Heads, *, counts_only: bool = False) -> _Heads:
        """The words of the nearest head to the left that has some, with the cell's own role, unit and time.

        门诊人次 | 同比: which value of its left neighbour a column holds.
        """
        for left in range(column - 1, -1, -1):
            if self.labels[left]:
                break
            heads = self._column_heads(left, row)
            is_thing = heads.words and not any(head.is_among or head.is_share for head in heads.heads)
            if counts_only and heads.words and heads.words[-1].endswith(_RATE_ENDINGS):
                continue
            if is_thing and not self._is_no_fact(left):
                lent = tuple(
                    _Head(head.text, head.words, None if above.role == "change" else head.unit, (), None)
                    for head in heads.heads
                )
                return _Heads((*lent, *above.heads))
        return above

    def _fact(
        self,
        cell: _Cell,
        quantity: Quantity,
        number: int,
        heads: _Heads,
        above: _Heads,
        unit_column: HeadUnit | None,
        label: _Cell | None,
        parent: _Heads,
    ) -> tuple[Fact, bool] | None:
        document, reading = self.document, self.found.reading
        role = self._role(heads, above)
        stated = self._stated_unit(quantity, heads, above, unit_column, parent, role)
        is_share = any(head.is_share for head in (*above.heads, *heads.heads)) or number > 0
        place = heads.place() or above.place()
        link, subgroup = (None, "") if is_share else self._link(heads, above, parent, stated, role, place)
        if link is None and is_share and stated is None:
            stated = HeadUnit("percent", 1.0, "by the head")
        if role == "actual" and link is not None and link.indicator.kind == "stock":
            named = "".join((*heads.words, *above.words))
            if _patterns().new_stock.search(named):
                role = "change"
        unit = self._unit(stated, link, heads, above, role)
        if not unit:
            return None
        scale = 1.0
        if quantity.unit_text == "" and quantity.multiplier == 1 and stated is not None:
            scale = stated.scale
        value = _scaled(quantity.value, scale)
        value_max = _scaled(quantity.value_max, scale)
        if role == "change" and value is not None and value > 0 and self._falls(cell, quantity, above, heads):
            value = -value
        flags: tuple[str, ...] = ()
        replacement = self.found.replacement
        if replacement is not None and replacement.written in cell.text:
            value = value_max = None
            flags = ("digits_corrupt",)
        period = self._period(heads, above, role, link)
        offset = cell.start + self.found.text[cell.start : cell.end].index(cell.text)
        start, end = reading.span(offset + quantity.start, offset + quantity.end)
        words = "".join((*parent.words, *heads.words, *above.words)) or above.text or heads.text
        code = link.indicator.code if link else ""
        base = _CONFIDENCE[link.rule] if link else _UNCODED
        key = f"{document.document_id}|{start}|{end}|{code}|{words}"
        fact = Fact(
            fact_id=hashlib.sha256(key.encode()).hexdigest()[:16],
            document_id=document.document_id,
            char_start=start,
            char_end=end,
            quote=self._quote(cell, offset, quantity, label),
            number_text=document.text[start:end],
            value=value,
            value_max=value_max,
            unit=unit,
            comparator=quantity.comparator,
            role=role,
            indicator_text=words,
            indicator_code=code,
            subgroup=subgroup,
            entity=(place.entity if place and (place.entity or place.place) else self.own_entity),
            ref_area=place.place if place and place.place else document.ref_area,
            period_start=period.start,
            period_end=period.end,
            quality_flags=flags,
            repaired_value=None,
            confidence=round(base * (1 if period.end else 0.7) * (0.3 if flags else 1), 3),
            evidence={
                "indicator": f"table, {link.rule}: {'、'.join(link.words)}" if link else "no entry of the catalogue",
                "unit": (quantity.unit_text or (stated.words if stated else "")) or "by the indicator's name",
                "role": f"column: {above.text}" if role != "actual" else "table",
                "period": period.rule,
                "ref_area": f"row: {place.text}" if place else "document",
                "row": heads.text,
                "column": above.text,
            },
        )
        return fact, stated is not None

    def _role(self, heads: _Heads, above: _Heads) -> Role:
        role = above.role or heads.role
        if role is not None:
            return role
        if self.section is not None and self.section.in_plan and not above.times and not heads.times:
            return "target"
        return "actual"

    def _falls(self, cell: _Cell, quantity: Quantity, above: _Heads, heads: _Heads) -> bool:
        before = cell.text[: quantity.start]
        if self.words.mentions("falling", before):
            return True
        text = above.text
        return bool(self.words.mentions("falling", text)) and not any(word in text for word in ("增", "升", "上涨"))

    # -- unit ------------------------------------------------------------------------------------------------------

    def _stated_unit(
        self,
        quantity: Quantity,
        heads: _Heads,
        above: _Heads,
        column: HeadUnit | None,
        parent: _Heads,
        role: Role,
    ) -> HeadUnit | None:
        """The unit that the cell, its heads, a column of units or the caption states."""
        if quantity.unit:
            return HeadUnit(quantity.unit, 1.0, quantity.unit_text)
        if role == "change":
            if above.unit is not None:
                return above.unit
            if self.words.mentions("percent_changes", above.text) and not above.text.endswith(("数", "人次")):
                return HeadUnit("percent", 1.0, "by the head")
        stated = above.unit or heads.unit or column or parent.unit
        if stated is not None:
            return stated
        for name, words in _CAPTION_UNIT.findall(self.caption):
            parts = [unit for unit in (read_unit(part) for part in re.split(r"[、,]", words)) if unit is not None]
            if name and name not in "(" and not any(name in said for said in (*above.words, *heads.words)):
                continue
            if len(parts) == 1:
                return parts[0]
        return None

    def _unit(self, stated: HeadUnit | None, link: Link | None, heads: _Heads, above: _Heads, role: Role) -> str:
        unit = stated.unit if stated else ""
        if link is None:
            said = [*heads.words, *above.words]
            return unit or next((u for u in (self.words.implied_unit(word) for word in reversed(said)) if u), "")
        canonical = link.indicator.unit
        if not unit:
            return canonical if canonical != "*" else "person"
        if canonical == "bed" and unit == "item":
            return "bed"
        if canonical.startswith("per_1") and role != "change":
            return canonical
        return unit

    # -- indicator -------------------------------------------------------------------------------------------------

    def _link(
        self,
        heads: _Heads,
        above: _Heads,
        parent: _Heads,
        stated: HeadUnit | None,
        role: Role,
        place: _Head | None,
    ) -> tuple[Link | None, str]:
        """The indicator that the heads name together, and the part of it that is left over."""
        unit = "" if role == "change" or stated is None else stated.unit
        rows, columns = [*parent.words, *heads.words], above.words
        disease = self._disease(rows, columns)
        if disease is not None:
            return disease
        if place is not None and place.entity:
            link = self._named([place.entity, *columns], unit, [])
            if link is not None and link.start < len(place.entity) and link.end > len(place.entity):
                return link, ""
        every = [*rows, *columns]
        if not every:
            return None, ""
        inner = every if parent.words else [group[-1] for group in (rows, columns) if group]
        outer = [word for word in every if word not in inner]
        if not _is_rest(rows):
            for parts, lent in ((every, []), ([*columns, *rows], []), (inner, outer), (inner[::-1], outer)):
                link = self._named(parts, unit, lent)
                if link is not None and _covers_all(link, parts):
                    return link, self._parts_of("".join(parts), link)
        implied = next((unit for unit in map(self.words.implied_unit, reversed(columns)) if unit), "")
        for part in reversed(inner):  # the column's head first: rows divide what it counts
            rest = "".join(word for word in inner if word != part)
            is_row = part in rows
            if is_row and columns and not _is_group(rest):
                continue
            link = self._named([part], unit, outer)
            if link is None or (implied and not unit and implied not in link.indicator.units):
                continue
            return link, part if is_row and _is_rest(rows) else self._subgroup(rest, link)
        return None, ""

    def _named(self, parts: Sequence[str], unit: str, outer: Sequence[str]) -> Link | None:
        words = "".join(parts).translate(_QUOTES)
        catalogue = self.found.catalogue
        own = [Hit(start, end, word) for word, start, end in catalogue.hits(words)]
        lent = [[Hit(start, end, word) for word, start, end in catalogue.hits(each)] for each in reversed(outer)]
        inherited = [*lent, *self.inherited]
        context = frozenset(hit.word for hits in (own, *inherited) for hit in hits)

        def clear(start: int, end: int) -> bool:
            return _patterns().fillers.fullmatch(words, start, max(start, end)) is not None

        return find_link(catalogue, unit, own, inherited, context, (len(words), len(words)), clear)

    def _parts_of(self, words: str, link: Link) -> str:
        """The groups and ages in an indicator's words that divide it."""
        code = link.indicator.code
        found = [
            (group_at.start, group.name) for group_at, group in scope.groups().mentions(words) if group.divides(code)
        ]
        found += [
            (age.start, age.name)
            for age in scope.ages(words)
            if not link.start <= age.start < link.end
            and not any(a in age.name or age.name in a for a in link.indicator.ages)
        ]
        return "、".join(dict.fromkeys(name for _, name in sorted(found)))

    def _subgroup(self, words: str, link: Link) -> str:
        """What a head that names no part of the indicator says of its part."""
        if not words:
            return ""
        groups = [group for _, group in scope.groups().mentions(words)]
        named = [group.name for group in groups if group.divides(link.indicator.code)]
        if named:
            return "、".join(named)
        is_implied = any(link.indicator.code in group.implied_by for group in groups)
        return "" if is_implied or any(age in words for age in link.indicator.ages) else words

    def _disease(self, rows: Sequence[str], columns: Sequence[str]) -> tuple[Link, str] | None:
        """A disease beside 发病数, 发病率 or 死亡数: its own indicator, its class's or that of all of them."""
        measures = self.words.disease_measures
        for names, heads in ((rows, columns), (columns, rows)):
            disease = next((found for found in (_disease_of(name) for name in names) if found), None)
            measure = next((measures[word] for word in heads if word in measures), None)
            if disease is None or measure is None:
                continue
            if disease.legal_class == "other":
                return None
            code = case_code(disease, self.found.text) if measure == "cases" else _DISEASE_CODES[measure]
            subgroup = "" if code == disease.indicator else disease.name
            link = Link(self.found.catalogue.by_code[code], _DISEASE_SCORE, 0, 0, "disease", (disease.name, measure))
            return link, subgroup
        return None

    # -- period ----------------------------------------------------------------------------------------------------

    def _period(self, heads: _Heads, above: _Heads, role: Role, link: Link | None) -> Period:
        is_stock = link is not None and link.indicator.kind == "stock"
        document = self.document
        times, text = [*heads.times, *above.times], self.found.text
        end = document.period_end
        said = above.text or heads.text
        if not times and end is not None and role == "baseline" and self.words.mentions("last_month", said):
            last = date(end.year, end.month, 1) - timedelta(days=1)
            return Period(last.replace(day=1), last, f"column:{said}")
        if not times and end is not None and role in {"actual", "change"}:
            if self.words.mentions("this_month", said):
                return Period(date(end.year, end.month, 1), end, f"column:{said}")
            if self.words.mentions("since_january", said):
                return Period(date(end.year, 1, 1), end, f"column:{said}")
        if not times and role in {"actual", "change"}:
            times, text = list(self.caption_times), self.caption
        section = self.section
        return fact_period(
            document,
            role,
            is_stock,
            times,
            0,
            len(text),
            section.period if section else None,
            section.plan if section else None,
            text,
        )

    def _quote(self, cell: _Cell, offset: int, quantity: Quantity, label: _Cell | None) -> str:
        """The cell's words; with the row's label where it stands directly before, on the same line."""
        text, reading = self.found.text, self.found.reading
        start, end = offset, offset + len(cell.text)
        if label is not None and label.end < start <= label.end + _QUOTE_REACH:
            between = text[label.end : start]
            if "\n" not in between and not any(character.isdigit() for character in between):
                start = label.start
        first, last = reading.span(start, end)
        return self.document.text[first:last].strip()


_RATE_ENDINGS = ("率", "比", "比例", "水平")
_QUOTES = {ord(mark): None for mark in "“”\"'‘’《》 "}
_DISEASE_CODES = {"incidence": INCIDENCE, "deaths": DEATHS}
_DISEASE_SCORE = 9.0


def _is_group(words: str) -> bool:
    """Whether a head names a group of people or of institutions, or an age."""
    return bool(scope.groups().mentions(words) or scope.ages(f"{words}人"))


def _is_rest(rows: Sequence[str]) -> bool:
    """Whether a row is what its neighbours leave over: never the whole."""
    return bool(rows) and rows[-1].startswith(("其他", "其它", "其余"))


def _covers_all(link: Link, parts: Sequence[str]) -> bool:
    """Whether a name takes words from every part."""
    at = 0
    for part in parts:
        if not (link.start < at + len(part) and link.end > at):
            return False
        at += len(part)
    return True


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else float(f"{value * scale:.12g}")


@dataclass(frozen=True)
class _Patterns:
    fillers: re.Pattern[str]
    new_stock: re.Pattern[str]
    change: re.Pattern[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    words = cues().words
    table = table_words().sets
    changes, earlier = longest_of(table["changes"]), longest_of(table["earlier"])
    return _Patterns(
        fillers=re.compile(rf"(?:{longest_of(words['fillers'])}|\([^()\d]{{0,24}}\)|[\s()、,:—|])*"),
        new_stock=re.compile(longest_of(words["new_stock"])),
        change=re.compile(
            rf"(?:[较比与](?:{earlier})?(?:同期)?(?:相比|比)?)?(?:{changes}){{1,3}}(?:率|幅度|数|值|情况|百分比|±|\+|-)?"
        ),
    )


def _quantities(text: str) -> list[Quantity]:
    """The numbers of a cell, in the cell's own offsets."""
    found = _reader().read(f"\n{text}", ())
    for quantity in found:
        quantity.lead, quantity.start = quantity.lead - 1, quantity.start - 1
        quantity.end, quantity.stop = quantity.end - 1, quantity.stop - 1
    return found


@lru_cache(maxsize=1)
def _reader() -> QuantityReader:
    return reader()


def _disease_of(words: str) -> Disease | None:
    """The disease that a head names and nothing else."""
    return next((found.disease for found in diseases().mentions(words) if found.end - found.start == len(words)), None)
