"""Claims about the sample pack itself: what lies in it, what it says of its figures, what it does not hold."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from ingest.parse.encoding import decode

PROJECT = Path(__file__).resolve().parents[2]
PACK = PROJECT / "samples"
REPORTS = sorted(file for file in (PACK / "reports").iterdir() if not file.name.startswith("."))
READABLE = [file for file in REPORTS if file.suffix in {".txt", ".html"} and file.stat().st_size]
SHARED_REPORTS = PROJECT / os.environ.get("WEIJIAN_REPORTS", "../shared/seeds")
LONGEST_SHARED_RUN = 29  # characters: titles and stock phrases of the genre may coincide, sentences may not


def _text(file: Path) -> str:
    return decode(file.read_bytes(), is_html=file.suffix == ".html").text


def _bare(text: str) -> str:
    """Text without blanks and with half-width punctuation, so that only words and figures are compared."""
    narrow = str.maketrans("，（）；：", ",();:")
    return re.sub(r"\s", "", text).translate(narrow)


def test_the_readme_lists_exactly_the_files_of_the_pack() -> None:
    listed = re.findall(r"^\| `([^`]+)` \|", (PACK / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert sorted(listed) == [file.name for file in REPORTS]


@pytest.mark.parametrize("file", READABLE, ids=lambda file: file.name)
def test_each_report_says_that_its_figures_are_invented(file: Path) -> None:
    assert "示例数据" in _text(file)
    assert "虚构" in _text(file)


def test_the_pack_covers_five_places_over_several_periods() -> None:
    places = {file.name.split("_")[0] for file in READABLE}
    periods = {file.stem.split("_", 1)[1] for file in READABLE}
    assert len(places) >= 5
    assert len(periods) >= 5
    assert len(READABLE) >= 12


@pytest.mark.skipif(not SHARED_REPORTS.is_dir(), reason="no real reports here; set WEIJIAN_REPORTS to their folder")
@pytest.mark.parametrize("file", READABLE, ids=lambda file: file.name)
def test_no_sentence_of_a_real_report_is_in_the_pack(file: Path) -> None:
    size = LONGEST_SHARED_RUN + 1
    sample = _bare(_text(file))
    runs = {sample[start : start + size] for start in range(len(sample) - size + 1)}
    for report in sorted(SHARED_REPORTS.glob("*.txt")):
        real = _bare(report.read_text(encoding="utf-8"))
        shared = {real[start : start + size] for start in range(len(real) - size + 1)} & runs
        assert not shared, f"{report.name} shares {sorted(shared)[0]!r}"
