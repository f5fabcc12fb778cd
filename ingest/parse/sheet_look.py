"""How a sheet shows its cells: number formats, hidden rows and columns.

Belongs here: 0.9531 that is shown as 95.31%. Not here: the cells' values (`sheet`).

Source: ECMA-376 part 1, 18.8.30 (numFmt) for the built-in formats.
"""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

import xlrd
from defusedxml.ElementTree import fromstring, iterparse

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
ON = frozenset(["1", "true"])
WIDEST = 16_384  # columns of a sheet
PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
NOT_SHOWN = re.compile(r"\[[^\]]*\]|_.|\*.")
ESCAPED = re.compile(r"\\(.)")
NUMBER = re.compile(
    r'(?P<before>(?:"[^"]*")*)[#,0]*[0#](?:\.(?P<decimals>[0#?]+))?(?P<percent>%)?\s*(?P<after>(?:"[^"]*")*)$'
)


@dataclass(frozen=True, slots=True)
class SheetLook:
    """What one sheet says of its cells; rows and columns count from 0."""

    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    height: int = 0  # rows up to the last one with a value
    width: int = 0


def shown(value: float, number_format: str) -> str:
    """A number as a sheet shows it; thousands are not parted.

    Args:
        value: as stored.
        number_format: the cell's format, e.g. `0.00%`, or "" for the general one.
    """
    plain = ESCAPED.sub(r'"\1"', NOT_SHOWN.sub("", number_format.split(";")[0])).strip()
    match = NUMBER.match(plain)
    if match is None:
        return str(int(value)) if value == int(value) else f"{value:.15g}"
    decimals = match["decimals"] or ""
    scaled = value * 100 if match["percent"] else value
    words = f"{scaled:.{len(decimals)}f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    if optional:
        kept = words.rstrip("0") if len(words) - len(words.rstrip("0")) < optional else words[:-optional]
        words = kept.rstrip(".")
    return match["before"].replace('"', "") + words + (match["percent"] or "") + match["after"].replace('"', "")


def looks_of_xlsx(package: zipfile.ZipFile) -> dict[str, SheetLook]:
    """The looks of a workbook's sheets by name; empty where the workbook says nothing that can be read."""
    names = set(package.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"} <= names:
        return {}
    related = fromstring(package.read("xl/_rels/workbook.xml.rels"))
    relations = {element.get("Id"): element.get("Target") or "" for element in related}
    formats = _formats(fromstring(package.read("xl/styles.xml")))
    looks = {}
    for sheet in fromstring(package.read("xl/workbook.xml")).iter(f"{MAIN}sheet"):
        target = relations.get(sheet.get(RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            looks[sheet.get("name") or ""] = _look(package.read(part), formats)
    return looks


def _formats(styles: Element) -> list[str]:
    """The number format of each cell style."""
    own = {element.get("numFmtId"): element.get("formatCode") or "" for element in styles.iter(f"{MAIN}numFmt")}
    cells = styles.find(f"{MAIN}cellXfs")
    found = []
    for style in cells if cells is not None else ():
        key = style.get("numFmtId") or "0"
        found.append(own.get(key, BUILT_IN.get(int(key), "") if key.isdecimal() else ""))
    return found


def _look(part: bytes, formats: list[str]) -> SheetLook:
    look: dict[tuple[int, int], str] = {}
    rows: set[int] = set()
    columns: set[int] = set()
    height = width = 0
    for _, element in iterparse(io.BytesIO(part), events=("end",)):
        if element.tag == f"{MAIN}c":
            style, place = element.get("s") or "0", PLACE.match(element.get("r") or "")
            if place is None or not len(element):
                continue  # a cell that is only painted
            row, column = int(place[2]) - 1, _column(place[1])
            height, width = max(height, row + 1), max(width, column + 1)
            if style.isdecimal() and int(style) < len(formats) and formats[int(style)]:
                look[row, column] = formats[int(style)]
        elif element.tag == f"{MAIN}row":
            if element.get("hidden") in ON and (number := element.get("r") or "").isdecimal():
                rows.add(int(number) - 1)
            element.clear()
        elif element.tag == f"{MAIN}col" and element.get("hidden") in ON:
            last = min(int(element.get("max") or 0), WIDEST)
            columns.update(range(int(element.get("min") or 1) - 1, last))
    return SheetLook(look, frozenset(rows), frozenset(columns), height, width)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def looks_of_xls(data: bytes) -> dict[str, SheetLook]:
    """The looks of an old workbook's sheets by name."""
    book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
    looks = {}
    for sheet in book.sheets():
        formats = {}
        for row in range(sheet.nrows):
            for column in range(sheet.row_len(row)):
                key = book.xf_list[sheet.cell_xf_index(row, column)].format_key
                words = book.format_map[key].format_str if key in book.format_map else ""
                if words and words.lower() != "general":
                    formats[row, column] = words
        rows = frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden)
        columns = frozenset(column for column, info in sheet.colinfo_map.items() if info.hidden)
        looks[sheet.name] = SheetLook(formats, rows, columns, sheet.nrows, sheet.ncols)
    return looks
