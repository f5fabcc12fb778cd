"""A small published file for the page's tests: invented figures of two places, one report of them hostile.

Belongs here: reports, facts and the rows that the models would make of them. The marts have the columns that the dbt
project's contract gives them, so a query of the page that reads anything else fails. Not here: the models themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import duckdb
import yaml

from warehouse.connections import connect_build
from warehouse.paths import PROJECT, DataFolder
from warehouse.publish import publish

CONTRACT = PROJECT / "dbt_project" / "models" / "marts"
FETCHED = datetime.fromisoformat("2024-03-01T00:00:00+00:00")

SCRIPT = "<script>alert(1)</script>"
FORMULA = "=cmd|'/c calc'!A1"
PICTURE = "![x](http://evil.example/p.png)"
HANDLER = "<img src=x onerror=alert(1)>"

RATE = "maternal_system_management_rate"
PINGJIANG, YUEYANG = "430626", "430600"


@dataclass(frozen=True)
class Figure:
    """One number of a report, found in its text by its quote."""

    fact_id: str
    quote: str
    number: str
    year: int
    indicator: str = RATE
    unit: str = "percent"
    role: str = "actual"
    freq: str = "A"

    @property
    def period_end(self) -> date:
        return date(self.year, 6, 30) if self.freq == "S" else date(self.year, 12, 31)


@dataclass(frozen=True)
class Report:
    """One document with its figures."""

    document_id: str
    area: str
    year: int
    title: str
    text: str
    publisher: str = "示例卫生健康局"
    url: str = "https://portal.example/report"
    figures: tuple[Figure, ...] = field(default=())

    @property
    def published_on(self) -> date:
        return date(self.year + 1, 1, 15)


REPORTS = (
    Report(
        "hostile",
        PINGJIANG,
        2022,
        f"{SCRIPT}{PICTURE}",
        f"示例数据。{HANDLER}全县孕产妇系统管理率93.86%，{SCRIPT}较上年提高。",
        publisher=FORMULA,
        url="javascript:alert(1)",
        figures=(Figure("pj22", "孕产妇系统管理率93.86%", "93.86", 2022),),
    ),
    Report(
        "pj2023",
        PINGJIANG,
        2023,
        "平江县2023年工作总结（示例数据）",
        "孕产妇系统管理率由2022年的93.52%提高到95.02%。\n床位5768张。",
        figures=(
            Figure("pj22again", "孕产妇系统管理率由2022年的93.52%", "93.52", 2022, role="baseline"),
            Figure("pj23", "提高到95.02%", "95.02", 2023),
            Figure("pjbeds", "床位5768张", "5768", 2023, "beds", "bed"),
        ),
    ),
    Report(
        "yy2021",
        YUEYANG,
        2021,
        "岳阳市2021年工作总结（示例数据）",
        "孕产妇系统管理率93.12%。注册护士人。",
        figures=(
            Figure("yy21", "孕产妇系统管理率93.12%", "93.12", 2021),
            Figure("lost", "注册护士人", "", 2021, "nurses", "person"),
        ),
    ),
    Report(
        "yy2023",
        YUEYANG,
        2023,
        "岳阳市2023年工作总结（示例数据）",
        "上半年孕产妇系统管理率94.4%，全年95.21%。床位35163张。儿童管理率9.51%。",
        figures=(
            Figure("yy23h", "孕产妇系统管理率94.4%", "94.4", 2023, freq="S"),
            Figure("yy23", "全年95.21%", "95.21", 2023),
            Figure("yy23child", "儿童管理率9.51%", "9.51", 2023, "children"),
            Figure("yybeds", "床位35163张", "35163", 2023, "beds", "bed"),
        ),
    ),
)
CURATED = {"pj22", "pj23", "pjbeds", "yy21", "yy23h", "yy23", "yy23child", "yybeds"}
CORRECTED = {"yy23child": 95.1}
LATER = Report(
    "pj2024",
    PINGJIANG,
    2024,
    "平江县2024年工作总结（示例数据）",
    "孕产妇系统管理率96.6%。",
    figures=(Figure("pj24", "孕产妇系统管理率96.6%", "96.6", 2024),),
)

INDICATORS = (
    (RATE, "孕产妇系统管理率", "Maternal systematic management rate", "rate", "higher", "percent", "%", "percent"),
    ("beds", "医疗卫生机构床位数", "Beds in health institutions", "stock", "higher", "bed", "张床位", "beds"),
    ("children", "儿童健康管理率", "Child health management rate", "rate", "higher", "percent", "%", "percent"),
    ("nurses", "注册护士数", "Registered nurses", "stock", "higher", "person", "人", "persons"),
)
REGIONS = (
    (PINGJIANG, "平江县", "Pingjiang", "county", "岳阳市", "湖南省岳阳市平江县"),
    (YUEYANG, "岳阳市", "Yueyang", "prefecture", "湖南省", "湖南省岳阳市"),
)


def publish_small(folder: DataFolder, reports: tuple[Report, ...] = REPORTS) -> None:
    """Build the staging tables and the marts of some reports, and publish them as the pipeline does."""
    folder.build.unlink(missing_ok=True)
    with connect_build(folder.build) as con:
        for table in ("documents", "facts"):
            _insert(con, "staging", table, [row for report in reports for row in _staging(table, report)])
        _create_marts(con)
        for table, rows in _marts(reports).items():
            _insert(con, "marts", table, rows)
    publish(folder.build, folder.published_folder)


def contract() -> dict[str, dict[str, str]]:
    """The marts of the contract, with the types of their columns."""
    found = {}
    for path in sorted(CONTRACT.glob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            columns = {column["name"]: column["data_type"] for column in model["columns"] if "data_type" in column}
            found[model["name"]] = columns
    return found


def _create_marts(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("create schema if not exists marts")
    for name, columns in contract().items():
        listed = ", ".join(f'"{column}" {data_type}' for column, data_type in columns.items())
        con.execute(f"create or replace table marts.{name} ({listed})")


def _insert(con: duckdb.DuckDBPyConnection, schema: str, table: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        con.execute(f"insert into {schema}.{table} ({names}) values ({marks})", list(row.values()))


def _staging(table: str, report: Report) -> list[dict[str, Any]]:
    if table == "documents":
        return [
            {
                "document_id": report.document_id,
                "source_id": "inbox",
                "url": report.url,
                "file_name": "report.txt",
                "media_type": "text/plain",
                "raw_sha256": "",
                "fetched_at": FETCHED,
                "title": report.title,
                "publisher": report.publisher,
                "index_number": "",
                "document_number": "",
                "published_on": report.published_on,
                "report_kind": "annual",
                "ref_area": report.area,
                "ref_area_candidates": [],
                "period_start": date(report.year, 1, 1),
                "period_end": date(report.year, 12, 31),
                "text": report.text,
                "evidence": "{}",
                "parser_version": "1",
                "extractor_version": "1",
            }
        ]
    return [_fact(report, figure) for figure in report.figures]


def _fact(report: Report, figure: Figure) -> dict[str, Any]:
    quote_start = report.text.index(figure.quote)
    start = quote_start + (figure.quote.index(figure.number) if figure.number else len(figure.quote) - 1)
    return {
        "fact_id": figure.fact_id,
        "document_id": report.document_id,
        "char_start": start,
        "char_end": start + len(figure.number),
        "quote": figure.quote,
        "number_text": figure.number,
        "value": float(figure.number) if figure.number else None,
        "unit": figure.unit,
        "comparator": "=",
        "role": figure.role,
        "indicator_text": SCRIPT,
        "indicator_code": figure.indicator,
        "subgroup": "",
        "entity": "",
        "ref_area": report.area,
        "period_start": date(figure.year, 1, 1),
        "period_end": figure.period_end,
        "quality_flags": [] if figure.number else ["digits_lost"],
        "confidence": 0.9,
        "evidence": '{"indicator": "whole_name: <b>孕产妇系统管理率</b>", "period": "document"}',
        "extractor_version": "1",
    }


def _marts(reports: tuple[Report, ...]) -> dict[str, list[dict[str, Any]]]:
    pairs = [(report, figure) for report in reports for figure in report.figures]
    names = {area: name for area, name, *_ in REGIONS}
    observations = [_observation(report, figure) for report, figure in pairs if figure.number]
    curated = [
        {
            **_of_cell(row),
            "indicator_name": next(name for code, name, *_ in INDICATORS if code == row["indicator_code"]),
            "region_name": names[row["ref_area"]],
            "value": row["value"],
            "unit": row["unit"],
            "unit_class": row["unit_class"],
            "comparator": "=",
            "obs_status": "A",
            "is_baseline": False,
            "is_corrected": row["fact_id"] in CORRECTED,
            "is_stated_period_end": True,
            "confidence": 0.9,
            "quality_flags": [],
            "source_count": 2 if row["fact_id"] == "pj22" else 1,
            "statement_count": 2 if row["fact_id"] == "pj22" else 1,
            "lowest_value": 93.52 if row["fact_id"] == "pj22" else row["value"],
            "highest_value": row["value"],
            "spread": 0.34 if row["fact_id"] == "pj22" else 0.0,
            "is_disputed": row["fact_id"] == "pj22",
            "fact_id": row["fact_id"],
            "document_id": row["document_id"],
            "published_on": row["published_on"],
        }
        for row in observations
        if row["fact_id"] in CURATED or row["document_id"] == LATER.document_id
    ]
    revisions = [
        {
            key: row[key]
            for key in (
                "indicator_code",
                "ref_area",
                "period_key",
                "subgroup",
                "document_id",
                "fact_id",
                "value",
                "unit",
            )
        }
        | {
            "revision_number": 2 if row["fact_id"] == "pj22again" else 1,
            "change": -0.34 if row["fact_id"] == "pj22again" else None,
        }
        for row in observations
    ]
    return {
        "dim_indicator": [
            dict(
                zip(
                    ("indicator_code", "name_zh", "name_en", "kind", "better", "unit", "unit_name_zh", "unit_name_en"),
                    row,
                    strict=True,
                )
            )
            | {"domain": "maternal_child"}
            for row in INDICATORS
        ],
        "dim_region": [
            dict(zip(("ref_area", "name_zh", "pinyin", "level", "parent_name", "full_name"), row, strict=True))
            for row in REGIONS
        ],
        "dim_document": [
            {
                "document_id": report.document_id,
                "title": report.title,
                "publisher": report.publisher,
                "url": report.url,
                "published_on": report.published_on,
            }
            for report in reports
        ],
        "fct_observation": observations,
        "indicator_by_region_period": curated,
        "indicator_revision": revisions,
        "data_quality_issue": [
            _issue(report, figure, "digits_lost", "数字缺失", "error") for report, figure in pairs if not figure.number
        ]
        + [
            _issue(report, figure, "sources_disagree", "来源不一致", "info")
            for report, figure in pairs
            if figure.fact_id == "pj22"
        ],
        "correction": [
            {
                "correction_id": "decimal-point",
                "document_id": "yy2023",
                "status": "applied",
                "wrong": f"The decimal point {SCRIPT}.",
                "wrong_zh": f"小数点{SCRIPT}。",
                "reason": "The table of the same report has it.",
                "reason_zh": "同一报告的表格为准。",
            }
        ],
        "coverage": [
            {
                "ref_area": report.area,
                "region_name": names[report.area],
                "report_year": report.year,
                "report_kind": "annual",
                "document_count": 1,
                "fact_count": len(report.figures),
                "observation_count": len(report.figures),
                "curated_count": 1,
            }
            for report in reports
        ]
        + [
            {
                "ref_area": "",
                "region_name": "",
                "report_year": None,
                "report_kind": "other",
                "document_count": 3,
                "fact_count": 0,
                "observation_count": 0,
                "curated_count": 0,
            }
        ][: len(reports)],
    }


def _observation(report: Report, figure: Figure) -> dict[str, Any]:
    fact = _fact(report, figure)
    kept = (
        "fact_id",
        "document_id",
        "indicator_code",
        "ref_area",
        "subgroup",
        "entity",
        "role",
        "value",
        "unit",
        "comparator",
        "quote",
        "number_text",
        "char_start",
        "char_end",
        "period_start",
        "period_end",
        "confidence",
    )
    return {key: fact[key] for key in kept} | {
        "period_key": figure.period_end.isoformat(),
        "period_year": figure.year,
        "freq": figure.freq,
        "unit_class": "count" if figure.unit in ("bed", "person") else figure.unit,
        "published_on": report.published_on,
        "is_latest_version": True,
        "stated_value": fact["value"],
        "value": CORRECTED.get(figure.fact_id, fact["value"]),
        "correction_id": "decimal-point" if figure.fact_id in CORRECTED else "",
    }


def _of_cell(row: dict[str, Any]) -> dict[str, Any]:
    kept = ("indicator_code", "ref_area", "period_key", "subgroup", "period_start", "period_end", "period_year", "freq")
    return {key: row[key] for key in kept}


def _issue(report: Report, figure: Figure, rule: str, name: str, severity: str) -> dict[str, Any]:
    return {
        "fact_id": figure.fact_id,
        "rule": rule,
        "rule_name": name,
        "severity": severity,
        "is_kept_out": severity == "error",
        "evidence": f"flagged {SCRIPT}",
        "document_id": report.document_id,
        "indicator_code": figure.indicator,
        "indicator_text": SCRIPT,
        "ref_area": report.area,
        "period_end": figure.period_end,
        "role": figure.role,
        "unit": figure.unit,
        "number_text": figure.number,
        "quote": figure.quote,
    }
