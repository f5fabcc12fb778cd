"""HTML of the page's own: sentences with their number marked, small lists. Whatever comes from outside is escaped.

Belongs here: text into HTML. Not here: what is shown (`views`) or what it says (`labels`).

Streamlit reads the text of most elements as Markdown, pictures and links included, so words from reports are shown
through this module, in data frames or by `st.text`, and never through `st.markdown` or a label that it formats.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from warehouse.page.answers import Piece

STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding-top: 4.5rem; }
.wj-sentence { line-height: 1.9; font-size: 1.05rem; overflow-wrap: anywhere; margin: 0.2rem 0 0.8rem; }
.wj-quote { border-bottom: 2px solid #d9a520; }
.wj-number { background: #ffd866; color: #1c1c1c; font-weight: 700; padding: 0.05em 0.2em; border-radius: 0.2em; }
.wj-headline { font-size: 1.35rem; font-weight: 700; margin: 0; overflow-wrap: anywhere; }
.wj-under { opacity: 0.75; margin: 0 0 0.6rem; overflow-wrap: anywhere; }
dl.wj-list { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 0 0 0.8rem; padding: 0;
    font-size: 0.92rem; }
dl.wj-list dt { opacity: 0.7; margin: 0; }
dl.wj-list dd { margin: 0; overflow-wrap: anywhere; }
.wj-note { border-left: 3px solid #d9a520; padding: 0.1rem 0 0.1rem 0.7rem; margin: 0 0 0.8rem; font-size: 0.92rem; }
.wj-error { border-left-color: #c0392b; }
</style>
"""

LINK_SCHEMES = ("http://", "https://")


def sentence(pieces: Iterable[Piece], lost: str) -> str:
    """A sentence with its quote underlined and its number marked.

    Args:
        pieces: as `answers.marked_sentence` cuts them.
        lost: what stands for a number that the source lost.
    """
    inner = "".join(_piece(piece, lost) for piece in pieces)
    return f'<p class="wj-sentence" lang="zh-CN">{inner}</p>'


def _piece(piece: Piece, lost: str) -> str:
    text = escape(piece.text)
    if piece.emphasis == "number":
        return f'<mark class="wj-number">{text or escape(f"[{lost}]")}</mark>'
    return f'<span class="wj-quote">{text}</span>' if piece.emphasis == "quote" else text


def headline(text: str, under: str) -> str:
    """A number in large letters, and a line beneath it."""
    return f'<p class="wj-headline">{escape(text)}</p><p class="wj-under">{escape(under)}</p>'


def note(text: str, *, is_error: bool = False) -> str:
    """A remark that should be seen."""
    return f'<p class="wj-note{" wj-error" if is_error else ""}">{escape(text)}</p>'


def pairs(rows: Iterable[tuple[str, str]]) -> str:
    """Terms and what they are; a web address becomes a link, any other address stays text."""
    inner = "".join(f"<dt>{escape(term)}</dt><dd>{_linked(value)}</dd>" for term, value in rows)
    return f'<dl class="wj-list">{inner}</dl>'


def _linked(value: str) -> str:
    shown = escape(value)
    if not value.lower().startswith(LINK_SCHEMES):
        return shown
    return f'<a href="{shown}" target="_blank" rel="noopener noreferrer nofollow">{shown}</a>'
