"""How a step's outcome looks on its asset's page: a small table and a bar chart, both as markdown.

Belongs here: numbers into markdown and SVG. Not here: where the numbers come from (`assets`).
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from html import escape

BAR_COLOR = "#2f7d6b"
TEXT_COLOR = "#444c56"
# What would make a column, a tag, a link, a picture, code or stress of words from outside.
MARKUP = re.compile(r"[\\|<>\[\]`*~&@]|://|www\.|(?<!\w)_|_(?!\w)", re.IGNORECASE)
# A table splits at bars even in code, unless an odd number of backslashes stands before them.
BEFORE_BAR = re.compile(r"\\(?=\\*\|)")


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A markdown table; numbers are aligned right and written with thousands separators."""
    numeric = [
        bool(rows) and all(isinstance(row[column], int | float) for row in rows) for column in range(len(header))
    ]
    lines = [
        "| " + " | ".join(header) + " |",
        "| " + " | ".join("---:" if is_number else "---" for is_number in numeric) + " |",
    ]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, int):
        return f"{value:,}"
    words = " ".join(str(value).splitlines())
    return _literal(words) if MARKUP.search(words) else words


def _literal(words: str) -> str:
    """Words as code, which alone shows everything as it is: Dagster makes links even of escaped addresses."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", words)), default=0))
    whole = BEFORE_BAR.sub(r"\\\\", words).replace("|", r"\|")
    return f"{fence} {whole} {fence}"


def _label_width(label: str) -> int:
    """Pixels that a label takes at 13 px: a Chinese character is as wide as two Latin ones."""
    return sum(14 if ord(character) > 0x2E80 else 8 for character in label)


def bar_chart(title: str, bars: Sequence[tuple[str, float]]) -> str:
    """Horizontal bars as an SVG in a data URI, ready to stand in markdown.

    Args:
        title: what the bars count; also the picture's alternative text.
        bars: label and length (0 or more), drawn in the given order.

    Returns:
        A markdown image, or an empty string where there is nothing to draw.
    """
    if not bars:
        return ""
    row, top = 24, 34
    left = 20 + max(_label_width(label) for label, _ in bars)
    width = max(680, left + 300)
    longest = max(length for _, length in bars) or 1.0
    scale = (width - left - 80) / longest
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{top + row * len(bars) + 8}" '
        'font-family="system-ui, sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="8" y="20" font-weight="600" fill="{TEXT_COLOR}">{escape(title)}</text>',
    ]
    for position, (label, length) in enumerate(bars):
        y = top + row * position
        parts += [
            f'<text x="{left - 8}" y="{y + 15}" text-anchor="end" fill="{TEXT_COLOR}">{escape(label)}</text>',
            f'<rect x="{left}" y="{y + 3}" width="{max(length * scale, 1):.1f}" height="{row - 8}" rx="2" '
            f'fill="{BAR_COLOR}"/>',
            f'<text x="{left + length * scale + 6:.1f}" y="{y + 15}" fill="{TEXT_COLOR}">{length:,.0f}</text>',
        ]
    parts.append("</svg>")
    picture = b64encode("".join(parts).encode()).decode()
    return f"![{title}](data:image/svg+xml;base64,{picture})"
