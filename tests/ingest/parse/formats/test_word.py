"""Word files: what is shown, in the order in which it is shown, with the numbers that Word counts."""

from __future__ import annotations

import copy
import io
import shutil
from pathlib import Path

import docx
import pytest
import twin
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from ingest.parse.registry import read_visible
from ingest.parse.sniff import sniff
from ingest.parse.visible import ParseError, Visible


def read(document: WordDocument) -> Visible:
    out = io.BytesIO()
    document.save(out)
    return read_visible(sniff(out.getvalue()), out.getvalue())


def reason_of(data: bytes) -> str:
    with pytest.raises(ParseError) as caught:
        read_visible(sniff(data), data)
    return caught.value.reason


def add(paragraph: Paragraph, xml: str) -> None:
    paragraph._p.append(parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1)))


def numbered(document: WordDocument, level: int, words: str) -> None:
    number = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'
    document.add_paragraph(words)._p.get_or_add_pPr().append(parse_xml(number))


def test_automatic_numbers_are_written_as_word_shows_them() -> None:
    document = docx.Document()
    levels = (("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    written = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (style, text) in enumerate(levels)
    )
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{written}</w:abstractNum>'))
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for level in (0, 1, 1, 0, 1, 2, 2):
        numbered(document, level, "标题")
    for _ in range(9):
        numbered(document, 0, "标题")
    lines = read(document).text.split("\n")
    assert lines[:7] == ["一、标题", "（一）标题", "（二）标题", "二、标题", "（一）标题", "1.标题", "2.标题"]
    assert lines[-1] == "十一、标题"


def test_deleted_and_hidden_words_and_field_codes_are_not_shown_and_inserted_ones_are() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("床位")
    add(paragraph, "<w:ins><w:r><w:t>5218</w:t></w:r></w:ins>")
    add(paragraph, "<w:del><w:r><w:delText>4986</w:delText></w:r></w:del>")
    add(paragraph, "<w:r><w:rPr><w:vanish/></w:rPr><w:t>保密</w:t></w:r>")
    add(paragraph, "<w:r><w:instrText>PAGE</w:instrText></w:r>")
    add(paragraph, "<w:smartTag><w:r><w:t>张</w:t></w:r></w:smartTag>")
    document.sections[0].header.paragraphs[0].text = "页眉"
    assert read(document).text == "床位5218张"


def test_merged_cells_keep_their_spans_and_head_rows_their_mark() -> None:
    document = docx.Document()
    table = document.add_table(4, 3, "Table Grid")
    table.cell(0, 0).merge(table.cell(1, 0)).text = "指标"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "床位（张）"
    for row, words in enumerate((("2021年", "2022年"), ("4986", "5218"), ("301", "318")), start=1):
        table.cell(row, 1).text, table.cell(row, 2).text = words
    table.cell(2, 0).text, table.cell(3, 0).text = "全县", "其中：医院"
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    visible = read(document)
    assert visible.text.split("\n") == [
        "指标 | 床位（张） | ",
        " | 2021年 | 2022年",
        "全县 | 4986 | 5218",
        "其中：医院 | 301 | 318",
    ]
    spans = {visible.text[cell.start : cell.end]: cell for cell in visible.tables[0].cells}
    assert (spans["指标"].row_span, spans["指标"].column_span, spans["指标"].is_header) == (2, 1, True)
    assert (spans["床位（张）"].row_span, spans["床位（张）"].column_span) == (1, 2)
    assert not spans["5218"].is_header


def test_a_table_that_lays_out_the_page_is_read_as_its_paragraphs() -> None:
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "全县开放床位5218张。"
    table.cell(0, 0).add_paragraph("卫生技术人员6092人。")
    visible = read(document)
    assert visible.tables == ()
    assert visible.text == "全县开放床位5218张。\n卫生技术人员6092人。"


def test_text_boxes_are_read_once() -> None:
    document = docx.Document()
    inner = "<w:txbxContent><w:p><w:r><w:t>红头文件</w:t></w:r></w:p></w:txbxContent>"
    box = f'<v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>{inner}</v:textbox></v:shape>'
    add(document.add_paragraph("正文"), f"<w:r><w:pict>{box}</w:pict></w:r>")
    assert read(document).text == "正文\n红头文件"


def test_a_broken_file_is_refused() -> None:
    data = twin.as_docx(twin.REPORT)
    assert reason_of(data[: len(data) // 2]) == "broken_zip"
    assert reason_of(twin.as_zip({"word/document.xml": b"<w:document>"})) == "broken_docx"


def test_a_file_whose_xml_declares_entities_is_refused() -> None:
    members = {"word/document.xml": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'}
    assert reason_of(twin.as_zip(members)) == "unsafe_xml"


def test_a_file_with_a_password_is_refused() -> None:
    stream = "EncryptedPackage\0".encode("utf-16-le")
    assert reason_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream + bytes(512)) == "encrypted"


def test_an_old_file_waits_until_antiword_is_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from ingest.parse import doc

    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ParseError) as caught:
        doc.read_doc(Path(__file__).with_name("report.doc").read_bytes())
    assert (caught.value.reason, caught.value.is_final) == ("missing_program", False)
    assert "apt install antiword" in caught.value.detail


@pytest.mark.skipif(shutil.which("antiword") is None, reason="antiword is not installed")
def test_an_old_file_that_is_damaged_is_refused_without_a_path_of_this_machine() -> None:
    data = Path(__file__).with_name("report.doc").read_bytes()
    with pytest.raises(ParseError) as caught:
        read_visible("application/msword", data[:3000])
    assert caught.value.reason == "broken_doc"
    assert "/" not in caught.value.detail


def test_reading_a_document_twice_gives_the_same() -> None:
    document = docx.Document()
    document.add_paragraph("全县开放床位5218张。")
    again = copy.deepcopy(document)
    assert read(document) == read(again)
