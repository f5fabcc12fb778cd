"""Refusals: how portals say no in a page that looks like an answer, see `refusals.yaml`.

Belongs here: recognising a challenge page, and a page that says that there is nothing. Not here: what follows from it
(`manners`, `spider`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from lxml import etree, html

from ingest.parse.encoding import UndecodableError, decode
from ingest.parse.grid import BLOCKS, HIDDEN

FILE = Path(__file__).with_name("refusals.yaml")
HAN = re.compile(r"[\u4e00-\u9fff]")
SENTENCE_END = re.compile("[\n。！!]")


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a page shows: its title, its text with a line for each block, its Chinese characters outside of links."""

    title: str
    text: str
    words: int


@dataclass(frozen=True, slots=True)
class Refusals:
    """How portals say no; the fields are those of `refusals.yaml`."""

    statuses: frozenset[int]
    challenges: tuple[bytes, ...]
    head_bytes: int
    page_bytes: int
    most_words: int
    missing_titles: re.Pattern[str]
    missing_lines: re.Pattern[str]
    line_characters: int

    def is_challenge(self, body: bytes) -> bool:
        """Whether a page asks for a browser or a person in place of what was asked for."""
        if len(body) > self.page_bytes or not any(mark in body[: self.head_bytes] for mark in self.challenges):
            return False
        shown = _shown(body)
        return shown is None or shown.words <= self.most_words

    def missing(self, body: bytes) -> str:
        """The words with which a page says that there is nothing at its address, whatever its status; else "".

        A page that shows more than `most_words` Chinese characters outside its links is a report that happens to hold
        such words, and a line that is longer than `line_characters` says something else.
        """
        shown = _shown(body) if len(body) <= self.page_bytes else None
        if shown is None or shown.words > self.most_words:
            return ""
        if len(shown.title) <= self.line_characters and self.missing_titles.search(shown.title):
            return shown.title
        lines = (" ".join(line.split()) for line in SENTENCE_END.split(shown.text))
        return next(
            (line for line in lines if len(line) <= self.line_characters and self.missing_lines.match(line)), ""
        )


@cache
def refusals() -> Refusals:
    """The refusals of `refusals.yaml`."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    marks = [words.encode(encoding) for words in content["challenges"] for encoding in ("utf-8", "gb18030")]
    return Refusals(
        statuses=frozenset(content["statuses"]),
        challenges=tuple(dict.fromkeys(marks)),
        head_bytes=content["head_bytes"],
        page_bytes=content["page_bytes"],
        most_words=content["most_words"],
        missing_titles=_any(content["missing_titles"]),
        missing_lines=_any(content["missing_lines"]),
        line_characters=content["line_characters"],
    )


def _shown(body: bytes) -> _Shown | None:
    """What a page shows; None where it is no text. An empty page shows nothing."""
    try:
        source = decode(body, is_html=True).text.encode("utf-8", errors="replace")
    except UndecodableError:
        return None
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(source, parser=parser)
    except etree.ParserError:
        return _Shown("", "", 0)
    title = " ".join((root.findtext(".//title") or "").split())
    etree.strip_elements(root, *HIDDEN, with_tail=False)
    text = _lines(root)
    etree.strip_elements(root, "a", with_tail=False)
    return _Shown(title, text, _words(root.text_content()))


def _lines(root: etree._Element) -> str:
    """The text of a page, with a line end before and after each block."""
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        parts.append("\n" if element.tag in BLOCKS or element.tag == "br" else "")
        parts.append((element.text if event == "start" else element.tail) or "")
    return "".join(parts)


def _words(text: str) -> int:
    return len(HAN.findall(text))


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
