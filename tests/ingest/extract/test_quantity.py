"""Quantities: numbers, multipliers, signs, ranges, comparators and units, and what looks like one and is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.quantity import Quantity, reader


def read(text: str) -> list[Quantity]:
    return reader().read(text, ())


def one(text: str) -> Quantity:
    (quantity,) = read(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("接种1,204,566剂次", 1_204_566, "dose"),
        ("服务12 345人", 12_345, "person"),
        ("支出3.25亿元", 325_000_000, "CNY"),
        ("建档2.4万份", 24_000, "item"),
        ("床位6.1张/千人", 6.1, "per_1k"),
        ("死亡率12.5/10万", 12.5, "per_100k"),
        ("发病率3.07‰", 3.07, "per_mille"),
        ("上升0.8个百分点", 0.8, "percentage_point"),
        ("诊疗三十五万人次", 350_000, "visit"),
        ("合格率百分之九十五点六", 95.6, "percent"),
        ("覆盖率达七成以上", 70, "percent"),
    ],
)
def test_a_value_is_in_its_canonical_unit(text: str, value: float, unit: str) -> None:
    quantity = one(text)
    assert (quantity.value, quantity.unit) == (pytest.approx(value), unit)


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("超过500人", ">"),
        ("不低于90%", ">="),
        ("90%以上", ">="),
        ("低于12%", "<"),
        ("30分以内", "<="),
        ("约300人", "~"),
        ("300余人", ">"),
        ("300人左右", "~"),
        ("签约300人", "="),
    ],
)
def test_a_comparator_before_or_behind_is_read(text: str, comparator: str) -> None:
    assert one(text).comparator == comparator


def test_a_range_has_two_values_with_one_unit() -> None:
    quantity = one("每年随访3-5次")
    assert (quantity.value, quantity.value_max, quantity.unit) == (3, 5, "item")


def test_from_a_to_b_is_no_range() -> None:
    assert [(quantity.value, quantity.value_max) for quantity in read("由3到5个")] == [(3, None), (5, None)]


def test_a_falling_range_is_none() -> None:
    assert read("共5-3个") == [] or all(quantity.value_max is None for quantity in read("共5-3个"))


def test_a_minus_belongs_to_the_number() -> None:
    quantity = one("增长-3.2%")
    assert (quantity.value, "增长-3.2%"[quantity.start : quantity.end]) == (-3.2, "-3.2")


@pytest.mark.parametrize("text", ["H7N9流感", "PM2.5", "covid19", "http://a.b/c_12"])
def test_digits_of_names_and_addresses_are_no_quantities(text: str) -> None:
    assert all(quantity.unit == "" and not text[quantity.start - 1].isalpha() for quantity in read(text))


@pytest.mark.parametrize("text", ["第十届", "一家医院", "两个确保", "十大行动", "三位一体"])
def test_numerals_that_name_measure_nothing(text: str) -> None:
    assert read(text) == []


def test_a_skipped_span_holds_no_quantity() -> None:
    text = "2023年5月共120人"
    assert [quantity.value for quantity in reader().read(text, [(0, 7)])] == [120]


@given(
    st.lists(
        st.sampled_from([*"0123456789.,-—~至约余万亿%‰人张例元 ，。(", "个百分点", "百分之", "三百", "以上", "不低于"]),
        max_size=30,
    )
)
def test_offsets_nest_and_quantities_are_apart(pieces: list[str]) -> None:
    text = "".join(pieces)
    last = 0
    for quantity in read(text):
        assert 0 <= quantity.lead <= quantity.start < quantity.end <= quantity.stop <= len(text)
        assert quantity.start >= last
        last = quantity.end


def test_so_many_for_one_is_a_ratio() -> None:
    found = reader().read("医护比由1:1.06调整为1∶1.27,会议11:30结束", ())
    assert [quantity.value for quantity in found if quantity.unit == "ratio"] == [1.06, 1.27]


def test_tenths_may_have_a_second_numeral() -> None:
    assert [q.value for q in reader().read("合格率只有七成八,满意度九成以上", ())] == [78, 90]
