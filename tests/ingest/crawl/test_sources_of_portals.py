"""A portal's file is checked against its portal field by field, and a new one comes with its page and its test."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from crawled_nights import Nights
from typer.testing import CliRunner

from ingest.crawl.probe import probe
from ingest.crawl.template import TemplateError, write_portal
from ingest.sources import Source, load_source
from orchestration.cli import app as cli
from orchestration.commands.source import app
from samples.portals.site import Page
from tests.portals.families import vsb


def test_a_check_says_field_by_field_what_the_portal_gave_and_archives_nothing(nights: Nights) -> None:
    night = nights.open(vsb(range(1, 61)))
    night.site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /admin/\n", "text/plain")
    answered = probe(night.file)
    found = {finding.field: finding.found for finding in answered.findings}
    # Where antiword is missing, one attachment is not read; the portal's county does not exist.
    looked_at = {finding.field for finding in answered.findings if not finding.is_well}
    assert looked_at <= {"not read", "first report: place"}
    assert found["rows of the list"] == "16"
    assert found["next list page"] == f"{night.root}/vsb/gzjh/3.htm"
    assert "年工作总结" in found["first report: title"]
    assert found["first report: publisher"] == "示例县卫生健康局"
    assert len(night.site.asked) < 20
    assert not night.raw.exists()

    night.site.pages[night.portal.start] = Page(b"<html><body>new layout</body></html>")
    broken = probe(night.file)
    looked_at = {finding.field for finding in broken.findings if not finding.is_well}
    assert {"rows of the list", "reports read"} <= looked_at


def test_a_new_portal_comes_with_its_page_and_a_test_of_it(
    nights: Nights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    night = nights.open(vsb(range(1, 31)))
    folders = ["--sources", str(tmp_path), "--tests", str(tmp_path)]
    about = [
        "--name",
        "示例县人民政府",
        "--family",
        "vsb",
        "--area",
        "640522",
        "--start",
        night.root + night.portal.start,
    ]
    outcome = CliRunner().invoke(app, ["new", "sample-county", *about, *folders, "--private"])
    assert outcome.exit_code == 0, outcome.output
    source = load_source(tmp_path / "sample-county.yaml")
    assert (source.family, source.ref_area, source.verified) == ("vsb", "640522", False)
    assert "source check sample-county" in source.notes
    assert (tmp_path / "sample-county.page").read_bytes() == night.site.pages[night.portal.start].body
    checked = CliRunner().invoke(cli, ["source", "check", "sample-county", "--sources", str(tmp_path)])
    assert "rows of the list" in checked.output and "16" in checked.output, checked.output
    assert checked.exit_code == ("look here" in checked.output), "a script sees what a person sees"
    night.site.pages[night.portal.start] = Page(b"<html><body>new layout</body></html>")
    checked = CliRunner().invoke(cli, ["source", "check", "sample-county", "--sources", str(tmp_path)])
    assert (checked.exit_code, "look here" in checked.output) == (1, True)

    monkeypatch.setattr("ingest.sources.sources", lambda: {source.id: source})
    test = runpy.run_path(str(tmp_path / "test_sample_county_page.py"))["test_the_saved_list_page_is_read"]
    test()
    saved = tmp_path / "sample-county.page"
    saved.write_bytes(saved.read_bytes().replace(b"/vsb/info/", b"/vsb/other/"))
    with pytest.raises(AssertionError):
        test()
    again = CliRunner().invoke(app, ["new", "sample-county", *about, *folders, "--private"])
    assert isinstance(again.exception, TemplateError)


def test_nothing_is_written_for_a_page_that_the_family_cannot_read(tmp_path: Path) -> None:
    source = Source(id="a-county", name="甲县", family="jcms", start=("http://portal.example/col/",))
    with pytest.raises(TemplateError, match="family jcms"):
        write_portal(source, b"<html><a href='/b.html'>b</a></html>", tmp_path, tmp_path)
    assert list(tmp_path.iterdir()) == []
