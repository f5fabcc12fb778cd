"""The page as Streamlit runs it, without a browser."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

import pytest
from small_published import FORMULA, HANDLER, LATER, PICTURE, PINGJIANG, RATE, REPORTS, SCRIPT, YUEYANG, publish_small

pytest.importorskip("streamlit", reason="the page's extra is not installed (make test-page)")

import duckdb
from streamlit.testing.v1 import AppTest

from warehouse.connections import connect_published
from warehouse.page import answers
from warehouse.page.answers import Breakdown, QualityFilter
from warehouse.page.views import quality, series
from warehouse.paths import DataFolder

PATIENCE = 30  # seconds that a run may take on a machine with other things to do


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch, page: Path):
    """Open the page on a data folder, with an address."""

    def opened(folder: DataFolder, **address: str) -> AppTest:
        monkeypatch.setenv("WEIJIAN_DATA", str(folder.root))
        app = AppTest.from_file(str(page / "app.py"), default_timeout=PATIENCE)
        for name, value in {"lang": "zh", **address}.items():
            app.query_params[name] = value
        return app.run()

    return opened


def shown(app: AppTest) -> str:
    """Everything that the page hands to the browser as text of any kind, by element."""
    assert not app.exception, app.exception
    texts = [
        element.value
        for kind in ("markdown", "caption", "info", "warning", "text", "header", "subheader", "title", "code")
        for element in app.get(kind)
    ]
    return "\n".join([*map(str, texts), html_of(app)])


def html_of(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def markdown_of(app: AppTest) -> str:
    """What Streamlit reads as Markdown: pictures and links of an outsider would be live there."""
    labels = [
        element.label
        for kind in ("selectbox", "multiselect", "toggle", "slider", "expander")
        for element in app.get(kind)
    ]
    return "\n".join(
        [
            *labels,
            *(
                str(element.value)
                for kind in ("markdown", "caption", "info", "warning", "header", "subheader", "title")
                for element in app.get(kind)
            ),
        ]
    )


def test_the_page_opens_with_something_to_see(open_page, small: DataFolder) -> None:
    app = open_page(small)
    assert app.selectbox(key="indicator").value == RATE
    assert sorted(app.multiselect[0].value) == [YUEYANG, PINGJIANG]
    assert app.get("vega_lite_chart")
    assert "孕产妇系统管理率" in html_of(app)


def test_choosing_a_number_opens_its_sentence_with_the_number_marked(open_page, small: DataFolder) -> None:
    app = open_page(small)
    app.selectbox(key="number").select("yy23").run()
    assert '<mark class="wj-number">95.21</mark>' in html_of(app)
    assert "岳阳市2023年工作总结" in html_of(app)
    assert app.query_params["fact"] == "yy23"


def test_an_address_leads_back_to_the_same_view(open_page, small: DataFolder) -> None:
    app = open_page(small, lang="en", indicator="beds", places=PINGJIANG, fact="pjbeds")
    assert app.selectbox(key="indicator").value == "beds"
    assert app.multiselect[0].value == [PINGJIANG]
    assert "5,768 beds" in html_of(app)
    assert "Where it comes from" in shown(app)


def test_an_address_with_a_number_alone_opens_the_view_that_it_stands_in(open_page, small: DataFolder) -> None:
    app = open_page(small, fact="pjbeds")
    assert app.selectbox(key="indicator").value == "beds"
    assert app.multiselect[0].value == [PINGJIANG]
    assert app.selectbox(key="number").value == "pjbeds"


def test_a_corrected_number_shows_what_is_used_what_the_report_states_and_why(open_page, small: DataFolder) -> None:
    app = open_page(small, lang="en", fact="yy23child")
    assert "95.1 percent" in html_of(app)
    assert '<mark class="wj-number">9.51</mark>' in html_of(app)
    assert "Corrected: the report states 9.51." in html_of(app)
    assert "The table of the same report has it." in html_of(app)
    assert SCRIPT not in html_of(app)
    app.segmented_control(key="language").set_value("zh").run()
    assert "同一报告的表格为准。" in html_of(app)
    assert "The table of the same report" not in html_of(app)


def test_an_address_that_asks_for_what_is_not_there_is_passed_over(open_page, small: DataFolder) -> None:
    app = open_page(small, lang="xx", view=SCRIPT, indicator="'; drop table", places="000001", fact=SCRIPT)
    assert app.selectbox(key="indicator").value == RATE
    assert "没有这个数字" in html_of(app)
    assert SCRIPT not in html_of(app)


def test_every_word_follows_the_language(open_page, small: DataFolder) -> None:
    app = open_page(small)
    assert "选一个数字" in shown(app) or "点击任一点" in shown(app)
    app.segmented_control(key="language").set_value("en").run()
    assert "Maternal systematic management rate" in html_of(app)
    assert "Click a point" in shown(app)


def test_a_hostile_report_stays_text(open_page, small: DataFolder) -> None:
    for view in ("series", "coverage", "quality"):
        app = open_page(small, view=view, fact="pj22")
        for hostile in (SCRIPT, HANDLER, PICTURE, FORMULA):
            assert hostile not in markdown_of(app)
        assert "<script" not in html_of(app)
        assert "<img" not in html_of(app)
        assert "<a " not in html_of(app), "javascript: is no address to follow"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html_of(app)


def test_what_other_reports_said_is_shown_and_the_dispute_told(open_page, small: DataFolder) -> None:
    app = open_page(small, fact="pj22")
    assert "93.52 至 93.86" in html_of(app)
    statements = app.dataframe[-1].value
    assert list(statements["数值"]) == ["93.86", "93.52"]
    assert list(statements["采用"]) == ["✓", ""]


def test_a_figure_that_is_kept_out_says_so(open_page, small: DataFolder) -> None:
    app = open_page(small, view="quality", fact="lost")
    assert "未进入发布数据" in html_of(app)
    assert "[原文数字缺失]" in html_of(app)


def test_the_quality_list_follows_its_filters(open_page, small: DataFolder) -> None:
    app = open_page(small, view="quality")
    assert len(app.dataframe[0].value) == 2
    app.multiselect(key="severities").select("error").run()
    assert list(app.dataframe[0].value["规则"]) == ["数字缺失"]
    app.text_input(key="quality_words").set_value("没有这样的话").run()
    assert "没有符合条件的质量问题" in shown(app)


def test_coverage_tells_what_is_missing_and_what_has_no_place(open_page, small: DataFolder) -> None:
    app = open_page(small, view="coverage")
    assert "岳阳市 2022" in shown(app)
    assert "另有 3 份文件" in shown(app)


def test_what_was_chosen_is_still_there_after_another_view(open_page, small: DataFolder) -> None:
    app = open_page(small)
    app.selectbox(key="indicator").select("beds").run()
    app.multiselect[0].set_value([PINGJIANG]).run()
    app.segmented_control(key="view").set_value("coverage").run()
    app.segmented_control(key="view").set_value("series").run()
    assert app.selectbox(key="indicator").value == "beds"
    assert app.multiselect[0].value == [PINGJIANG]


def test_without_places_the_page_asks_for_one(open_page, small: DataFolder) -> None:
    app = open_page(small)
    app.multiselect[0].set_value([]).run()
    assert "请至少选择一个地区" in shown(app)


def test_before_the_first_publication_the_page_says_what_to_type(open_page, data: DataFolder) -> None:
    app = open_page(data)
    assert "还没有已发布的数据" in shown(app)
    assert app.code[0].value == "make run"
    assert str(data.published) in shown(app)


def test_a_file_that_is_no_database_is_told_in_words(open_page, data: DataFolder) -> None:
    data.published_folder.mkdir(parents=True)
    data.published.write_bytes(b"<html>not found</html>")
    assert "无法读取已发布的数据" in shown(open_page(data))


def test_a_file_of_an_older_version_is_told_in_words(open_page, data: DataFolder) -> None:
    data.published_folder.mkdir(parents=True)
    with duckdb.connect(str(data.published)) as con:
        con.execute("create schema marts; create table marts.dim_indicator (indicator_code varchar)")
    assert "缺少本页需要的表或列" in shown(open_page(data))


def test_a_publication_is_seen_with_the_next_click_and_never_waits_for_a_reader(open_page, data: DataFolder) -> None:
    publish_small(data)
    app = open_page(data)
    assert "2024" not in app.dataframe[0].value.columns
    publish_small(data, (*REPORTS, LATER))
    app.run()
    assert "2024" in app.dataframe[0].value.columns


def test_a_number_that_a_publication_took_away_is_told(open_page, data: DataFolder) -> None:
    publish_small(data, (*REPORTS, LATER))
    app = open_page(data, fact="pj24")
    assert "96.6" in html_of(app)
    publish_small(data)
    app.run()
    assert "没有这个数字（pj24）" in html_of(app)


def test_a_publication_without_values_points_to_where_the_reasons_are(open_page, data: DataFolder) -> None:
    publish_small(data, ())
    assert "还没有任何指标值" in shown(open_page(data))
    assert "还没有文件" in shown(open_page(data, view="coverage"))
    assert "没有符合条件的质量问题" in shown(open_page(data, view="quality"))


def test_no_cell_of_a_download_starts_a_formula(small: DataFolder) -> None:
    with connect_published(small.published) as con:
        downloads = {
            series.CSV_COLUMNS: series.series_csv(answers.series(con, Breakdown(RATE, "A", "", "percent"))),
            quality.CSV_COLUMNS: quality.quality_csv(answers.quality(con, QualityFilter())),
        }
    for columns, content in downloads.items():
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        assert tuple(rows[0]) == columns
        hostile = next(row for row in rows if row["fact_id"] == "pj22")
        assert hostile["publisher"] == "'" + FORMULA
        assert hostile["title"] == f"{SCRIPT}{PICTURE}"
        assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "@"))]


def test_no_module_of_the_page_hides_one_of_the_standard_library(page: Path) -> None:
    names = {path.stem for path in page.glob("*.py")} | {path.name for path in page.iterdir() if path.is_dir()}
    assert names & set(sys.stdlib_module_names) == set()
