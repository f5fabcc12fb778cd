"""The data package: `datapackage.json`, which says what each file of an export holds.

Belongs here: resources, schemas, keys and checksums after the Data Package standard (version 1 profile, as Frictionless
reads it). Not here: writing the files themselves (`bundle`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from warehouse.exports.tables import LIST_SEPARATOR, Table

KEYS = Path(__file__).with_name("keys.yaml")
TYPES = {"DOUBLE": "number", "DATE": "date", "BOOLEAN": "boolean", "TIMESTAMP WITH TIME ZONE": "string"}
INTEGERS = {"BIGINT", "INTEGER", "HUGEINT", "SMALLINT", "TINYINT", "UBIGINT", "UINTEGER"}


def describe_package(tables: Sequence[Table], folder: Path, version: str) -> dict[str, Any]:
    """The descriptor of an export.

    Args:
        tables: the marts that were exported.
        folder: where their files lie: `csv/NAME.csv` and `parquet/NAME.parquet`.
        version: of the content, such as the day of a release.

    Returns:
        A mapping to be written as `datapackage.json` into the folder.
    """
    keys = yaml.safe_load(KEYS.read_text(encoding="utf-8"))
    resources = []
    for table in tables:
        resources.append(_csv(table, folder, keys.get(table.name, {})))
        resources.append(_parquet(table, folder))
    return {
        "name": "weijian",
        "title": "Weijian · 卫健: health indicators of China's local health bureaus by region and period",
        "description": "Every value leads back to the words it was read from: fact_id, document_id, quote.",
        "version": version,
        "licenses": [{"name": "Apache-2.0", "path": "https://www.apache.org/licenses/LICENSE-2.0"}],
        "resources": resources,
    }


def _csv(table: Table, folder: Path, keys: dict[str, Any]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [
            {
                "name": column.name,
                "type": _type(column.data_type),
                "description": column.description
                + (f" Items are joined by {LIST_SEPARATOR!r}." if column.data_type.endswith("[]") else ""),
            }
            for column in table.columns
        ],
        "missingValues": [""],
    }
    if "key" in keys:
        schema["primaryKey"] = keys["key"]
    if "references" in keys:
        schema["foreignKeys"] = [
            {"fields": [field], "reference": {"resource": target, "fields": [field]}}
            for field, target in keys["references"].items()
        ]
    return {
        "name": table.name,
        "type": "table",
        "description": table.description,
        **_file(folder, f"csv/{table.name}.csv"),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig",
        "schema": schema,
    }


def _parquet(table: Table, folder: Path) -> dict[str, Any]:
    return {
        "name": f"{table.name}-parquet",
        "type": "file",
        "description": table.description,
        **_file(folder, f"parquet/{table.name}.parquet"),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
    }


def _file(folder: Path, path: str) -> dict[str, Any]:
    with (folder / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"path": path, "bytes": (folder / path).stat().st_size, "hash": f"sha256:{digest}"}


def _type(data_type: str) -> str:
    return "integer" if data_type in INTEGERS else TYPES.get(data_type, "string")
