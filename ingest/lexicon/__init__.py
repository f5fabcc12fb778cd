"""The lexicon: knowledge about words as data files, and how one is read.

Belongs here: data files, and the one function that opens them. Not here: what they are used for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent


class LexiconError(ValueError):
    """A lexicon file is wrong: says which file, which entry, and what to do."""

    def __init__(self, file: str, entry: str, problem: str) -> None:
        super().__init__(f"lexicon/{file}: {entry!r} {problem}")


class _Loader(yaml.CSafeLoader):
    """Refuses an entry that stands twice; YAML's own loader would keep the last and say nothing."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _ in node.value]
    twice = next((key for at, key in enumerate(keys) if key in keys[:at]), None)
    if twice is not None:
        raise yaml.constructor.ConstructorError(None, None, f"{twice!r} stands twice", node.start_mark)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_yaml(name: str) -> dict[str, Any]:
    """One YAML file of the lexicon, by its path inside the folder.

    Raises:
        LexiconError: the file is not a mapping, does not parse, or has one entry twice.
    """
    try:
        data = yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=_Loader)
    except yaml.YAMLError as error:
        raise LexiconError(name, "the file", f"does not parse: {error}") from error
    if not isinstance(data, dict):
        raise LexiconError(name, "the file", "must hold a mapping")
    return data
