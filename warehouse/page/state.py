"""What the reader has chosen: kept for the session, and in the address, so that a view can be sent to someone.

Belongs here: reading and writing session state and address. Not here: widgets (`views`).

What stands in an address comes from outside: each value is only used when it is one of the options.
"""

from __future__ import annotations

from typing import Literal, get_args

import streamlit as st

from warehouse.page.labels import LANGUAGES, Language

View = Literal["series", "coverage", "quality"]
VIEWS: tuple[View, ...] = get_args(View)
OPENED = "opened_fact"


def language_at_first() -> Language:
    """The language of the address, else that of the browser, else Chinese."""
    asked = st.query_params.get("lang") or ("en" if (st.context.locale or "zh").lower()[:2] != "zh" else "zh")
    return next((language for language in LANGUAGES if language == asked), "zh")


def view_at_first() -> View:
    """The view of the address, else the series."""
    asked = st.query_params.get("view")
    return next((view for view in VIEWS if view == asked), "series")


def asked_for(name: str) -> list[str]:
    """The values that the address gives under a name, separated by commas."""
    return [value for value in st.query_params.get(name, "").split(",") if value]


def opened() -> str:
    """The fact whose provenance is open; empty for none."""
    if OPENED not in st.session_state:
        st.session_state[OPENED] = st.query_params.get("fact", "")
    return str(st.session_state[OPENED])


def open_fact(fact_id: str) -> None:
    """Open the provenance of a fact, from this run or from a widget's callback."""
    st.session_state[OPENED] = fact_id


def is_fact_alone() -> bool:
    """Whether the address names a number and not the indicator to show it in, at the beginning of a session."""
    return bool(opened()) and "indicator" not in st.session_state and not st.query_params.get("indicator")


def ask_for(**values: str) -> None:
    """Let the address ask for more than it did."""
    st.query_params.update(values)


def remember(**values: str) -> None:
    """Bring the address to what is chosen now; empty values are left out."""
    wanted = {name: value for name, value in values.items() if value}
    if st.query_params.to_dict() != wanted:
        st.query_params.from_dict(wanted)
