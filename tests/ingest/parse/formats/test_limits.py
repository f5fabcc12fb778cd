"""A parser that hangs, grows or crashes ends alone: its file is a reject with the reason, the next one is read."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.parse import limits, registry
from ingest.parse.limits import Limits, limited
from ingest.parse.registry import read_visible
from ingest.parse.visible import ParseError
from tests.waiting import eventually

HERE = Path(__file__).parent
PATIENT = Limits(seconds=60, memory=600_000_000)


@pytest.fixture(autouse=True)
def _child_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The child knows the readers of this folder; the one of other tests does not."""
    limits._children.end()
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    yield
    limits._children.end()


def reason_of(reader: str, held: Limits, data: bytes = b"1") -> tuple[str, str]:
    with pytest.raises(ParseError) as caught:
        limited(f"misbehaving:{reader}", held)(data)
    return caught.value.reason, caught.value.detail


def test_a_parser_that_hangs_is_ended_with_the_programs_that_it_called() -> None:
    seconds = f"31459.{os.getpid()}"  # another test session looks for a sleep of its own
    assert reason_of("hang", Limits(seconds=3), seconds.encode()) == (
        "too_slow",
        "reading it takes more than 3 seconds",
    )
    eventually(lambda: f"sleep {seconds}" not in running())


def running() -> str:
    """The command lines of all processes."""
    return subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout


def test_a_parser_that_spins_is_ended_by_its_processor_time_even_without_its_parent() -> None:
    child = limits._Child()
    request = b'{"reader": "misbehaving:spin", "seconds": 0, "memory": 600000000, "size": 0}\n'
    child._to.write(request)
    child._to.flush()
    assert child._process.wait(timeout=600) < 0
    child.end()


def test_a_parser_that_grows_is_refused_its_memory() -> None:
    assert reason_of("grow", PATIENT) == ("too_much_memory", "reading it takes more than 600 MB of memory")


def test_a_parser_that_crashes_takes_nothing_with_it() -> None:
    reason, detail = reason_of("crash", PATIENT)
    assert (reason, detail.split(" (")[0]) == ("parser_died", "the parser ended with SIGSEGV")
    assert limited("misbehaving:chatter", PATIENT)(b"12345").text.endswith(" 5")


def test_what_a_library_prints_is_no_answer_and_one_child_reads_many_files() -> None:
    read = limited("misbehaving:chatter", PATIENT)
    pids = {read(b"x" * size).text.split()[0] for size in (0, 1, 3_000_000)}
    assert len(pids) == 1
    assert pids != {str(os.getpid())}


def test_a_reader_s_own_word_comes_through() -> None:
    with pytest.raises(ParseError) as caught:
        limited("misbehaving:complain", PATIENT)(b"")
    assert (caught.value.reason, caught.value.is_final) == ("missing_program", False)
    assert reason_of("fail", PATIENT) == ("parser_failed", "LookupError: no such table ?")


def test_a_page_larger_than_any_that_a_person_wrote_is_read_in_the_child() -> None:
    child = limits._children
    read_visible("text/html", "<p>床位5218张。</p>".encode())
    assert child._child is None
    large = "<html><body>" + "<p>全县开放床位5218张，卫生技术人员6092人。</p>" * 20_000
    assert read_visible("text/html", large.encode()).text.count("5218") == 20_000
    assert child._child is not None


def test_a_page_whose_markup_takes_for_ever_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "read_large_html", limited("ingest.parse.html:read_html", Limits(seconds=1)))
    page = b"<html><body><table>" + (b"<tr>" + b"<td>1" * 400) * 4_000 + b"</table>"
    with pytest.raises(ParseError) as caught:
        read_visible("text/html", page)
    assert caught.value.reason in {"too_slow", "too_much_memory"}
