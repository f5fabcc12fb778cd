"""One report is one document, at however many addresses and in however many bytes it is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from stand_ins import archived_document

from ingest.archive import Archive, Arrival, document_id
from ingest.derived import Derived, Versions
from ingest.identity import Identity, copies, text_hash
from ingest.load import load
from ingest.model import Document
from warehouse.connections import connect_build


def again(archive: Archive, document: Document, url: str, data: bytes, days: int = 1, **changes: object) -> Document:
    """The same report as it is fetched from an address, in other bytes, some days later."""
    file = archive.put(
        Arrival(
            source_id=document.source_id,
            url=url,
            file_name=url,
            data=data,
            media_type="text/plain",
            fetched_at=document.fetched_at + timedelta(days=days),
        )
    )
    return replace(
        document,
        document_id=document_id(file),
        url=url,
        file_name=url,
        raw_sha256=file.raw_sha256,
        fetched_at=file.fetched_at,
        **changes,  # type: ignore[arg-type]
    )


def test_two_addresses_with_one_text_are_one_document_and_same_words_in_new_bytes_no_new_version(
    tmp_path: Path,
) -> None:
    archive, derived = Archive(tmp_path / "raw"), Derived(tmp_path / "derived")
    first = archived_document(archive, 1, ["95.1", "94.2", "93.3"])
    counter = "访问次数：17\n"
    documents = [
        first,
        again(archive, first, "elsewhere.txt", b"the same at another address", days=2),
        again(archive, first, first.url, b"the same with a counter", text=counter + first.text, asides=((0, 8),)),
        again(archive, first, first.url, b"changed", days=3, text=first.text.replace("95.1", "95.2")),
        archived_document(archive, 2, ["95.1", "94.2", "93.3"]),
    ]
    for document in documents:
        derived.write_document(document)
        derived.write_facts(document.document_id, [], Versions(document.parser_version, "e1"))
    archive.mark_gone("sample", "elsewhere.txt", 404)
    with connect_build(tmp_path / "build.duckdb") as con:
        report = load(con, archive, derived)
        loaded = {row[0] for row in con.execute("select document_id from staging.documents").fetchall()}
        addresses = con.execute(
            "select url, is_gone from staging.document_addresses where document_id = ? order by fetched_at",
            [first.document_id],
        ).fetchall()
        second = load(con, archive, derived)
    assert loaded == {documents[index].document_id for index in (0, 3, 4)}
    assert addresses == [(first.url, False), (first.url, False), ("elsewhere.txt", True)]
    assert (report.copies_total, report.changed, second.changed) == (2, True, False)


def test_short_texts_are_never_the_same(tmp_path: Path) -> None:
    document = replace(archived_document(Archive(tmp_path), 1, ["95.1"]), text="附件下载", asides=())
    assert text_hash(document) == ""
    assert copies([Identity("b", "", "2024"), Identity("a", "", "2023")]) == {}


def test_another_place_or_title_makes_another_report(tmp_path: Path) -> None:
    document = archived_document(Archive(tmp_path), 1, ["95.1", "94.2", "93.3"])
    others = [replace(document, ref_area="640521"), replace(document, title="另一个标题")]
    assert text_hash(document) not in {"", *map(text_hash, others)}


def test_the_first_that_was_fetched_stands_for_all_whatever_the_order() -> None:
    found = [Identity("a", "h", "2024-02"), Identity("b", "h", "2024-01"), Identity("c", "i", "2024-01")]
    assert copies(found) == copies(reversed(found)) == {"a": "b"}
