"""A report states the same facts in whatever format it is published.

The text twin is read first; each other twin's facts are compared with its facts: value, unit, indicator, role,
subgroup, place and period, not the offsets.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
import twin

from ingest.extract import extract
from ingest.model import ArchivedFile, Document, Fact
from ingest.parse import parse
from ingest.parse.sniff import sniff

TEXT_F1 = 0.98
TABLE_F1 = 0.95
SCAN_F1 = 0.90

Said = Counter[tuple[object, ...]]

# `--log-cli-level=INFO` shows the figures.
figures = logging.getLogger("twins")


NEEDS_ANTIWORD = pytest.mark.skipif(shutil.which("antiword") is None, reason="antiword is not installed")


def stored(name: str) -> Callable[[twin.Report], bytes]:
    """A twin that an office program saved in an old format."""
    return lambda report: Path(__file__).with_name(name).read_bytes()


def document_of(data: bytes, name: str) -> Document:
    sha256 = hashlib.sha256(data).hexdigest()
    fetched_at = datetime(2024, 1, 2, tzinfo=UTC)
    return parse(ArchivedFile("inbox", f"inbox:///{name}", name, sha256, sniff(data), fetched_at, len(data)), data)


def said(fact: Fact) -> tuple[object, ...]:
    """What a fact says, wherever it stands."""
    return (
        *(fact.value, fact.value_max, fact.unit, fact.comparator, fact.role, fact.indicator_code),
        *(fact.subgroup, fact.entity, fact.ref_area, fact.period_start, fact.period_end, fact.quality_flags),
    )


def split(document: Document) -> tuple[Said, Said]:
    """The facts of a document's sentences, and those of its tables."""
    facts = extract(document)
    assert all(document.text[fact.char_start : fact.char_end] == fact.number_text for fact in facts)
    spans = [(table.start, table.end) for table in document.tables]
    in_table = [fact for fact in facts if any(start <= fact.char_start < end for start, end in spans)]
    inside = {fact.fact_id for fact in in_table}
    return Counter(said(fact) for fact in facts if fact.fact_id not in inside), Counter(map(said, in_table))


def f1(found: Said, expected: Said, of: str) -> float:
    share = 2 * (found & expected).total() / (found.total() + expected.total())
    figures.info("%s: F1 %.3f of %d facts", of, share, expected.total())
    return share


@pytest.fixture(scope="module")
def expected() -> tuple[Said, Said]:
    """The facts of the text twin; its table is drawn with bars, which the page's twin marks up."""
    sentences, _ = split(document_of(twin.as_html(twin.REPORT), "report.html"))
    plain = extract(document_of(twin.as_text(twin.REPORT), "report.txt"))
    everything = Counter(map(said, plain))
    table = everything - sentences
    assert sentences.total() >= 30
    assert table.total() == 10
    return everything - table, table


@pytest.mark.parametrize(
    ("name", "render"),
    [
        ("report.html", twin.as_html),
        ("report.pdf", twin.as_pdf),
        ("report.docx", twin.as_docx),
        pytest.param("report.doc", stored("report.doc"), marks=NEEDS_ANTIWORD),
    ],
)
def test_a_report_states_the_facts_of_its_text_twin(
    name: str, render: Callable[[twin.Report], bytes], expected: tuple[Said, Said]
) -> None:
    document = document_of(render(twin.REPORT), name)
    sentences, table = split(document)
    assert f1(sentences, expected[0], f"{name} sentences") >= TEXT_F1, (
        sentences - expected[0],
        expected[0] - sentences,
    )
    assert f1(table, expected[1], f"{name} table") >= TABLE_F1, (table - expected[1], expected[1] - table)
    assert document.title == twin.REPORT.title


@pytest.mark.parametrize(
    ("name", "render"), [("table.xlsx", twin.as_sheet), ("table.xls", stored("table.xls"))], ids=["xlsx", "xls"]
)
def test_a_sheet_states_the_facts_of_the_table(
    name: str, render: Callable[[twin.Report], bytes], expected: tuple[Said, Said]
) -> None:
    sentences, table = split(document_of(render(twin.REPORT), name))
    assert sentences.total() == 0
    assert f1(table, expected[1], f"{name} table") >= TABLE_F1, (table - expected[1], expected[1] - table)


@pytest.mark.skipif(find_spec("rapidocr_onnxruntime") is None, reason="the extra `ocr` is not installed")
def test_a_scan_states_the_facts_of_its_text_twin_and_is_less_sure_of_them(expected: tuple[Said, Said]) -> None:
    document = document_of(twin.as_scan(twin.REPORT), "report.pdf")
    sentences, table = split(document)
    found, stated = sentences + table, expected[0] + expected[1]
    assert f1(found, stated, "scan") >= SCAN_F1, (found - stated, stated - found)
    recognition = float(document.evidence["ocr_confidence"])
    assert 0.9 < recognition < 1
    printed = {said(fact): fact.confidence for fact in extract(document_of(twin.as_text(twin.REPORT), "report.txt"))}
    both = [fact for fact in extract(document) if said(fact) in printed]
    assert both
    assert all(fact.evidence["legibility"].endswith(document.evidence["ocr_confidence"]) for fact in both)
    assert sum(fact.confidence for fact in both) < sum(printed[said(fact)] for fact in both)


def heads_facts(document: Document) -> set[tuple[object, ...]]:
    """What the facts of the table with merged heads say."""
    return {
        (fact.ref_area, fact.indicator_code, fact.period_end and fact.period_end.year, fact.value, fact.unit)
        for fact in extract(document)
    }


# Written by hand from the table: place, indicator, year, visits (the caption counts in 万).
HEADS_SAID = {
    (area, indicator, year, value, "visit")
    for area, values in {
        "430626": (3012500, 3184700, 135100, 142600),
        "430623": (2101800, 2214300, 91200, 98700),
        "430624": (1984200, 2057700, 86400, 89100),
    }.items()
    for (indicator, year), value in zip(
        [(indicator, year) for indicator in ("outpatient_visits", "discharges") for year in (2021, 2022)],
        values,
        strict=True,
    )
}


@pytest.mark.parametrize(
    ("name", "render"),
    [
        ("heads.html", twin.heads_as_html),
        ("heads.docx", twin.heads_as_docx),
        ("heads.xlsx", twin.heads_as_sheet),
        ("heads.pdf", twin.heads_as_pdf),
    ],
)
def test_merged_heads_and_a_unit_in_the_caption_mean_the_same_in_every_format(
    name: str, render: Callable[[twin.Heads], bytes]
) -> None:
    assert heads_facts(document_of(render(twin.HEADS), name)) == HEADS_SAID
