"""A portal served from this process, its file, and crawls of it in processes of their own.

Belongs here: what the crawl's tests share. Not here: the portals (`tests.portals`), claims (`test_*`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from ingest.archive import Archive
from ingest.crawl.launch import crawl_in_process
from ingest.crawl.state import Memory
from ingest.crawl.summary import Summary
from samples.portals.site import serving
from tests.portals.families import Portal, portal_file
from tests.portals.faults import FaultySite


@dataclass(frozen=True, slots=True)
class Night:
    """A served portal, its file, and the archive that crawls of it fill."""

    root: str
    site: FaultySite
    portal: Portal
    file: Path
    raw: Path

    def crawl(self, *, retry_failed: bool = False, contact: str = "", at_any_hour: bool = False) -> Summary:
        """Crawl the portal; the site's log then holds this crawl's requests alone."""
        self.site.forget()
        self.site.times.clear()
        return crawl_in_process(
            self.file, self.raw, retry_failed=retry_failed, contact=contact, at_any_hour=at_any_hour
        )

    def a_day_passes(self) -> None:
        """Let what is remembered of the portal be a day older."""
        memory = Memory(self.raw, self.file.stem)
        state = memory.read()
        rests_until = datetime.fromisoformat(state.rests_until) - timedelta(days=1)
        memory.write(replace(state, rests_until=rests_until.isoformat()))

    def paths(self) -> set[str]:
        """The paths of the archived documents that are not gone."""
        fetches = Archive(self.raw).addresses(self.file.stem)
        return {fetch.url.removeprefix(self.root) for fetch in fetches if fetch.raw_sha256}

    def reasons(self) -> dict[str, str]:
        """Why what could not be fetched was rejected, by path."""
        rejects = Archive(self.raw).rejects()
        return {reject.url.removeprefix(self.root): reject.reason for reject in rejects}

    def write_file(self, **fields: object) -> None:
        """Write the portal's file anew, with fields of its own."""
        starts = [self.portal.start]
        text = portal_file(self.file.stem, self.root, starts, self.portal.family, select=self.portal.select)
        if fields:
            start = fields.pop("start", starts)
            assert isinstance(start, list)
            fields = {"select": self.portal.select, **fields}
            text = portal_file(self.file.stem, self.root, start, self.portal.family, **fields)
        self.file.write_text(text, encoding="utf-8")


class Nights:
    """Opens nights, and closes their servers when the test ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: list[object] = []

    def open(self, portal: Portal, **fields: object) -> Night:
        """Serve a portal and write its file.

        Args:
            portal: what is published.
            fields: of the portal's file.
        """
        site = FaultySite(portal.pages)
        server = serving(site)
        root = server.__enter__()
        self._open.append((site, server))
        name = f"{portal.family.replace('_', '-')}-{len(self._open)}"
        night = Night(root, site, portal, self._folder / f"{name}.yaml", self._folder / f"{name}-raw")
        night.write_file(**fields)
        return night

    def close(self) -> None:
        """End all servers."""
        for site, server in self._open:  # type: ignore[misc]
            site.closing.set()
            server.__exit__(None, None, None)
