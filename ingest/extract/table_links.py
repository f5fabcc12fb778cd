"""Links of tables: the indicator that the heads of a cell name together.

Belongs here: joining the words of a row's label and a column's head, in either order, and telling the part of an
indicator from its name. Not here: reading one head (`table_heads`), composing a name from words (`indicator`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ingest.extract.cues import cues
from ingest.extract.disease import DEATHS, INCIDENCE, Disease, case_code, diseases
from ingest.extract.found import Found
from ingest.extract.groups import ages, groups
from ingest.extract.indicator import Hit, Link, find_link
from ingest.extract.table_words import table_words
from ingest.extract.tries import longest_of

_QUOTES = {ord(mark): None for mark in "“”\"'‘’《》 "}
_DISEASE_CODES = {"incidence": INCIDENCE, "deaths": DEATHS}
_DISEASE_SCORE = 9.0
_KIND_LENGTH = 2  # characters: a longer head that names no indicator is a part of its kind


class HeadLinker:
    """Finds the indicators of one table's cells.

    `inherited`: catalogue words of the caption, the headings above and the title, nearest first; they may lend a
    subject.
    """

    def __init__(self, found: Found, inherited: Sequence[Sequence[Hit]]) -> None:
        self.found = found
        self.words = table_words()
        self.inherited = inherited
        self._known: dict[tuple[tuple[str, ...], str, tuple[str, ...]], Link | None] = {}

    def link(
        self, rows: Sequence[str], columns: Sequence[str], entity: str, unit: str, *, with_parent: bool
    ) -> tuple[Link | None, str]:
        """The indicator that heads name together, and the part of it that is left over.

        Args:
            rows: the words of the row's labels, the outermost first, behind those of the whole that a part divides.
            columns: the words of the column's heads, the outermost first.
            entity: the institution of the row, if any (县医院 | 床位 is a hospital's beds).
            unit: the canonical unit that was stated; '' when none was.
            with_parent: whether `rows` begin with the whole.
        """
        disease = self._disease(rows, columns)
        if disease is not None:
            return disease
        if entity:
            link = self._named([entity, *columns], unit, [])
            if link is not None and link.start < len(entity) < link.end:
                return link, ""
        every = [*rows, *columns]
        if not every:
            return None, ""
        if rows and columns and columns[-1] in self.words.sets["institution_counts"]:
            link = self._named(rows[-1:], "item", [])
            if link is not None and link.rule == "whole_name" and _covers_all(link, rows[-1:]):
                return link, ""  # 乡镇卫生院 | 机构数 counts township health centres
            link = self._named([f"{rows[-1]}数"], "item", [])
            if link is not None and link.start == 0 and link.end > len(rows[-1]) and len(rows[-1]) <= _KIND_LENGTH:
                return link, ""  # 医院 | 机构数
        inner = every if with_parent else [group[-1] for group in (rows, columns) if group]
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
        """The indicator that words name when they stand in a row; many cells of a table share theirs."""
        key = tuple(parts), unit, tuple(outer)
        if key not in self._known:
            self._known[key] = self._read_name(parts, unit, outer)
        return self._known[key]

    def _read_name(self, parts: Sequence[str], unit: str, outer: Sequence[str]) -> Link | None:
        words = "".join(parts).translate(_QUOTES)
        catalogue = self.found.catalogue
        own = [Hit(start, end, word) for word, start, end in catalogue.hits(words)]
        lent = [[Hit(start, end, word) for word, start, end in catalogue.hits(each)] for each in reversed(outer)]
        inherited = [*lent, *self.inherited]
        around = {hit.word for hits in (own, *inherited) for hit in hits}

        def context(index: int) -> bool:
            if self.found.is_too_early(index):
                return False
            return any(index in catalogue.contexts[word] for word in around)

        def clear(start: int, end: int) -> bool:
            return _fillers().fullmatch(words, start, max(start, end)) is not None

        return find_link(catalogue, unit, own, inherited, context, (len(words), len(words)), clear)

    def _parts_of(self, words: str, link: Link) -> str:
        """The groups and ages in an indicator's words that divide it."""
        code = link.indicator.code
        found = [(group_at.start, group.name) for group_at, group in groups().mentions(words) if group.divides(code)]
        found += [
            (age.start, age.name)
            for age in ages(words)
            if not link.start <= age.start < link.end
            and not any(a in age.name or age.name in a for a in link.indicator.ages)
        ]
        return "、".join(dict.fromkeys(name for _, name in sorted(found)))

    def _subgroup(self, words: str, link: Link) -> str:
        """What a head that names no part of the indicator says of its part."""
        if not words:
            return ""
        found = [group for _, group in groups().mentions(words)]
        named = [group.name for group in found if group.divides(link.indicator.code)]
        if named:
            return "、".join(named)
        is_implied = any(link.indicator.code in group.implied_by for group in found)
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


def _is_group(words: str) -> bool:
    """Whether a head names a group of people or of institutions, or an age."""
    return bool(groups().mentions(words) or ages(f"{words}人"))


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


@lru_cache(maxsize=1)
def _fillers() -> re.Pattern[str]:
    return re.compile(rf"(?:{longest_of(cues().words['fillers'])}|\([^()\d]{{0,24}}\)|[\s()、,:—|])*")


def _disease_of(words: str) -> Disease | None:
    """The disease that a head names and nothing else."""
    return next((found.disease for found in diseases().mentions(words) if found.end - found.start == len(words)), None)
