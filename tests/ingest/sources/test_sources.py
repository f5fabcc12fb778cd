"""The files that describe portals: read whole, and told clearly where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.crawl.families import selection_of
from ingest.regions.table import region
from ingest.sources import Source, SourceError, area_of, load_source, sources

GOOD = """\
id: sample-county
name: 示例县人民政府门户网站
ref_area: "640522"
family: trs_wcm
start: [http://portal.example/xxgk/ghjh/]
titles: [工作总结, 工作计划]
tolerance: {documents: 0.5, why: "the bureau publishes twice a year"}
verified: false
"""


def write(folder: Path, text: str, name: str = "sample-county.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_inbox_is_a_source_of_no_place() -> None:
    assert sources()["inbox"].family == "inbox"
    assert area_of("inbox") == ""
    assert area_of("a-source-without-a-file") == ""


def test_a_portal_file_is_read(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, GOOD))
    assert (source.ref_area, source.titles, source.verified) == ("640522", ("工作总结", "工作计划"), False)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"640522"', '"64"', 'sample-county.yaml:3: field "ref_area"'),
        ("titles:", "title:", 'sample-county.yaml:6: field "title"'),
        ("http://", "ftp://", 'sample-county.yaml:5: field "start.0"'),
        ("documents: 0.5", "documents: 2", 'sample-county.yaml:7: field "tolerance.documents"'),
        ("id: sample-county", "id: other", 'field "id" is "other"'),
        ("start: [http://portal.example/xxgk/ghjh/]\n", "", "a portal needs `start:`"),
        ("name: 示例县", "name: [示例县", "sample-county.yaml"),
        ("verified: false", "manners: {delay: 0}", "at least 0.5 s apart"),
        ("verified: false", "manners: {connections: 8}", "at most 2 connections"),
    ],
)
def test_a_wrong_field_is_named_with_its_file_and_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    with pytest.raises(SourceError) as caught:
        load_source(write(tmp_path, GOOD.replace(old, new)))
    assert expected in str(caught.value)


def test_the_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace('"640522"', '"64"'))
    write(tmp_path, GOOD.replace("id: sample-county", "id: Bad Name"), "b.yaml")
    with pytest.raises(SourceError) as caught:
        sources(tmp_path)
    assert "sample-county.yaml" in str(caught.value)
    assert "b.yaml" in str(caught.value)


def portals() -> dict[str, Source]:
    return {source.id: source for source in sources().values() if source.start}


def test_the_five_places_and_ten_more_have_a_portal_file() -> None:
    areas = {source.ref_area for source in portals().values()}
    assert areas >= {"640522", "610400", "511126", "420117", "341824"}
    assert len([source for source in portals().values() if not source.private]) >= 15


def test_every_portal_file_names_a_known_family_and_a_known_place() -> None:
    for source in portals().values():
        selection_of(source)
        assert not source.ref_area or region(source.ref_area), source.id


def test_what_is_guessed_says_so() -> None:
    for source in portals().values():
        if source.private:
            assert source.id == "demo"
        elif not source.verified:
            assert "Guessed" in source.notes, source.id
            assert f"weijian source check {source.id}" in source.notes, source.id


def test_a_window_and_an_override_are_checked_when_the_file_is_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r'field "manners\.window"'):
        load_source(write(tmp_path, GOOD + "manners: {window: 25:00-06:00}\n"))
    with pytest.raises(SourceError, match=r'field "select\.entrie"'):
        load_source(write(tmp_path, GOOD + "select: {entrie: li}\n"))
    assert load_source(write(tmp_path, GOOD + "hosts: [files.portal.example]\n")).allowed_hosts == {
        "portal.example",
        "files.portal.example",
    }
