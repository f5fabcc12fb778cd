"""Quality: the findings of the rules, with filters, each a way to the words that it is about.

Belongs here: laying them out. Not here: the rules (`dbt_project`).
"""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from warehouse.page import answers, state
from warehouse.page.answers import QualityFilter
from warehouse.page.labels import Words
from warehouse.page.views import provenance
from warehouse.spreadsheet import safe_csv

SEVERITIES = ("error", "warning", "info")
CSV_COLUMNS = (
    "fact_id",
    "severity",
    "rule",
    "rule_name",
    "is_kept_out",
    "ref_area",
    "name_zh",
    "indicator_code",
    "indicator_name_zh",
    "period_end",
    "number_text",
    "evidence",
    "evidence_zh",
    "quote",
    "title",
    "publisher",
    "published_on",
    "url",
)


def show(con: duckdb.DuckDBPyConnection, words: Words) -> None:
    """Draw the filters, the list and the provenance of the finding that is opened."""
    st.subheader(words("view_quality"), anchor=False)
    found = answers.quality(con, _filters(answers.quality_filters(con), words))
    if found.empty:
        st.info(words("no_findings"))
        return
    count = int(found["found_count"].iloc[0])
    st.caption(words("quality_count", count=f"{count:,}"))
    if count > len(found):
        st.warning(words("quality_cut", shown=f"{len(found):,}"))
    _list(found, words)
    provenance.show(con, words, words("source_hint_list"))


def quality_csv(found: pd.DataFrame) -> bytes:
    """The findings as CSV that is safe to open in a spreadsheet."""
    rows = found[list(CSV_COLUMNS)].astype(object).where(found[list(CSV_COLUMNS)].notna(), None)
    return safe_csv(CSV_COLUMNS, rows.itertuples(index=False, name=None))


def _filters(options: pd.DataFrame, words: Words) -> QualityFilter:
    rules = {row["rule"]: words.rule(row["rule"], row["rule_name"]) for row in options.to_dict("records")}
    places = {"": words("unknown")} | words.places(options[options["ref_area"] != ""])
    first, second, third, fourth = st.columns(4)
    severities = first.multiselect(
        words("severity"),
        SEVERITIES,
        format_func=lambda code: words.code("severity", code),
        key="severities",
        persist_state="page",
        placeholder=words("any"),
    )
    chosen_rules = second.multiselect(
        words("rule"),
        list(rules),
        format_func=lambda code: rules[code],
        key="rules",
        persist_state="page",
        placeholder=words("any"),
    )
    areas = third.multiselect(
        words("places"),
        list(places),
        format_func=lambda code: places[code],
        key="quality_places",
        persist_state="page",
        placeholder=words("any"),
    )
    typed = fourth.text_input(words("words"), key="quality_words", persist_state="page")
    is_kept_out_only = st.toggle(words("kept_out_only"), key="kept_out_only", persist_state="page")
    return QualityFilter(tuple(severities), tuple(chosen_rules), tuple(areas), is_kept_out_only, typed)


def _list(found: pd.DataFrame, words: Words) -> None:
    rows = found.to_dict("records")
    table = pd.DataFrame(
        {
            words("severity"): [words.code("severity", row["severity"]) for row in rows],
            words("rule"): [words.rule(row["rule"], row["rule_name"]) for row in rows],
            words("column_region"): [words.place(row) or words("unknown") for row in rows],
            words("indicator"): [words.indicator(row, "indicator_") for row in rows],
            words("column_period_end"): [str(row["period_end"] or "") for row in rows],
            words("column_quote"): list(found["quote"]),
            words("column_number"): list(found["number_text"]),
            words("column_evidence"): [words.said(row, "evidence") for row in rows],
            words("column_kept_out"): list(found["is_kept_out"]),
            words("document_title"): list(found["title"]),
        }
    )
    st.session_state["finding_facts"] = list(found["fact_id"])
    config: dict[str, Any] = {
        words("column_evidence"): st.column_config.TextColumn(width="medium"),
        words("column_quote"): st.column_config.TextColumn(width="medium"),
        words("document_title"): st.column_config.TextColumn(width="medium"),
    }
    st.dataframe(
        table,
        hide_index=True,
        height=430,
        column_config=config,
        key="findings",
        on_select=_open_finding,
        selection_mode="single-row",
    )
    st.caption(words("quality_hint"))
    st.download_button(
        words("download"),
        quality_csv(found),
        file_name="weijian_quality.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        help=words("download_help"),
    )


def _open_finding() -> None:
    rows = st.session_state["findings"].selection.rows
    if rows:
        state.open_fact(st.session_state["finding_facts"][rows[0]])
