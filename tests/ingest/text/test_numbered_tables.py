"""Tables with one cell a line whose rows are numbered: missing cells, groups of rows, heads of two rows."""

from __future__ import annotations

from ingest.text.tables import find_tables

HEAD = ["类别", "序号", "指标", "单位", "2022年", "实际", "2022年", "目标"]
ROWS = [
    ["妇幼", "1", "产后访视率", "94.1", "(抽样)", "≥93"],
    ["2", "孕产妇死亡率", "1/10万", "4.8", "≤8"],
    ["3", "婴儿死亡率", "2.4", "≤4"],
    ["队伍", "4", "每千人口注册护士数", "3.1", "≥3.0"],
]


def grid(lines: list[str]) -> list[list[str]]:
    text = "\n".join(lines)
    [table] = find_tables(text, ())
    rows: dict[int, list[str]] = {}
    for cell in table.cells:
        rows.setdefault(cell.row, []).append(text[cell.start : cell.end])
    return list(rows.values())


def test_rows_are_found_by_their_numbers_where_cells_are_missing() -> None:
    assert grid([*HEAD, *[word for row in ROWS for word in row], "说明到此为止。"]) == [
        ["", "", "2022年", "2022年"],
        ["指标", "单位", "实际", "目标"],
        ["产后访视率", "", "94.1", "≥93"],
        ["孕产妇死亡率", "1/10万", "4.8", "≤8"],
        ["婴儿死亡率", "", "2.4", "≤4"],
        ["每千人口注册护士数", "", "3.1", "≥3.0"],
    ]


def test_a_numbered_list_of_words_is_no_table() -> None:
    lines = ["序号", "工作内容", "1", "健全服务体系", "2", "加强队伍建设", "3", "推进信息化"]
    assert not find_tables("\n".join(lines), ())
