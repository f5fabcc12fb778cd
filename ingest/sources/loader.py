"""Loading the files that describe portals and inboxes.

Belongs here: the shape of such a file and clear errors about it. Not here: crawling a portal, or any one portal.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

FOLDER = Path(__file__).resolve().parent


class SourceError(ValueError):
    """A portal's file is wrong; the message names the file, the line and the field, and says what to do."""


class Tolerance(BaseModel):
    """How far a crawl may fall short of the one before, as shares, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    documents: Annotated[float, Field(gt=0, le=1)]
    why: Annotated[str, Field(min_length=1)]


class Source(BaseModel):
    """A portal (with addresses to start from) or an inbox (without).

    `ref_area` is the six-digit code of the place whose portal it is, "" where reports of several places come in.
    `verified` is true once someone has run it against the live portal.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    name: Annotated[str, Field(min_length=1)]
    ref_area: Annotated[str, Field(pattern=r"^(\d{6})?$")] = ""
    family: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    start: tuple[Annotated[str, Field(pattern=r"^https?://")], ...] = ()
    titles: tuple[str, ...] = ()
    tolerance: Tolerance | None = None
    verified: bool = False

    @model_validator(mode="after")
    def _starts_where_it_crawls(self) -> Source:
        if self.family != "inbox" and not self.start:
            raise ValueError("a portal needs `start:` with the address of at least one list page")
        return self


def load_source(path: Path) -> Source:
    """Read one portal's file.

    Raises:
        SourceError: it is no YAML, a field is missing, unknown or wrong, or its id is not the file's name.
    """
    try:
        content = path.read_text(encoding="utf-8")
        node = yaml.compose(content, Loader=yaml.SafeLoader)
        source = Source.model_validate(yaml.safe_load(content))
    except (OSError, yaml.YAMLError) as error:
        raise SourceError(f"{path.name}: {error}") from error
    except ValidationError as error:
        problems = [_problem(path, node, item["loc"], item["msg"]) for item in error.errors()]
        raise SourceError("\n".join(problems)) from error
    if source.id != path.stem:
        raise SourceError(f'{path.name}: field "id" is "{source.id}"; name it like the file, "{path.stem}"')
    return source


@cache
def sources(folder: Path = FOLDER) -> Mapping[str, Source]:
    """All sources of a folder by id.

    Raises:
        SourceError: one or more files are wrong; all their problems are told at once.
    """
    found: dict[str, Source] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            source = load_source(path)
        except SourceError as error:
            problems.append(str(error))
        else:
            found[source.id] = source
    if problems:
        raise SourceError("\n".join(problems))
    return found


def area_of(source_id: str) -> str:
    """The code of the place whose portal a source is, "" for an inbox or a source without a file."""
    source = sources().get(source_id)
    return source.ref_area if source else ""


def _problem(path: Path, node: yaml.Node | None, location: tuple[int | str, ...], message: str) -> str:
    line = node.start_mark.line + 1 if node is not None else 1
    if location and isinstance(node, yaml.MappingNode):
        line = next((key.start_mark.line + 1 for key, _ in node.value if key.value == location[0]), line)
    where = f' field "{".".join(map(str, location))}"' if location else ""
    return f"{path.name}:{line}:{where} {message}"
