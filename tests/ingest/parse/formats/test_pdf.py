"""PDF: reading order, paragraphs, running heads, tables over pages, and what is refused."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2
import pytest
import twin
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.parse.registry import read_visible
from ingest.parse.sniff import sniff
from ingest.parse.visible import ParseError, Visible


def read(data: bytes) -> Visible:
    return read_visible(sniff(data), data)


def reason_of(data: bytes) -> tuple[str, str]:
    with pytest.raises(ParseError) as caught:
        read(data)
    return caught.value.reason, caught.value.detail


def drawn(pages: list[list[tuple[float, float, str]]]) -> bytes:
    """Pages with words at places: points from the left and from the bottom."""
    pdfmetrics.registerFont(UnicodeCIDFont(twin.FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(600, 800))
    for page in pages:
        canvas.setFont(twin.FONT, 15)
        for left, bottom, words in page:
            canvas.drawString(left, bottom, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_wrapped_lines_become_the_paragraphs_that_were_printed() -> None:
    lines = read(twin.as_pdf(twin.REPORT)).text.split("\n")
    assert lines[: len(twin.REPORT.paragraphs) + 1] == [twin.REPORT.title, *twin.REPORT.paragraphs]


def test_running_heads_and_page_numbers_of_many_pages_are_left_out() -> None:
    visible = read(twin.as_pdf(twin.REPORT, copies=4))
    assert "平江县卫生健康局文件" not in visible.text
    assert "—" not in visible.text
    words = "".join(twin.REPORT.paragraphs) * 4
    assert words in visible.text.replace("\n", "")
    assert "running heads and page numbers left out" in visible.evidence["layout"]


def test_a_number_in_the_body_is_no_page_number() -> None:
    visible = read(drawn([[(50, 750, "床位"), (50, 400, "1234"), (300, 20, "7")]]))
    assert visible.text == "床位\n1234"


def test_lines_that_the_file_holds_out_of_order_are_read_from_top_to_bottom() -> None:
    page = [(50, 300, "三、下一步计划"), (50, 600, "一、基本情况"), (50, 450, "二、工作成效")]
    assert read(drawn([page])).text == "一、基本情况\n二、工作成效\n三、下一步计划"


def test_two_columns_keep_the_order_of_the_file() -> None:
    left = [(40, 600 - 20 * number, f"左栏第{number}行。") for number in range(5)]
    right = [(340, 600 - 20 * number, f"右栏第{number}行。") for number in range(5)]
    lines = read(drawn([left + right])).text.split("\n")
    assert lines == [words for _, _, words in left + right]


def test_a_table_over_two_pages_is_one_table_with_one_head() -> None:
    rows = tuple((f"第{number}卫生院", "张", "120", str(number)) for number in range(60))
    report = replace(twin.REPORT, table=(twin.REPORT.table[0], *rows))
    [table] = read(twin.as_pdf(report)).tables
    assert len(table.cells) == 61 * 4
    assert max(cell.row for cell in table.cells) == 60


def test_every_cell_s_span_holds_its_words() -> None:
    visible = read(twin.as_pdf(twin.REPORT))
    [table] = visible.tables
    words = [visible.text[cell.start : cell.end] for cell in table.cells]
    assert words == [cell for row in twin.REPORT.table for cell in row]
    assert table.caption == twin.REPORT.caption


def test_a_file_with_a_password_is_refused() -> None:
    assert reason_of(twin.as_pdf(twin.REPORT, password="secret")) == ("encrypted", "the file asks for a password")


@pytest.mark.parametrize("keep", [40, 400, 2000])
def test_a_file_that_is_cut_off_is_refused_or_read_but_never_fails(keep: int) -> None:
    data = twin.as_pdf(twin.REPORT)[:keep]
    try:
        assert read(data).text
    except ParseError as error:
        assert error.reason in {"broken_pdf", "no_text"}


def test_more_pages_than_the_limit_are_refused_at_once() -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(601):
        document.new_page(100, 100)
    out = io.BytesIO()
    document.save(out)
    assert reason_of(out.getvalue()) == ("too_many_pages", "601 pages are more than the limit of 600")


def test_empty_pages_show_no_text() -> None:
    assert reason_of(drawn([[]]))[0] in {"no_text", "garbled_text"}
