"""The page: opens the published file, read-only, for each run of the script, and hands over to a view.

Belongs here: opening, the frame around the views, and what is said when there is nothing to open.
Not here: what a view shows (`views`).

Each run opens the file anew and closes it at its end: a new publication is seen with the next click, one run never
mixes two publications, and no reader ever stands in a publisher's way.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import streamlit as st

from warehouse.connections import connect_published
from warehouse.errors import AbsentError, WarehouseError
from warehouse.page import answers, markup, state
from warehouse.page.labels import LANGUAGES, Words, moment
from warehouse.page.views import choosing, coverage, quality, series
from warehouse.paths import DataFolder, data_folder

ICON = Path(__file__).with_name("icon.svg")  # no icon of Streamlit’s: those come from other hosts
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


def main() -> None:
    """Draw the page once, with what is chosen now."""
    st.set_page_config(page_title="Weijian · 卫健", page_icon=str(ICON), layout="wide", initial_sidebar_state=320)
    st.html(markup.STYLE)
    words = _language()
    folder = data_folder()
    try:
        con = connect_published(folder.published)
    except AbsentError:
        _nothing_published(folder, words)
        return
    except WarehouseError as error:
        _cannot_read(str(error), words)
        return
    with con:
        try:
            _page(con, words)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            _cannot_read(f"{words('older_file')}\n{folder.published}\n{error}", words)


def _language() -> Words:
    if "language" not in st.session_state:
        st.session_state["language"] = state.language_at_first()
    with st.sidebar:
        st.title(words_of_now()("title"), anchor=False)
        st.caption(words_of_now()("subtitle"))
        st.segmented_control(
            words_of_now()("language"),
            LANGUAGES,
            format_func=lambda language: LANGUAGE_NAMES[language],
            key="language",
            required=True,
            label_visibility="collapsed",
        )
    return words_of_now()


def words_of_now() -> Words:
    """The words of the language that is chosen."""
    return Words(st.session_state["language"])


def _page(con: duckdb.DuckDBPyConnection, words: Words) -> None:
    if "view" not in st.session_state:
        st.session_state["view"] = state.view_at_first()
    view = st.segmented_control(
        words("view"),
        state.VIEWS,
        format_func=lambda option: words(f"view_{option}"),
        key="view",
        required=True,
        label_visibility="collapsed",
    )
    choice = None
    with st.sidebar:
        if view == "series":
            if state.is_fact_alone():
                state.ask_for(**answers.cell_of_fact(con, state.opened()))
            choice = choosing.choose(con, words)
        _publication(con, words)
    if view == "coverage":
        coverage.show(con, words)
    elif view == "quality":
        quality.show(con, words)
    elif choice is None:
        st.info(words("no_values"))
    else:
        series.show(con, choice, words)
    _remember(view, choice, words)


def _remember(view: state.View | None, choice: choosing.Choice | None, words: Words) -> None:
    chosen = {}
    if choice is not None:
        chosen = {
            "indicator": choice.breakdown.indicator,
            "freq": choice.breakdown.freq,
            "subgroup": choice.breakdown.subgroup,
            "places": ",".join(choice.areas),
        }
    state.remember(lang=words.language, view=view or "", fact=state.opened(), **chosen)


def _publication(con: duckdb.DuckDBPyConnection, words: Words) -> None:
    published = answers.publication(con)
    if published:
        st.caption(
            words(
                "published_at",
                at=moment(published["published_at"]),
                documents=f"{published['documents']:,}",
                facts=f"{published['facts']:,}",
            )
        )
        st.button(words("reload"), icon=":material/refresh:", help=words("reload_help"), type="tertiary")


def _nothing_published(folder: DataFolder, words: Words) -> None:
    st.header(words("nothing_published"), anchor=False)
    st.write(words("nothing_published_do"))
    st.code("make run", language="sh")
    st.write(words("nothing_published_where"))
    st.text(str(folder.published))


def _cannot_read(message: str, words: Words) -> None:
    st.header(words("cannot_read"), anchor=False)
    st.text(message)


main()
