"""One invented report and its twins: the same words as text, page, PDF, Word, sheet, picture and archive.

Every figure here is invented. Belongs here: the report and its renderings. Not here: what is claimed of them.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from html import escape

import docx
import pypdfium2
from docx.enum.text import WD_ALIGN_PARAGRAPH
from openpyxl import Workbook
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

FONT = "STSong-Light"  # known to every PDF reader, so that no font need be at hand


@dataclass(frozen=True)
class Report:
    title: str
    paragraphs: tuple[str, ...]  # before the table
    caption: str
    table: tuple[tuple[str, ...], ...]  # the first row names the columns
    closing: tuple[str, ...]


REPORT = Report(
    title="平江县卫生健康局2022年工作总结",
    paragraphs=(
        "示例数据：本文所有数字均为虚构，仅供演示。",
        "一、基本情况",
        "2022年，平江县共有医疗卫生机构713家，其中医院17家、乡镇卫生院36家、村卫生室602家。全县开放床位5218张，每千人口床位数达到5.63张；"
        "卫生技术人员6092人，其中执业（助理）医师2317人、注册护士2746人，每千人口执业（助理）医师2.5人。全年总诊疗人次318.47万人次，"
        "出院病人14.26万人次，病床使用率78.4%，平均住院日7.9天。",
        "二、公共卫生服务",
        "居民电子健康档案建档率92.6%，65岁以上老年人健康管理率71.3%。高血压患者规范管理率由68.2%提高到73.5%，2型糖尿病患者规范管理率71.9%。"
        "适龄儿童免疫规划疫苗接种率97.8%。全年报告法定传染病3846例，报告发病率415.7/10万，较上年下降6.4%。",
        "三、妇幼健康",
        "全县活产数7125人，孕产妇系统管理率94.36%，住院分娩率99.97%，3岁以下儿童系统管理率93.82%。"
        "婴儿死亡率3.21‰，5岁以下儿童死亡率4.62‰，孕产妇死亡率14.04/10万。完成妇女“两癌”检查16800人，完成率105%。",
    ),
    caption="附表 主要指标完成情况",
    table=(
        ("指标", "单位", "2021年", "2022年"),
        ("医疗卫生机构床位数", "张", "4986", "5218"),
        ("卫生技术人员", "人", "5871", "6092"),
        ("总诊疗人次", "万人次", "301.25", "318.47"),
        ("住院分娩率", "%", "99.95", "99.97"),
        ("婴儿死亡率", "‰", "3.56", "3.21"),
    ),
    closing=(
        "四、2023年工作计划",
        "2023年，力争每千人口床位数达到5.8张，高血压患者规范管理率达到75%以上，家庭医生重点人群签约率保持在80%以上。",
        "平江县卫生健康局",
        "2023年1月18日",
    ),
)


def as_text(report: Report) -> bytes:
    rows = [" | ".join(row) for row in report.table]
    lines = [report.title, *report.paragraphs, report.caption, *rows, *report.closing]
    return "\n".join(lines).encode()


def as_html(report: Report) -> bytes:
    paragraphs = "".join(f"<p>{escape(words)}</p>" for words in report.paragraphs)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in report.table)
    closing = "".join(f"<p>{escape(words)}</p>" for words in report.closing)
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{report.title}</title></head><body>"
        f"<h1>{report.title}</h1>{paragraphs}<p>{report.caption}</p><table>{rows}</table>{closing}</body></html>"
    ).encode()


def as_pdf(report: Report, *, head: str = "平江县卫生健康局文件", copies: int = 1, password: str = "") -> bytes:
    """The report as printed: wrapped lines with indented first ones, a running head, page numbers, a ruled table."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    size = 16
    body = ParagraphStyle("body", fontName=FONT, fontSize=size, leading=28, firstLineIndent=2 * size, wordWrap="CJK")
    centred = ParagraphStyle("title", fontName=FONT, fontSize=22, leading=34, alignment=1, wordWrap="CJK")
    cells = {"style": [("FONT", (0, 0), (-1, -1), FONT, 12), ("GRID", (0, 0), (-1, -1), 0.5, "black")]}
    story: list[object] = [Paragraph(escape(report.title), centred), Spacer(1, 20)]
    story += [Paragraph(escape(words), body) for words in report.paragraphs * copies]
    story += [
        Paragraph(escape(report.caption), centred),
        Table(report.table, colWidths=[160, 80, 90, 90], **cells),
        Spacer(1, 12),
    ]
    story += [Paragraph(escape(words), body) for words in report.closing]

    def furnish(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 10)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 40, head)
        canvas.drawCentredString(A4[0] / 2, 40, f"— {document.page} —")

    out = io.BytesIO()
    document = SimpleDocTemplate(out, pagesize=A4, encrypt=password or None, title="报告")
    document.build(story, onFirstPage=furnish, onLaterPages=furnish)
    return out.getvalue()


def as_scan(report: Report) -> bytes:
    """The printed report as a scanner saves it: a PDF of pictures and no text."""
    printed = pypdfium2.PdfDocument(as_pdf(report))
    pictures = [page.render(scale=2).to_pil().convert("L") for page in printed]
    out = io.BytesIO()
    pictures[0].save(out, "PDF", resolution=144, save_all=True, append_images=pictures[1:])
    return out.getvalue()


def as_docx(report: Report) -> bytes:
    document = docx.Document()
    document.add_paragraph(report.title).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words in report.paragraphs:
        document.add_paragraph(words)
    document.add_paragraph(report.caption)
    table = document.add_table(len(report.table), len(report.table[0]), "Table Grid")
    for row, words in zip(table.rows, report.table, strict=True):
        for cell, text in zip(row.cells, words, strict=True):
            cell.text = text
    for words in report.closing:
        document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_sheet(report: Report) -> bytes:
    """The report's table alone, under its title, with numbers as numbers and rates as shares shown in percent."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "主要指标"
    width = len(report.table[0])
    sheet.append([f"{report.title}{report.caption}"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.append([])
    for row in report.table:
        is_rate = row[1] == "%"
        sheet.append([_number(cell, is_rate) if cell.replace(".", "").isdecimal() else cell for cell in row])
        for cell in sheet[sheet.max_row]:
            if is_rate and isinstance(cell.value, float):
                cell.number_format = "0.00%"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _number(words: str, is_rate: bool) -> float:
    return float(words) / 100 if is_rate else float(words)


@dataclass(frozen=True)
class Heads:
    """A table whose heads take two rows and span columns, with the unit in its caption."""

    title: str
    note: str
    caption: str
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...]  # first row and column, last row and column


HEADS = Heads(
    title="岳阳市卫生健康委员会2022年工作总结",
    note="示例数据：本文所有数字均为虚构，仅供演示，不代表任何地方的实际情况。",
    caption="附表 各县医疗服务情况（单位：万人次）",
    rows=(
        ("地区", "总诊疗人次", "", "出院人次", ""),
        ("", "2021年", "2022年", "2021年", "2022年"),
        ("平江县", "301.25", "318.47", "13.51", "14.26"),
        ("华容县", "210.18", "221.43", "9.12", "9.87"),
        ("湘阴县", "198.42", "205.77", "8.64", "8.91"),
    ),
    merged=((0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 0, 4)),
)


def heads_as_html(heads: Heads) -> bytes:
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in heads.merged}
    covered = {
        (row, column)
        for top, left, bottom, right in heads.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - set(spans)
    rows = ""
    for row, words in enumerate(heads.rows):
        cells = ""
        for column, text in enumerate(words):
            if (row, column) not in covered:
                down, across = spans.get((row, column), (1, 1))
                cells += f"<td rowspan={down} colspan={across}>{text}</td>"
        rows += f"<tr>{cells}</tr>"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><h1>{heads.title}</h1><p>{heads.note}</p>"
        f"<p>{heads.caption}</p><table>{rows}</table></body></html>"
    ).encode()


def heads_as_docx(heads: Heads) -> bytes:
    document = docx.Document()
    for words in (heads.title, heads.note, heads.caption):
        document.add_paragraph(words)
    table = document.add_table(len(heads.rows), len(heads.rows[0]), "Table Grid")
    for row, texts in enumerate(heads.rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    for top, left, bottom, right in heads.merged:
        words = heads.rows[top][left]
        table.cell(top, left).merge(table.cell(bottom, right)).text = words
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def heads_as_sheet(heads: Heads) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for words in (heads.title, heads.note, heads.caption):
        sheet.append([words])
        sheet.merge_cells(start_row=sheet.max_row, start_column=1, end_row=sheet.max_row, end_column=5)
    for texts in heads.rows:
        sheet.append([float(text) if text.replace(".", "").isdecimal() else text or None for text in texts])
    for top, left, bottom, right in heads.merged:
        sheet.merge_cells(start_row=top + 4, start_column=left + 1, end_row=bottom + 4, end_column=right + 1)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def heads_as_pdf(heads: Heads) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    line = ParagraphStyle("line", fontName=FONT, fontSize=14, leading=26, wordWrap="CJK")
    style: list[tuple[object, ...]] = [("FONT", (0, 0), (-1, -1), FONT, 12), ("GRID", (0, 0), (-1, -1), 0.5, "black")]
    style += [("SPAN", (left, top), (right, bottom)) for top, left, bottom, right in heads.merged]
    story = [Paragraph(escape(words), line) for words in (heads.title, heads.note, heads.caption)]
    story.append(Table(heads.rows, colWidths=[90] * 5, style=style))
    out = io.BytesIO()
    SimpleDocTemplate(out, pagesize=A4).build(story)
    return out.getvalue()


def as_zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()
