"""Sheets (.xlsx, .xls): bytes to visible text, each block of rows a table.

Belongs here: which rows form a table, titles and notes above and below it, merged cells. Not here: how a number is
shown (`sheet_look`), what a cell means (`extract.tables`).

Values are those that the office program stored; no formula is computed, no macro run. Hidden sheets, rows and columns
are left out.
"""

from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import ParseError as XmlError

import xlrd
from defusedxml.common import DefusedXmlException
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from ingest.parse.docx import check_declarations
from ingest.parse.flow import visible_of
from ingest.parse.grid import MOST_COLUMNS, Grid, GridCell, squeezed
from ingest.parse.packages import open_package
from ingest.parse.sheet_look import SheetLook, looks_of_xls, looks_of_xlsx, shown
from ingest.parse.visible import ParseError, Visible

MOST_SHEETS = 200
MOST_CELLS = 2_000_000  # of a sheet, empty ones included
DEFAULT_NAMES = ("sheet", "工作表")

Value = int | float | str | bool | datetime.date | datetime.time | datetime.datetime | datetime.timedelta
Range = tuple[tuple[int, int], tuple[int, int]]  # first and last place of a merged cell


def read_xlsx(data: bytes) -> Visible:
    """The visible text of a workbook.

    Raises:
        ParseError: `broken_sheet`, `encrypted`, `too_many_cells`, `no_text`, or what `open_package` raises.
    """
    with open_package(data) as package:
        check_declarations(package)
        try:
            looks = looks_of_xlsx(package)
        except (XmlError, DefusedXmlException, zipfile.BadZipFile, ValueError, KeyError, TypeError) as error:
            raise ParseError("broken_sheet", f"the workbook is damaged ({type(error).__name__}: {error})") from error
    return _read(data, looks)


def read_xls(data: bytes) -> Visible:
    """The visible text of an old workbook.

    Raises:
        ParseError: `broken_sheet`, `encrypted`, `too_many_cells`, `no_text`.
    """
    try:
        looks = looks_of_xls(data)
    except xlrd.XLRDError as error:
        reason = "encrypted" if "ncrypted" in str(error) else "broken_sheet"
        raise ParseError(reason, f"the workbook cannot be read ({error})") from error
    except (AssertionError, IndexError, KeyError, ValueError, TypeError, UnicodeError) as error:
        raise ParseError("broken_sheet", f"the workbook is damaged ({type(error).__name__}: {error})") from error
    return _read(data, looks)


def _read(data: bytes, looks: dict[str, SheetLook]) -> Visible:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        if len(names) > MOST_SHEETS:
            raise ParseError("too_many_sheets", f"{len(names)} sheets are more than the limit of {MOST_SHEETS}")
        items: list[str | Grid] = []
        for name in names:
            look = looks.get(name, SheetLook())
            _check_size(name, look.height, look.width)  # before all cells between the first and the last are laid out
            sheet = book.get_sheet_by_name(name)
            _check_size(name, sheet.total_height, sheet.total_width)
            found = list(_blocks(sheet, look))
            if found and not name.lower().startswith(DEFAULT_NAMES) and len(names) > 1:
                items.append(name)
            items += found
    except PasswordError as error:
        raise ParseError("encrypted", "the workbook asks for a password") from error
    except CalamineError as error:
        raise ParseError("broken_sheet", f"the workbook is damaged ({type(error).__name__}: {error})") from error
    hidden = len(book.sheets_metadata) - len(names)
    return visible_of(items, evidence={"layout": f"{len(names)} sheets, {hidden} hidden ones left out"})


def _check_size(name: str, height: int, width: int) -> None:
    if height * width > MOST_CELLS:
        detail = f"sheet {name}: {height} rows of {width} columns are more than {MOST_CELLS} cells"
        raise ParseError("too_many_cells", detail)


def _blocks(sheet: CalamineSheet, look: SheetLook) -> Iterator[str | Grid]:
    """The tables of a sheet with the lines above and below them; an empty row ends a table."""
    rows = _shown_rows(sheet, look)
    merged = _merged(sheet.merged_cell_ranges or [], look)
    block: list[int] = []
    for number in [*range(len(rows)), -1]:
        if number >= 0 and any(rows[number]):
            block.append(number)
            continue
        if block:
            yield from _block(rows, block, merged)
            block = []


def _shown_rows(sheet: CalamineSheet, look: SheetLook) -> list[list[str]]:
    """The words of the rows and columns that are shown."""
    return [
        [
            _words(value, look.formats.get((number, column), ""))
            for column, value in enumerate(row)
            if column not in look.hidden_columns
        ]
        for number, row in enumerate(sheet.to_python(skip_empty_area=False))
        if number not in look.hidden_rows
    ]


def _words(value: Value, number_format: str) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return shown(value, number_format)
    return squeezed(value if isinstance(value, str) else str(value))


def _merged(ranges: Sequence[Range], look: SheetLook) -> dict[tuple[int, int], tuple[int, int]]:
    """By first place, the rows and columns that a merged cell spans, counted without hidden ones."""
    found = {}
    for (top, left), (bottom, right) in ranges:
        row = top - sum(hidden < top for hidden in look.hidden_rows)
        column = left - sum(hidden < left for hidden in look.hidden_columns)
        rows = bottom - top + 1 - sum(top <= hidden <= bottom for hidden in look.hidden_rows)
        columns = right - left + 1 - sum(left <= hidden <= right for hidden in look.hidden_columns)
        found[row, column] = (max(rows, 1), max(columns, 1))
    return found


def _block(
    rows: Sequence[Sequence[str]], block: Sequence[int], merged: dict[tuple[int, int], tuple[int, int]]
) -> Iterator[str | Grid]:
    """One run of rows: lines of one cell above and below stand for themselves, the rest is a table."""
    alone = [sum(map(bool, rows[number])) == 1 and not _heads_rows(number, rows[number], merged) for number in block]
    first = next((at for at, is_alone in enumerate(alone) if not is_alone), len(block))
    last = next((at for at in range(len(block), first, -1) if not alone[at - 1]), first)
    yield from ("".join(rows[number]) for number in block[:first])
    if first < last:
        grid = _grid(rows, block[first:last], merged)
        if grid.columns() > MOST_COLUMNS:
            raise ParseError("too_many_cells", f"a table of {grid.columns()} columns is more than {MOST_COLUMNS}")
        yield grid
    yield from ("".join(rows[number]) for number in block[last:])


def _heads_rows(number: int, row: Sequence[str], merged: dict[tuple[int, int], tuple[int, int]]) -> bool:
    """A single cell that spans rows is a label of the rows below it."""
    column = next(at for at, words in enumerate(row) if words)
    return merged.get((number, column), (1, 1))[0] > 1


def _grid(rows: Sequence[Sequence[str]], block: Sequence[int], merged: dict[tuple[int, int], tuple[int, int]]) -> Grid:
    """The rows of a block without the empty columns around them."""
    used = [column for number in block for column, words in enumerate(rows[number]) if words]
    left, right = min(used), max(used)
    covered: set[tuple[int, int]] = set()
    cells: list[GridCell] = []
    for at, number in enumerate(block):
        for column in range(left, min(right, len(rows[number]) - 1) + 1):
            if (number, column) in covered:
                continue
            height, width = merged.get((number, column), (1, 1))
            height, width = min(height, len(block) - at), min(width, right - column + 1)
            covered.update((number + down, column + across) for down in range(height) for across in range(width))
            cells.append(GridCell(rows[number][column], at, column - left, height, width, is_header=False))
    return Grid("", tuple(cells))
