"""What flows through the pipeline: archived bytes, documents, quantities, facts, rejects.

Belongs here: frozen dataclasses that more than one step reads, and nothing that computes.
Not here: how any of them is made (`archive`, `parse`, `extract`) or stored (`load`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

ReportKind = Literal["annual", "half_year", "quarter", "month", "bulletin", "plan", "news", "other"]
Stage = Literal["fetch", "parse", "extract", "load"]
Role = Literal["actual", "target", "baseline", "change"]
# Evidence of a document whose words a recogniser read from pictures: how sure it was of them, from 0 to 1.
RECOGNITION = "ocr_confidence"
Comparator = Literal["=", ">=", ">", "<=", "<", "~"]


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """One fetch of one address: where the bytes lie and what is known of them before reading."""

    source_id: str
    url: str
    file_name: str
    raw_sha256: str
    media_type: str  # as sniffed from the bytes, e.g. "text/html"
    fetched_at: datetime  # UTC
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it.

    `start` and `end` are half-open offsets into `Document.text` and include the heading itself;
    `heading_end` is where the heading's own words end. `parent` is an index into `Document.sections`, -1 at the top.
    `level` is 1 for 一、, 2 for (一), 3 for 1. or 1、, 4 for (1) or ①, 5 for 一是.
    """

    heading: str
    level: int
    start: int
    heading_end: int
    end: int
    parent: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A half-open span of `Document.text` that ends with 。！？；-like closing or a line's end."""

    start: int
    end: int
    section: int  # index into Document.sections, -1 before the first heading


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a table that the parser found, serialised into `Document.text` at [start, end)."""

    start: int
    end: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    is_header: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; cells in reading order."""

    start: int
    end: int
    caption: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one report, ready to be read.

    `text` holds every character of the source's visible text, one character for one character (only line ends,
    controls and odd blanks are mapped), so spans hold everywhere. `cuts` are half-open spans that interrupt a sentence
    without belonging to it (page-chunk marks, hard line breaks inside a sentence): a reader of the sentence skips them.
    `asides` are half-open spans that are not the report (navigation, breadcrumbs, metadata, footers, related links).
    """

    document_id: str
    source_id: str
    url: str
    file_name: str
    media_type: str
    raw_sha256: str
    fetched_at: datetime
    title: str
    publisher: str
    index_number: str
    document_number: str
    published_on: date | None
    report_kind: ReportKind
    ref_area: str  # six digits, or "" when the context does not decide
    ref_area_candidates: tuple[str, ...]  # best first, when open
    period_start: date | None
    period_end: date | None
    text: str
    cuts: tuple[tuple[int, int], ...]
    asides: tuple[tuple[int, int], ...]
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    tables: tuple[Table, ...]
    evidence: dict[str, str]  # field name -> the words and the rule that decided it
    parser_version: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One quantity that a report states, as `staging.facts` holds it (see the table's contract)."""

    fact_id: str
    document_id: str
    char_start: int
    char_end: int
    quote: str
    number_text: str  # the number as written
    value: float | None
    value_max: float | None
    unit: str
    comparator: Comparator
    role: Role
    indicator_text: str
    indicator_code: str
    subgroup: str
    entity: str
    ref_area: str
    period_start: date | None
    period_end: date | None
    quality_flags: tuple[str, ...]
    repaired_value: float | None  # a proposal for a damaged number, never the value
    confidence: float
    evidence: dict[str, str] = field(default_factory=dict)  # field name -> rule and words
    extractor_version: str = ""


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that could not be taken in: what failed, where and why."""

    source_id: str
    url: str
    file_name: str
    stage: Stage
    reason: str  # a short stable code, e.g. "empty_file"
    detail: str  # a sentence for a person
    occurred_at: datetime  # UTC
