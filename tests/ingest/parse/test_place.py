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


def test_a_town_s_hospital_is_placed_by_the_city_that_its_report_names() -> None:
    doc = document(f"灵山镇中心卫生院2021年工作总结{BODY}全年选派3名医护人员到信阳市、河南省的医院进修。")
    assert doc.ref_area == "411521"
    assert document(f"灵山镇中心卫生院2021年工作总结{BODY}").ref_area == ""


def test_a_short_name_that_opens_the_title_counts_where_the_text_gives_the_full_one() -> None:
    body = "【概况】 2008年，五常市共有卫生机构123个，全市床位2345张。"
    assert document(f"五常年鉴（2009）\n卫生\n{body}\n{body}").ref_area == "230184"
    assert document(f"合作医疗工作总结{BODY}").ref_area == ""


def test_a_report_in_traditional_characters_is_read_and_keeps_its_characters() -> None:
    body = "上半年,全縣衛生系統扎實開展醫療衛生工作,建立檔案1234份,產婦總數567人,鄉鎮衛生院達到標準的有8個。"
    doc = document(f"賀蘭縣衛生局2013年上半年工作總結和下半年工作思路\n{body}\n")
    assert (doc.report_kind, doc.ref_area) == ("half_year", "640122")
    assert (doc.title, doc.publisher) == ("賀蘭縣衛生局2013年上半年工作總結和下半年工作思路", "賀蘭縣衛生局")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("华容县妇幼保健院为全县孕妇建立保健手册，随访工作有序推进。", "430623"),
        ("本文整理江西省婺源县两年的门诊登记。婺源县2020年登记门诊1234人次。", "361130"),
        ("某报社成都3月2日电 贵州省已培训村医4321人，居全国前列。", "520000"),
        ("岳阳市着力培训村医。全市在岗村医4321人，占全省的3%，占全省的比重稳定。", "430600"),
        ("2021年，贺兰卫监所组织培训四期，参训人员全部考核合格。", "640122"),
        ("宁夏今年着力培训村医，全区村医培训顺利结束。", "640000"),
    ],
)
def test_a_text_without_a_title_is_about_the_place_that_it_opens_with(text: str, code: str) -> None:
    assert document(f"{text}\n{text}\n").ref_area == code


def test_an_autonomous_county_is_known_by_its_short_name() -> None:
    assert document(f"长阳县卫生健康局2021年工作总结{BODY}").ref_area == "420528"


def test_a_title_with_two_places_is_about_the_inner_one() -> None:
    assert document(f"杭州 桐庐县2019年卫生工作总结{BODY}").ref_area == "330122"


def test_a_comparison_with_the_country_in_a_title_does_not_make_a_report_national() -> None:
    assert document(f"签约服务好于全国水平2021年工作总结{BODY}").ref_area == ""
