"""A small staging database by hand, and dbt as a subprocess on it.

Belongs here: documents and facts with invented figures that the tests of the models share, and the one way to call dbt.
Not here: what a mart must say about them (`test_dbt_marts`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

PROJECT = Path(__file__).resolve().parents[2]
DBT_PROJECT = PROJECT / "dbt_project"
HOSTILE_TITLE = "=cmd|' /C calc'!A0<script>alert(1)</script>"


@dataclass(frozen=True, slots=True)
class DbtResult:
    """What one dbt command did: its exit code, its words, its tests, and each node's status and failures."""

    code: int
    output: str
    tests: tuple[str, ...]  # unique ids
    statuses: dict[str, str]
    failures: dict[str, int]


@dataclass(frozen=True, slots=True)
class Built:
    """The sample database after one `dbt build` without the unit tests, with dbt's target folder and its result."""

    database: Path
    target: Path
    result: DbtResult


def node_name(unique_id: str) -> str:
    """The name of a node: `test.project.NAME.hash`, `model.project.NAME`, `unit_test.project.model.NAME`."""
    parts = unique_id.split(".")
    return parts[3] if parts[0] == "unit_test" else parts[2]


def run_dbt(arguments: Sequence[str], database: Path, target: Path, project: Path = DBT_PROJECT) -> DbtResult:
    """Run one dbt command in a process of its own, with everything that it writes under `target`."""
    command = [
        str(Path(sys.executable).with_name("dbt")),
        "--no-use-colors",
        *arguments,
        "--project-dir",
        str(project),
        "--profiles-dir",
        str(DBT_PROJECT),
        "--target-path",
        str(target),
        "--log-path",
        str(target / "logs"),
    ]
    environment = {**os.environ, "WEIJIAN_BUILD_DB": str(database), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    results = target / "run_results.json"
    nodes = json.loads(results.read_text(encoding="utf-8"))["results"] if results.exists() else []
    return DbtResult(
        code=done.returncode,
        output=done.stdout + done.stderr,
        tests=tuple(node["unique_id"] for node in nodes if node["unique_id"].startswith("test.")),
        statuses={node_name(node["unique_id"]): node["status"] for node in nodes},
        failures={node_name(node["unique_id"]): node["failures"] or 0 for node in nodes},
    )


@dataclass(slots=True)
class Staging:
    """The staging tables of a database, filled row by row; the spans are made from the sentences themselves."""

    path: Path
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: list[dict[str, Any]] = field(default_factory=list)
    corrections: list[dict[str, Any]] = field(default_factory=list)

    def document(self, document_id: str, ref_area: str, published_on: str | None, **columns: Any) -> None:
        """Add a document; its text grows with its facts."""
        self.documents[document_id] = {
            "document_id": document_id,
            "source_id": "sample",
            "url": f"https://portal.example/{document_id}.html",
            "file_name": f"{document_id}.html",
            "media_type": "text/html",
            "raw_sha256": f"sha-{document_id}",
            "fetched_at": "2024-03-01 00:00:00+00",
            "title": f"示例文件{document_id}",
            "publisher": "示例县卫生健康局",
            "index_number": "",
            "document_number": "",
            "published_on": published_on,
            "report_kind": "annual",
            "ref_area": ref_area,
            "ref_area_candidates": [],
            "period_start": "2022-01-01",
            "period_end": "2022-12-31",
            "text": f"示例文件{document_id}(数字均为虚构)。",
            "evidence": "{}",
            "parser_version": "1",
            "extractor_version": "1",
            **columns,
        }

    def fact(
        self, fact_id: str, document_id: str, name: str, number: str, tail: str, code: str, **columns: Any
    ) -> None:
        """Add a fact whose words, name + number + tail, are put at the end of its document."""
        document = self.documents[document_id]
        start = len(document["text"]) + len(name)
        document["text"] += f"{name}{number}{tail}。"
        self.facts.append(
            {
                "fact_id": fact_id,
                "document_id": document_id,
                "char_start": start,
                "char_end": start + len(number),
                "quote": f"{name}{number}{tail}",
                "number_text": number,
                "value": float(number) if number else None,
                "value_max": None,
                "unit": "percent",
                "comparator": "=",
                "role": "actual",
                "indicator_text": name,
                "indicator_code": code,
                "subgroup": "",
                "entity": "",
                "ref_area": document["ref_area"],
                "period_start": document["period_start"],
                "period_end": document["period_end"],
                "quality_flags": [],
                "repaired_value": None,
                "confidence": 0.9,
                "evidence": json.dumps({"period": "title"}),
                "extractor_version": "1",
                **columns,
            }
        )

    def correction(self, correction_id: str, file_name: str, action: str, **columns: Any) -> None:
        """Add a correction of a known error of a document."""
        self.corrections.append(
            {
                "correction_id": correction_id,
                "url": "",
                "file_name": file_name,
                "action": action,
                "indicator_code": "",
                "number_text": "",
                "sentence": "",
                "right_value": None,
                "wrong": "the decimal point is lost",
                "wrong_zh": "小数点丢失",
                "reason": "the table of the same report has it",
                "reason_zh": "同一报告的表格为准",
                "evidence": "see the table",
                "evidence_zh": "见表",
                "author": "a test",
                "added_on": "2024-05-01",
                **columns,
            }
        )

    def write(self) -> Path:
        """Create the staging tables from their one definition and insert the rows."""
        with duckdb.connect(str(self.path)) as connection:
            connection.execute((PROJECT / "warehouse" / "staging.sql").read_text(encoding="utf-8"))
            tables = (
                ("documents", list(self.documents.values())),
                ("facts", self.facts),
                ("corrections", self.corrections),
            )
            for table, rows in tables:
                for row in rows:
                    names, marks = ", ".join(row), ", ".join("?" * len(row))
                    connection.execute(f"insert into staging.{table} ({names}) values ({marks})", list(row.values()))
        return self.path


def fill_sample(staging: Staging) -> None:
    """Reports of three counties with invented figures: a trend, a dispute, targets, and damage of every kind."""
    maternal, births, beds = "maternal_system_management_rate", "births", "beds_per_1k"
    staging.document("hy2021", "640522", "2022-01-20", period_start="2021-01-01", period_end="2021-12-31")
    staging.document("hy2022h1", "640522", "2022-07-15", report_kind="half_year", period_end="2022-06-30")
    staging.document("hy2022", "640522", "2023-01-18")
    staging.document("hy2022b", "640522", "2023-03-02", report_kind="bulletin")
    staging.document(
        "hy2023plan", "640522", "2023-02-01", report_kind="plan", period_start="2023-01-01", period_end="2023-12-31"
    )
    staging.document("hy2023", "640522", "2024-01-16", period_start="2023-01-01", period_end="2023-12-31")
    staging.document("hc2022", "420117", "2023-01-30")
    staging.document("jx2022", "511126", "2023-02-10")
    staging.document("zw2022", "640500", "2023-02-20")
    staging.document("nowhere", "", None, title=HOSTILE_TITLE)

    staging.fact("m21", "hy2021", "孕产妇系统管理率", "93.10", "%", maternal)
    staging.fact("m22", "hy2022", "孕产妇系统管理率", "95.40", "%", maternal)
    staging.fact("m22b", "hy2022b", "孕产妇系统保健管理率", "95.80", "%", maternal, period_start="2022-12-31")
    staging.fact("m23", "hy2023", "孕产妇系统管理率", "96.20", "%", maternal)
    staging.fact("m22hc", "hc2022", "孕产妇系统管理率", "91.70", "%", maternal)
    staging.fact("m22jx", "jx2022", "孕产妇系统管理率", "94.30", "%", maternal)
    staging.fact("m22zw", "zw2022", "全市孕产妇系统管理率", "94.90", "%", maternal)
    staging.fact("t23", "hy2023plan", "孕产妇系统管理率达", "96", "%以上", maternal, role="target", comparator=">=")
    staging.fact(
        "t23b",
        "hy2023plan",
        "婴儿死亡率控制在",
        "4",
        "‰以内",
        "infant_mortality_rate",
        role="target",
        comparator="<=",
        unit="per_mille",
    )
    staging.fact(
        "t25",
        "hy2023plan",
        "到2025年孕产妇系统管理率达",
        "97",
        "%以上",
        maternal,
        role="target",
        comparator=">=",
        period_start="2025-01-01",
        period_end="2025-12-31",
    )
    staging.fact("i23", "hy2023", "婴儿死亡率", "4.6", "‰", "infant_mortality_rate", unit="per_mille")

    for number, document, first, second in (("1820", "hy2021", "700", "720"), ("1764", "hy2022", "650", "700")):
        staging.fact(f"b-{document}", document, "出生", number, "人", births, unit="person")
        staging.fact(f"b1-{document}", document, "一孩", first, "人", "births_first_child", unit="person")
        staging.fact(f"b2-{document}", document, "二孩", second, "人", "births_second_child", unit="person")
    staging.fact("b-h1", "hy2022h1", "上半年出生", "861", "人", births, unit="person")
    staging.fact("b-hc", "hc2022", "出生", "2000", "人", births, unit="person")
    staging.fact("b1-hc", "hc2022", "一孩", "1500", "人", "births_first_child", unit="person")
    staging.fact("b2-hc", "hc2022", "二孩", "900", "人", "births_second_child", unit="person")

    staging.fact(
        "d22",
        "hy2022",
        "每千人口床位数由",
        "5.1",
        "张",
        beds,
        unit="per_1k",
        role="baseline",
        period_start="2020-01-01",
        period_end="2020-12-31",
    )
    staging.fact("d22a", "hy2022", "增加到", "6.3", "张", beds, unit="per_1k")
    staging.fact("d22hc", "hc2022", "每千人口床位数", "5.9", "张", beds, unit="per_1k")
    staging.fact("a-part", "hc2022", "其中乡镇每千人口床位数", "1.4", "张", beds, unit="per_1k")
    staging.fact("v22", "hy2022", "门急诊", "208000", "人次", "outpatient_visits", unit="visit")
    staging.fact(
        "v22e", "hy2022", "县人民医院门急诊", "99000", "人次", "outpatient_visits", unit="visit", entity="县人民医院"
    )
    staging.fact("f22", "hy2022", "家庭医生签约率", "78.5", "%", "family_doctor_sign_rate")
    staging.fact("f22k", "hy2022", "重点人群", "86.0", "%", "family_doctor_sign_rate", subgroup="重点人群")
    staging.fact("f22jx", "jx2022", "家庭医生签约率", "71.2", "%", "family_doctor_sign_rate")
    staging.fact(
        "now",
        "hy2023",
        "截至目前建档",
        "36.1",
        "%",
        "health_record_rate",
        evidence=json.dumps({"period": "as_of_now: 截至目前"}),
    )
    staging.fact(
        "over", "hy2022", "儿童健康管理率", "101.2", "%", "child_health_management_rate", quality_flags=["over_100"]
    )

    staging.fact("lost", "jx2022", "床位数从", "", "张", "beds", unit="bed", quality_flags=["digits_lost"])
    staging.fact(
        "corrupt",
        "jx2022",
        "产前筛查率",
        "20230",
        "%",
        "prenatal_screening_rate",
        quality_flags=["digits_corrupt"],
        value=None,
    )
    staging.fact(
        "implausible", "jx2022", "每千人口床位", "640", "张", beds, unit="per_1k", quality_flags=["implausible"]
    )
    staging.fact("unflagged", "jx2022", "新生儿疾病筛查率", "998", "%", "newborn_screening_rate")
    staging.fact("unit", "jx2022", "注册护士", "12", "%", "nurses")
    staging.fact("strange", "jx2022", "某率", "12", "%", "not_in_the_catalogue")
    staging.fact("noplace", "nowhere", "住院分娩率", "99.9", "%", "hospital_delivery_rate")
    staging.fact("badplace", "jx2022", "住院分娩率", "99.8", "%", "hospital_delivery_rate", ref_area="999999")
    staging.fact("notime", "jx2022", "出生", "1200", "人", births, unit="person", period_start=None)
    staging.fact("backwards", "jx2022", "死亡", "800", "人", "deaths", unit="person", period_start="2023-01-01")
    staging.fact(
        "newflag", "jx2022", "产后访视率", "88", "%", "postnatal_visit_rate", quality_flags=["a_flag_of_tomorrow"]
    )
    staging.fact("uncoded", "jx2022", "查处案件", "7", "起", "", unit="item")
    fill_reconciled(staging)


def fill_reconciled(staging: Staging) -> None:
    """Reports of a county, its city and a renamed place whose figures do not all fit together; all invented."""
    beds = "beds"
    for year in range(2020, 2024):
        staging.document(
            f"lz{year}", "420281", f"{year + 1}-01-20", period_start=f"{year}-01-01", period_end=f"{year}-12-31"
        )
    staging.document("hs2023", "420200", "2024-02-20", period_start="2023-01-01", period_end="2023-12-31")
    staging.document("my2014", "110228", "2015-01-20", period_start="2014-01-01", period_end="2014-12-31")
    staging.document("my2017", "110118", "2018-01-20", period_start="2017-01-01", period_end="2017-12-31")

    for year, number in ((2020, "80"), (2022, "95")):  # 拱墅区, into which 下城区 was merged in between
        staging.document(
            f"gs{year}", "330105", f"{year + 1}-01-20", period_start=f"{year}-01-01", period_end=f"{year}-12-31"
        )
        staging.fact(f"hospital-{year}", f"gs{year}", "医院", number, "所", "hospitals", unit="item")

    for year, number in ((2020, "2100"), (2021, "2150"), (2022, "21900"), (2023, "2230")):
        staging.fact(f"beds-{year}", f"lz{year}", "床位", number, "张", beds, unit="bed")
    staging.fact("nurses-2021", "lz2021", "注册护士", "310", "人", "nurses", unit="person")
    staging.fact("nurses-2022", "lz2022", "注册护士", "3150", "人", "nurses", unit="person")
    staging.fact("people", "lz2023", "常住人口", "400000", "人", "population_resident", unit="person")
    staging.fact("beds-rate", "lz2023", "每千人口床位数", "6.90", "张", "beds_per_1k", unit="per_1k")
    staging.fact("visits-2022", "lz2022", "门急诊", "100000", "人次", "outpatient_visits", unit="visit")
    staging.fact("visits-2023", "lz2023", "门急诊", "110000", "人次", "outpatient_visits", unit="visit")
    staging.fact("visits-more", "lz2023", "门急诊增长", "10.0", "%", "outpatient_visits", role="change")
    staging.fact("discharges-2022", "lz2022", "出院", "1000", "人次", "discharges", unit="visit")
    staging.fact("discharges-2023", "lz2023", "出院", "1200", "人次", "discharges", unit="visit")
    staging.fact("discharges-more", "lz2023", "出院增长", "30.0", "%", "discharges", role="change")
    for code, number in (
        ("births", "1000"),
        ("births_first_child", "500"),
        ("births_second_child", "300"),
        ("births_third_plus_child", "100"),
    ):
        staging.fact(f"{code}-lz", "lz2023", "出生", number, "人", code, unit="person")
    staging.fact("births-hs", "hs2023", "全市出生", "900", "人", "births", unit="person")
    staging.fact("couples", "lz2023", "婚前医学检查", "500", "对", "premarital_exam_count", unit="couple")
    staging.fact("rooms-old", "my2014", "医疗卫生机构", "600", "家", "health_institutions", unit="item")
    staging.fact("rooms-new", "my2017", "医疗卫生机构", "610", "家", "health_institutions", unit="item")

    staging.fact("mended", "lz2023", "婴儿死亡率", "45", "‰", "infant_mortality_rate", unit="per_mille")
    staging.correction(
        "decimal-point",
        "lz2023.html",
        "replace",
        indicator_code="infant_mortality_rate",
        number_text="45",
        sentence="婴儿死亡率45‰",
        right_value=4.5,
    )
    staging.fact("withdrawn", "lz2023", "剖宫产率", "88", "%", "caesarean_rate")
    staging.correction("other-county", "lz2023.html", "drop", indicator_code="caesarean_rate")
    staging.correction("elsewhere", "not-here.html", "drop", number_text="7")
