"""Coverage: a heat map of places and years, so that what is missing is seen.

Belongs here: laying it out. Not here: the counts (`answers.coverage`).
"""

from __future__ import annotations

import duckdb
import pandas as pd
import streamlit as st

from warehouse.page import answers, charts
from warehouse.page.labels import Words
from warehouse.spreadsheet import safe_csv

MEASURES = ("document_count", "fact_count", "observation_count", "curated_count")


def show(con: duckdb.DuckDBPyConnection, words: Words) -> None:
    """Draw the heat map, what is missing in it, and its download."""
    found = answers.coverage(con)
    st.subheader(words("view_coverage"), anchor=False)
    if found.empty:
        st.info(words("no_coverage"))
        return
    known, unknown_documents = split_known(found)
    measure = st.segmented_control(
        words("coverage_measure"),
        MEASURES,
        format_func=lambda option: words(f"measure_{option}"),
        default=MEASURES[0],
        required=True,
        key="measure",
        persist_state="page",
    )
    if not known.empty:
        names = words.places(known)
        cells = known.assign(
            place_name=[names[area] for area in known["ref_area"]],
            kinds=[_kinds(kinds, words) for kinds in known["report_kinds"]],
        )
        years = range(int(known["report_year"].min()), int(known["report_year"].max()) + 1)
        st.altair_chart(charts.heat_map(cells, measure, list(years), words), key="heat")
        st.caption(words("coverage_hint"))
        if gaps := missing(cells):
            st.text(words("coverage_missing", cells="; ".join(f"{place} {year}" for place, year in gaps)))
    if unknown_documents:
        st.caption(words("coverage_unknown", count=unknown_documents))
    columns = ["ref_area", "name_zh", "report_year", "report_kinds", *MEASURES]
    rows = found[columns].astype(object).where(found[columns].notna(), None)
    st.download_button(
        words("download"),
        safe_csv(columns, rows.itertuples(index=False, name=None)),
        file_name="weijian_coverage.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )


def split_known(found: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The rows with a place and a year, and how many documents have none."""
    is_known = (found["ref_area"] != "") & found["report_year"].notna()
    known = found[is_known].reset_index(drop=True)
    known["report_year"] = known["report_year"].astype(int)
    return known, int(found.loc[~is_known, "document_count"].sum())


def missing(cells: pd.DataFrame) -> list[tuple[str, int]]:
    """Places with the years between their first and last that have no report."""
    gaps = []
    for place, years in cells.groupby("place_name", sort=False)["report_year"]:
        present = set(years)
        gaps += [(str(place), year) for year in range(min(present), max(present)) if year not in present]
    return gaps


def _kinds(kinds: str, words: Words) -> str:
    return ", ".join(words.code("kind", kind) for kind in kinds.split(","))
