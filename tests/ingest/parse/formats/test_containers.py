"""Containers: members become documents of their own, and whatever cannot be taken is a reject that says why."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import twin

from ingest.acquire import ingest_paths
from ingest.archive import Archive
from ingest.derived import Derived
from ingest.parse.packages import LARGEST_DIRECTORY, directory_bytes
from ingest.process import parse_pending


class Room:
    """An archive and its derived files, fed from a folder."""

    def __init__(self, folder: Path) -> None:
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.archive, self.derived = Archive(folder / "raw"), Derived(folder / "derived")

    def take(self, name: str, data: bytes) -> tuple[int, int]:
        """Takes a file in and parses; how many were processed and rejected."""
        (self.inbox / name).write_bytes(data)
        ingest_paths([self.inbox], self.archive)
        report = parse_pending(self.archive, self.derived, workers=1)
        return report.processed, report.rejected

    def documents(self) -> dict[str, str]:
        """Media types of the documents by address."""
        documents = [self.derived.read_document(key) for key in self.derived.document_ids()]
        return {document.url: document.media_type for document in documents}

    def rejects(self) -> dict[str, tuple[str, str, str]]:
        return {reject.url: (reject.stage, reject.reason, reject.detail) for reject in self.derived.rejects()}


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


TEXT = "平江县卫生健康局2022年工作总结\n示例数据：本文所有数字均为虚构，仅供演示。\n全县开放床位5218张。\n".encode()


def test_members_become_documents_with_addresses_of_their_own(room: Room) -> None:
    members = {"总结.txt": TEXT, "附件/表1.xlsx": twin.as_sheet(twin.REPORT), "__MACOSX/._总结.txt": b"\0", "空/": b""}
    assert room.take("reports.zip", twin.as_zip(members)) == (3, 0)
    assert room.documents() == {
        "inbox:///reports.zip!/总结.txt": "text/plain",
        "inbox:///reports.zip!/附件/表1.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    again = parse_pending(room.archive, room.derived, workers=1)
    assert (again.processed, again.skipped) == (0, 3)


def test_the_archive_does_not_offer_members_to_the_crawler(room: Room) -> None:
    room.take("reports.zip", twin.as_zip({"a.txt": TEXT}))
    assert [fetch.url for fetch in room.archive.addresses("inbox")] == ["inbox:///reports.zip"]


def test_names_in_gb18030_are_read(room: Room) -> None:
    data = twin.as_zip({"aaaa.txt": TEXT})
    room.take("reports.zip", data.replace(b"aaaa.txt", "总结.txt".encode("gb18030")))
    assert list(room.documents()) == ["inbox:///reports.zip!/总结.txt"]


def test_a_name_that_leads_out_of_the_container_is_refused_and_the_rest_is_read(room: Room, tmp_path: Path) -> None:
    names = ("../../evil.txt", "/etc/rooted.txt", "..\\..\\evil2.txt")
    assert room.take("reports.zip", twin.as_zip({name: TEXT + name.encode() for name in names})) == (2, 1)
    assert list(room.documents()) == ["inbox:///reports.zip!/etc/rooted.txt"]
    stage, reason, detail = room.rejects()["inbox:///reports.zip"]
    assert (stage, reason) == ("parse", "unreadable_members")
    assert detail.startswith("2 of its members cannot be taken: ../../evil.txt has a name that leads out")
    assert not list(tmp_path.rglob("evil*")) and not list(tmp_path.rglob("rooted*"))


def test_a_container_in_a_container_is_not_opened(room: Room) -> None:
    inner = twin.as_zip({"a.txt": TEXT})
    assert room.take("outer.zip", twin.as_zip({"inner.zip": inner, "b.txt": TEXT})) == (3, 1)
    assert room.rejects()["inbox:///outer.zip!/inner.zip"][:2] == ("parse", "nested_zip")
    assert list(room.documents()) == ["inbox:///outer.zip!/b.txt"]


def test_a_member_of_an_unread_format_is_a_reject_of_its_own(room: Room) -> None:
    room.take("reports.zip", twin.as_zip({"a.txt": TEXT, "song.mp3": b"ID3\x03" + bytes(64)}))
    assert room.rejects() == {
        "inbox:///reports.zip!/song.mp3": ("parse", "unsupported_format", "audio/mpeg: no parser yet")
    }


def test_a_member_with_a_password_is_named(room: Room) -> None:
    data = bytearray(twin.as_zip({"secret.txt": TEXT}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    room.take("reports.zip", bytes(data))
    assert room.rejects()["inbox:///reports.zip"][1:] == (
        "unreadable_members",
        "1 of its members cannot be taken: secret.txt asks for a password",
    )


def test_a_bomb_is_refused_before_it_is_unpacked(room: Room) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package, package.open("zeros.txt", "w") as member:
        for _ in range(30):
            member.write(bytes(1_000_000))
    assert room.take("bomb.zip", out.getvalue()) == (1, 1)
    stage, reason, detail = room.rejects()["inbox:///bomb.zip"]
    assert (stage, reason) == ("parse", "zip_bomb")
    assert "unpack to 30000000" in detail
    assert room.archive.files()[0].url == "inbox:///bomb.zip" and len(room.archive.files()) == 1


def test_more_members_than_the_limit_are_refused(room: Room) -> None:
    room.take("many.zip", twin.as_zip({f"{number}.txt": b"1" for number in range(2001)}))
    assert room.rejects()["inbox:///many.zip"][1] == "too_many_members"


def test_a_list_of_members_that_would_fill_the_memory_is_refused_unread(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = twin.as_zip({f"{'n' * 200}{number}.txt": b"" for number in range(8_500)})
    assert directory_bytes(data) > LARGEST_DIRECTORY
    assert directory_bytes(twin.as_zip({"a.txt": TEXT})) < 100
    monkeypatch.setattr(zipfile, "ZipFile", None)  # whoever lists the members now fails
    assert room.take("many.zip", data) == (1, 1)
    stage, reason, detail = room.rejects()["inbox:///many.zip"]
    assert (stage, reason) == ("parse", "too_many_members")
    assert "more than 2000000" in detail


def test_a_container_that_is_cut_off_is_refused(room: Room) -> None:
    room.take("cut.zip", twin.as_zip({"a.txt": TEXT * 50})[:200])
    assert room.rejects()["inbox:///cut.zip"][1] == "broken_zip"


def test_a_refusal_stands_over_later_runs_without_being_made_again(room: Room) -> None:
    assert room.take("cut.zip", b"PK\x03\x04" + bytes(40)) == (1, 1)
    before = room.derived.rejects()
    ingest_paths([room.inbox], room.archive)
    assert parse_pending(room.archive, room.derived, workers=1).processed == 0
    assert room.derived.rejects() == before


def test_a_container_that_is_gone_from_the_archive_takes_its_marks_with_it(room: Room, tmp_path: Path) -> None:
    room.take("reports.zip", twin.as_zip({"a.txt": TEXT}))
    parse_pending(Archive(tmp_path / "another"), room.derived, workers=1)
    assert room.derived.known_ids() == set()
