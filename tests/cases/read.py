"""Sentence cases: the data files, read and checked.

Belongs here: the shape of a case, its defaults, the complaints about a case that is written wrongly.
Not here: how a case is extracted and judged (`judge`), the table (`report`).
"""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

from ingest.regions import region
from warehouse.paths import PROJECT

CASES = Path(__file__).parent
Part = Literal["dev", "heldout"]
DAMAGE = frozenset({"digits_lost", "digits_corrupt"})
DEFAULT_REF_AREA = "350524"
DEFAULT_YEAR = 2023

Period = tuple[date, date]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExpectedFact(_Strict):
    """One quantity as a careful reader would state it; a field that is left out has the default of the README."""

    number: str
    value: float | None
    unit: str
    value_max: float | None = None
    indicator: str = ""
    role: Literal["actual", "target", "baseline", "change"] = "actual"
    comparator: Literal["=", ">=", ">", "<=", "<", "~"] = "="
    subgroup: str = ""
    entity: str = ""
    period: int | str | None = None
    ref_area: str | None = None
    flags: list[Literal["digits_lost", "digits_corrupt", "implausible", "inconsistent", "over_100"]] = Field(
        default_factory=list
    )
    optional: bool = False
    unsure: list[
        Literal[
            "number",
            "value",
            "unit",
            "indicator",
            "role",
            "comparator",
            "subgroup",
            "entity",
            "period",
            "ref_area",
            "flags",
        ]
    ] = Field(default_factory=list)

    @property
    def is_damaged(self) -> bool:
        """Whether the number is lost or beyond repair."""
        return bool(DAMAGE & set(self.flags))


class CaseDocument(_Strict):
    """The report that the sentences stand in."""

    ref_area: str = DEFAULT_REF_AREA
    period: int = DEFAULT_YEAR
    kind: Literal["annual", "half_year", "quarter1", "plan"] = "annual"
    title: str = ""
    whole: bool = False  # the text is the whole document, with its title

    @field_validator("ref_area")
    @classmethod
    def _is_a_region(cls, code: str) -> str:
        if region(code) is None:
            raise ValueError(f"no region has the code {code}")
        return code

    @property
    def title_line(self) -> str:
        """The title as stated, or one in the manner of the bureau's year."""
        if self.title:
            return self.title
        place = region(self.ref_area, self.period)
        assert place is not None
        since_2019, since_2014 = self.period >= 2019, self.period >= 2014
        bureau = "卫生健康局" if since_2019 else "卫生和计划生育局" if since_2014 else "卫生局"
        ending = {
            "annual": "年工作总结",
            "half_year": "年上半年工作总结",
            "quarter1": "年一季度工作总结",
            "plan": "年工作计划",
        }[self.kind]
        return f"{place.name}{bureau}{self.period}{ending}"

    @property
    def span(self) -> Period:
        """The document's own period."""
        last = {"half_year": (6, 30), "quarter1": (3, 31)}.get(self.kind, (12, 31))
        return date(self.period, 1, 1), date(self.period, *last)


class Case(_Strict):
    """One to four sentences, or a small document, with the facts that they state."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    text: str = Field(min_length=1)
    document: CaseDocument = Field(default_factory=CaseDocument)
    facts: list[ExpectedFact]

    @property
    def source(self) -> str:
        """The text of the document that holds the case."""
        return self.text if self.document.whole else f"{self.document.title_line}\n\n{self.text}\n"

    def period_of(self, fact: ExpectedFact) -> Period:
        """The period of one of the case's facts: its own, or the document's; for a baseline that of the year before."""
        if fact.period is not None:
            return read_period(fact.period)
        start, end = self.document.span
        if fact.role == "baseline":
            return start.replace(year=start.year - 1), end.replace(year=end.year - 1)
        return start, end


@dataclass(frozen=True, slots=True)
class Phenomenon:
    """The cases of one file."""

    name: str
    part: Part
    cases: tuple[Case, ...]


@functools.cache
def indicator_kinds() -> dict[str, str]:
    """Indicator code -> stock, flow or rate, from the catalogue."""
    path = PROJECT / "ingest" / "lexicon" / "catalogue" / "indicators.csv"
    with path.open(encoding="utf-8") as lines:
        return {row["indicator_code"]: row["kind"] for row in csv.DictReader(lines)}


def squeeze(text: str) -> str:
    """A number as it is compared: without blanks, in half-width forms."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def read_period(written: int | str) -> Period:
    """Read `2023`, `2023-06-30` or `2023-01-01/2023-06-30`.

    Raises:
        ValueError: none of these forms, or no such day.
    """
    text = str(written)
    if re.fullmatch(r"\d{4}", text):
        return date(int(text), 1, 1), date(int(text) + 1, 1, 1) - timedelta(days=1)
    start, _, end = text.partition("/")
    return date.fromisoformat(start), date.fromisoformat(end or start)


def read_phenomena(part: Part) -> list[Phenomenon]:
    """Read all files of one part.

    Args:
        part: "dev", or "heldout" for the third that nobody reads while rules change.

    Raises:
        ValueError: a case is written wrongly; all complaints are told at once, each with its file and case.
    """
    phenomena, complaints = [], []
    for path in sorted((CASES / part).glob("*.yaml")):
        cases = []
        for row in yaml.safe_load(path.read_text(encoding="utf-8")):
            where = f"{part}/{path.name}: {row.get('id', '(no id)')}"
            try:
                case = Case.model_validate(row)
                complaints += [f"{where}: {complaint}" for complaint in _misplaced(case)]
                cases.append(case)
            except ValueError as error:
                complaints.append(f"{where}: {error}")
        phenomena.append(Phenomenon(path.stem, part, tuple(cases)))
    if complaints:
        raise ValueError("\n".join(complaints))
    return phenomena


def _misplaced(case: Case) -> list[str]:
    """Numbers that do not stand in the text in the order of the facts, and periods that cannot be read."""
    complaints, text, position = [], squeeze(case.text), 0
    for fact in case.facts:
        number = squeeze(fact.number)
        found = text.find(number, position)
        if found < 0 and not (fact.optional and number in text):
            complaints.append(f"the number {fact.number} does not stand after the one before it")
        # A value may serve several names, so the next number may begin where this one does.
        position = max(position, found)
        if not number and not fact.is_damaged:
            complaints.append("a fact without a number carries no damage flag")
        if fact.value is None and not fact.is_damaged:
            complaints.append(f"{fact.number} has no value and no damage flag")
        if fact.indicator and fact.indicator not in indicator_kinds():
            complaints.append(f"{fact.number} names no indicator of the catalogue: {fact.indicator}")
        case.period_of(fact)
    return complaints
