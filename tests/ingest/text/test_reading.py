"""Reading over cuts: every character that is read is found again in the document."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.text import Reading


@st.composite
def texts_with_cuts(draw: st.DrawFn) -> tuple[str, tuple[tuple[int, int], ...]]:
    text = draw(st.text(alphabet="甲乙丙一二12、。\n ", max_size=40))
    marks = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    return text, tuple(zip(marks[::2], marks[1::2], strict=False))


@given(case=texts_with_cuts(), bounds=st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_a_reading_is_the_text_without_its_cuts(
    case: tuple[str, tuple[tuple[int, int], ...]], bounds: tuple[int, int]
) -> None:
    text, cuts = case
    start, end = sorted(min(bound, len(text)) for bound in bounds)
    cut = {position for first, last in cuts for position in range(first, last)}
    kept = [position for position in range(start, end) if position not in cut]
    reading = Reading(text, cuts, start, end)
    assert reading.text == "".join(text[position] for position in kept)
    assert [reading.to_document(offset) for offset in range(len(kept))] == kept


@given(case=texts_with_cuts())
def test_offsets_go_to_the_document_and_back(case: tuple[str, tuple[tuple[int, int], ...]]) -> None:
    text, cuts = case
    reading = Reading(text, cuts)
    for offset in range(len(reading.text)):
        assert reading.from_document(reading.to_document(offset)) == offset
    for position in range(len(text) + 1):
        offset = reading.from_document(position)
        assert 0 <= offset <= len(reading.text)
        if offset < len(reading.text):
            assert reading.to_document(offset) >= position


@given(case=texts_with_cuts())
def test_a_span_of_a_reading_covers_its_words_and_ends_with_the_last(
    case: tuple[str, tuple[tuple[int, int], ...]],
) -> None:
    text, cuts = case
    reading = Reading(text, cuts)
    for end in range(1, len(reading.text) + 1):
        start, stop = reading.span(0, end)
        assert Reading(text, cuts, start, stop).text == reading.text[:end]
        assert text[stop - 1] == reading.text[end - 1]


def test_a_number_that_a_page_mark_splits_is_read_whole() -> None:
    text = "累计建档12\n3、345份"
    reading = Reading(text, ((6, 9),))
    assert reading.text == "累计建档12345份"
    assert reading.span(4, 9) == (4, 12)
