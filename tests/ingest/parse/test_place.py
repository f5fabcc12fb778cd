"""The reference area of a report: what names it, and what leaves it open."""

from __future__ import annotations

import pytest
from pages import document

BODY = "\n各项工作稳步推进，全县建立居民健康档案1234份，建档率达到95.6%。\n一、主要工作\n全年接种疫苗4321剂次。\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (f"贺兰县卫生健康局2021年工作总结{BODY}", "640122"),
        (f"2021年工作总结{BODY}贺兰县卫生健康局\n2022年1月5日", "640122"),
        (f"徐州市鼓楼区卫生健康委员会2021年工作总结{BODY}", "320302"),
        (f"欢迎访问贺兰县人民政府门户网站\n2021年工作总结{BODY}", "640122"),
        (f"2021年工作总结\n发布机构：贺兰县卫生健康局 发布日期：2022-01-05{BODY}", "640122"),
    ],
)
def test_the_issuing_body_gives_the_place(text: str, code: str) -> None:
    assert document(text).ref_area == code


def test_a_name_that_several_places_share_stays_open_with_its_candidates() -> None:
    doc = document(f"鼓楼区卫生健康局2021年工作总结{BODY}")
    assert doc.ref_area == ""
    assert {"320302", "320106"} <= set(doc.ref_area_candidates)


def test_the_index_number_decides_between_places_of_one_name() -> None:
    doc = document(f"鼓楼区卫生健康局2021年工作总结\n索引号 320302015/2021-00003 发文日期 2022-01-05{BODY}")
    assert doc.ref_area == "320302"
    assert doc.evidence["ref_area"].endswith("index prefix 320302 agrees with 鼓楼区")


def test_another_county_in_the_text_is_not_taken_for_the_report_s_own() -> None:
    doc = document(f"2021年工作总结{BODY}赴贺兰县学习一次。")
    assert doc.ref_area == ""


def test_a_text_that_names_no_place_has_none() -> None:
    doc = document(f"某县卫健委2021年工作总结{BODY}")
    assert (doc.ref_area, doc.ref_area_candidates) == ("", ())
