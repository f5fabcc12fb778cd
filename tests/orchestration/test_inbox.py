"""Which reports a run works on: invented ones never beside real ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.archive import Archive, Arrival
from orchestration.inbox import (
    INBOX_SOURCE,
    SAMPLE_PACK,
    SAMPLE_SOURCE,
    InboxError,
    choose_inbox,
    open_archive,
    set_sample_aside,
)
from orchestration.ledger import read_ledger, write_ledger
from warehouse.paths import DataFolder


def put(folder: DataFolder, source_id: str, text: str = "全县床位1875张。") -> None:
    Archive(folder.raw).put(
        Arrival(
            source_id=source_id,
            url=f"{source_id}:///a.txt",
            file_name="a.txt",
            data=text.encode(),
            media_type="text/plain",
        )
    )


def remember(folder: DataFolder, inbox: Path) -> None:
    folder.root.mkdir(parents=True, exist_ok=True)
    write_ledger(folder, replace(read_ledger(folder), inbox=str(inbox)))


def test_a_new_data_folder_begins_with_the_sample_pack(data: DataFolder) -> None:
    assert choose_inbox(None, data) == SAMPLE_PACK


def test_the_last_inbox_is_the_next_one(data: DataFolder, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    remember(data, tmp_path / "mine")
    assert choose_inbox(None, data) == tmp_path / "mine"


def test_what_is_asked_for_comes_first(data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("asked", "set", "last"):
        (tmp_path / name).mkdir()
    remember(data, tmp_path / "last")
    monkeypatch.setenv("WEIJIAN_INBOX", str(tmp_path / "set"))
    assert choose_inbox(tmp_path / "asked", data) == tmp_path / "asked"
    assert choose_inbox(None, data) == tmp_path / "set"


def test_an_archive_of_real_reports_needs_no_inbox(data: DataFolder) -> None:
    put(data, INBOX_SOURCE)
    assert choose_inbox(None, data) is None
    remember(data, SAMPLE_PACK)
    assert choose_inbox(None, data) is None


def test_the_sample_pack_is_refused_where_real_reports_lie(data: DataFolder) -> None:
    put(data, INBOX_SOURCE)
    with pytest.raises(InboxError, match="must not stand beside them"):
        choose_inbox(SAMPLE_PACK, data)


def test_an_archive_with_one_real_report_shows_no_invented_one(data: DataFolder) -> None:
    """A crawl of the night may fill an archive that the sample pack began."""
    put(data, SAMPLE_SOURCE)
    assert [file.source_id for file in open_archive(data).files()] == [SAMPLE_SOURCE]
    put(data, "a-county")
    assert [file.source_id for file in open_archive(data).files()] == ["a-county"]


def test_only_invented_reports_are_ever_removed(data: DataFolder) -> None:
    put(data, SAMPLE_SOURCE)
    put(data, "a-county", "全县床位1932张。")
    assert not set_sample_aside(data, {INBOX_SOURCE})
    assert {file.source_id for file in Archive(data.raw).files()} == {SAMPLE_SOURCE, "a-county"}
