"""A first look at the warehouse with pandas, as a marimo notebook.

uv sync --group notebook
marimo edit notebooks/first_look.py      (or `python notebooks/first_look.py` to run it from top to bottom)
"""

import marimo

app = marimo.App(width="medium", app_title="Weijian · 卫健")


@app.cell
def _():
    import marimo as mo

    from warehouse.connections import connect_published
    from warehouse.paths import data_folder

    con = connect_published(data_folder().published)
    return con, mo


@app.cell
def _(mo):
    mo.md(
        """
        # 卫健 · A first look

        Each value in the warehouse was read from a sentence of a report. This notebook asks for one series, draws it,
        and follows a number back to its words.
        """
    )
    return


@app.cell
def _(con, mo):
    # Which indicators have values in most places and years?
    indicators = con.execute(
        """
        select indicator_code, any_value(indicator_name) as name, count(*) as cells
        from marts.indicator_by_region_period
        where freq = 'A' and subgroup = ''
        group by indicator_code
        order by cells desc, indicator_code
        """
    ).df()
    choice = mo.ui.dropdown(
        options=dict(zip(indicators["name"], indicators["indicator_code"], strict=True)),
        value="孕产妇系统管理率" if "孕产妇系统管理率" in set(indicators["name"]) else indicators["name"].iloc[0],
        label="指标 indicator",
    )
    choice
    return (choice,)


@app.cell
def _(choice, con):
    # The macro gives the curated value of each place and year; pandas turns years into columns.
    values = con.execute("select * from indicator(?)", [choice.value]).df()
    wide = values.pivot_table(index="region_name", columns="period_year", values="value")
    wide
    return values, wide


@app.cell
def _(wide):
    # From the first year to the last that each place has, in the indicator's own unit.
    change = wide.ffill(axis=1).iloc[:, -1] - wide.bfill(axis=1).iloc[:, 0]
    change.rename("change").sort_values(ascending=False).to_frame()
    return


@app.cell
def _(con, values):
    # Where the latest number comes from: the words, the document, its address.
    latest = values.sort_values("period_year").iloc[-1]
    con.execute("select in_its_words, title, published_on, url from provenance(?)", [latest["fact_id"]]).df().T
    return


@app.cell
def _(choice, con):
    # What an analyst should know before using these values.
    con.execute(
        """
        select severity, rule_name, ref_area, period_end, value, evidence, is_kept_out
        from marts.data_quality_issue
        where indicator_code = ?
        order by severity, ref_area, period_end
        """,
        [choice.value],
    ).df()
    return


@app.cell
def _(con):
    # Documents that speak of a thing no indicator covers: words, not codes.
    con.execute("select title, published_on, score, excerpt from search('产前筛查') limit 10").df()
    return


if __name__ == "__main__":
    app.run()
