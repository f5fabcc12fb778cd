"""Readers: what a list page offers, and which attachments a report's page has.

Belongs here: links, their titles and dates, the way to the next list page. Not here: what a family's fields are
(`families`), requests (`spider`), the report itself (`ingest.parse`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import jmespath  # type: ignore[import-untyped]
from parsel import Selector

from ingest.parse.encoding import UndecodableError, decode
from ingest.sources.model import Selection

WEB = ("http", "https")
PACKED_DATE = re.compile(r"^(\d{4})\D?(\d{1,2})\D?(\d{1,2})$")
PAGE_NUMBER = re.compile(r"^[0-9]{1,9}$")
CDATA = ("<![CDATA[", "]]>")
LARGEST_LIST = 5_000_000  # characters; a record store of a thousand rows has half a million


class UnreadableListError(ValueError):
    """A list page does not have the form that its family has; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list: a link to a report. `published_on` is None where the row does not say."""

    url: str
    title: str
    published_on: date | None


@dataclass(frozen=True, slots=True)
class ListPage:
    """What a list page offers: its rows in order, and the address of the next page ("" at the end)."""

    entries: tuple[Entry, ...]
    next_url: str


def read_list(url: str, body: bytes, select: Selection) -> ListPage:
    """Read a list page as its family is laid out.

    Args:
        url: the page's address; links are relative to it.
        body: its bytes, or those of a JSON answer or of an XML record store.
        select: the family's fields with the portal's own.

    Returns:
        Rows and the way on.

    Raises:
        UnreadableListError: the page is no text, no JSON, too long, or lacks what the family's pages have.
    """
    try:
        text = decode(body, is_html=True).text
    except UndecodableError as error:
        raise UnreadableListError(str(error)) from error
    if len(text) > LARGEST_LIST:
        raise UnreadableListError(f"{len(text)} characters are no list page (at most {LARGEST_LIST})")
    return READERS[select.reader](url, text, select)


def read_attachments(url: str, body: bytes, select: Selection) -> tuple[Entry, ...]:
    """The files that a report's page links to, in the part of it that holds them, each once.

    Args:
        url: the page's address.
        body: its bytes; a page that is no text has none.
        select: the family's fields with the portal's own.
    """
    try:
        page = Selector(decode(body, is_html=True).text)
    except (UndecodableError, ValueError):
        return ()
    areas = page.css(select.content) if select.content else page
    links = areas.css("a[href]") or page.css("a[href]")
    base = _base(page, url)
    found: dict[str, Entry] = {}
    for link in links:
        target = _absolute(base, link.attrib["href"])
        if urlsplit(target).path.lower().endswith(select.attachments):
            found.setdefault(target, Entry(target, _words(link), None))
    return tuple(found.values())


def _read_html(url: str, text: str, select: Selection) -> ListPage:
    page = Selector(text)
    base = _base(page, url)
    rows = page.css(select.entry) if select.entry else page.css(select.link)
    return ListPage(_entries(rows, base, select), _next_of(page, text, base, select))


def _read_records(url: str, text: str, select: Selection) -> ListPage:
    """A page with an XML record store in it (or the store alone): each record's CDATA is a row in HTML."""
    records = _elements(text, select.record)
    if not records:
        return _read_html(url, text, select)
    rows = [Selector(record) for record in records]
    next_link = next(iter(_elements(text, select.next_group)), "")
    next_url = Selector(next_link).css("a::attr(href)").get("") if next_link.strip() else ""
    return ListPage(_entries(rows, url, select), _absolute(url, next_url))


def _read_json(url: str, text: str, select: Selection) -> ListPage:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableListError(f"the answer is no JSON: {error}") from error
    items = jmespath.search(select.items, content)
    if not isinstance(items, list):
        raise UnreadableListError(f"the answer has no list at {select.items!r}")
    entries = []
    for item in items:
        target = _absolute(url, str(jmespath.search(select.item_url, item) or ""))
        title = str(jmespath.search(select.item_title, item) or "").strip()
        stated = str((select.item_date and jmespath.search(select.item_date, item)) or "")
        if target and _is_detail(target, select):
            entries.append(Entry(target, title, _date_in(stated, select) or _date_of(target, select)))
    pages = jmespath.search(select.pages, content) if select.pages else None
    return ListPage(tuple(entries), _next_count(url, select.page_parameter, pages) if entries else "")


READERS: dict[str, Callable[[str, str, Selection], ListPage]] = {
    "html": _read_html,
    "records": _read_records,
    "json": _read_json,
}


def _entries(rows: Iterator[Selector] | list[Selector], base: str, select: Selection) -> tuple[Entry, ...]:
    found: dict[str, Entry] = {}
    for row in rows:
        for link in [row] if row.root.tag == "a" else row.css(select.link):
            target = _absolute(base, link.attrib.get("href", ""))
            if target and _is_detail(target, select):
                stated = "" if row is link else " ".join(row.css("::text").getall())
                on = _date_in(stated, select) or _date_of(target, select)
                known = found.get(target)
                if known is None or (known.published_on is None and on is not None):
                    found[target] = Entry(target, _words(link), on)
    return tuple(found.values())


def _next_of(page: Selector, text: str, base: str, select: Selection) -> str:
    turning = re.search(select.next_script, text) if select.next_script else None
    if turning:
        pages, current, name, suffix = turning.groups()
        if int(current) + 1 < int(pages):
            return _absolute(base, f"{name}_{int(current) + 1}.{suffix}")
        return ""
    for link in page.css("a[href]"):
        if _words(link).strip("»>› ") in select.next_words:
            return _absolute(base, link.attrib["href"])
    return ""


def _next_count(url: str, parameter: str, pages: object) -> str:
    """The address with its page parameter one higher; "" after the last page."""
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    current = next((int(value) for name, value in query if name == parameter and PAGE_NUMBER.match(value)), 1)
    if isinstance(pages, int) and current >= pages:
        return ""
    turned = [*((name, value) for name, value in query if name != parameter), (parameter, str(current + 1))]
    return urlunsplit(parts._replace(query=urlencode(turned)))


def _elements(text: str, name: str) -> list[str]:
    """The contents of all elements of a name, CDATA unwrapped: record stores stand in pages that are no XML."""
    opening = re.compile(rf"<{re.escape(name)}(?:\s[^<>]*)?>", re.IGNORECASE)
    closing = re.compile(rf"</{re.escape(name)}>", re.IGNORECASE)
    found = []
    position = 0
    while (begin := opening.search(text, position)) and (end := closing.search(text, begin.end())):
        content = text[begin.end() : end.start()]
        found.append("".join(_between(content, *CDATA)) or content)
        position = end.end()
    return found


def _between(text: str, opening: str, closing: str) -> Iterator[str]:
    """What stands between two marks, again and again; one pass, however many marks are never closed."""
    position = 0
    while (begin := text.find(opening, position)) >= 0 and (end := text.find(closing, begin)) >= 0:
        yield text[begin + len(opening) : end]
        position = end + len(closing)


def _is_detail(url: str, select: Selection) -> bool:
    path = urlsplit(url).path.lower()
    return not select.detail or bool(re.search(select.detail, url)) or path.endswith(select.attachments)


def _date_in(words: str, select: Selection) -> date | None:
    match = re.search(select.date, words)
    return _day(*match.groups()[:3]) if match else None


def _date_of(url: str, select: Selection) -> date | None:
    """The date that a family writes into its addresses."""
    match = re.search(select.detail, url) if select.detail else None
    stated = match.groupdict().get("date") if match else None
    packed = PACKED_DATE.match(stated) if stated else None
    return _day(*packed.groups()) if packed else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _words(link: Selector) -> str:
    """The title of a link: lists cut long ones in the text and keep them whole in the attribute."""
    written = " ".join("".join(link.css("::text").getall()).split())
    return link.attrib.get("title", "").strip() or written


def _base(page: Selector, url: str) -> str:
    return urljoin(url, page.css("base::attr(href)").get(""))


def _absolute(base: str, href: str) -> str:
    """A link's address without its fragment, "" when it leads to no page (scripts, mail)."""
    try:
        parts = urlsplit(urljoin(base, href.strip()))
    except ValueError:
        return ""
    if not href.strip() or href.startswith("#") or parts.scheme not in WEB or not parts.netloc:
        return ""
    return urlunsplit(parts._replace(fragment=""))
