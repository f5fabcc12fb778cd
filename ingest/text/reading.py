"""Reading a stretch of a document without the marks that interrupt it.

Belongs here: the text between two offsets without its cuts, and the way back to the document's offsets.
Not here: what is a cut (`cuts`), what is a sentence (`segment`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence


class Reading:
    """The characters of `text[start:end]` that are in no cut, with offsets back into `text`.

    Args:
        text: the document's text.
        cuts: half-open spans, sorted and apart from each other.
        start: first offset to read.
        end: one past the last offset to read; the text's end when left out.
    """

    __slots__ = ("_document_starts", "_is_cut", "_reading_starts", "end", "start", "text")

    def __init__(self, text: str, cuts: Sequence[tuple[int, int]], start: int = 0, end: int | None = None) -> None:
        self.start = start
        self.end = len(text) if end is None else end
        document_starts: list[int] = []
        reading_starts: list[int] = []
        pieces: list[str] = []
        length, position = 0, self.start
        first = max(bisect_left(cuts, (self.start,)) - 1, 0)
        for cut_start, cut_end in cuts[first:]:
            if cut_start >= self.end:
                break
            if cut_end <= position:
                continue
            if cut_start > position:
                document_starts.append(position)
                reading_starts.append(length)
                pieces.append(text[position:cut_start])
                length += cut_start - position
            position = min(cut_end, self.end)
        if position < self.end or not pieces:
            document_starts.append(position)
            reading_starts.append(length)
            pieces.append(text[position : self.end])
        self.text = "".join(pieces)
        self._document_starts = document_starts
        self._reading_starts = reading_starts
        self._is_cut = len(pieces) > 1 or document_starts[0] != self.start

    def __len__(self) -> int:
        return len(self.text)

    def to_document(self, offset: int) -> int:
        """The document's offset of the character at `offset`; at the reading's end, one past its last character."""
        if offset >= len(self.text) and self.text:
            return self.to_document(len(self.text) - 1) + 1
        piece = bisect_right(self._reading_starts, offset) - 1
        return self._document_starts[piece] + offset - self._reading_starts[piece]

    def from_document(self, offset: int) -> int:
        """The reading's offset of a document's character; for one in a cut, that of the next character kept."""
        if not self._is_cut:
            return min(max(offset - self.start, 0), len(self.text))
        piece = bisect_right(self._document_starts, offset) - 1
        if piece < 0:
            return 0
        following = self._reading_starts[piece + 1] if piece + 1 < len(self._reading_starts) else len(self.text)
        return min(self._reading_starts[piece] + offset - self._document_starts[piece], following)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The document's span of a non-empty stretch of the reading, without a cut that follows its last character."""
        if not self._is_cut and start >= 0 and end <= len(self.text):
            return self.start + start, self.start + end
        return self.to_document(start), self.to_document(end - 1) + 1
