"""Words: what the page says, in Chinese and English, and how it writes numbers, places and units.

Belongs here: reading `labels.yaml`, and text made from a value. Not here: HTML (`markup`) or layout (`views`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")
FILE = Path(__file__).with_name("labels.yaml")


@cache
def _labels() -> dict[str, dict[str, str]]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


class Words:
    """The words of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """The label of a key, its braces filled in.

        Raises:
            KeyError: `labels.yaml` has no such key.
        """
        return _labels()[key][self.language].format(**values)

    def code(self, kind: str, code: str) -> str:
        """The label of a code such as a frequency or a severity; the code itself where there is none."""
        labels = _labels().get(f"{kind}_{code}")
        return labels[self.language] if labels else code

    def indicator(self, row: Mapping[str, Any], prefix: str = "") -> str:
        """The indicator's name in this language, from columns `name_zh` and `name_en` behind a prefix."""
        return str(row[f"{prefix}name_{self.language}"] or row[f"{prefix}name_zh"])

    def unit(self, unit: str, indicator: Mapping[str, Any]) -> str:
        """A unit's name; the indicator knows that of its own unit, any other stays a code."""
        return str(indicator[f"unit_name_{self.language}"]) if unit == indicator["unit"] else unit

    def said(self, row: Mapping[Any, Any], column: str) -> str:
        """What a column says in the language of the page; the Chinese stands in `<column>_zh`."""
        return str(row[f"{column}_zh" if self.language == "zh" else column])

    def rule(self, rule: str, rule_name: str) -> str:
        """A quality rule's name: Chinese from the data, English from its code."""
        return rule_name if self.language == "zh" and rule_name else rule.replace("_", " ")

    def places(self, rows: pd.DataFrame) -> dict[str, str]:
        """Names of places by code, told apart where two share one.

        Args:
            rows: columns ref_area, name_zh, pinyin and parent_name; several rows a place are allowed.
        """
        unique = rows.drop_duplicates("ref_area")
        shared = set(unique.loc[unique["name_zh"].duplicated(keep=False), "name_zh"])
        return {
            row["ref_area"]: self.place(row, row["parent_name"] if row["name_zh"] in shared else "")
            for row in unique.to_dict("records")
        }

    def place(self, row: Mapping[str, Any], parent: str = "") -> str:
        """A place's name, in English with its pinyin before it; a parent tells it from its namesakes."""
        name = f"{row['name_zh']}（{parent}）" if parent else str(row["name_zh"])
        return f"{row['pinyin']} {name}" if self.language == "en" and row["pinyin"] else name


def moment(at: datetime) -> str:
    """An instant to the minute with the offset of its zone, such as 2024-03-01 02:10 UTC+08:00."""
    return f"{at:%Y-%m-%d %H:%M} UTC{at.isoformat()[-6:]}"


def number(value: float | None) -> str:
    """A number as people read it: thousands separated, no digits that are not there."""
    return "" if value is None or pd.isna(value) else f"{value:,.12g}"


def quantity(value: float | None, unit: str, comparator: str = "=", value_max: float | None = None) -> str:
    """A number with its sign of comparison, the end of its range and its unit; signs such as % stand close."""
    written = number(value)
    if value_max is not None and not pd.isna(value_max):
        written += f"–{number(value_max)}"
    sign = "" if comparator in ("", "=") else f"{comparator} "
    gap = "" if not unit or unit[0] in "%‰/" else " "
    return f"{sign}{written}{gap}{unit}".rstrip()


def year_span(first: int, last: int) -> str:
    """Years from the first to the last, or the only one."""
    return str(first) if first == last else f"{first}–{last}"


def joined(parts: Iterable[str]) -> str:
    """Parts that are not empty, with a dot between."""
    return " · ".join(part for part in parts if part)
