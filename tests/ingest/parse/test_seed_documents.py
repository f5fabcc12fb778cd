"""The shared reports: title, publisher, dates, kind, period and place of each, and gold quotes in the report's body.

Skipped where the shared reports are absent.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from pages import archived

from ingest.model import Document
from ingest.parse import parse
from ingest.text import Reading

EXPECTED = {
    "000": {
        "title": "海原县卫生健康局2022年上半年工作总结暨下半年工作计划",
        "publisher": "海原县卫生健康局",
        "index_number": "640522017/2022-00027",
        "document_number": "",
        "published_on": date(2022, 7, 5),
        "report_kind": "half_year",
        "ref_area": "640522",
        "period_start": date(2022, 1, 1),
        "period_end": date(2022, 6, 30),
    },
    "001": {
        "title": "艰难方显勇毅 磨砺始得玉成",
        "published_on": None,
        "report_kind": "news",
        "ref_area": "610400",
        "period_start": date(2016, 1, 1),
        "period_end": date(2020, 12, 31),
    },
    "002": {
        "title": "夹江县卫生健康局2023年半年工作总结",
        "publisher": "夹江县卫生健康局",
        "published_on": None,
        "report_kind": "half_year",
        "ref_area": "511126",
        "period_start": date(2023, 1, 1),
        "period_end": date(2023, 6, 30),
    },
    "003": {
        "title": "新洲区卫生健康局2023年工作总结及2024年工作计划",
        "publisher": "新洲区卫生健康局",
        "index_number": "574913941/2024-02062",
        "document_number": "",
        "published_on": date(2024, 1, 11),
        "report_kind": "annual",
        "ref_area": "420117",
        "period_start": date(2023, 1, 1),
        "period_end": date(2023, 12, 31),
    },
    "004": {
        "title": "县卫计委XX年工作总结和XX年方案",
        "publisher": "",
        "published_on": None,
        "report_kind": "annual",
        "period_start": date(2023, 1, 1),
        "period_end": date(2023, 12, 31),
    },
}


def shared(reports: Path, number: str) -> tuple[Path, Document]:
    path = next(reports.glob(f"{number}_*.txt"))
    data = path.read_bytes()
    return path, parse(archived(data, path.name), data)


@pytest.mark.parametrize("number", EXPECTED)
def test_what_a_shared_report_says_of_itself_is_read(reports: Path, number: str) -> None:
    _, doc = shared(reports, number)
    assert {name: getattr(doc, name) for name in EXPECTED[number]} == EXPECTED[number]


def test_the_anonymised_report_is_the_county_of_its_towns_or_open_and_never_another(reports: Path) -> None:
    _, doc = shared(reports, "004")
    assert doc.ref_area in ("341824", "")
    assert "341824" in doc.ref_area_candidates


@pytest.mark.parametrize("number", EXPECTED)
def test_every_quote_of_the_gold_lies_in_a_sentence_and_in_no_aside(reports: Path, number: str) -> None:
    path, doc = shared(reports, number)
    kept = "".join(Reading(doc.text, doc.cuts, sentence.start, sentence.end).text + "\n" for sentence in doc.sentences)
    squeezed = "".join(kept.split())
    for line in (reports.parent / "gold" / f"{path.stem}.jsonl").read_text(encoding="utf-8").splitlines():
        fact = json.loads(line)
        assert fact["optional"] or "".join(fact["quote"].split()) in squeezed


def test_page_marks_inside_sentences_are_cuts(reports: Path) -> None:
    _, doc = shared(reports, "004")
    assert len(doc.cuts) == 16
    assert all(doc.text[start:end].strip().rstrip("、").isdigit() for start, end in doc.cuts)


@pytest.mark.parametrize(
    ("number", "level", "count"), [("000", 1, 3), ("000", 2, 15), ("002", 5, 17), ("003", 1, 4), ("004", 3, 19)]
)
def test_the_headings_of_a_shared_report_are_found(reports: Path, number: str, level: int, count: int) -> None:
    _, doc = shared(reports, number)
    assert sum(section.level == level for section in doc.sections) == count
