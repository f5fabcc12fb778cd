"""Charts: lines, bars and the coverage heat map, as Altair specifications.

Belongs here: frames into charts. Not here: what is drawn (`answers`), in which words (`labels`), or where (`views`).

Text from outside stands only in data and in tooltips, which Vega writes as text; no name of a field comes from it.
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from warehouse.page.labels import Words

POINT = "point"  # the selection that holds the `fact_id` of the mark that was clicked
# Paul Tol's "bright" and "muted" sets: told apart by colour-blind readers, legible on white and on black.
COLORS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#999933", "#dd7733", "#44aa99", "#999999")
MOST_PLACES = len(COLORS)
HIGHLIGHT, REST = "#1f6f5c", "#b9c4c1"
FIGURE = "#7a8683"  # legible on white and on black
HEAT = ("#e3f1ec", "#1f6f5c")
ROW = 26  # pixels of a bar or a row of the heat map
NAME_WIDTH = 260  # pixels that a place's name may take
LEGEND_WIDTH = 430  # pixels of the narrowest chart beside its provenance
WIDE, NARROW, SYMBOL = 13, 7, 30  # pixels of a Chinese sign, a Latin one, and of the symbol with its gaps
LAST_NARROW = 0x2E7F


def lines(
    values: pd.DataFrame, periods: Sequence[str], places: Sequence[str], axis_title: str, words: Words
) -> alt.LayerChart:
    """One line a place over the periods; disputed values hollow, with the range of what reports said.

    Args:
        values: columns period_label, value, lowest_value, highest_value, is_disputed, fact_id and, made by the view,
            place_name, value_text, remark.
        periods: the labels of the axis, in order, gaps included.
        places: the names in the order of their colours.
        axis_title: the unit.
        words: of the tooltips.
    """
    base = alt.Chart(values).encode(
        x=alt.X("period_label:O", sort=list(periods), title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)).scale(
            domain=list(periods)
        ),
        color=alt.Color("place_name:N", title=None, legend=_legend(places)).scale(
            domain=list(places), range=list(COLORS[: len(places)])
        ),
    )
    value = alt.Y("value:Q", title=axis_title, axis=_flat_title()).scale(zero=False, nice=True, padding=12)
    ranges = (
        base.transform_filter("datum.is_disputed")
        .mark_rule(strokeWidth=2, opacity=0.6)
        .encode(y=alt.Y("lowest_value:Q", title=axis_title, axis=_flat_title()), y2="highest_value:Q")
    )
    strokes = base.mark_line(strokeWidth=2).encode(y=value)
    clicked = alt.selection_point(name=POINT, fields=["fact_id"], on="click", empty=True)
    points = (
        base.mark_point(strokeWidth=2, opacity=1, cursor="pointer")
        .encode(
            y=value,
            shape=alt.Shape("is_disputed:N", legend=None).scale(domain=[False, True], range=["circle", "diamond"]),
            size=alt.condition("datum.is_disputed", alt.value(190), alt.value(110)),
            fillOpacity=alt.condition("datum.is_disputed", alt.value(0.0), alt.value(1.0)),
            fill=alt.Fill("place_name:N", title=None, legend=_legend(places)).scale(
                domain=list(places), range=list(COLORS[: len(places)])
            ),
            tooltip=_tooltip(words),
        )
        .add_params(clicked)
    )
    return alt.LayerChart(layer=[ranges, strokes, points]).properties(height=430)


def bars(ranked: pd.DataFrame, axis_title: str, words: Words) -> alt.LayerChart:
    """One bar a place in the order of the ranking, the chosen ones highlighted.

    Args:
        ranked: columns place, value, fact_id and, made by the view, place_name (with its rank, unique), value_text,
            remark, is_chosen.
        axis_title: the unit.
        words: of the tooltips.
    """
    order = list(ranked["place_name"])
    # Room for the figures behind the bars; below nought only where a value is.
    span = [min(0.0, float(ranked["value"].min())), max(0.0, float(ranked["value"].max())) * 1.15]
    base = alt.Chart(ranked).encode(
        y=alt.Y(
            "place_name:N", sort=order, title=None, axis=alt.Axis(labelLimit=NAME_WIDTH, ticks=False, domain=False)
        ),
        x=alt.X("value:Q", title=axis_title, axis=alt.Axis(tickCount=5)).scale(domain=span, nice=False),
    )
    clicked = alt.selection_point(name=POINT, fields=["fact_id"], on="click", empty=True)
    marks = (
        base.mark_bar(cornerRadiusEnd=2, cursor="pointer")
        .encode(
            color=alt.condition("datum.is_chosen", alt.value(HIGHLIGHT), alt.value(REST)),
            tooltip=_tooltip(words),
        )
        .add_params(clicked)
    )
    figures = base.mark_text(align="left", dx=5, color=FIGURE).encode(text="value_text:N")
    return alt.LayerChart(layer=[marks, figures]).properties(height=alt.Step(ROW))


def heat_map(cells: pd.DataFrame, measure: str, years: Sequence[int], words: Words) -> alt.LayerChart:
    """Places by years; the darker, the more there is, and an empty cell where there is nothing.

    Args:
        cells: columns report_year, the measure and, made by the view, place_name, kinds.
        measure: the column that is shown; one of our own names.
        years: all years of the axis, those without a document too.
        words: of the tooltips.
    """
    most = float(cells[measure].max())
    base = alt.Chart(cells).encode(
        x=alt.X(
            "report_year:O", title=None, axis=alt.Axis(labelAngle=0, orient="top", ticks=False, domain=False)
        ).scale(domain=list(years), paddingInner=0.02),
        y=alt.Y("place_name:N", sort=list(dict.fromkeys(cells["place_name"])), title=None)
        .axis(labelLimit=NAME_WIDTH, ticks=False, domain=False)
        .scale(paddingInner=0.08),
        tooltip=[
            alt.Tooltip("place_name:N", title=words("column_region")),
            alt.Tooltip("report_year:O", title=words("column_year")),
            alt.Tooltip("kinds:N", title=words("column_kinds")),
            alt.Tooltip(f"{measure}:Q", title=words(f"measure_{measure}")),
        ],
    )
    squares = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color(f"{measure}:Q", legend=None).scale(range=list(HEAT), domainMin=0)
    )
    figures = base.mark_text().encode(
        text=alt.Text(f"{measure}:Q", format=","),
        color=alt.condition(f"datum.{measure} > {most * 0.75}", alt.value("#ffffff"), alt.value("#17332b")),
    )
    return alt.LayerChart(layer=[squares, figures]).properties(height=alt.Step(ROW + 4))


def _legend(places: Sequence[str]) -> alt.Legend | None:
    if len(places) < 2:
        return None
    widest = max(sum(WIDE if ord(sign) > LAST_NARROW else NARROW for sign in place) for place in places)
    columns = max(1, LEGEND_WIDTH // (widest + SYMBOL))
    return alt.Legend(orient="top", columns=columns, labelLimit=NAME_WIDTH, symbolOpacity=1, offset=26)


def _flat_title() -> alt.Axis:
    """The unit above the axis, since Chinese does not read well on its side."""
    return alt.Axis(titleAngle=0, titleAlign="left", titleAnchor="end", titleX=-30, titleY=-14, titleLimit=300)


def _tooltip(words: Words) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("place_name:N", title=words("column_region")),
        alt.Tooltip("period_label:N", title=words("frequency")),
        alt.Tooltip("value_text:N", title=words("column_value")),
        alt.Tooltip("remark:N", title=words("remark")),
    ]
