"""A name promises nothing that the bytes do not hold; what cannot be read says what is missing."""

from __future__ import annotations

import hashlib
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import twin
from PIL import Image

from ingest.acquire import ingest_paths
from ingest.archive import Archive
from ingest.derived import Derived
from ingest.model import ArchivedFile, Document
from ingest.parse import ParseError, ocr, parse
from ingest.parse.sniff import sniff
from ingest.process import parse_pending

ERROR_PAGE = "<!DOCTYPE html><html><body><h1>404</h1><p>您访问的页面不存在。</p></body></html>".encode()


def parsed(name: str, data: bytes) -> Document:
    sha256 = hashlib.sha256(data).hexdigest()
    fetched_at = datetime(2024, 1, 2, tzinfo=UTC)
    return parse(ArchivedFile("inbox", f"inbox:///{name}", name, sha256, sniff(data), fetched_at, len(data)), data)


def reason_of(name: str, data: bytes) -> tuple[str, bool]:
    with pytest.raises(ParseError) as caught:
        parsed(name, data)
    return caught.value.reason, caught.value.is_final


def test_an_error_page_under_the_name_of_a_report_is_refused() -> None:
    assert reason_of("2022年工作总结.PDF", ERROR_PAGE) == ("not_the_file", True)
    assert parsed("404.html", ERROR_PAGE).media_type == "text/html"


def test_a_report_saved_as_a_page_under_the_name_of_a_word_file_is_read() -> None:
    assert parsed("2022年工作总结.doc", twin.as_html(twin.REPORT)).title == twin.REPORT.title


def test_a_text_longer_than_any_report_is_refused() -> None:
    assert reason_of("report.txt", b"1 " * 10_000_001) == ("too_long", True)


@pytest.mark.parametrize("name", ["report.txt", "report.pdf", "report"])
def test_a_word_file_is_read_whatever_it_is_called(name: str) -> None:
    assert parsed(name, twin.as_docx(twin.REPORT)).title == twin.REPORT.title


def test_pictures_wait_until_the_extra_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    ocr._recogniser.cache_clear()
    with pytest.raises(ParseError) as caught:
        ocr.read_scan(twin.as_scan(twin.REPORT))
    assert (caught.value.reason, caught.value.is_final) == ("needs_ocr", False)
    assert "extra `ocr`" in caught.value.detail


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("TIFF", "image/tiff")])
def test_pictures_are_known_by_their_bytes(form: str, media_type: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, form)
    assert sniff(out.getvalue()) == media_type


def test_a_file_that_waits_for_a_program_is_tried_again_and_no_other_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "old.doc").write_bytes(Path(__file__).with_name("report.doc").read_bytes())
    (inbox / "cut.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    archive, derived = Archive(tmp_path / "raw"), Derived(tmp_path / "derived")
    ingest_paths([inbox], archive)
    monkeypatch.setenv("PATH", str(tmp_path))
    from ingest.parse import limits

    limits._children.end()  # one that was started with the old PATH
    assert parse_pending(archive, derived, workers=1).rejected == 2
    again = parse_pending(archive, derived, workers=1)
    limits._children.end()
    assert (again.processed, again.rejected, again.skipped) == (1, 1, 1)
    assert {reject.file_name: reject.reason for reject in derived.rejects()} == {
        "old.doc": "missing_program",
        "cut.pdf": "broken_pdf",
    }
