"""Statements: clauses, brackets and a number's own words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.quantity import reader
from ingest.extract.statement import Clauses


def clauses_of(text: str) -> Clauses:
    return Clauses(text, 0, len(text), reader().read(text, ()))


def left_of(text: str, number: int) -> str:
    return "".join(text[start:end] for start, end in clauses_of(text).phrase(number).left)


def test_a_phrase_begins_behind_a_mark() -> None:
    assert left_of("新建卫生室12所,培训村医340人。", 1) == "培训村医"


def test_a_phrase_begins_behind_the_number_before() -> None:
    assert left_of("建档率92%和使用率61%", 1) == "使用率"


def test_a_list_goes_on_with_joints_alone() -> None:
    clauses = clauses_of("分别为10例、20例和30例")
    assert [clauses.phrase(number).is_list_member for number in range(3)] == [False, True, True]


def test_a_bracket_with_a_number_does_not_part_what_is_around_it() -> None:
    assert left_of("筛查1217例(筛查率85.8%)确诊36例", 2).startswith("确诊")


def test_a_bare_number_in_brackets_is_named_by_the_words_before() -> None:
    assert left_of("肺结核(812例)、乙肝(703例)", 0) == "肺结核"
    assert left_of("肺结核(812例)、乙肝(703例)", 1) == "乙肝"


def test_a_mark_inside_an_explaining_bracket_parts_nothing() -> None:
    assert left_of("医师(含执业、助理,不含乡村)共45人", 0) == "医师(含执业、助理,不含乡村)共"


def test_a_noun_behind_the_number_is_its_own() -> None:
    text = "开展1204次实地巡查,发现问题"
    start, end = clauses_of(text).phrase(0).right
    assert text[start:end] == "实地巡查"


def test_earlier_clauses_come_nearest_first() -> None:
    text = "甲,乙乙;丙丙丙,共5人"
    assert [text[start:end] for start, end in clauses_of(text).earlier_clauses(9, 2)] == ["丙丙丙,", "乙乙;"]


@given(st.lists(st.sampled_from([*"（()),、;。和共率", "12人", "3.5%", "甲乙", "8"]), max_size=40))
def test_every_phrase_lies_in_its_statement(pieces: list[str]) -> None:
    text = "".join(pieces)
    quantities = reader().read(text, ())
    clauses = Clauses(text, 0, len(text), quantities)
    for number, quantity in enumerate(quantities):
        phrase = clauses.phrase(number)
        assert phrase.left and all(start >= 0 and end <= quantity.lead for start, end in phrase.left)
        assert quantity.stop == phrase.right[0] <= phrase.right[1] <= max(len(text), quantity.stop)
