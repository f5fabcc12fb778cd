"""The page's words: both languages, no label missing, none left over."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from string import Formatter

import pandas as pd
import pytest
import yaml

from warehouse.page.labels import LANGUAGES, Words, moment, number, quantity, year_span

CODES = ("freq", "level", "role", "kind", "severity", "field", "view", "measure")


@pytest.fixture(scope="module")
def labels(page: Path) -> dict[str, dict[str, str]]:
    return yaml.safe_load((page / "labels.yaml").read_text(encoding="utf-8"))


def test_every_label_says_the_same_in_both_languages(labels: dict[str, dict[str, str]]) -> None:
    for key, texts in labels.items():
        assert set(texts) == set(LANGUAGES), key
        assert all(texts.values()), key
        fields = [{name for _, name, *_ in Formatter().parse(text) if name} for text in texts.values()]
        assert fields[0] == fields[1], key


def test_every_label_that_the_page_uses_is_there_and_none_is_left_over(
    page: Path, labels: dict[str, dict[str, str]]
) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in page.rglob("*.py"))
    used = set(re.findall(r"(?:words|words_of_now\(\))\(\s*[\"'](\w+)[\"']", code))
    assert used - set(labels) == set()
    assert {key for key in set(labels) - used if not key.startswith(tuple(f"{kind}_" for kind in CODES))} == set()


def test_places_of_one_name_are_told_apart_by_the_area_above() -> None:
    rows = pd.DataFrame(
        {
            "ref_area": ["320106", "350102", "430626"],
            "name_zh": ["鼓楼区", "鼓楼区", "平江县"],
            "pinyin": ["Gulou", "Gulou", "Pingjiang"],
            "parent_name": ["南京市", "福州市", "岳阳市"],
        }
    )
    assert Words("zh").places(rows) == {"320106": "鼓楼区（南京市）", "350102": "鼓楼区（福州市）", "430626": "平江县"}
    assert Words("en").places(rows)["430626"] == "Pingjiang 平江县"


@pytest.mark.parametrize(
    ("value", "written"), [(93.86, "93.86"), (1234567.0, "1,234,567"), (0.1, "0.1"), (-2.5, "-2.5"), (None, "")]
)
def test_a_number_has_no_digits_that_are_not_there(value: float | None, written: str) -> None:
    assert number(value) == written


def test_signs_stand_close_to_their_number_and_words_apart() -> None:
    assert quantity(93.86, "%") == "93.86%"
    assert quantity(5768, "张床位") == "5,768 张床位"
    assert quantity(95, "%", ">=") == ">= 95%"
    assert quantity(1, "%", "=", 2) == "1–2%"


@pytest.mark.parametrize("zone", ["+00:00", "+08:00", "-03:30"])
def test_an_instant_names_its_zone(zone: str) -> None:
    assert moment(datetime.fromisoformat(f"2024-03-01T02:10:59.5{zone}")) == f"2024-03-01 02:10 UTC{zone}"


def test_a_span_of_one_year_is_that_year() -> None:
    assert (year_span(2022, 2022), year_span(2021, 2023)) == ("2022", "2021–2023")


def test_a_code_without_a_label_is_shown_as_it_is() -> None:
    assert Words("zh").code("freq", "W") == "W"
