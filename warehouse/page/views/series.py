"""Series: a line chart, a ranking and a table of regions for one indicator, each number a way to its source.

Belongs here: laying them out and opening what is clicked. Not here: choosing (`choosing`), the source (`provenance`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from warehouse.page import answers, charts, markup, state
from warehouse.page.labels import Words, joined, number, quantity, year_span
from warehouse.page.views import provenance
from warehouse.page.views.choosing import Choice
from warehouse.spreadsheet import safe_csv

MOST_BARS = 30
CSV_COLUMNS = (
    "indicator_code",
    "indicator_name",
    "ref_area",
    "region_name",
    "period_key",
    "period_end",
    "freq",
    "subgroup",
    "value",
    "value_max",
    "unit",
    "comparator",
    "obs_status",
    "is_baseline",
    "is_corrected",
    "is_disputed",
    "source_count",
    "lowest_value",
    "highest_value",
    "fact_id",
    "quote",
    "title",
    "publisher",
    "published_on",
    "url",
)


def show(con: duckdb.DuckDBPyConnection, choice: Choice, words: Words) -> None:
    """Draw what was chosen, and where the opened number comes from."""
    unit = words.unit(choice.breakdown.unit, choice.indicator)
    _heading(choice, unit, words)
    if not choice.areas:
        st.info(words("no_places"))
        return
    shown = _worded(answers.chosen(choice.values, choice.areas, choice.years), choice, unit, words)
    if shown.empty:
        st.info(words("no_rows"))
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        development, ranking = st.tabs([words("chart"), words("ranking")])
        with development:
            _lines(shown, choice, unit, words)
        with ranking:
            _ranking(choice, unit, words)
        st.subheader(words("table"), anchor=False)
        _table(shown, words)
        st.download_button(
            words("download"),
            series_csv(shown),
            file_name=f"weijian_{choice.breakdown.indicator}.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
            help=words("download_help"),
        )
    with right:
        _source(con, shown, words)


def series_csv(shown: pd.DataFrame) -> bytes:
    """The shown values with their words and documents, as CSV that is safe to open in a spreadsheet."""
    rows = shown[list(CSV_COLUMNS)].astype(object).where(shown[list(CSV_COLUMNS)].notna(), None)
    return safe_csv(CSV_COLUMNS, rows.itertuples(index=False, name=None))


def period_axis(shown: pd.DataFrame, freq: str) -> list[str]:
    """The labels of the axis: every year from the first to the last, or the other periods that occur."""
    if freq == "A":
        return [str(year) for year in range(int(shown["period_year"].min()), int(shown["period_year"].max()) + 1)]
    return answers.periods(shown)


def table_of_regions(shown: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The shown values as one row a region and one column a period, and the facts that lie behind the cells."""
    order = {"index": list(dict.fromkeys(shown["place_name"])), "columns": answers.periods(shown)}
    values = shown.pivot(index="place_name", columns="period_label", values="value").reindex(**order)
    facts = shown.pivot(index="place_name", columns="period_label", values="fact_id").reindex(**order)
    return values, facts


def _heading(choice: Choice, unit: str, words: Words) -> None:
    breakdown = choice.breakdown
    st.html(
        markup.headline(
            words.indicator(choice.indicator),
            joined(
                [
                    unit,
                    words.code("freq", breakdown.freq),
                    year_span(choice.indicator["first_year"], choice.indicator["last_year"]),
                    breakdown.subgroup,
                    breakdown.indicator,
                ]
            ),
        )
    )


def _worded(values: pd.DataFrame, choice: Choice, unit: str, words: Words) -> pd.DataFrame:
    """The values with the words that charts and lists show beside them."""
    worded = values.copy()
    worded["place_name"] = [choice.place_names[area] for area in values["ref_area"]]
    rows = values.to_dict("records")
    worded["value_text"] = [quantity(row["value"], unit, row["comparator"], row["value_max"]) for row in rows]
    worded["remark"] = [_remark(row, words) for row in rows]
    return worded


def _remark(row: Mapping[Any, Any], words: Words) -> str:
    disputed = words(
        "remark_disputed",
        lowest=number(row["lowest_value"]),
        highest=number(row["highest_value"]),
    )
    return joined(
        [
            words("remark_corrected") if row["is_corrected"] else "",
            disputed if row["is_disputed"] else "",
            words("remark_baseline") if row["is_baseline"] else "",
        ]
    ) or joined([str(row["publisher"]), str(row["published_on"] or "")])


def _lines(shown: pd.DataFrame, choice: Choice, unit: str, words: Words) -> None:
    st.altair_chart(
        charts.lines(
            _for_chart(shown),
            period_axis(shown, choice.breakdown.freq),
            list(dict.fromkeys(shown["place_name"])),
            unit,
            words,
        ),
        key="lines",
        on_select=lambda: _open_clicked("lines"),
        selection_mode=charts.POINT,
    )
    st.caption(words("chart_hint"))


def _ranking(choice: Choice, unit: str, words: Words) -> None:
    labels = answers.periods(choice.values)[::-1]
    levels = ["", *dict.fromkeys(level for level in choice.values["level"] if level)]
    first, second = st.columns(2)
    with first:
        if st.session_state.get("ranking_period") not in labels:
            st.session_state["ranking_period"] = answers.fullest_period(choice.values)
        period = st.selectbox(words("ranking_period"), labels, key="ranking_period")
    with second:
        if st.session_state.get("ranking_level") not in levels:
            st.session_state["ranking_level"] = ""
        level = st.selectbox(
            words("ranking_level"),
            levels,
            format_func=lambda option: words.code("level", option),
            key="ranking_level",
        )
    ranked = answers.ranking(choice.values, period, choice.indicator["better"], level)
    if ranked.empty:
        st.info(words("no_rows"))
        return
    ranked["is_chosen"] = ranked["ref_area"].isin(choice.areas)
    drawn = _worded(ranked[(ranked.index < MOST_BARS) | ranked["is_chosen"]], choice, unit, words)
    drawn["place_name"] = [f"{place}. {name}" for place, name in zip(drawn["place"], drawn["place_name"], strict=True)]
    drawn["value_text"] = [number(value) for value in drawn["value"]]
    st.altair_chart(
        charts.bars(_for_chart(drawn), unit, words),
        key="bars",
        on_select=lambda: _open_clicked("bars"),
        selection_mode=charts.POINT,
    )
    remarks = [
        words("ranking_lower") if choice.indicator["better"] == "lower" else "",
        words("ranking_counts") if choice.indicator["kind"] != "rate" else "",
        words("ranking_short", all=len(ranked), shown=MOST_BARS) if len(drawn) < len(ranked) else "",
    ]
    st.caption(" ".join(remark for remark in remarks if remark))


def _table(shown: pd.DataFrame, words: Words) -> None:
    values, facts = table_of_regions(shown)
    table = values.reset_index().rename(columns={"place_name": words("column_region")})
    st.session_state["table_facts"] = facts
    config: dict[str, Any] = {
        str(period): st.column_config.NumberColumn(str(period), format="localized") for period in values.columns
    }
    config[words("column_region")] = st.column_config.TextColumn(pinned=True)
    if len(values.columns) > 1:
        table[words("column_change")] = [_change(row) for _, row in values.iterrows()]
    st.dataframe(
        table,
        column_config=config,
        hide_index=True,
        placeholder="–",
        key="table",
        on_select=_open_cell,
        selection_mode="single-cell",
    )
    st.caption(words("table_hint"))


def _change(row: pd.Series) -> str:
    known = row.dropna()
    return f"{known.iloc[-1] - known.iloc[0]:+,.6g}" if len(known) > 1 else ""


def _source(con: duckdb.DuckDBPyConnection, shown: pd.DataFrame, words: Words) -> None:
    options = {
        row["fact_id"]: f"{row['place_name']} · {row['period_label']} · {row['value_text']}"
        for row in shown.to_dict("records")
    }
    st.session_state["number"] = state.opened() if state.opened() in options else None
    st.selectbox(
        words("number_shown"),
        list(options),
        format_func=lambda fact_id: options[fact_id],
        key="number",
        placeholder=words("number_none"),
        on_change=_open_chosen,
    )
    provenance.show(con, words)


def _for_chart(frame: pd.DataFrame) -> pd.DataFrame:
    """Only what the charts encode: a chart's data travel to the browser."""
    wanted = (
        "place_name",
        "period_label",
        "value",
        "lowest_value",
        "highest_value",
        "is_disputed",
        "fact_id",
        "value_text",
        "remark",
        "is_chosen",
    )
    return frame[[column for column in wanted if column in frame.columns]]


def _open_clicked(key: str) -> None:
    marks = st.session_state[key].selection.get(charts.POINT) or []
    if marks:
        state.open_fact(str(marks[0]["fact_id"]))


def _open_cell() -> None:
    cells = st.session_state["table"].selection.cells
    facts = st.session_state["table_facts"]
    if cells:
        row, period = cells[0]
        if period in facts.columns and isinstance(facts.iloc[row][period], str):
            state.open_fact(facts.iloc[row][period])


def _open_chosen() -> None:
    state.open_fact(st.session_state["number"] or "")
