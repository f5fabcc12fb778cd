"""The data dictionary: every mart and column in words, as one page.

Belongs here: HTML from the descriptions that the published file carries. Not here: the descriptions (dbt).
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from warehouse.exports.tables import Table

STYLE = """
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
th, td { border-bottom: 1px solid #d0d7de; padding: .35rem .6rem; text-align: left; vertical-align: top; }
code { white-space: nowrap; } nav a { margin-right: 1rem; white-space: nowrap; }
"""


def dictionary_page(tables: Sequence[Table], version: str) -> str:
    """A page that lists each mart with its columns; everything that comes from the file is escaped."""
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>Weijian data dictionary 数据字典 {escape(version)}</title><style>{STYLE}</style>",
        f"<h1>Data dictionary 数据字典</h1><p>{escape(version)}</p><nav>",
        *(f'<a href="#{escape(table.name)}">{escape(table.name)}</a>' for table in tables),
        "</nav>",
    ]
    for table in tables:
        parts += [
            f'<h2 id="{escape(table.name)}"><code>marts.{escape(table.name)}</code></h2>',
            f"<p>{escape(table.description)}</p><p>{table.row_count:,} rows 行</p>",
            "<table><thead><tr><th>column 列<th>type 类型<th>meaning 含义</thead><tbody>",
            *(
                f"<tr><td><code>{escape(column.name)}</code><td>{escape(column.data_type.lower())}"
                f"<td>{escape(column.description)}"
                for column in table.columns
            ),
            "</tbody></table>",
        ]
    return "\n".join(parts) + "\n</html>\n"
