"""Every family's lists are followed to their end, and every report and attachment of them is archived."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from crawled_nights import Nights

from ingest.archive import Archive
from ingest.crawl.families import FamilyError, families, selection_of
from ingest.crawl.readers import UnreadableListError, read_list
from ingest.sources.model import Source
from tests.portals.families import FAMILIES


def test_every_family_is_crawled_whole_and_its_bytes_are_kept(nights: Nights) -> None:
    opened = [nights.open(publish(range(1, 46))) for publish in FAMILIES.values()]
    assert sum(len(night.portal.pages) for night in opened) > 300
    with ThreadPoolExecutor(2) as pool:
        summaries = list(pool.map(lambda night: night.crawl(), opened))
    for night, summary in zip(opened, summaries, strict=True):
        family = night.portal.family
        assert night.paths() == night.portal.documents, family
        assert (summary.outcome, summary.failed, summary.passed) == ("finished", 0, True), family
        assert summary.documents == len(night.portal.documents) == 60, family
        archive = Archive(night.raw)
        for file in archive.files():
            assert archive.read(file.raw_sha256) == night.site.pages[file.url.removeprefix(night.root)].body, family
        asked = [asked.path for asked in night.site.asked]
        assert len(asked) == len(set(asked)), f"{family} asked for an address twice"


def test_every_family_has_a_portal_of_our_own() -> None:
    assert set(families()) == set(FAMILIES)


def test_an_unknown_family_is_told_with_those_that_there_are() -> None:
    source = Source(id="a", name="甲", family="nobody", start=("http://portal.example/",))
    with pytest.raises(FamilyError, match="jcms, plain, trs_wcm, ucap_json, vsb"):
        selection_of(source)


def test_a_portals_file_overrides_its_family_field_by_field() -> None:
    source = Source(id="a", name="甲", family="trs_wcm", start=("http://portal.example/",), select={"entry": "div.row"})
    family, portal = families()["trs_wcm"], selection_of(source)
    assert (portal.entry, portal.detail, family.entry) == ("div.row", family.detail, "li, tr")


def test_a_list_that_is_no_json_is_told() -> None:
    with pytest.raises(UnreadableListError, match="no JSON"):
        read_list("http://portal.example/list?page=1", b"<html></html>", families()["ucap_json"])
    with pytest.raises(UnreadableListError, match=r"no list at 'data\.results'"):
        read_list("http://portal.example/list?page=1", b'{"data": {}}', families()["ucap_json"])


def test_links_that_lead_to_no_page_are_no_rows() -> None:
    body = """<ul><li><a href="javascript:void(0)">甲</a></li><li><a href="mailto:a@b.example">乙</a></li>
    <li><a href="#top">丙</a></li><li><a href="/info/1027/5.htm#p">丁</a>2024-02-30</li></ul>""".encode()
    page = read_list("http://portal.example/gzjh.htm", body, families()["vsb"])
    assert [(entry.url, entry.title, entry.published_on) for entry in page.entries] == [
        ("http://portal.example/info/1027/5.htm", "丁", None)
    ]
