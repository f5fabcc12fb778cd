"""Choosing: indicator, breakdown, places and years, with defaults that show something at once.

Belongs here: the widgets of the sidebar. Not here: what is drawn from the choice (`series`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from warehouse.page import answers, state
from warehouse.page.answers import Breakdown
from warehouse.page.charts import MOST_PLACES
from warehouse.page.labels import Words

PLACES_AT_FIRST = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader wants to see."""

    indicator: dict[str, Any]  # a row of `indicators.sql`
    breakdown: Breakdown
    place_names: dict[str, str]  # of all places that have a value, by code
    areas: list[str]  # the chosen ones, in the order of their colours
    years: tuple[int, int]
    values: pd.DataFrame  # of all places and years


def choose(con: duckdb.DuckDBPyConnection, words: Words) -> Choice | None:
    """Draw the widgets and read them; None when the published file holds no value at all."""
    found = answers.indicators(con)
    if found.empty:
        return None
    indicator = _indicator(found, words)
    breakdown = _breakdown(con, indicator, words)
    places = answers.places(con, breakdown)
    names = words.places(places)
    areas = _areas(places, names, breakdown, words)
    years = _years(int(places["first_year"].min()), int(places["last_year"].max()), breakdown, words)
    return Choice(indicator, breakdown, names, areas, years, answers.series(con, breakdown))


def _indicator(found: pd.DataFrame, words: Words) -> dict[str, Any]:
    rows = {row["indicator_code"]: row for row in found.to_dict("records")}
    _at_first("indicator", rows, next(iter(state.asked_for("indicator")), ""))
    code = st.selectbox(
        words("indicator"),
        list(rows),
        format_func=lambda option: words(
            "indicator_option", name=words.indicator(rows[option]), places=rows[option]["place_count"]
        ),
        key="indicator",
        help=words("indicator_help"),
        persist_state="page",
    )
    return rows[code]


def _breakdown(con: duckdb.DuckDBPyConnection, indicator: dict[str, Any], words: Words) -> Breakdown:
    code = indicator["indicator_code"]
    found = answers.breakdowns(con, code)
    freq = _only_or_chosen(
        words("frequency"),
        f"freq-{code}",
        [option.freq for option in found],
        lambda option: words.code("freq", option),
        next(iter(state.asked_for("freq")), ""),
    )
    found = [option for option in found if option.freq == freq]
    subgroup = _only_or_chosen(
        words("subgroup"),
        f"subgroup-{code}-{freq}",
        [option.subgroup for option in found],
        lambda option: option or words("subgroup_whole"),
        st.query_params.get("subgroup", ""),
    )
    found = [option for option in found if option.subgroup == subgroup]
    unit = _only_or_chosen(
        words("unit"),
        f"unit-{code}-{freq}-{subgroup}",
        [option.unit for option in found],
        lambda option: words.unit(option, indicator),
        "",
    )
    return next(option for option in found if option.unit == unit)


def _only_or_chosen(label: str, key: str, options: list[str], name: Any, asked: str) -> str:
    """A choice among options; nothing is drawn where there is only one."""
    options = list(dict.fromkeys(options))
    if len(options) == 1:
        return options[0]
    _at_first(key, options, asked)
    return str(st.selectbox(label, options, format_func=name, key=key, persist_state="page"))


def _at_first(key: str, options: Any, asked: str) -> None:
    """Begin with what the address asks for, if it is there, and begin anew when a publish took an option away."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = asked if asked in options else next(iter(options))


def _areas(places: pd.DataFrame, names: dict[str, str], breakdown: Breakdown, words: Words) -> list[str]:
    key = f"places-{breakdown.indicator}-{breakdown.freq}-{breakdown.subgroup}-{breakdown.unit}"
    options = list(places["ref_area"])
    if key in st.session_state:
        st.session_state[key] = [area for area in st.session_state[key] if area in names]
    else:
        last_chosen = st.session_state.get("last_areas") or state.asked_for("places")
        kept = [area for area in last_chosen if area in names][:MOST_PLACES]
        st.session_state[key] = kept or options[:PLACES_AT_FIRST]
    areas = st.multiselect(
        words("places"),
        options,
        format_func=lambda area: names[area],
        key=key,
        max_selections=MOST_PLACES,
        help=words("places_help", most=MOST_PLACES),
        placeholder=words("places"),
        persist_state="page",
    )
    st.session_state["last_areas"] = areas
    return sorted(areas)


def _years(first: int, last: int, breakdown: Breakdown, words: Words) -> tuple[int, int]:
    if first == last:
        st.caption(words("one_year", year=first))
        return first, last
    key = f"years-{breakdown.indicator}-{breakdown.freq}-{breakdown.subgroup}-{breakdown.unit}-{first}-{last}"
    return st.slider(words("years"), first, last, (first, last), key=key, persist_state="page")
