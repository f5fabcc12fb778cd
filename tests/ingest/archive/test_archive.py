"""The raw archive: nothing that was stored is lost, nothing is stored twice."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archive import Archive, Arrival, document_id
from ingest.model import ArchivedFile, Reject


def put(archive: Archive, data: bytes, url: str = "inbox:///a.txt") -> ArchivedFile:
    return archive.put(Arrival(source_id="inbox", url=url, file_name="a.txt", data=data, media_type="text/plain"))


def refusal(reason: str = "empty_file", url: str = "inbox:///a.txt") -> Reject:
    return Reject("inbox", url, "a.txt", "fetch", reason, "the file holds no characters", datetime.now(UTC))


def test_bytes_lie_under_their_hash_and_come_back_unchanged(tmp_path: Path) -> None:
    file = put(Archive(tmp_path), b"\x00\xffreport")
    assert file.raw_sha256 == hashlib.sha256(b"\x00\xffreport").hexdigest()
    assert (tmp_path / "objects" / file.raw_sha256[:2] / file.raw_sha256).read_bytes() == b"\x00\xffreport"
    assert Archive(tmp_path).read(file.raw_sha256) == b"\x00\xffreport"


def test_the_same_bytes_from_the_same_address_are_logged_once(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    first = put(archive, b"one")
    assert put(archive, b"one") == first
    assert put(Archive(tmp_path), b"one") == first
    assert len((tmp_path / "fetch_log.jsonl").read_text().splitlines()) == 1


def test_a_changed_page_is_a_second_version_and_a_page_that_changes_back_is_logged_again(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for data in (b"one", b"two", b"one"):
        put(archive, data)
    assert [archive.read(file.raw_sha256) for file in archive.files()] == [b"one", b"two"]
    assert len((tmp_path / "fetch_log.jsonl").read_text().splitlines()) == 3


def test_a_torn_last_line_is_passed_over_and_the_next_line_is_whole(tmp_path: Path) -> None:
    put(Archive(tmp_path), b"one")
    with (tmp_path / "fetch_log.jsonl").open("ab") as log:
        log.write(b'{"source_id": "inbox", "url": "inb')
    archive = Archive(tmp_path)
    assert len(archive.files()) == 1
    put(archive, b"two", url="inbox:///b.txt")
    assert [file.url for file in archive.files()] == ["inbox:///a.txt", "inbox:///b.txt"]
    assert [file.url for file in Archive(tmp_path).files()] == ["inbox:///a.txt", "inbox:///b.txt"]


def test_no_temporary_file_is_left_and_one_that_a_kill_left_is_no_object(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    file = put(archive, b"one")
    folder = tmp_path / "objects" / file.raw_sha256[:2]
    assert [path.name for path in folder.iterdir()] == [file.raw_sha256]
    (folder / f".{file.raw_sha256}.dead.tmp").write_bytes(b"on")
    assert archive.read(file.raw_sha256) == b"one"


def test_a_refusal_is_recorded_once_and_a_later_success_supersedes_it(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.reject(refusal())
    archive.reject(refusal())
    archive.reject(refusal(reason="undecodable"))
    assert [reject.reason for reject in archive.rejects()] == ["empty_file", "undecodable"]
    put(archive, b"now it holds something")
    assert archive.rejects() == []
    assert Archive(tmp_path).rejects() == []


def test_a_success_with_bytes_that_were_known_before_the_refusal_supersedes_it(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    put(archive, b"one")
    archive.reject(refusal())
    assert len(archive.rejects()) == 1
    put(archive, b"one")
    assert archive.rejects() == []
    assert len(archive.files()) == 1


def test_a_success_of_another_address_leaves_a_refusal_standing(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    archive.reject(refusal())
    put(archive, b"one", url="inbox:///b.txt")
    assert [reject.url for reject in archive.rejects()] == ["inbox:///a.txt"]


def test_bytes_that_the_archive_lacks_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Archive(tmp_path).read("0" * 64)


def test_the_document_id_depends_on_source_address_and_bytes_alone(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    file = put(archive, b"one")
    expected = hashlib.sha256(f"inbox\ninbox:///a.txt\n{file.raw_sha256}".encode()).hexdigest()[:16]
    assert document_id(file) == expected
    assert document_id(put(archive, b"two")) != expected
    assert document_id(put(archive, b"one", url="inbox:///b.txt")) != expected


def lines(root: Path) -> list[tuple[str, str]]:
    """What the log says: addresses and hashes, in the order in which they were logged."""
    logged = (root / "fetch_log.jsonl").read_text().splitlines() if (root / "fetch_log.jsonl").exists() else []
    return [(entry["url"], entry["raw_sha256"]) for entry in map(json.loads, logged)]


@settings(max_examples=25, deadline=None)
@given(fetched=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([b"1", b"2"])), max_size=9))
def test_several_at_once_are_archived_as_one_after_another(
    fetched: list[tuple[str, bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    arrivals = [Arrival("inbox", f"inbox:///{name}.txt", f"{name}.txt", data, "text/plain") for name, data in fetched]
    one_by_one, together = tmp_path_factory.mktemp("singly"), tmp_path_factory.mktemp("together")
    singly = [Archive(one_by_one).put(arrival) for arrival in arrivals]
    at_once = Archive(together).put_all(arrivals)
    assert [(file.url, file.raw_sha256) for file in at_once] == [(file.url, file.raw_sha256) for file in singly]
    assert lines(together) == lines(one_by_one)


def test_what_was_logged_is_known_as_it_would_be_read(tmp_path: Path) -> None:
    mine, other = Archive(tmp_path), Archive(tmp_path)
    for number in range(6):
        put(mine if number % 3 else other, b"%d" % number, url=f"inbox:///{number % 4}.txt")
    assert [*mine.addresses("inbox")] == [*Archive(tmp_path).addresses("inbox")]
    assert mine.files() == other.files() == Archive(tmp_path).files()


def test_a_line_that_the_disk_takes_in_part_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path)
    put(archive, b"one")
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:20]))
    with pytest.raises(OSError, match="a part"):
        put(archive, b"two", url="inbox:///b.txt")
    monkeypatch.undo()
    put(archive, b"two", url="inbox:///b.txt")
    assert [file.url for file in archive.files()] == ["inbox:///a.txt", "inbox:///b.txt"]


def _put_many(root: str, worker: int) -> None:
    archive = Archive(Path(root))
    for number in range(20):
        put(archive, f"{worker} {number}".encode(), url=f"inbox:///{worker}/{number}.txt")


def test_two_processes_that_write_at_once_lose_no_line(tmp_path: Path) -> None:
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(_put_many, [str(tmp_path)] * 2, range(2)))
    assert len(Archive(tmp_path).files()) == 40
    for line in (tmp_path / "fetch_log.jsonl").read_text().splitlines():
        assert json.loads(line)["size"] > 0


def test_a_line_that_another_process_is_writing_is_waited_for(tmp_path: Path) -> None:
    put(Archive(tmp_path), b"one")
    log = tmp_path / "fetch_log.jsonl"
    line = log.read_bytes()
    writer = threading.Thread(target=put, args=(Archive(tmp_path), b"two", "inbox:///b.txt"))
    with log.open("ab", buffering=0) as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        other.write(line[:40])
        writer.start()
        writer.join(timeout=0.2)  # it would be done by now, or soon, if it did not wait
        other.write(line[40:])
        fcntl.flock(other, fcntl.LOCK_UN)
    writer.join()
    assert [json.loads(line)["url"] for line in log.read_text().splitlines()] == [
        "inbox:///a.txt",
        "inbox:///a.txt",
        "inbox:///b.txt",
    ]


@settings(max_examples=25, deadline=None)
@given(contents=st.lists(st.binary(max_size=8), max_size=8))
def test_archiving_twice_changes_nothing(contents: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    root = tmp_path_factory.mktemp("archive")
    archive = Archive(root)
    for number, data in enumerate(contents):
        put(archive, data, url=f"inbox:///{number}.txt")
    log = (root / "fetch_log.jsonl").read_bytes() if contents else b""
    for number, data in enumerate(contents):
        put(Archive(root), data, url=f"inbox:///{number}.txt")
    assert ((root / "fetch_log.jsonl").read_bytes() if contents else b"") == log
    assert [archive.read(file.raw_sha256) for file in archive.files()] == contents
