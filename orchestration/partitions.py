"""The partitions: one a portal, never one a document (thousands of them stall the UI).

Belongs here: what a run can be cut into. Not here: what is done with a part (`assets`).
"""

from __future__ import annotations

from pathlib import Path

import dagster as dg

from ingest.sources import Source, sources
from ingest.sources.loader import FOLDER


def portals(folder: Path = FOLDER) -> dict[str, Source]:
    """The portals that have a file, by id; inboxes are none.

    Raises:
        SourceError: a file is wrong.
    """
    return {source.id: source for source in sources(folder).values() if source.start}


PORTALS = dg.StaticPartitionsDefinition(sorted(portals()))
