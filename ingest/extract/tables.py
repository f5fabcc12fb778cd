"""Tables: from cells to facts.

Belongs here: the number of each cell with its unit, role, period and place, put together as a fact.
Not here: finding tables (`text.tables`, `parse`), what heads say (`table_heads`), the indicator (`table_links`).
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from ingest.extract.catalogue import GROWTH, PER_UNITS
from ingest.extract.cues import cue_pattern, cues
from ingest.extract.found import Found
from ingest.extract.indicator import Hit, Link
from ingest.extract.period import Period, fact_period
from ingest.extract.quantity import Quantity, QuantityReader, reader
from ingest.extract.reporter import reporter_of
from ingest.extract.table_heads import Cell, Heads, TableGrid
from ingest.extract.table_links import HeadLinker
from ingest.extract.table_words import HeadUnit, read_unit, table_words
from ingest.extract.times import find_times
from ingest.extract.tries import longest_of
from ingest.model import Fact, Role, Table

_CAPTION_UNIT = re.compile(r"([\u4e00-\u9fff]{0,8}?)单位[::]\s?([^)\s;。]+)")
_ATTACHED = re.compile(r"附(?:表|件|录)?\s?[\d一二三四五六七八九十]")
_BLANKS = frozenset(" \u3000\t\xa0")
_QUOTE_REACH = 24


def table_facts(found: Found, table: Table, extractor_version: str = "") -> list[Fact]:
    """The facts that a table's cells state.

    Args:
        found: what is found in the document; the table's offsets are the document's.
        table: from the page's markup or from `text.tables`.
        extractor_version: as the facts are to name it.

    Returns:
        Facts in the order of the text; none when no cell has an indicator or a stated unit (a list of contacts).
    """
    return _TableReader(found, table, extractor_version).facts()


class _TableReader:
    """Reads one table: its grid, its heads, its cells."""

    def __init__(self, found: Found, table: Table, extractor_version: str) -> None:
        self.found = found
        self.document = found.document
        self.extractor_version = extractor_version
        self.words = table_words()
        self.grid = TableGrid(found, table)
        self.caption = self.grid.caption
        self.caption_times = find_times(self.caption, self.document.period_start, self.document.period_end)
        section = bisect_right([section.start for section in self.document.sections], table.start) - 1
        # an attached table follows the whole report, not the plan that ends it
        self.section = found.sections[section] if section >= 0 and not _ATTACHED.match(self.caption) else None
        self.own_entity = reporter_of(self.document).entity
        context = [Hit(start, end, word) for word, start, end in found.catalogue.hits(self.caption)]
        self.linker = HeadLinker(found, [context, *(self.section.hits if self.section else []), found.title_hits])

    def facts(self) -> list[Fact]:
        """The table's facts in the order of the text."""
        grid = self.grid
        result: list[Fact] = []
        is_measured = False
        whole, margin = Heads(), 0  # the last row that counts a whole, and how far its label is indented
        for row in grid.body():
            own: Heads | None = None
            seen: set[int] = set()
            for column in range(grid.width):
                cell = grid.cells.get((row, column))
                if cell is None or cell.kind != "number" or grid.labels[column] or cell.start in seen:
                    continue
                seen.add(cell.start)
                if grid.is_no_fact(column):
                    continue
                heads, unit, label = grid.row_heads(row, column)
                if label is None and grid.header_rows and not grid.column_heads(column).words:
                    continue
                own, indent = heads, self._indent(label)
                divides = any(head.is_among for head in heads.heads) or indent > margin
                for fact, has_unit in self._cell_facts(column, cell, heads, unit, label, whole if divides else Heads()):
                    result.append(fact)
                    is_measured |= has_unit or bool(fact.indicator_code)
            if own is not None and own.words and not divides:
                whole, margin = own, indent
        return sorted(result, key=lambda fact: fact.char_start) if is_measured else []

    def _indent(self, label: Cell | None) -> int:
        """The blanks between the beginning of a line and the label that opens it."""
        if label is None:
            return 0
        text, at = self.found.text, label.start
        while at and text[at - 1] in _BLANKS:
            at -= 1
        return label.start - at if not at or text[at - 1] == "\n" else 0

    def _cell_facts(
        self,
        column: int,
        cell: Cell,
        heads: Heads,
        unit: HeadUnit | None,
        label: Cell | None,
        parent: Heads,
    ) -> Iterator[tuple[Fact, bool]]:
        above = self.grid.column_heads(column)
        if any(head.is_among for head in above.heads):  # 出生人数 | 其中男婴
            parent = self.grid.borrowed(column, parent, counts_only=True)
        elif not above.words and not any(head.is_share for head in above.heads):
            above = self.grid.borrowed(column, above)
        for number, quantity in enumerate(_quantities(cell.text)[:2]):
            fact = self._fact(cell, quantity, number, heads, above, unit, label, parent)
            if fact is not None:
                yield fact

    def _fact(
        self,
        cell: Cell,
        quantity: Quantity,
        number: int,
        heads: Heads,
        above: Heads,
        unit_column: HeadUnit | None,
        label: Cell | None,
        parent: Heads,
    ) -> tuple[Fact, bool] | None:
        document, reading = self.document, self.found.reading
        role = self._role(heads, above)
        stated = self._stated_unit(quantity, heads, above, unit_column, parent, role)
        is_share = any(head.is_share for head in (*above.heads, *heads.heads)) or number > 0
        place = heads.place() or above.place()
        link, subgroup = None, ""
        if not is_share:
            rows, entity = [*parent.words, *heads.words], place.entity if place else ""
            told = GROWTH if role == "change" else stated.unit if stated is not None else ""
            link, subgroup = self.linker.link(rows, above.words, entity, told, with_parent=bool(parent.words))
        if link is not None and not link.indicator.is_rate and _is_due(above):
            link, subgroup = None, ""  # 应管理人数: who should be served was not
        if link is None and is_share and stated is None:
            stated = HeadUnit("percent", 1.0, "by the head")
        if role == "actual" and link is not None and link.indicator.kind == "stock":
            named = "".join((*heads.words, *above.words))
            if _new_stock().search(named):
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
        key = f"{document.document_id}|{start}|{end}|{code}|{words}"
        evidence = {
            "indicator": f"table, {link.rule}: {'、'.join(link.words)}" if link else "no entry of the catalogue",
            "unit": (quantity.unit_text or (stated.words if stated else "")) or "by the indicator's name",
            "role": f"column: {above.text}" if role != "actual" else "table",
            "period": period.rule,
            "ref_area": f"row: {place.text}" if place else "document",
            "row": heads.text,
            "column": above.text,
        }
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
            confidence=0.0,
            evidence=evidence,
            extractor_version=self.extractor_version,
        )
        return fact, stated is not None

    def _role(self, heads: Heads, above: Heads) -> Role:
        role = above.role or heads.role
        if role is not None:
            return role
        if self.section is not None and self.section.in_plan and not above.times and not heads.times:
            return "target"
        if any(time.kind == "year" and time.last is not None and self._is_ahead(time.last) for time in above.times):
            return "target"
        return "actual"

    def _is_ahead(self, last: date) -> bool:
        """Whether a column's year ends after what the document can know: a plan's beginning, a report's publication."""
        document = self.document
        if document.report_kind == "plan":
            return document.period_start is not None and last > document.period_start
        known = [day for day in (document.published_on, document.period_end) if day is not None]
        return bool(known) and last > max(known)

    def _falls(self, cell: Cell, quantity: Quantity, above: Heads, heads: Heads) -> bool:
        before = cell.text[: quantity.start]
        if self.words.mentions("falling", before):
            return True
        text = above.text
        return bool(self.words.mentions("falling", text)) and not any(word in text for word in ("增", "升", "上涨"))

    # -- unit ------------------------------------------------------------------------------------------------------

    def _stated_unit(
        self,
        quantity: Quantity,
        heads: Heads,
        above: Heads,
        column: HeadUnit | None,
        parent: Heads,
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

    def _unit(self, stated: HeadUnit | None, link: Link | None, heads: Heads, above: Heads, role: Role) -> str:
        unit = stated.unit if stated else ""
        if link is None:
            said = [*heads.words, *above.words]
            if unit in {"", "person", "bed", "item"}:  # 每千人口药师数 | 人
                unit = next((per for per, words in PER_UNITS for word in said if words in word), unit)
            return unit or next((u for u in (self.words.implied_unit(word) for word in reversed(said)) if u), "")
        canonical = link.indicator.unit
        if not unit:
            return canonical if canonical != "*" else "person"
        if canonical == "bed" and unit == "item":
            return "bed"
        if canonical.startswith("per_1") and role != "change":
            return canonical
        return unit

    # -- period ----------------------------------------------------------------------------------------------------

    def _period(self, heads: Heads, above: Heads, role: Role, link: Link | None) -> Period:
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
        if not times and role != "baseline":
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

    def _quote(self, cell: Cell, offset: int, quantity: Quantity, label: Cell | None) -> str:
        """The cell's words; with the row's label where it stands directly before, on the same line."""
        text, reading = self.found.text, self.found.reading
        start, end = offset, offset + len(cell.text)
        if label is not None and label.end < start <= label.end + _QUOTE_REACH:
            between = text[label.end : start]
            if "\n" not in between and not any(character.isdigit() for character in between):
                start = label.start
        first, last = reading.span(start, end)
        return self.document.text[first:last].strip()


def _scaled(value: float | None, scale: float) -> float | None:
    return None if value is None else float(f"{value * scale:.12g}")


@lru_cache(maxsize=1)
def _new_stock() -> re.Pattern[str]:
    return re.compile(longest_of(cues().words["new_stock"]))


def _is_due(above: Heads) -> bool:
    """Whether a column counts those who should be served (应管理(服务)人数)."""
    return any(cue_pattern("{due_before}").match(head.text) for head in above.heads)


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
