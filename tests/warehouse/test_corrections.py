"""Corrections are read strictly, told wrong with file and line, and stand in the build file as in their files."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.connections import connect_build
from warehouse.corrections import CorrectionError, read_corrections, write_corrections

GOOD = """
- id: decimal-point
  document: {file_name: report.html}
  indicator: infant_mortality_rate
  expect: {number: "45", sentence: 婴儿死亡率45‰}
  replace: 4.5
  wrong: {en: the decimal point is lost, zh: 小数点丢失}
  reason: {en: the table has it, zh: 以表为准}
  evidence: {en: table 2, zh: 表2}
  author: a curator
  added_on: 2024-05-01
- id: other-county
  document: {url: "https://portal.example/a.html"}
  drop: true
  wrong: {en: it is another county's report, zh: 误为他县报告}
  reason: {en: the portal mixed two files up, zh: 网站放错文件}
  evidence: {en: its index number, zh: 索引号}
  author: a curator
  added_on: 2024-05-02
"""


def test_the_project_s_own_corrections_are_well_formed() -> None:
    assert read_corrections()


def test_the_build_file_holds_the_corrections_of_the_files_and_no_others(build: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(GOOD, encoding="utf-8")
    with connect_build(build) as con:
        assert write_corrections(con, read_corrections(tmp_path)) == 2
        path.write_text(GOOD.partition("- id: other-county")[0], encoding="utf-8")
        assert write_corrections(con, read_corrections(tmp_path)) == 1
        query = "select correction_id, action, number_text, right_value, reason, reason_zh from staging.corrections"
        rows = con.execute(query).fetchall()
    assert rows == [("decimal-point", "replace", "45", 4.5, "the table has it", "以表为准")]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  replace: 4.5\n", "", r"corrections/a.yaml:2:.*either `replace: VALUE` or `drop: true`"),
        ("  replace: 4.5\n", "  replace: 4.5\n  drop: true\n", r"a.yaml:2:.*either"),
        ("  replace: 4.5\n", "  replace: .nan\n", r"a.yaml:6: field 'replace'"),
        ("  author: a curator\n  added_on: 2024-05-01\n", "  added_on: 2024-05-01\n", r"a.yaml:2: field 'author'"),
        ("  drop: true\n", "  drop: true\n  dorp: true\n", r"a.yaml:15: field 'dorp'"),
        ("{file_name: report.html}", "{}", r"a.yaml:3: field 'document'.*`url` or `file_name`"),
        ("婴儿死亡率45‰", "婴儿死亡率46‰", r"must hold `expect.number`"),
        ('{number: "45", sentence: 婴儿死亡率45‰}', '{number: "45"}', r"needs `indicator`"),
        ("zh: 以表为准", "zh: ''", r"a.yaml:8: field 'reason.zh'"),
        ("{en: table 2, zh: 表2}", "table 2", r"a.yaml:9: field 'evidence'"),
        ("other-county", "decimal-point", r"a.yaml:12: field 'id' 'decimal-point' is there twice"),
        ("- id: other-county", "- id: [other", r"corrections/a.yaml: "),
    ],
)
def test_a_wrong_file_is_told_with_its_line(tmp_path: Path, old: str, new: str, problem: str) -> None:
    assert old in GOOD
    (tmp_path / "a.yaml").write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CorrectionError, match=problem):
        read_corrections(tmp_path)


def test_the_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("- id: x\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("nonsense", encoding="utf-8")
    with pytest.raises(CorrectionError) as failure:
        read_corrections(tmp_path)
    assert "a.yaml:1" in str(failure.value) and "b.yaml:1" in str(failure.value)
