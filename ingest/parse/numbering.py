"""Automatic numbers of paragraphs in Word files: 一、 and （一） that the file counts and does not write.

Belongs here: the counters and how their numbers are written. Not here: what a heading means (`ingest.text.headings`).

Source: ECMA-376 part 1, 17.9 (numbering) and 17.18.59 (ST_NumberFormat).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml import etree

LEVEL_MARK = re.compile(r"%([1-9])")
HAN_DIGITS = "〇一二三四五六七八九"
FORMAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
HAN_FORMATS = frozenset(
    ["chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographDigital", "taiwaneseCounting"]
)
DEEPEST = 9


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    style: str
    text: str


@dataclass(slots=True)
class Numbering:
    """The lists of one Word file, counting as its paragraphs are read in order."""

    lists: dict[str, tuple[str, dict[int, _Level]]] = field(default_factory=dict)  # numId -> abstract list, levels
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)  # paragraph style -> numId, level
    counters: dict[str, list[int]] = field(default_factory=dict)  # by abstract list

    @classmethod
    def of(cls, document: WordDocument) -> Numbering:
        """The lists that a Word file defines; none when it has no numbering part."""
        related = [part for part in document.part.rels.values() if part.reltype.endswith("/numbering")]
        if not related or related[0].is_external:
            return cls()
        root = getattr(related[0].target_part, "element", None)
        if root is None:
            return cls()
        abstract = {
            element.get(qn("w:abstractNumId")): _levels(element) for element in root.iterchildren(qn("w:abstractNum"))
        }
        lists = {}
        for number in root.iterchildren(qn("w:num")):
            reference = _value(number, "w:abstractNumId")
            if reference in abstract:
                own = {level: _level(found) for level, found in _overrides(number)}
                lists[number.get(qn("w:numId"))] = (reference, {**abstract[reference], **own})
        return cls(lists, _styles(document))

    def label(self, paragraph: etree._Element) -> str:
        """The number that stands before a paragraph, and counts it; "" when it has none."""
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return ""
        stated = properties.find(qn("w:numPr"))
        number, level = self.styles.get(_value(properties, "w:pStyle"), ("", 0))
        if stated is not None:
            number = _value(stated, "w:numId") or number
            level = _int(_value(stated, "w:ilvl"), level)
        if number not in self.lists or not 0 <= level < DEEPEST:
            return ""
        name, levels = self.lists[number]
        if level not in levels:
            return ""
        counters = self.counters.setdefault(name, [0] * DEEPEST)
        counters[level] = counters[level] + 1 if counters[level] else levels[level].start
        counters[level + 1 :] = [0] * (DEEPEST - level - 1)

        def written(mark: re.Match[str]) -> str:
            at = int(mark[1]) - 1
            style = levels[at].style if at in levels else "decimal"
            return _written(counters[at] or 1, style)

        return "" if levels[level].style == "bullet" else LEVEL_MARK.sub(written, levels[level].text)


def _levels(abstract: etree._Element) -> dict[int, _Level]:
    levels = abstract.iterchildren(qn("w:lvl"))
    return {_int(level.get(qn("w:ilvl")) or "", 0): _level(level) for level in levels}


def _level(element: etree._Element) -> _Level:
    return _Level(_int(_value(element, "w:start"), 1), _value(element, "w:numFmt"), _value(element, "w:lvlText"))


def _overrides(number: etree._Element) -> list[tuple[int, etree._Element]]:
    """Levels that a list defines anew; a mere new start is left to the shared count."""
    found = []
    for override in number.iterchildren(qn("w:lvlOverride")):
        level = override.find(qn("w:lvl"))
        if level is not None:
            found.append((_int(override.get(qn("w:ilvl")) or "", 0), level))
    return found


def _styles(document: WordDocument) -> dict[str, tuple[str, int]]:
    """Paragraph styles that number their paragraphs, by id."""
    found: dict[str, tuple[str, int]] = {}
    for style in document.styles.element.iterchildren(qn("w:style")):
        stated = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if stated is not None and _value(stated, "w:numId"):
            found[style.get(qn("w:styleId"))] = (_value(stated, "w:numId"), _int(_value(stated, "w:ilvl"), 0))
    return found


def _written(number: int, style: str) -> str:
    """A counter as its format writes it."""
    if style in HAN_FORMATS:
        return _han(number, HAN_DIGITS, "十")
    if style == "chineseLegalSimplified":
        return _han(number, FORMAL_DIGITS, "拾")
    if style.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if style in {"lowerLetter", "upperLetter"} and 1 <= number <= 26:
        return chr((ord("a") if style == "lowerLetter" else ord("A")) + number - 1)
    if style in {"lowerRoman", "upperRoman"}:
        return _roman(number) if style == "lowerRoman" else _roman(number).upper()
    if style == "decimalFullWidth":
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    return "" if style == "none" else str(number)


def _han(number: int, digits: str, ten: str) -> str:
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + ten + (digits[ones] if ones else "")


def _roman(number: int) -> str:
    written = ""
    for value, sign in ROMAN:
        written += sign * (number // value)
        number %= value
    return written


def _value(element: etree._Element, name: str) -> str:
    found = element.find(qn(name))
    return "" if found is None else found.get(qn("w:val")) or ""


def _int(words: str, default: int) -> int:
    return int(words) if words.isdecimal() else default
