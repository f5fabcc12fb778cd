"""Families: how a kind of portal lays out its lists, as data, with one portal's differences laid over it.

Belongs here: loading `families.yaml` and merging. Not here: reading a page with the result (`readers`).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from ingest.sources.model import Selection, Source

FILE = Path(__file__).with_name("families.yaml")


class FamilyError(ValueError):
    """A portal's file names a family that there is not; the message lists those that there are."""


@cache
def families() -> Mapping[str, Selection]:
    """The families by name."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return {name: Selection.model_validate(fields) for name, fields in content.items()}


def selection_of(source: Source) -> Selection:
    """What to read out of a portal's pages: its family's fields, overridden by its file's.

    Raises:
        FamilyError: there is no such family.
    """
    family = families().get(source.family)
    if family is None:
        raise FamilyError(f"{source.id}.yaml: family: {source.family} is none of {', '.join(sorted(families()))}")
    return Selection.model_validate({**family.model_dump(), **source.select})
