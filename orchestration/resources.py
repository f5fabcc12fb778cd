"""The resources: what assets are handed to work with.

Belongs here: the data folder and the inbox as Dagster resources, the listener that long steps report to.
Not here: what lies in the folder (`warehouse.paths`), what is done with it (`ingest`, `warehouse`).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.inbox import choose_inbox, open_archive
from warehouse.paths import DataFolder, data_folder

if TYPE_CHECKING:
    from ingest.archive import Archive
    from ingest.derived import Derived


class Store(dg.ConfigurableResource):
    """The data folder and the inbox.

    Both may stay empty: the folder is then `WEIJIAN_DATA` or the project's own, the inbox as `choose_inbox` decides.
    """

    data: str = ""
    inbox: str = ""
    workers: int = 2

    @property
    def folder(self) -> DataFolder:
        return data_folder(self.data or None)

    @property
    def inbox_path(self) -> Path | None:
        return choose_inbox(self.inbox, self.folder)

    @property
    def archive(self) -> Archive:
        return open_archive(self.folder)

    @property
    def derived(self) -> Derived:
        from ingest.derived import Derived

        return Derived(self.folder.derived)


class Progress:
    """Hears how far the long steps are and keeps quiet; the command line puts one in its place that draws bars."""

    def of(self, step: str) -> Callable[[int, int, str], None]:
        """A callback for one step: items done, items in all, the name of the last one."""
        return _quiet


def _quiet(done: int, total: int, name: str) -> None:
    """Takes a report of progress and tells nobody."""
