"""The files that describe portals: read whole, and told clearly where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.sources import SourceError, area_of, load_source, sources

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
