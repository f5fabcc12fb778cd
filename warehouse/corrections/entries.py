"""Entries: corrections as the YAML files beside this module hold them, and their way into the build file.

Belongs here: reading the files, saying where one is wrong, writing `staging.corrections`.
Not here: what a correction does to a fact (dbt: `int_correction_facts`, `int_facts_keyed`) or whether the source still
says what it expects (dbt: `marts.correction` and its test).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import duckdb
import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, model_validator

from warehouse.errors import WarehouseError

FOLDER = Path(__file__).parent
COLUMNS = (
    "correction_id, url, file_name, action, indicator_code, number_text, sentence, right_value, "
    "wrong, wrong_zh, reason, reason_zh, evidence, evidence_zh, author, added_on"
)

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class CorrectionError(WarehouseError):
    """A file of corrections is wrong; the message names the file, the line and the field."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Target(_Strict):
    """The document that a correction speaks of, by its address or its file name."""

    url: str = ""
    file_name: str = ""

    @model_validator(mode="after")
    def _named(self) -> Target:
        if not self.url and not self.file_name:
            raise ValueError("name the document by `url` or `file_name`")
        return self


class Expectation(_Strict):
    """What the source still says; when it no longer does, the run fails."""

    number: str = ""
    sentence: str = ""


class Said(_Strict):
    """The same in English and in Chinese."""

    en: Words
    zh: Words


class Correction(_Strict):
    """One known error of a source, and what is to be done about it."""

    id: Words
    document: Target
    indicator: str = ""
    expect: Expectation = Expectation()
    replace: float | None = Field(default=None, allow_inf_nan=False)
    drop: bool = False
    wrong: Said
    reason: Said
    evidence: Said
    author: Words
    added_on: date

    @model_validator(mode="after")
    def _says_what_to_do(self) -> Correction:
        if (self.replace is not None) == self.drop:
            raise ValueError("give either `replace: VALUE` or `drop: true`")
        if self.replace is not None and not (self.indicator and self.expect.number and self.expect.sentence):
            raise ValueError("a replaced value needs `indicator`, `expect.number` and `expect.sentence`")
        if self.expect.number and self.expect.sentence and self.expect.number not in self.expect.sentence:
            raise ValueError("`expect.sentence` must hold `expect.number`")
        return self

    def row(self) -> tuple[object, ...]:
        """The values of `COLUMNS`."""
        return (
            self.id,
            self.document.url,
            self.document.file_name,
            "drop" if self.drop else "replace",
            self.indicator,
            self.expect.number,
            self.expect.sentence,
            self.replace,
            self.wrong.en,
            self.wrong.zh,
            self.reason.en,
            self.reason.zh,
            self.evidence.en,
            self.evidence.zh,
            self.author,
            self.added_on,
        )


def read_corrections(folder: Path = FOLDER) -> tuple[Correction, ...]:
    """All corrections of a folder's YAML files, in the order of files and entries.

    Raises:
        CorrectionError: with every problem of every file, each with file and line.
    """
    found: dict[str, Correction] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        content = path.read_text(encoding="utf-8")
        try:
            node = yaml.compose(content, Loader=yaml.SafeLoader)
            entries = TypeAdapter(list[Correction]).validate_python(yaml.safe_load(content) or [])
        except yaml.YAMLError as error:
            problems.append(f"corrections/{path.name}: {error}")
        except ValidationError as error:
            problems += [_problem(path, node, item["loc"], item["msg"]) for item in error.errors()]
        else:
            for position, entry in enumerate(entries):
                if entry.id in found:
                    problems.append(_problem(path, node, (position, "id"), f"{entry.id!r} is there twice"))
                found[entry.id] = entry
    if problems:
        raise CorrectionError("\n".join(problems))
    return tuple(found.values())


def write_corrections(con: duckdb.DuckDBPyConnection, corrections: tuple[Correction, ...]) -> int:
    """Bring `staging.corrections` of an open build file to the given corrections, in one transaction.

    Returns:
        How many there are.
    """
    con.begin()
    try:
        con.execute("delete from staging.corrections")
        for correction in corrections:
            row = correction.row()
            marks = ", ".join("?" * len(row))
            con.execute(f"insert into staging.corrections ({COLUMNS}) values ({marks})", list(row))
        con.commit()
    except BaseException:
        con.rollback()
        raise
    return len(corrections)


def _problem(path: Path, node: Any, location: tuple[int | str, ...], message: str) -> str:
    """The problem with its file and the line of the deepest part of it that the file holds."""
    line = 1
    for step in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
    field = ".".join(str(step) for step in location if isinstance(step, str))
    return f"corrections/{path.name}:{line}:{f' field {field!r}' if field else ''} {message}"
