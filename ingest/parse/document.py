"""One file, one `Document`: the order in which its parts are found.

Belongs here: putting together what the other modules find. Not here: any rule of its own.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter

from ingest.archive import document_id
from ingest.model import ArchivedFile, Document
from ingest.parse import asides
from ingest.parse.fields import Field, fields_of, values_of
from ingest.parse.kind import kind_of
from ingest.parse.period import period_of
from ingest.parse.place import place_of
from ingest.parse.promise import check_promise
from ingest.parse.publication import publication_of, publisher_of, signature_of
from ingest.parse.registry import read_visible
from ingest.parse.title import find_title
from ingest.parse.visible import ParseError, Visible
from ingest.sources import area_of
from ingest.text.cuts import broken_sentences, chunk_marks, hard_breaks, page_numbers
from ingest.text.fold import simplified
from ingest.text.lines import Line, lines_of
from ingest.text.reading import Reading
from ingest.text.segment import segment
from ingest.versions import PARSER_VERSION

HEAD_AT_MOST = 80
LEAD_LINES = 4
LEAD_CHARACTERS = 1200
LONGEST_TEXT = 20_000_000  # characters; a yearbook of 600 pages has one million

Span = tuple[int, int]


def parse(file: ArchivedFile, data: bytes) -> Document:
    """Read an archived file as a report.

    Args:
        file: what the archive knows of it.
        data: its bytes.

    Returns:
        The document; what it does not state is empty, with the reason under `evidence`.

    Raises:
        ParseError: no parser for the format, or nothing to read in it.
    """
    visible = read_visible(file.media_type, data)
    if len(visible.text) > LONGEST_TEXT:
        raise ParseError("too_long", f"{len(visible.text)} characters are more than the limit of {LONGEST_TEXT}")
    check_promise(file.file_name, file.media_type, visible)
    return document_of(file, visible)


def document_of(file: ArchivedFile, visible: Visible) -> Document:
    """Understand the visible text of a file: title, metadata, asides, cuts, sections, sentences."""
    text = visible.text
    plain = simplified(text)
    raw_lines = lines_of(plain)
    marks = chunk_marks(raw_lines)
    lines = _without_marks(plain, raw_lines, marks)
    outside = {index for index, line in enumerate(lines) if _is_covered(line, visible.outside)}
    labelled = fields_of(lines[:HEAD_AT_MOST])
    no_body = asides.metadata_lines(labelled) | outside
    running_on = [*marks, *broken_sentences([line for index, line in enumerate(lines) if index not in no_body])]
    first, last = asides.body_range(lines, no_body, running_on)
    fields = [field for field in labelled if field.line < first]
    fields += [field for field in fields_of(lines, start=max(last, HEAD_AT_MOST)) if field.value]
    metadata = asides.metadata_lines(fields)
    values = values_of(fields)
    label = values["title"].value if "title" in values else ""
    title = find_title(lines, first, metadata, label, visible.titles)
    first = max(first, max(title.lines, default=-1) + 1)

    furniture = set(title.lines) | asides.tail_asides(lines, last, metadata)
    furniture |= asides.head_asides(lines, first, min(title.lines, default=None), metadata)
    aside_lines = outside | furniture
    numbered = set(page_numbers(lines)) - aside_lines
    body = [line for index, line in enumerate(lines) if index not in aside_lines | numbered]
    cuts = asides.merged([*marks, *hard_breaks(body)])
    spans = [*asides.spans_of(lines, aside_lines), *title.spans]
    spans += [span for span in asides.spans_of(lines, numbered) if not _is_inside(span, cuts)]
    aside_spans = asides.merged(spans)
    segments = segment(text, cuts, aside_spans)

    signature = signature_of([line for index, line in enumerate(lines) if index not in furniture | numbered])
    head = [line for index, line in enumerate(lines[:first]) if index not in title.lines]
    page = [*head, *lines[last:]]
    publisher = publisher_of(values, signature, title.text, page, visible.fields)
    publication = publication_of(values, signature, head, body, visible.fields)
    lead = _lead(plain, cuts, body)
    kind = kind_of(title.text, lead, "\n".join(line.words for line in [*page, *body[:1]])[:LEAD_CHARACTERS])
    headings = [simplified(section.heading) for section in segments.sections if section.level <= 2]
    around = "\n".join(line.words for line in page)
    period = period_of(title.text, kind.value, lead, plain, publication.on, headings, around)
    year = period.end.year if period.end else publication.on.year if publication.on else None
    place = place_of(
        title=title.text,
        publisher=publisher.name,
        values=values,
        head=around,
        text=plain,
        year=year,
        source_area=area_of(file.source_id),
    )
    index_number, document_number = values.get("index_number"), values.get("document_number")
    return Document(
        document_id=document_id(file),
        source_id=file.source_id,
        url=file.url,
        file_name=file.file_name,
        media_type=file.media_type,
        raw_sha256=file.raw_sha256,
        fetched_at=file.fetched_at,
        title=_as_written(title.text, plain, text),
        publisher=_as_written(publisher.name, plain, text),
        index_number=index_number.value if index_number else visible.fields.get("index_number", ""),
        document_number=document_number.value if document_number else visible.fields.get("document_number", ""),
        published_on=publication.on,
        report_kind=kind.value,
        ref_area=place.code,
        ref_area_candidates=place.candidates,
        period_start=period.start,
        period_end=period.end,
        text=text,
        cuts=cuts,
        asides=aside_spans,
        sections=segments.sections,
        sentences=segments.sentences,
        tables=tuple(table for table in visible.tables if not _is_inside((table.start, table.start + 1), aside_spans)),
        evidence={
            **visible.evidence,
            "title": f"{title.rule}: {title.text}",
            "publisher": publisher.evidence,
            "index_number": _label_evidence(index_number),
            "document_number": _label_evidence(document_number),
            "published_on": publication.evidence,
            "report_kind": kind.evidence,
            "ref_area": place.evidence,
            "period": period.evidence,
        },
        parser_version=PARSER_VERSION,
    )


def _without_marks(text: str, lines: list[Line], marks: list[Span]) -> list[Line]:
    """The lines with page-chunk marks taken off their beginnings."""
    ends = sorted(end for _, end in marks)
    result = []
    for line in lines:
        at = bisect_right(ends, line.end) - 1
        if at >= 0 and ends[at] > line.start:
            rest = text[ends[at] : line.end]
            start = line.end - len(rest.lstrip())
            line = Line(start, line.end, 0, line.gap, text[start : line.end])
        result.append(line)
    return [line for line in result if line.words]


def _as_written(words: str, plain: str, text: str) -> str:
    """Words of the simplified text as the document writes them."""
    at = plain.find(words) if plain is not text else -1
    return words if at < 0 else text[at : at + len(words)]


def _is_covered(line: Line, spans: tuple[Span, ...]) -> bool:
    return _is_inside((line.start, line.end), spans)


def _is_inside(span: Span, others: tuple[Span, ...]) -> bool:
    at = bisect_right(others, span[0], key=itemgetter(0)) - 1
    return at >= 0 and span[1] <= others[at][1]


def _lead(text: str, cuts: tuple[Span, ...], body: list[Line]) -> str:
    """The first paragraphs of the report."""
    if not body:
        return ""
    end = min(body[min(LEAD_LINES, len(body)) - 1].end, body[0].start + LEAD_CHARACTERS)
    return Reading(text, cuts, body[0].start, end).text


def _label_evidence(field: Field | None) -> str:
    return f"label {field.label}: {field.value or 'empty'}" if field else "no label"
