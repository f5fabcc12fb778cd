"""Loading the files that describe portals and inboxes.

Belongs here: finding the files, clear errors about them. Not here: what a file may say (`model`), crawling a portal.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from ingest.sources.model import Source

FOLDER = Path(__file__).resolve().parent


class SourceError(ValueError):
    """A portal's file is wrong; the message names the file, the line and the field, and says what to do."""


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
