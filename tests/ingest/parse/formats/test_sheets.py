"""Sheets: numbers as they are shown, merged cells, blocks, hidden parts."""

from __future__ import annotations

import datetime
import io

import pytest
import twin
from openpyxl import Workbook

from ingest.parse.registry import read_visible
from ingest.parse.sheet_look import shown
from ingest.parse.sniff import sniff
from ingest.parse.visible import ParseError, Visible


def read(book: Workbook) -> Visible:
    out = io.BytesIO()
    book.save(out)
    return read_visible(sniff(out.getvalue()), out.getvalue())


def book_of(rows: list[list[object]]) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


@pytest.mark.parametrize(
    ("value", "number_format", "words"),
    [
        (0.9531, "0.00%", "95.31%"),
        (0.9531, "0%", "95%"),
        (0.9, "0.##%", "90%"),
        (5218.0, "", "5218"),
        (0.1 + 0.2, "", "0.3"),
        (12345.678, "#,##0.00", "12345.68"),
        (12345.678, "#,##0.0_ ;[Red]-#,##0.0", "12345.7"),
        (3.0, "0.0", "3.0"),
        (12.0, '0"张"', "12张"),
        (12.5, "0.00\\‰", "12.50‰"),
        (45000.0, "yyyy", "45000"),
    ],
)
def test_a_number_is_written_as_the_sheet_shows_it(value: float, number_format: str, words: str) -> None:
    assert shown(value, number_format) == words


def test_title_and_note_stand_above_and_below_the_table() -> None:
    rows: list[list[object]] = [
        ["2022年主要指标"],
        ["指标", "数值"],
        ["床位", 5218],
        ["人员", 6092.5],
        ["注：数字虚构"],
    ]
    visible = read(book_of(rows))
    assert visible.text == "2022年主要指标\n指标 | 数值\n床位 | 5218\n人员 | 6092.5\n注：数字虚构"
    [table] = visible.tables
    assert visible.text[table.start : table.end].startswith("指标")


def test_an_empty_row_parts_two_tables() -> None:
    rows: list[list[object]] = [["甲", "乙"], [1, 2], [], ["丙", "丁", "戊"], [3, 4, 5]]
    assert [len(table.cells) for table in read(book_of(rows)).tables] == [4, 6]


def test_merged_cells_keep_their_spans() -> None:
    book = book_of([["指标", "床位", None], [None, "2021年", "2022年"], ["全县", 4986, 5218]])
    book.active.merge_cells("A1:A2")
    book.active.merge_cells("B1:C1")
    visible = read(book)
    spans = {visible.text[cell.start : cell.end]: (cell.row_span, cell.column_span) for cell in visible.tables[0].cells}
    assert (spans["指标"], spans["床位"], spans["5218"]) == ((2, 1), (1, 2), (1, 1))


def test_hidden_sheets_rows_and_columns_are_left_out() -> None:
    book = book_of([["指标", "旧", "新"], ["床位", 1, 2], ["草稿", 3, 4], ["人员", 5, 6]])
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.create_sheet("底稿").append(["秘密", 7])
    book["底稿"].sheet_state = "hidden"
    assert read(book).text == "指标 | 新\n床位 | 2\n人员 | 6"


def test_sheets_are_named_and_dates_are_dates() -> None:
    book = book_of([["日期", "例数"], [datetime.date(2022, 3, 1), 4]])
    book.active.title = "疫情"
    book.create_sheet("床位").append(["指标", "数值"])
    assert read(book).text == "疫情\n日期 | 例数\n2022-03-01 | 4\n床位\n指标 | 数值"


def test_a_sheet_that_claims_billions_of_cells_is_refused() -> None:
    book = book_of([["甲", "乙"]])
    book.active.cell(1_000_000, 10_000, "丙")
    with pytest.raises(ParseError) as caught:
        read(book)
    assert caught.value.reason == "too_many_cells"


def test_a_broken_workbook_is_refused() -> None:
    members = {"xl/workbook.xml": b"<workbook>", "xl/styles.xml": b"<a/>", "xl/_rels/workbook.xml.rels": b"<a/>"}
    data = twin.as_zip(members)
    with pytest.raises(ParseError) as caught:
        read_visible(sniff(data), data)
    assert caught.value.reason == "broken_sheet"
