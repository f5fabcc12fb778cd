"""Taking files in: what can be read is archived, what cannot is refused with its reason, and the run goes on."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest

from ingest.acquire import ingest_paths
from ingest.archive import Archive

REPORT = "示例县卫生健康局2021年工作总结\n全县建立居民健康档案1234份。\n"


def reasons(archive: Archive) -> dict[str, str]:
    return {reject.file_name: reject.reason for reject in archive.rejects()}


def test_a_folder_is_taken_in_with_addresses_that_hold_no_path_of_the_machine(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "海原" / "2021").mkdir(parents=True)
    (inbox / "海原" / "2021" / "总结.txt").write_text(REPORT, encoding="utf-8")
    (inbox / "a#1?.txt").write_text(REPORT, encoding="utf-8")
    archive = Archive(tmp_path / "raw")
    report = ingest_paths([inbox], archive)
    assert [file.url for file in report.files] == ["inbox:///a%231%3F.txt", "inbox:///海原/2021/总结.txt"]
    assert report.files[1].file_name == "总结.txt"
    assert str(tmp_path) not in (tmp_path / "raw" / "fetch_log.jsonl").read_text(encoding="utf-8")


def test_the_same_folder_elsewhere_gives_the_same_documents(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(REPORT, encoding="utf-8")
    archive = Archive(tmp_path / "raw")
    assert ingest_paths([tmp_path / "one"], archive).known == 0
    assert ingest_paths([tmp_path / "two"], archive).known == 1
    assert len(archive.files()) == 1


def test_a_name_in_another_unicode_form_is_the_same_address(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "raw")
    for folder, name in (("one", "re\u0301sume\u0301.txt"), ("two", "r\u00e9sum\u00e9.txt")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(REPORT, encoding="utf-8")
        ingest_paths([tmp_path / folder], archive)
    assert len(archive.files()) == 1


def test_hidden_files_are_passed_over(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    (inbox / ".git").mkdir(parents=True)
    for name in (".DS_Store", ".git/config", "a.txt"):
        (inbox / name).write_text(REPORT, encoding="utf-8")
    report = ingest_paths([inbox], Archive(tmp_path / "raw"))
    assert [file.file_name for file in report.files] == ["a.txt"]
    assert report.rejects == ()


def test_what_cannot_be_read_is_refused_by_its_bytes_and_the_rest_is_taken_in(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    slides = io.BytesIO()
    with zipfile.ZipFile(slides, "w") as archive_file:
        archive_file.writestr("ppt/presentation.xml", "<p/>")
    contents = {
        "empty.txt": b"",
        "blank.txt": "\u3000 \n\xa0".encode(),
        "report.pdf": b"ID3\x03" + bytes(64),
        "named.txt": slides.getvalue(),
        "noise.txt": bytes(range(256)) * 20,
        "large.txt": b"a" * 3000,
        "page.pdf": "<!DOCTYPE html><html><body><p>页面不存在。</p></body></html>".encode(),
        "good.txt": REPORT.encode("gb18030"),
    }
    for name, data in contents.items():
        (inbox / name).write_bytes(data)
    archive = Archive(tmp_path / "raw")
    report = ingest_paths([inbox], archive)
    assert reasons(archive) == {
        "empty.txt": "empty_file",
        "blank.txt": "empty_file",
        "report.pdf": "unsupported_format",
        "named.txt": "unsupported_format",
        "noise.txt": "undecodable",
    }
    assert {file.file_name: file.media_type for file in report.files} == {
        "good.txt": "text/plain",
        "large.txt": "text/plain",
        "page.pdf": "text/html",
    }
    details = {reject.file_name: reject.detail for reject in report.rejects}
    assert details["report.pdf"] == "audio/mpeg: no parser yet"
    assert "presentationml" in details["named.txt"]


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path: Path) -> None:
    (tmp_path / "large.txt").write_bytes(b"a" * 101)
    report = ingest_paths([tmp_path / "large.txt"], Archive(tmp_path / "raw"), max_bytes=100)
    assert [(reject.reason, reject.detail) for reject in report.rejects] == [
        ("too_large", "101 bytes are more than the limit of 100")
    ]


def test_a_missing_path_and_a_pipe_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    archive = Archive(tmp_path / "raw")
    ingest_paths([tmp_path / "nothing.txt", tmp_path / "pipe"], archive)
    assert reasons(archive) == {"nothing.txt": "missing_file", "pipe": "unreadable"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(REPORT, encoding="utf-8")
    (tmp_path / "secret.txt").chmod(0)
    archive = Archive(tmp_path / "raw")
    ingest_paths([tmp_path / "secret.txt"], archive)
    assert reasons(archive) == {"secret.txt": "unreadable"}


def test_progress_is_told_for_each_file(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(REPORT, encoding="utf-8")
    told: list[tuple[int, int, str]] = []
    paths = [tmp_path / "a.txt", tmp_path / "b.txt"]
    ingest_paths(paths, Archive(tmp_path / "raw"), progress=lambda *step: told.append(step))
    assert told == [(1, 2, "a.txt"), (2, 2, "b.txt")]


def test_a_refused_file_that_is_mended_is_taken_in_and_its_refusal_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"")
    archive = Archive(tmp_path / "raw")
    assert len(ingest_paths([path], archive).rejects) == 1
    path.write_text(REPORT, encoding="utf-8")
    assert len(ingest_paths([path], archive).files) == 1
    assert archive.rejects() == []
