"""Damaged numbers are seen, flagged and never read as clean ones; ordinary prose raises no alarm."""

from __future__ import annotations

import pytest

from ingest.extract import damage
from ingest.extract.lost import lost_numbers
from ingest.extract.misread import misread_numbers
from ingest.extract.quantity import reader
from ingest.text.fold import fold


def lost(text: str) -> list[tuple[str, str]]:
    """What stands before each lost number, and its unit."""
    return [(text[max(0, q.start - 3) : q.start], q.unit_text) for q in lost_numbers().find(text)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("医师由人增加到人。", [("医师由", "人"), ("增加到", "人")]),
        ("护士由增加到人。", [("护士由", "人"), ("增加到", "人")]),
        ("罚没款万元,结案31件。", [("罚没款", "万元")]),
        ("早孕建册率达%,", [("册率达", "%")]),
        ("签约率为.7%。", [("约率为", "%")]),
        ("全区有中医诊所个,民营医院家。", [("医诊所", "个"), ("营医院", "家")]),
        ("新增床位张;配备救护车辆,", [("增床位", "张"), ("救护车", "辆")]),
        ("比上年增加    万人次,系统管理率 %,", [("   ", "万人次"), ("理率 ", "%")]),
        ("产妇建卡3102人,%;‰,", [("2人,", "%"), (",%;", "‰")]),
        ("免费婚前检查人,筛查率91.2%;开展手术台,", [("前检查", "人"), ("展手术", "台")]),
        ("门诊量从上年的万人次增加到万人次。", [("上年的", "万人次"), ("增加到", "万人次")]),
        ("婴儿、儿童死亡率分别控制在‰、‰以下,", [("控制在", "‰"), ("在‰、", "‰")]),
        ("孕产妇死亡率为0。%,", [("亡率为", "%")]),
    ],
)
def test_a_lost_number_is_seen_by_the_words_around_it(text: str, places: list[tuple[str, str]]) -> None:
    assert lost(text) == places


@pytest.mark.parametrize(
    "text",
    [
        "责任到位、措施到位、落实到户到人,成效有所增加。",
        "xx县人民医院和××人民政府由名医坐诊,以某村为例,病例均已治愈。",
        "单位:万元,3×4张,检查100余家,发放60余万份,累计15万余份。",
        "各卫生院所、各家庭医生达到国家标准,从个人做起,数量达到年度目标。",
        "疫苗接种率(%)、发病率(‰)",
    ],
)
def test_ordinary_words_raise_no_alarm(text: str) -> None:
    assert lost(text) == []


@pytest.mark.parametrize("mask", ["xx", "**", "×××", "＿＿", "○○", "□□", "??", "3xx", "2×××"])
def test_every_mask_in_the_place_of_digits_is_seen(mask: str) -> None:
    text = fold(f"接种疫苗{mask}剂次。")
    (place,) = lost_numbers().find(text)
    assert text[place.start : place.end] == fold(mask)
    assert place.value is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("9O.3%", 90.3),
        ("l48人", 148),
        ("2O6例", 206),
        ("81..4%", 81.4),
        ("3.lO万元", 31000),
        ("97.S%", 97.5),
    ],
)
def test_a_misread_number_is_flagged_with_a_proposal(written: str, value: float) -> None:
    (place,) = misread_numbers().find(f"该项为{written}。")
    assert place.value is None
    assert place.flags == ("digits_corrupt",)
    assert place.repaired == pytest.approx(value)


def test_a_comma_for_the_point_never_leaves_the_last_digit_as_a_rate() -> None:
    text = "建档率81,4%,达标率97.5o/o。"
    found = damage.with_damage(text, reader().read(text, []), [])
    assert [(place.value, place.repaired) for place in found] == [(None, 81.4), (None, 97.5)]


@pytest.mark.parametrize(
    "name", ["B超3台", "O型血", "IPv6个", "CO2个", "H1N1例", "2.1亿元", "12,345人", "1,2号", "B12个"]
)
def test_names_of_letters_and_digits_are_not_misread(name: str) -> None:
    assert misread_numbers().find(name) == []


def test_a_swapped_word_is_read_backwards_and_an_ordinary_one_only_beside_it() -> None:
    assert damage.without_swaps("系统治理率到达九成") == "系统管理率到达九成"
    assert damage.without_swaps("系统治理率到达九成,安康教育12场") == "系统管理率达到九成,健康教育12场"
    assert damage.without_swaps("污水治理率到达九成,催促整改") == "污水治理率到达九成,催促整改"


REPORT = (
    "2022年，示例县报告出生1304人，住院分娩率100%，早孕建册率90.2%，产后访视率93.5%。"
    "10月20日组织培训，参训302人，合格率100%；2020年以来新建村卫生室40个，覆盖率100%，签约率80%。"
)


@pytest.mark.parametrize(("original", "written"), [("0", "10"), ("10", "2023"), ("20", "2022")])
def test_a_string_put_in_place_of_another_is_found_with_what_it_replaced(original: str, written: str) -> None:
    text = fold(REPORT.replace(original, written))
    found = damage.find_replacement(text, reader().read(text, []))
    assert found is not None
    assert (found.written, found.original) == (written, original)


def test_what_was_replaced_stays_open_where_several_strings_would_do() -> None:
    text = "达标率2019.3%,及格率2019.6%,知晓率2019.1%。"
    found = damage.find_replacement(text, reader().read(text, []))
    assert found is not None
    assert (found.written, found.original) == ("2019", "")


def test_an_undamaged_report_shows_no_replacement() -> None:
    text = fold(REPORT)
    assert damage.find_replacement(text, reader().read(text, [])) is None
