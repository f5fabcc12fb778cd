"""Reports with invented figures, as pages and as files.

Belongs here: one report's words and bytes. Not here: where it is published (`families`).
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

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

    def text(self) -> bytes:
        """The report as a text file."""
        return f"{self.title}（文本）\n{NOTE}\n全县共有床位{1200 + self.number}张。\n".encode()


def file_of(kind: str, report: Report) -> bytes:
    """An attachment in a format, with the bytes that the format begins with; parsers are tested elsewhere."""
    mark = report.title.encode()
    if kind == ".pdf":
        return b"%PDF-1.4\n%" + mark + b"\n%%EOF\n"
    if kind == ".doc":
        return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + mark
    if kind == ".txt":
        return report.text()
    members = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".zip": "report.txt"}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(members[kind]), mark)
    return packed.getvalue()
