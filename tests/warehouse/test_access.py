"""What the published file offers beside its tables: macros, the word index, comments."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from small_build import MARTS

from warehouse.connections import connect_build, connect_published
from warehouse.publish import publish

WORDS = {
    "screening": ("产前筛查工作总结", "示例数据。全县开展产前筛查，产前筛查率达到九成。"),
    "doctors": ("家庭医生签约工作", "示例数据。家庭医生团队入户，签约服务扩面。产前检查照常。"),
    "beds": ("床位情况", "示例数据。<script>床位</script> =1+1 增加，筛查设备购置。"),
}


@pytest.fixture
def asked(build: Path) -> Path:
    """A published file with three more documents that differ in their words."""
    with connect_build(build) as con:
        for name, (title, text) in WORDS.items():
            con.execute(
                "insert into staging.documents select * replace (? as document_id, ? as title, ? as text) "
                "from staging.documents where document_id = 'doc0'",
                [name, title, text],
            )
        con.execute(MARTS)
    return publish(build, build.parent / "published").path


def found(path: Path, words: str) -> list[str]:
    with connect_published(path) as con:
        return [row[0] for row in con.execute("select document_id from search(?)", [words]).fetchall()]


def test_search_puts_the_document_with_the_phrase_first_and_leaves_out_those_without_a_word(asked: Path) -> None:
    assert found(asked, "产前筛查")[0] == "screening"
    assert found(asked, "家庭医生") == ["doctors"]


@pytest.mark.parametrize("words", ["", "没有", "'; drop table staging.facts; --", "%", "\\", "<script>"])
def test_search_takes_any_words_and_never_fails(asked: Path, words: str) -> None:
    assert isinstance(found(asked, words), list)


def test_search_shows_the_place_where_the_words_stand(asked: Path) -> None:
    with connect_published(asked) as con:
        row = con.execute("select excerpt, is_phrase from search('签约服务') limit 1").fetchone()
    assert row is not None and "签约服务" in row[0] and row[1]


def test_words_of_unchanged_documents_are_taken_over_and_changed_ones_cut_anew(
    asked: Path, build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from warehouse.access import words

    seen: list[str] = []
    cut = words._cut
    monkeypatch.setattr(
        words, "_cut", lambda rows, tokenizer: (seen.extend(row[0] for row in rows), cut(rows, tokenizer))[1]
    )
    with duckdb.connect(str(build)) as con:
        con.execute("update staging.documents set title = '口腔健康' where document_id = 'beds'")
        con.execute("delete from staging.documents where document_id = 'doctors'")
        con.execute(MARTS)
    publish(build, asked.parent)

    assert seen == ["beds"]
    assert found(asked, "口腔健康") == ["beds"]
    assert found(asked, "家庭医生") == []


def test_macros_answer_by_code_name_and_year(build: Path) -> None:
    path = publish(build, build.parent / "published").path
    with connect_published(path) as con:
        count = "select count(*) from "
        assert con.execute(count + "indicator('births')").fetchone() == (10,)
        assert con.execute(count + "indicator('births', year := 2023, area := '示例县')").fetchone() == (10,)
        assert con.execute(count + "indicator('births', year := 2022)").fetchone() == (0,)
        assert con.execute(count + "series('640522', 'births')").fetchone() == (10,)
        assert con.execute(count + "series('示例旧县', 'births')").fetchone() == (10,)
        assert con.execute(count + "indicator('births', area := '示例旧县')").fetchone() == (10,)
        assert con.execute(count + "indicator('births', area := '别处')").fetchone() == (0,)
        assert con.execute(count + "indicator('出生人口')").fetchone() == (10,)
        assert con.execute(count + "series('示例县', 'Births')").fetchone() == (10,)
        with pytest.raises(
            duckdb.InvalidInputException, match="no indicator is called 床位数; the nearest are beds 医院床位数"
        ):
            con.execute("from indicator('床位数')")
        assert con.execute("select in_its_words from provenance('fact3')").fetchone() == (
            "示例数据。😀全县出生人口[1003]人。",
        )


def test_a_figure_that_is_kept_out_has_its_words_and_the_rule_too(build: Path) -> None:
    with connect_build(build) as con:
        con.execute("delete from marts.fct_observation where fact_id = 'fact3'")
        con.execute("delete from marts.indicator_by_region_period where fact_id = 'fact3'")
        con.execute("insert into marts.data_quality_issue values ('fact3', 'digits_corrupt', true)")
        con.execute("insert into marts.data_quality_issue values ('fact4', 'sources_disagree', false)")
    with connect_published(publish(build, build.parent / "published").path) as con:
        query = "select value, kept_out_by from provenance(?)"
        assert con.execute(query, ["fact3"]).fetchone() == (1003.0, ["digits_corrupt"])
        assert con.execute(query, ["fact4"]).fetchone() == (1004.0, [])


def test_everything_but_the_marts_is_described_in_both_languages(asked: Path) -> None:
    """The marts are described by dbt, the staging tables by its stg_ models, which this small file lacks."""
    with connect_published(asked) as con:
        without = con.execute(
            """
            select schema_name || '.' || table_name || '.' || column_name from duckdb_columns()
            where database_name = 'weijian' and schema_name in ('search', 'meta')
                and not coalesce(regexp_matches(comment, '[A-Za-z].*[一-龥]'), false)
            """
        ).fetchall()
        macros = con.execute(
            "select function_name from duckdb_functions() where database_name = 'weijian' "
            "and function_type like '%macro' and not coalesce(regexp_matches(comment, '[A-Za-z].*[一-龥]'), false)"
        ).fetchall()
    assert (without, macros) == ([], [])
