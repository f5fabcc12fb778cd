"""The reporter: the institution whose own report a document is.

Belongs here: reading publisher and title. Not here: institutions named in the text (`mentions`).
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.extract.cues import cue_pattern
from ingest.model import Document

# A name, masked or not (xx县人民医院, **医院), behind a year or at the beginning of a title.
_NAME = r"[—-]*(?:(?:19|20)\d\d年度?)?(?P<name>[\u4e00-\u9fff()xX×*＊]{1,20}"
_BEHIND = r")(?=$|[12〇零一二O]\d|[二xX×*]|年度|工作|关于|上半年|半年|第)"
_STATION = f"{_NAME}{{stations}}{_BEHIND}"
_CARE = f"{_NAME}{{institutions}}{_BEHIND}"


def own_entity(document: Document) -> str:
    """The institution whose own report this is (a hospital's, a township health centre's); '' for an area's bureau."""
    match = cue_pattern(_CARE).match(document.publisher) or cue_pattern(_CARE).match(document.title)
    return match["name"] if match else ""


def own_station(document: Document) -> str:
    """The station that reports on its area and on itself (血站, 监督所, 妇幼保健所); '' for any other publisher."""
    match = cue_pattern(_STATION).match(document.publisher) or cue_pattern(_STATION).match(document.title)
    return match["name"] if match else ""


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who speaks: `entity` when every figure is that institution's own, `station` when only its own affairs are."""

    entity: str
    station: str

    @property
    def kind(self) -> str:
        """`institution`, `station`, or `area` for a bureau that speaks for its area."""
        return "institution" if self.entity else "station" if self.station else "area"


def reporter_of(document: Document) -> Reporter:
    """The institution that a document is the report of; both names empty for an area's bureau."""
    entity = own_entity(document)
    return Reporter(entity, "" if entity else own_station(document))
