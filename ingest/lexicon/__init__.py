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


def load_yaml(name: str) -> dict[str, Any]:
    """One YAML file of the lexicon, by its path inside the folder.

    Raises:
        LexiconError: the file is not a mapping or does not parse.
    """
    try:
        data = yaml.load((FOLDER / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise LexiconError(name, "the file", f"does not parse: {error}") from error
    if not isinstance(data, dict):
        raise LexiconError(name, "the file", "must hold a mapping")
    return data
