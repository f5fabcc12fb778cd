"""A new portal: its file, its saved page and its test, written together.

Belongs here: what these three look like. Not here: asking the portal (`probe`), the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from ingest.crawl.families import selection_of
from ingest.crawl.readers import ListPage, read_list
from ingest.sources import Source

TEST = '''"""The saved list page of {name}: its rows are read as they stood when it was saved."""

from __future__ import annotations

from pathlib import Path

from ingest.crawl.families import selection_of
from ingest.crawl.readers import read_list
from ingest.sources import sources

PAGE = Path(__file__).with_name("{id}.page")


def test_the_saved_list_page_is_read() -> None:
    source = sources()["{id}"]
    page = read_list(source.start[0], PAGE.read_bytes(), selection_of(source))
    assert len(page.entries) == {rows}
    assert page.entries[0].url == {url!r}
    assert page.entries[0].title == {title!r}
    assert str(page.entries[0].published_on) == {published!r}
    assert page.next_url == {next_url!r}
'''


class TemplateError(ValueError):
    """A new portal cannot be written; the message says why."""


@dataclass(frozen=True, slots=True)
class NewPortal:
    """Where the three files of a portal lie."""

    file: Path
    page: Path
    test: Path


def portal_text(source: Source, notes: str) -> str:
    """A portal's file with what is known of it.

    Args:
        source: the portal.
        notes: what is known and what is guessed.
    """
    content = source.model_dump(mode="json", include={"id", "name", "ref_area", "family", "start", "titles"})
    own = {"private": True} if source.private else {}
    return yaml.safe_dump(
        {**content, **own, "verified": False, "notes": notes}, allow_unicode=True, sort_keys=False, width=110
    )


def write_portal(source: Source, page: bytes, sources_folder: Path, tests_folder: Path) -> NewPortal:
    """Write a portal's file, its saved list page and the test that reads it.

    Args:
        source: the portal.
        page: the list page of its first start address, as it came.
        sources_folder: where the portals' files lie.
        tests_folder: where the saved pages and their tests lie.

    Returns:
        What was written.

    Raises:
        TemplateError: one of the files exists, or the page has no row that the family can read.
        UnreadableListError: the page does not have the form that its family has.
    """
    test_name = f"test_{source.id.replace('-', '_')}_page.py"
    new = NewPortal(sources_folder / f"{source.id}.yaml", tests_folder / f"{source.id}.page", tests_folder / test_name)
    present = [path.name for path in (new.file, new.page, new.test) if path.exists()]
    if present:
        raise TemplateError(f"{', '.join(present)} exists already; choose another id or delete it first.")
    read = read_list(source.start[0], page, selection_of(source))
    if not read.entries:
        raise TemplateError(
            f"No link on {source.start[0]} is one of family {source.family}. "
            "Choose another family, or `plain`, or another page."
        )
    notes = f"Guessed until `weijian source check {source.id}` has been read by a person: the family, the titles.\n"
    new.file.write_text(portal_text(source, notes), encoding="utf-8")
    new.page.write_bytes(page)
    new.test.write_text(_test_text(source, read), encoding="utf-8")
    return new


def _test_text(source: Source, read: ListPage) -> str:
    first = read.entries[0]
    return TEST.format(
        id=source.id,
        name=source.name,
        rows=len(read.entries),
        url=first.url,
        title=first.title,
        published=str(first.published_on),
        next_url=read.next_url,
    )
