"""Documents and facts of our own making, for tests of the rooms between the parser and the warehouse.

Belongs here: small valid `Document`s and `Fact`s built from the dataclasses. Not here: reports for the parser.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

from ingest.archive import Archive, Arrival, document_id
from ingest.model import Document, Fact

FETCHED_AT = datetime(2024, 1, 31, 8, 30, tzinfo=UTC)
LABEL = "孕产妇系统管理率"


def archived_document(archive: Archive, number: int, rates: list[str], parser_version: str = "p1") -> Document:
    """Archive a small report of invented rates and return the document that a parser would make of it.

    Args:
        archive: takes the bytes.
        number: names the report.
        rates: percentages as they are to stand in the text, e.g. ["95.1"].
        parser_version: as the document is to name it.
    """
    sentences = [f"第{index}季度{LABEL}达{rate}%。" for index, rate in enumerate(rates, start=1)]
    text = f"示例数据第{number}号\n" + "".join(sentences)
    file = archive.put(
        Arrival(
            source_id="sample",
            url=f"inbox/report-{number}.txt",
            file_name=f"report-{number}.txt",
            data=text.encode(),
            media_type="text/plain",
            fetched_at=FETCHED_AT,
        )
    )
    return Document(
        document_id=document_id(file),
        source_id=file.source_id,
        url=file.url,
        file_name=file.file_name,
        media_type=file.media_type,
        raw_sha256=file.raw_sha256,
        fetched_at=file.fetched_at,
        title=f"示例数据第{number}号",
        publisher="示例县卫生健康局",
        index_number="",
        document_number="",
        published_on=date(2024, 1, 15),
        report_kind="annual",
        ref_area="640522",
        ref_area_candidates=(),
        period_start=date(2023, 1, 1),
        period_end=date(2023, 12, 31),
        text=text,
        cuts=(),
        asides=(),
        sections=(),
        sentences=(),
        tables=(),
        evidence={"title": "first line"},
        parser_version=parser_version,
    )


def rate_facts(document: Document, extractor_version: str = "e1") -> list[Fact]:
    """The rates of a document of `archived_document`, as an extractor would read them."""
    facts = []
    position = 0
    while (begin := document.text.find(LABEL, position)) >= 0:
        start = begin + len(LABEL) + 1
        end = document.text.index("%", start)
        position = end
        facts.append(
            Fact(
                fact_id=hashlib.sha256(f"{document.document_id} {start}".encode()).hexdigest()[:16],
                document_id=document.document_id,
                char_start=start,
                char_end=end,
                quote=document.text[begin : end + 1],
                number_text=document.text[start:end],
                value=float(document.text[start:end]),
                value_max=None,
                unit="percent",
                comparator="=",
                role="actual",
                indicator_text=LABEL,
                indicator_code="maternal_system_management_rate",
                subgroup="",
                entity="",
                ref_area=document.ref_area,
                period_start=document.period_start,
                period_end=document.period_end,
                quality_flags=(),
                repaired_value=None,
                confidence=0.9,
                evidence={"unit": "%"},
                extractor_version=extractor_version,
            )
        )
    return facts


def with_version(facts: list[Fact], extractor_version: str) -> list[Fact]:
    """The same facts as another version of the extractor would give them."""
    return [replace(fact, extractor_version=extractor_version) for fact in facts]
