"""The word lists that tell the parts of a document: loading and checking them.

Belongs here: the shape of the files under `lexicon/document/` and clear errors about them.
Not here: the words (data), and what is done with them (`headings`, `parse`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ingest.lexicon import FOLDER, LexiconError


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]


class WordList(BaseModel):
    """Base of the files: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EnumeratorLevel(WordList):
    """How the items of one level are counted."""

    level: Annotated[int, Field(ge=1, le=5)]
    line: str
    inner: str = ""
    before: Literal["closed", "foreign", "any"] = "closed"


class UnnumberedHeadings(WordList):
    """What a heading without a number looks like."""

    shortest: int
    longest: int
    not_ending: str
    body_at_least: int
    not_matching: list[Pattern]


class HeadingWords(WordList):
    """`headings.yaml`."""

    levels: list[EnumeratorLevel]
    after: str
    closing: str
    unnumbered: UnnumberedHeadings


class FieldWords(WordList):
    """`fields.yaml`: labels of metadata fields, and the names of meta tags."""

    labels: dict[str, list[str]]
    meta: dict[str, list[str]]


class ReportKind(WordList):
    """One kind of report and the words in a title that show it."""

    kind: Literal["annual", "half_year", "quarter", "month", "bulletin", "plan", "news", "other"]
    title: Pattern


class KindWords(WordList):
    """`report_kinds.yaml`."""

    title_words: list[str]
    result_words: list[str]
    granularity: list[ReportKind]
    kinds: list[ReportKind]
    news_title: Pattern
    news: list[Pattern]
    lead: list[ReportKind]


class PlanPeriod(WordList):
    """A five-year plan and its years."""

    words: list[str]
    first_year: int
    last_year: int


class PeriodWords(WordList):
    """`periods.yaml`."""

    plan_periods: list[PlanPeriod]
    spans: dict[str, tuple[int, int]]
    looking_back: list[str]
    not_told_before: list[str]
    events: list[str]


class AsideWords(WordList):
    """`asides.yaml`."""

    breadcrumb: list[Pattern]
    navigation: list[str]
    tail: list[str]
    footer: list[Pattern]
    credits: list[str]
    credit_stamp: Pattern


class PublisherWords(WordList):
    """`publishers.yaml`."""

    suffixes: list[str]
    media: list[Pattern]
    not_publishers: list[str]


class PlaceWords(WordList):
    """`places.yaml`."""

    own: dict[Literal["county", "prefecture", "province"], list[str]]
    portal_names: list[str]
    elsewhere_before: list[str]
    press_after: list[str]


_List = TypeVar("_List", bound=WordList)


def load(model: type[_List], name: str, folder: Path = FOLDER / "document") -> _List:
    """Read one word list and check its shape.

    Raises:
        LexiconError: the file is missing, is no YAML, or a field is wrong; the message names both.
    """
    try:
        content = yaml.load((folder / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise LexiconError(f"document/{name}", "the file", f"cannot be read: {error}") from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        problems = [(".".join(map(str, item["loc"])), item["msg"]) for item in error.errors()]
        where, problem = problems[0][0], "; ".join(f"{field}: {message}" for field, message in problems)
        raise LexiconError(f"document/{name}", where, f"is wrong ({problem})") from error


@cache
def heading_words() -> HeadingWords:
    """Enumerators and unnumbered headings."""
    return load(HeadingWords, "headings.yaml")


@cache
def field_words() -> FieldWords:
    """Labels of metadata fields."""
    return load(FieldWords, "fields.yaml")


@cache
def kind_words() -> KindWords:
    """Words of report kinds."""
    return load(KindWords, "report_kinds.yaml")


@cache
def period_words() -> PeriodWords:
    """Words of reporting periods."""
    return load(PeriodWords, "periods.yaml")


@cache
def aside_words() -> AsideWords:
    """Words of navigation, footers and credits."""
    return load(AsideWords, "asides.yaml")


@cache
def publisher_words() -> PublisherWords:
    """Words of issuing bodies and media."""
    return load(PublisherWords, "publishers.yaml")


@cache
def place_words() -> PlaceWords:
    """How reports speak of their own place."""
    return load(PlaceWords, "places.yaml")
