"""The reporter: the institution whose own report a document is.

Belongs here: reading publisher and title. Not here: institutions named in the text (`mentions`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.model import Document

_STATION = re.compile(
    r"[\u4e00-\u9fff()]{2,20}(?:血站|监督所|监督局|保健所|保健站|保健院|疾控中心|疾病预防控制中心|防疫站|皮防院|血防站)(?=$|[12〇零一二O]\d|二|年度|工作|关于)"
)
_CARE = re.compile(
    r"[\u4e00-\u9fff()]{2,20}(?:医院|卫生院|卫生服务中心|卫生服务站|院区)(?=$|[12〇零一二]\d|二|年度|工作|关于)"
)


def own_entity(document: Document) -> str:
    """The institution whose own report this is (a hospital's, a township health centre's); '' for an area's bureau."""
    match = _CARE.match(document.publisher) or _CARE.match(document.title)
    return match.group() if match else ""


def own_station(document: Document) -> str:
    """The station that reports on its area and on itself (血站, 监督所, 妇幼保健所); '' for any other publisher."""
    match = _STATION.match(document.publisher) or _STATION.match(document.title)
    return match.group() if match else ""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who speaks: `entity` when every figure is that institution's own, `station` when only its own affairs are."""

    entity: str
    station: str


def reporter_of(document: Document) -> Reporter:
    """The institution that a document is the report of; both names empty for an area's bureau."""
    entity = own_entity(document)
    return Reporter(entity, "" if entity else own_station(document))
