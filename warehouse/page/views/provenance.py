"""Provenance: the sentence with the number marked, the document, what other reports said, and what is doubtful.

Belongs here: laying one number's provenance out. Not here: finding it (`answers.provenance`).
"""

from __future__ import annotations

from typing import Any

import duckdb
import pandas as pd
import streamlit as st

from warehouse.page import answers, markup, state
from warehouse.page.answers import Provenance
from warehouse.page.labels import Words, joined, number, quantity

DISPUTES = ("sources_disagree", "report_disagrees_with_itself")
CORRECTED = "replaced_by_correction"


def show(con: duckdb.DuckDBPyConnection, words: Words, hint: str = "") -> None:
    """Draw the provenance of the opened fact, or say how to open one (`hint`, where it is not by the chart)."""
    st.subheader(words("source"), anchor=False)
    fact_id = state.opened()
    if not fact_id:
        st.info(hint or words("source_hint"))
        return
    found = answers.provenance(con, fact_id)
    if found is None:
        st.html(markup.note(words("source_gone", fact=fact_id)))
        return
    with st.container(border=True):
        _number(found, words)
        _document(found.fact, words)
        _others(found, words)
        _why(found, words)


def _number(found: Provenance, words: Words) -> None:
    fact = found.fact
    indicator = {
        "unit": fact["indicator_unit"],
        "unit_name_zh": fact["unit_name_zh"],
        "unit_name_en": fact["unit_name_en"],
    }
    unit = words.unit(fact["unit"], indicator)
    if fact["value"] is None:
        headline = words("number_lost")
    else:
        headline = quantity(fact["value"], unit, fact["comparator"], fact["value_max"])
    name = words.indicator(fact, "indicator_") or fact["indicator_text"]
    full_name = fact["region_full_name"] or fact["ref_area"] or words("unknown")
    region = joined([words.place({"name_zh": full_name, "pinyin": fact["region_pinyin"]}), fact["entity"]])
    st.html(
        markup.headline(
            headline,
            joined([name, fact["subgroup"], region, _period(fact, words), words.code("role", fact["role"])]),
        )
    )
    notes = [markup.note(note, is_error=is_error) for note, is_error in _notes(found, words)]
    st.html("".join([*notes, markup.sentence(found.sentence, words("number_lost"))]))


def _period(fact: dict[str, Any], words: Words) -> str:
    start, end = fact["period_start"], fact["period_end"]
    if end is None:
        return words("unknown")
    return f"{start} – {end}" if start and start != end else str(end)


def _notes(found: Provenance, words: Words) -> list[tuple[str, bool]]:
    fact, notes = found.fact, []
    is_kept_out = bool(found.issues["is_kept_out"].any())
    if fact["is_disputed"]:
        notes.append(
            (
                words(
                    "disputed",
                    sources=fact["source_count"],
                    lowest=number(fact["lowest_value"]),
                    highest=number(fact["highest_value"]),
                ),
                False,
            )
        )
    if fact["correction_reason"]:
        notes.append(
            (
                words(
                    "corrected",
                    stated=number(fact["stated_value"]),
                    wrong=words.said(fact, "correction_wrong"),
                    reason=words.said(fact, "correction_reason"),
                ),
                False,
            )
        )
    if is_kept_out:
        notes.append((words("kept_out"), True))
    elif len(found.statements) and not fact["is_curated"]:
        notes.append((words("not_curated"), False))
    if fact["repaired_value"] is not None:
        notes.append((words("proposal", value=number(fact["repaired_value"])), False))
    for issue in found.issues.to_dict("records"):
        is_said = (fact["is_disputed"] and issue["rule"] in DISPUTES) or (
            fact["correction_reason"] and issue["rule"] == CORRECTED
        )
        if is_said:
            continue  # above, with what follows from it
        rule = words.rule(issue["rule"], issue["rule_name"])
        severity = words.code("severity", issue["severity"])
        evidence = words.said(issue, "evidence")
        notes.append((f"{severity} · {rule}: {evidence}", issue["severity"] == "error"))
    return notes


def _document(fact: dict[str, Any], words: Words) -> None:
    unknown = words("unknown")
    rows = [
        (words("document_title"), fact["title"] or unknown),
        (words("document_publisher"), fact["publisher"] or unknown),
        (words("document_published_on"), str(fact["published_on"] or unknown)),
        (words("document_address"), fact["url"] or fact["file_name"] or unknown),
        (words("document_number"), fact["document_number"]),
        (words("index_number"), fact["index_number"]),
        (
            words("fact"),
            words("fact_place", fact=fact["fact_id"], start=fact["char_start"] + 1, end=fact["char_end"]),
        ),
    ]
    st.html(markup.pairs((term, value) for term, value in rows if value))


def _others(found: Provenance, words: Words) -> None:
    """What all reports said of this cell, in the order of publication."""
    statements = found.statements
    if statements.empty:
        return
    st.markdown(f"**{words('others')}**")
    if len(statements) == 1:
        st.caption(words("others_none"))
        return
    table = pd.DataFrame(
        {
            words("others_used"): ["✓" if is_used else "" for is_used in statements["is_used"]],
            words("column_value"): [
                quantity(row["value"], "", row["comparator"]) for row in statements.to_dict("records")
            ],
            words("document_published_on"): [str(day or words("unknown")) for day in statements["published_on"]],
            words("document_title"): list(statements["title"]),
            words("others_change"): ["" if pd.isna(change) else f"{change:+,.6g}" for change in statements["change"]],
            words("field_role"): [words.code("role", role) for role in statements["role"]],
            words("column_quote"): list(statements["quote"]),
        }
    )
    st.session_state["statement_facts"] = list(statements["fact_id"])
    st.dataframe(
        table,
        hide_index=True,
        # A key of its own for each number, so that the selection of another list is not carried over.
        key=f"statements-{found.fact['fact_id']}",
        on_select=lambda: _open_row(f"statements-{found.fact['fact_id']}"),
        selection_mode="single-row",
    )
    st.caption(words("others_hint"))


def _open_row(key: str) -> None:
    rows = st.session_state[key].selection.rows
    if rows:
        state.open_fact(st.session_state["statement_facts"][rows[0]])


def _why(found: Provenance, words: Words) -> None:
    rows = [(words.code("field", field), reason) for field, reason in found.reasons.items()]
    rows.append((words("field_confidence"), f"{found.fact['confidence']:.2f}"))
    with st.expander(words("why")):
        st.html(markup.pairs(rows))
