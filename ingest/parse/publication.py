"""Who published a report, and when.

Belongs here: labelled publisher and date, the signature at the end, the stamp above the text, the body in a title.
Not here: labels (`fields`), the place that a publisher belongs to (`place`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from ingest.parse.asides import is_credit, is_stamp
from ingest.parse.dates import first_date, fold
from ingest.parse.fields import Field
from ingest.text.lines import Line
from ingest.text.words import publisher_words

SIGNATURE_LINES = 12
SIGNATURE_AT_MOST = 40
LEAD_LINES = 3
LEAD_CHARACTERS = 40
DATELINE = re.compile(r"^[(（]?$|[讯电(（]\s*$")  # what stands before the date of a dateline
MASKED = re.compile(r"[xXｘＸ×*＊]{2}|[xXｘＸ×*＊某][省市县区镇乡]")  # 某县, xx县
DATE_LINE = re.compile(r"^\W*(?:(?:19|20)\d\d|[二一][〇○零一二三四五六七八九]{3})\s*[-/.年].{2,12}\W*$")
OFFICE = re.compile("[\u4e00-\u9fff](?:局|委|会|室|厅|政府|中心|院|所|站|队|办事处|指挥部|小组)$")


@dataclass(frozen=True, slots=True)
class Publisher:
    """A publisher as written, and the rule with its words; empty when none is named."""

    name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A date of publication and the rule with its words."""

    on: date | None
    evidence: str


@dataclass(frozen=True, slots=True)
class Signature:
    """The body and the date that stand below a report."""

    name: str
    on: date | None
    words: str


def ends_like_publisher(words: str) -> bool:
    """Whether words end as the name of an office does."""
    return len(words) <= SIGNATURE_AT_MOST and OFFICE.search(words) is not None


def signature_of(lines: Sequence[Line]) -> Signature:
    """The signature: an office and a date on the last short lines of the report (asides left out)."""
    name, on = "", None
    words: list[str] = []
    for line in reversed(lines[-SIGNATURE_LINES:]):
        if len(line.words) > SIGNATURE_AT_MOST or "。" in line.words:
            break
        written = first_date(line.words)
        office = line.words[: written.start].rstrip(" 　") if written else line.words
        if on is None and written is not None and (DATE_LINE.match(fold(line.words)) or ends_like_publisher(office)):
            on = written.value
            words.insert(0, line.words)
        if not name and ends_like_publisher(office):
            name = re.sub(r"\s+", "", office)
            if line.words not in words:
                words.insert(0, line.words)
    return Signature(name, on, " ".join(words))


def publisher_of(
    values: Mapping[str, Field], signature: Signature, title: str, page: Sequence[Line], meta: Mapping[str, str]
) -> Publisher:
    """The publisher: labelled, then signed, then a named source that is an office, then the title's, then media."""
    labelled = values.get("publisher")
    if labelled and _is_publisher(labelled.value):
        return Publisher(labelled.value, f"label {labelled.label}: {labelled.value}")
    if signature.name:
        return Publisher(signature.name, f"signature: {signature.words}")
    source = values["source"].value if "source" in values else ""
    for name, rule in [
        (source, "label 来源"),
        (meta.get("publisher", ""), "meta tag"),
        (meta.get("source", ""), "meta tag"),
    ]:
        if _is_publisher(name) and ends_like_publisher(name):
            return Publisher(name, f"{rule}: {name}")
    if (
        (named := _title_body().match(re.sub(r"\s+", "", title)))
        and _is_publisher(named["name"])
        and len(named["name"]) > 4
    ):
        return Publisher(named["name"], f"title: {named['name']}")
    for name, rule in [(source, "label 来源"), (meta.get("source", ""), "meta tag")]:
        if _is_publisher(name):
            return Publisher(name, f"{rule}: {name}")
    for line in page:
        if (is_credit(line.words) or is_stamp(line.words)) and (medium := _medium().search(line.words)):
            return Publisher(medium[0], f"credit line: {line.words[:60]}")
    return Publisher("", "none named")


def publication_of(
    values: Mapping[str, Field],
    signature: Signature,
    head: Sequence[Line],
    lead: Sequence[Line],
    meta: Mapping[str, str],
) -> Publication:
    """The date of publication: labelled, then signed, then on a line of the head, then in the first lines."""
    for name in ("published_on", "written_on"):
        if name in values and (written := first_date(values[name].value)):
            return Publication(written.value, f"label {values[name].label}: {values[name].value}")
    if written := first_date(meta.get("published_on", "")):
        return Publication(written.value, f"meta tag: {meta['published_on']}")
    if signature.on:
        return Publication(signature.on, f"signature: {signature.words}")
    for line in head:
        if len(line.words) <= 2 * SIGNATURE_AT_MOST and (written := first_date(line.words)):
            return Publication(written.value, f"line of the head: {line.words}")
    for line in lead[:LEAD_LINES]:
        written = first_date(line.words[:LEAD_CHARACTERS])
        if written and DATELINE.search(line.words[: written.start]):
            return Publication(written.value, f"first lines: {line.words[written.start : written.end]}")
    return Publication(None, "none stated")


def _is_publisher(name: str) -> bool:
    return (
        bool(name)
        and not MASKED.search(name)
        and name not in publisher_words().not_publishers
        and len(name) <= SIGNATURE_AT_MOST
    )


@cache
def _title_body() -> re.Pattern[str]:
    suffixes = "|".join(sorted(map(re.escape, publisher_words().suffixes), key=len, reverse=True))
    return re.compile(rf"(?:关于)?(?P<name>[^\d，,。“《]{{2,20}}?(?:{suffixes}))")


@cache
def _medium() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in publisher_words().media))
