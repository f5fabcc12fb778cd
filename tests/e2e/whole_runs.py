"""Whole runs as a person starts them: the command in a process of its own, on reports with invented figures.

Belongs here: starting `weijian`, the small inbox, comparing what was published. Not here: claims (`test_*`).
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

import duckdb

from orchestration.ledger import read_ledger, write_ledger
from warehouse.connections import connect_published
from warehouse.paths import PROJECT, DataFolder

WEIJIAN = Path(sys.executable).parent / "weijian"

REPORTS = {
    "tonglu_2022.txt": """桐庐县卫生健康局2022年工作总结（示例数据）

索引号：330122/2023-00001
发布机构：桐庐县卫生健康局
发布日期：2023-01-20

一、基本情况
截至2022年底，全县共有医疗卫生机构231家，床位1875张，卫生技术人员3312人。
二、妇幼健康
孕产妇系统管理率达95.31%，比上年提高0.42个百分点。活产数2718人，住院分娩率100%。
""",
    "tonglu_2023.txt": """桐庐县卫生健康局2023年工作总结（示例数据）

索引号：330122/2024-00002
发布机构：桐庐县卫生健康局
发布日期：2024-01-18

一、基本情况
截至2023年底，全县共有医疗卫生机构236家，床位由1875张增加到1932张，卫生技术人员3405人。
二、妇幼健康
孕产妇系统管理率达96.08%，活产数2533人，住院分娩率100%。
""",
    "lintao_2023.txt": """临洮县卫生健康局2023年工作总结及2024年工作计划（示例数据）

发布机构：临洮县卫生健康局
发布日期：2024-01-11

一、2023年工作总结
全县共有医疗卫生机构417家，床位2688张，执业（助理）医师1207人，注册护士1594人。
二、2024年工作计划
力争孕产妇系统管理率达到94%以上。
""",
    "empty.txt": "",
}


@dataclass(frozen=True, slots=True)
class Built:
    """A data folder after a first run."""

    folder: DataFolder
    inbox: Path
    output: str


@dataclass(frozen=True, slots=True)
class Grown:
    """A data folder after a run with one more report: its words, and what a reader saw before and after it."""

    folder: DataFolder
    output: str
    seen: tuple[list[float], list[float]]


def write_reports(inbox: Path) -> Path:
    """Put the small pack into a folder."""
    inbox.mkdir(parents=True, exist_ok=True)
    for name, text in REPORTS.items():
        (inbox / name).write_text(text, encoding="utf-8")
    return inbox


def add_report(inbox: Path) -> None:
    """Put one more report into the inbox: the same county, two years earlier."""
    text = REPORTS["tonglu_2023.txt"].replace("2023", "2021").replace("2024-01", "2022-01").replace("96.08", "94.77")
    (inbox / "tonglu_2021.txt").write_text(text, encoding="utf-8")


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>[x](javascript:alert(3)) https://evil.example =cmd|'A0"


def add_hostile_report(inbox: Path) -> None:
    """Put a page into the inbox whose words would run, link or load something, and an unreadable file so named."""
    words = escape(HOSTILE)
    page = f"""<html><head><meta charset="utf-8">
<title>桐庐县卫生健康局2020年工作总结（示例数据）{words}</title></head><body>
<p>发布机构：桐庐县卫生健康局{words}</p><p>发布日期：2021-01-19</p>
<p>截至2020年底，全县共有床位1799张{words}。孕产妇系统管理率达94.02%。</p></body></html>"""
    (inbox / "<img src=x onerror=alert(4)>.html").write_text(page, encoding="utf-8")
    (inbox / "=cmd|<svg onload=alert(5)>.pdf").write_text(HOSTILE, encoding="utf-8")


def copy_of(built: Built, target: Path) -> Built:
    """The built data folder and its inbox, to be changed by one test."""
    shutil.copytree(built.folder.root, target / "data")
    shutil.copytree(built.inbox, target / "inbox")
    folder = DataFolder(target / "data")
    write_ledger(folder, replace(read_ledger(folder), inbox=str(target / "inbox")))
    return Built(folder, target / "inbox", built.output)


def weijian(*arguments: object, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a person does, wide enough that no line is cut."""
    settings = {**os.environ, "COLUMNS": "200", **({"HOME": str(home)} if home else {})}
    return subprocess.run(
        [str(WEIJIAN), *map(str, arguments)], capture_output=True, text=True, cwd=PROJECT, env=settings, timeout=900
    )


def rates(con: duckdb.DuckDBPyConnection) -> list[float]:
    """The rates of systematic management of the county that all but one of the reports are about, year by year."""
    query = """
        select value from marts.indicator_by_region_period
        where ref_area = '330122' and indicator_code = 'maternal_system_management_rate' order by period_end
    """
    return [value for (value,) in con.execute(query).fetchall()]


def free_port() -> int:
    """A port of 127.0.0.1 that nobody has taken, below those that the system gives to whoever asks for any."""
    while True:
        port = random.randrange(20_000, 32_000)
        with closing(socket.socket()) as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def contents(path: Path, *, with_instants: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every published relation of staging and marts, sorted, for comparison.

    Args:
        path: the published file.
        with_instants: instants too; two data folders differ in them, as each took its files in at another time.
    """
    tables: dict[str, list[tuple[object, ...]]] = {}
    with connect_published(path) as con:
        columns = con.execute(
            """
            select schema_name || '.' || table_name, list(column_name order by column_index)
            from duckdb_columns()
            where schema_name in ('staging', 'marts') and database_name = current_database()
                and (? or data_type <> 'TIMESTAMP WITH TIME ZONE')
            group by all order by all
            """,
            [with_instants],
        ).fetchall()
        for table, names in columns:
            listed = ", ".join(f'"{name}"' for name in names)
            tables[table] = con.execute(f"select {listed} from {table} order by all").fetchall()
    return tables
