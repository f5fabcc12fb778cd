"""What is pending is worked on once, failures become rejects, and a killed run is completed by the next."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from stand_ins import archived_document, rate_facts

from ingest.archive import Archive, Arrival, document_id
from ingest.derived import Derived, DerivedError, Versions
from ingest.extract import EXTRACTOR_VERSION
from ingest.model import ArchivedFile
from ingest.parse import PARSER_VERSION
from ingest.process import extract_pending, parse_pending

PROJECT = Path(__file__).resolve().parents[2]

REPORT = """示例县2023年卫生健康工作总结（示例数据{number}）

发布机构：示例县卫生健康局　　发布日期：2024-01-15

一、妇幼健康
全县孕产妇系统管理率达{rate}%，比上年提高0.{number}个百分点。活产{births}人，免费婚前医学检查{checks}对。
二、医疗服务
全县医疗机构总诊疗{visits}万人次，每千人口床位数由5.{number}张增加到6.{number}张。
"""


class Room:
    """An archive with reports of our own and the derived files beside it."""

    def __init__(self, root: Path, reports: int = 0) -> None:
        self.root = root
        self.archive = Archive(root / "raw")
        self.derived = Derived(root / "derived")
        for number in range(reports):
            self.put(number)

    def put(self, number: int, data: bytes | None = None, media_type: str = "text/plain") -> ArchivedFile:
        text = REPORT.format(number=number, rate=90 + number % 9, births=900 + number, checks=300 + number, visits=20.5)
        return self.archive.put(
            Arrival(
                source_id="inbox",
                url=f"inbox/report-{number}.txt",
                file_name=f"report-{number}.txt",
                data=text.encode() if data is None else data,
                media_type=media_type,
                fetched_at=datetime(2024, 2, 1, tzinfo=UTC),
            )
        )

    def work(self, workers: int = 1) -> None:
        parse_pending(self.archive, self.derived, workers=workers)
        extract_pending(self.derived, workers=workers)

    def files(self) -> dict[str, bytes]:
        folder = self.root / "derived"
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "room", reports=3)


def test_every_archived_report_becomes_a_document_with_facts(room: Room) -> None:
    parsed = parse_pending(room.archive, room.derived)
    extracted = extract_pending(room.derived)

    expected = tuple(sorted(document_id(file) for file in room.archive.files()))
    assert (parsed.processed, parsed.skipped, parsed.rejected, parsed.document_ids) == (3, 0, 0, expected)
    assert (extracted.processed, extracted.skipped, extracted.rejected, extracted.document_ids) == (3, 0, 0, expected)
    for key in expected:
        document, facts = room.derived.read_document(key), room.derived.read_facts(key)
        assert document.document_id == key
        assert {fact.document_id for fact in facts} == {key}
        assert [document.text[fact.char_start : fact.char_end] for fact in facts] == [
            fact.number_text for fact in facts
        ]


def test_a_second_run_works_on_nothing_and_writes_nothing(room: Room) -> None:
    room.work()
    before = room.files()
    parsed, extracted = parse_pending(room.archive, room.derived), extract_pending(room.derived)
    assert (parsed.processed, parsed.skipped) == (extracted.processed, extracted.skipped) == (0, 3)
    assert room.files() == before


def test_only_what_is_new_is_worked_on(room: Room) -> None:
    room.work()
    file = room.put(7)
    assert parse_pending(room.archive, room.derived).document_ids == (document_id(file),)
    assert extract_pending(room.derived).document_ids == (document_id(file),)


def test_facts_of_another_extractor_version_are_read_again_and_no_others(room: Room) -> None:
    room.work()
    before = room.files()
    old = room.derived.document_ids()[1]
    room.derived.write_facts(old, [], Versions(PARSER_VERSION, "an older one"))
    assert extract_pending(room.derived).document_ids == (old,)
    assert room.files() == before


def test_a_document_of_another_parser_version_is_parsed_and_read_again_and_no_others(room: Room) -> None:
    room.work()
    before = room.files()
    old = room.derived.document_ids()[1]
    room.derived.write_document(replace(room.derived.read_document(old), parser_version="an older one", title="x"))
    assert parse_pending(room.archive, room.derived).document_ids == (old,)
    room.derived.write_facts(old, [], Versions("an older one", EXTRACTOR_VERSION))
    assert extract_pending(room.derived).document_ids == (old,)
    assert room.files() == before


def test_a_file_that_cannot_be_parsed_is_a_reject_once_and_the_run_goes_on(room: Room) -> None:
    file = room.put(9, b"\x00\x01\x02", media_type="application/x-unknown")

    report = parse_pending(room.archive, room.derived)

    assert (report.processed, report.rejected, len(room.derived.document_ids())) == (4, 1, 3)
    [reject] = room.derived.rejects()
    assert (reject.file_name, reject.stage, reject.reason) == (file.file_name, "parse", "unsupported_format")
    assert parse_pending(room.archive, room.derived).processed == 0


def test_an_unexpected_error_is_a_reject_with_its_type_and_the_run_goes_on(room: Room) -> None:
    parse_pending(room.archive, room.derived)
    document = room.derived.read_document(room.derived.document_ids()[0])
    path = room.root / "derived" / "documents" / f"{document.document_id}.json"
    path.write_bytes(path.read_bytes().replace(b'"title":', b'"heading":'))

    report = extract_pending(room.derived)

    assert (report.processed, report.rejected) == (3, 1)
    [reject] = room.derived.rejects()
    assert (reject.file_name, reject.stage, reject.reason) == (document.file_name, "extract", "extractor_failed")
    assert reject.detail.startswith("DerivedError: ")
    assert extract_pending(room.derived).processed == 0


def test_bytes_that_cannot_be_read_are_a_reject_until_they_can(room: Room) -> None:
    file = room.put(9)
    stored = room.root / "raw" / "objects" / file.raw_sha256[:2] / file.raw_sha256
    data = stored.read_bytes()
    stored.unlink()

    assert parse_pending(room.archive, room.derived).rejected == 1
    [reject] = room.derived.rejects()
    assert (reject.stage, reject.reason) == ("parse", "unreadable_bytes")
    assert parse_pending(room.archive, room.derived).processed == 1
    assert room.derived.rejects() == [reject]  # the same reject, of the same time

    stored.write_bytes(data)
    assert parse_pending(room.archive, room.derived).rejected == 0
    assert room.derived.rejects() == []


def test_a_reject_of_an_older_parser_is_tried_again_and_goes_when_it_succeeds(room: Room) -> None:
    room.work()
    file = room.archive.files()[0]
    before = room.files()
    [reject] = _reject_of(room)
    room.derived.forget(document_id(file))
    room.derived.write_reject(document_id(file), reject, Versions("an older one"))

    room.work()

    assert room.derived.rejects() == []
    assert room.files() == before


def test_a_document_that_is_rejected_leaves_nothing_of_its_earlier_version(room: Room) -> None:
    room.work()
    file = room.archive.files()[0]
    key = document_id(file)
    room.derived.write_document(replace(room.derived.read_document(key), parser_version="an older one"))
    (room.root / "raw" / "objects" / file.raw_sha256[:2] / file.raw_sha256).unlink()

    parse_pending(room.archive, room.derived)

    assert sorted(name for name in room.files() if key in name) == [f"rejects/{key}.parse.json"]


def test_what_the_archive_does_not_hold_is_forgotten(room: Room) -> None:
    room.work()
    before = room.files()
    orphan = archived_document(Archive(room.root / "elsewhere"), 1, ["95.1"])
    room.derived.write_document(orphan)
    room.derived.write_facts(orphan.document_id, rate_facts(orphan), Versions("p1", "e1"))
    parse_pending(room.archive, room.derived)
    assert room.files() == before


def test_progress_names_each_document_once(room: Room) -> None:
    heard: list[tuple[int, int, str]] = []
    parse_pending(room.archive, room.derived, progress=lambda *step: heard.append(step))
    assert [(done, total) for done, total, _ in heard] == [(1, 3), (2, 3), (3, 3)]
    assert {name for _, _, name in heard} == {"report-0.txt", "report-1.txt", "report-2.txt"}


def test_several_processes_write_the_same_files_as_one(tmp_path: Path) -> None:
    one, two = Room(tmp_path / "one", reports=20), Room(tmp_path / "two", reports=20)
    one.work(workers=1)
    two.work(workers=2)
    assert one.files() == two.files()
    assert len(one.files()) == 40


def test_a_number_that_is_not_finite_is_never_written_as_missing(tmp_path: Path) -> None:
    document = archived_document(Archive(tmp_path / "raw"), 1, ["95.1"])
    fact = replace(rate_facts(document)[0], value=float("inf"))
    with pytest.raises(DerivedError, match="not a finite number"):
        Derived(tmp_path).write_facts(document.document_id, [fact], Versions("p1", "e1"))


def test_derived_files_give_back_what_was_written(tmp_path: Path) -> None:
    derived = Derived(tmp_path / "derived")
    document = archived_document(Archive(tmp_path / "raw"), 1, ["95.1", "96.2"])
    derived.write_document(document)
    derived.write_facts(document.document_id, list(reversed(rate_facts(document))), Versions("p1", "e1"))
    assert derived.read_document(document.document_id) == document
    assert list(derived.read_facts(document.document_id)) == rate_facts(document)


def test_a_derived_file_that_was_cut_off_by_hand_is_made_again(room: Room) -> None:
    room.work()
    before = room.files()
    key = room.derived.document_ids()[0]
    (room.root / "derived" / "documents" / f"{key}.json").write_bytes(b'{"document_id": "')
    (room.root / "derived" / "facts" / f"{key}.json").write_bytes(b"")
    room.work()
    assert room.files() == before


TRIES = 20
WORKER = """
import sys
from pathlib import Path
from ingest.archive import Archive, Arrival
from ingest.derived import Derived
from ingest.process import extract_pending, parse_pending

if __name__ == "__main__":
    root = Path(sys.argv[1])
    parse_pending(Archive(root / "raw"), Derived(root / "derived"), workers=int(sys.argv[2]))
    extract_pending(Derived(root / "derived"), workers=int(sys.argv[2]))
"""


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("kind", "count"), [("documents", 1), ("documents", 17), ("facts", 1), ("facts", 17)])
def test_a_run_that_is_killed_is_completed_by_the_next(tmp_path: Path, workers: int, kind: str, count: int) -> None:
    unbroken = Room(tmp_path / "unbroken", reports=40)
    shutil.copytree(tmp_path / "unbroken", tmp_path / "broken")
    broken = Room(tmp_path / "broken")
    unbroken.work()

    for _ in range(TRIES):  # on a busy machine the run may be done before anybody sees how far it is
        shutil.rmtree(broken.root / "derived", ignore_errors=True)
        _work_and_kill(broken.root, workers, kind, count)
        if len(broken.files()) < len(unbroken.files()):
            break
    assert len(broken.files()) < len(unbroken.files())

    broken.work()
    assert broken.files() == unbroken.files()


def _work_and_kill(root: Path, workers: int, kind: str, count: int) -> None:
    """Run both steps in another process and kill it, workers and all, when so many files of a kind are there."""
    child = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(root), str(workers)],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        start_new_session=True,
    )
    folder = root / "derived" / kind
    while child.poll() is None and (not folder.is_dir() or sum(1 for _ in folder.iterdir()) < count):
        time.sleep(0.0005)
    with suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _reject_of(room: Room) -> list:
    other = Room(room.root / "other")
    other.put(1, b"\x00", media_type="application/x-unknown")
    parse_pending(other.archive, other.derived)
    return other.derived.rejects()
