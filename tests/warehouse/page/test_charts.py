"""The charts as specifications: what stands on their axes, what a click gives back."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from small_published import SCRIPT

pytest.importorskip("altair", reason="the page's extra is not installed (make test-page)")

from warehouse.page import charts
from warehouse.page.labels import Words


def values(**changed: Any) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "place_name": ["平江县", SCRIPT],
            "period_label": ["2021", "2023"],
            "value": [93.1, 95.2],
            "lowest_value": [93.1, 95.0],
            "highest_value": [93.1, 95.2],
            "is_disputed": [False, True],
            "fact_id": ["a", "b"],
            "value_text": ["93.1%", "95.2%"],
            "remark": ["", ""],
        }
    )
    return frame.assign(**changed)


def without_data(spec: dict[str, Any]) -> str:
    return str({key: value for key, value in spec.items() if key not in ("data", "datasets")})


def test_a_year_without_a_value_keeps_its_place_on_the_axis() -> None:
    spec = charts.lines(values(), ["2021", "2022", "2023"], ["平江县"], "%", Words("zh")).to_dict()
    domains = [layer["encoding"]["x"]["scale"]["domain"] for layer in spec["layer"]]
    assert domains == [["2021", "2022", "2023"]] * 3


def test_a_click_on_a_point_or_bar_gives_its_fact() -> None:
    for spec in (
        charts.lines(values(), ["2021", "2023"], ["平江县"], "%", Words("zh")).to_dict(),
        charts.bars(values(is_chosen=True), "%", Words("zh")).to_dict(),
    ):
        assert [(given["name"], given["select"]["fields"]) for given in spec["params"]] == [(charts.POINT, ["fact_id"])]


def test_words_from_outside_stand_in_data_and_scales_and_never_in_an_expression() -> None:
    spec = charts.lines(values(), ["2021", "2023"], ["平江县", SCRIPT], "%", Words("zh")).to_dict()
    for layer in spec["layer"]:
        for channel in layer["encoding"].values():
            channel.pop("scale", None) if isinstance(channel, dict) else None
    assert SCRIPT not in without_data(spec)


def test_bars_have_room_for_their_figures_and_begin_at_nought() -> None:
    spec = charts.bars(values(is_chosen=False, value=[10.0, 20.0]), "%", Words("en")).to_dict()
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == pytest.approx([0, 23])
    below = charts.bars(values(is_chosen=False, value=[-4.0, 20.0]), "%", Words("en")).to_dict()
    assert below["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == -4


def test_the_heat_map_has_a_column_for_a_year_without_documents() -> None:
    cells = pd.DataFrame(
        {"place_name": ["平江县"] * 2, "report_year": [2021, 2023], "document_count": [1, 2], "kinds": ["年度"] * 2}
    )
    spec = charts.heat_map(cells, "document_count", [2021, 2022, 2023], Words("zh")).to_dict()
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"] == [2021, 2022, 2023]


def test_there_is_a_colour_for_each_place_that_may_be_chosen() -> None:
    assert len(set(charts.COLORS)) == charts.MOST_PLACES
