"""Reports with invented figures, as pages and as files.

Belongs here: one report's words and bytes. Not here: where it is published (`families`).
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import docx
from openpyxl import Workbook
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

NOTE = "示例数据：本文所有数字均为虚构，仅供测试。"


@dataclass(frozen=True, slots=True)
class Report:
    """A report that no bureau wrote. `number` makes its figures differ from every other's."""

    number: int

    @property
    def year(self) -> int:
        """The year it reports on."""
        return 2023 - self.number % 9

    @property
    def published(self) -> tuple[int, int, int]:
        """The day of its publication."""
        return self.year + 1, 1 + self.number % 12, 1 + self.number % 28

    @property
    def title(self) -> str:
        """Its title; no two reports have the same."""
        return f"示例县卫生健康局{self.year}年工作总结（第{self.number}号）"

    def page(self, content_id: str, attachments: list[str], charset: str = "utf-8") -> bytes:
        """The report as a page.

        Args:
            content_id: the id or class that the system gives to the body of its pages.
            attachments: addresses of the files that the page links to.
            charset: that the page declares and is written in.
        """
        links = "".join(f'<p><a href="{link}">附件：统计表</a></p>' for link in attachments)
        year, month, day = self.published
        return (
            f"<!doctype html><html><head><meta charset='{charset}'><title>{self.title}</title></head><body>"
            f"<div class='nav'><a href='/'>首页</a></div><h1>{self.title}</h1>"
            f"<p>发布机构：示例县卫生健康局　发布日期：{year}-{month:02d}-{day:02d}</p>"
            f"<div id='{content_id}' class='{content_id}'><p>{NOTE}</p>"
            f"<p>截至{self.year}年底，全县共有床位{1200 + self.number}张，卫生技术人员{2300 + 3 * self.number}人。"
            f"孕产妇系统管理率达{90 + self.number % 10}.{self.number % 100:02d}%。</p>{links}</div></body></html>"
        ).encode(charset)

    def lines(self, kind: str) -> list[str]:
        """What an attachment says; the kind of file is named, so that no two attachments of a report are the same."""
        return [f"{self.title}附表（{kind}）", NOTE, f"截至{self.year}年底，全县共有床位{1200 + self.number}张。"]


def file_of(kind: str, report: Report) -> bytes:
    """An attachment in a format, as an office program or a printer writes it.

    Only an office program writes the old formats: all reports share one stored file of each.
    """
    if kind in STORED:
        return (FORMATS / STORED[kind]).read_bytes()
    return WRITERS[kind](report.lines(kind))


def _text(lines: list[str]) -> bytes:
    return "\n".join(lines).encode()


def _pdf(lines: list[str]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont(FONT, 14)
    for number, line in enumerate(lines):
        canvas.drawString(60, 760 - 28 * number, line)
    canvas.save()
    return out.getvalue()


def _docx(lines: list[str]) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _xlsx(lines: list[str]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for line in lines:
        book.active.append([line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _zip(lines: list[str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("附表.txt", _text(lines))
    return out.getvalue()


FONT = "STSong-Light"  # known to every PDF reader
FORMATS = Path(__file__).resolve().parent.parent / "ingest" / "parse" / "formats"
STORED = {".doc": "report.doc", ".xls": "table.xls"}
WRITERS = {".txt": _text, ".pdf": _pdf, ".docx": _docx, ".xlsx": _xlsx, ".zip": _zip}
