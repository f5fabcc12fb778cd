"""Labelled metadata: 索引号, 发布机构, 生成日期 and their kin, as portals print them around a report.

Belongs here: finding labels in lines and the values that follow them.
Not here: what a value means for the document (`publication`, `title`), meta tags (`html`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from ingest.text.lines import Line
from ingest.text.words import field_words

# A value of these fields holds no blank.
ONE_WORD = frozenset({"index_number", "document_number", "publisher", "source"})
NUMBERED = frozenset({"index_number", "document_number"})  # a value without a digit is none
TRIM = " \t|｜【】[]〖〗;；,，:："
DIGIT = re.compile(r"[\d〇一二三四五六七八九十]")
LONGEST_LINE = 300


@dataclass(frozen=True, slots=True)
class Field:
    """A value with its label as written; `line` is an index into the lines that were searched."""

    name: str
    label: str
    value: str
    line: int


def fields_of(lines: Sequence[Line], start: int = 0) -> list[Field]:
    """The labelled values in the lines from `start` on; a label alone on its line takes the next line as its value."""
    fields: list[Field] = []
    pending: Field | None = None
    for index, line in enumerate(lines[start:], start=start):
        found = _fields_of_line(line.words, index)
        if pending is not None and not found and len(line.words) <= 60 and "。" not in line.words:
            value = _clean(pending.name, line.words)
            found = [Field(pending.name, pending.label, value, index)] if value else []
            pending = None
        else:
            pending = found[-1] if len(found) == 1 and not found[0].value else None
        fields.extend(found)
    return fields


def values_of(fields: Sequence[Field]) -> Mapping[str, Field]:
    """The first value of each field; a field whose label is there but whose value is empty counts as empty."""
    values: dict[str, Field] = {}
    for field in fields:
        if field.name not in values or not values[field.name].value:
            values[field.name] = field
    return values


def _fields_of_line(words: str, index: int) -> list[Field]:
    if len(words) > LONGEST_LINE:
        return []
    matches = list(_pattern().finditer(words))
    is_metadata = len(matches) > 1 or any(
        _has_colon(match) or match[0].strip(TRIM) == words.strip(TRIM) for match in matches
    )
    is_sentence = "。" in words and (not matches or matches[0].start() > 0 or not _has_colon(matches[0]))
    if not is_metadata or is_sentence:
        return []
    fields = []
    for position, match in enumerate(matches):
        end = matches[position + 1].start() if position + 1 < len(matches) else len(words)
        label = re.sub(r"\s", "", match["label"])
        name = _names()[label]
        fields.append(Field(name, label, _clean(name, words[match.end() : end]), index))
    return fields


def _has_colon(match: re.Match[str]) -> bool:
    return "：" in match["close"] or ":" in match["close"]


def _clean(name: str, value: str) -> str:
    value = value.strip(TRIM)
    if name in ONE_WORD and value:
        value = re.split(r"[\s|｜]", value, maxsplit=1)[0].strip(TRIM)
    return "" if name in NUMBERED and not DIGIT.search(value) else value


@cache
def _names() -> dict[str, str]:
    return {label: name for name, labels in field_words().labels.items() for label in labels}


@cache
def _pattern() -> re.Pattern[str]:
    labels = sorted(_names(), key=len, reverse=True)
    spaced = "|".join(r"[ \t]*".join(map(re.escape, label)) for label in labels)
    return re.compile(
        rf"(?:(?<=[\s|｜【\[〖（(;；,，])|^)(?P<label>{spaced})(?P<close>\s*[】\]〗]?\s*[:：]\s*[】\]〗]?|\s*[】\]〗|｜]\s*|\s+|$)"
    )
