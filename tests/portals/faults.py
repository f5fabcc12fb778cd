"""Faults on demand: how a portal goes wrong, by path.

Belongs here: one function a fault. Not here: what a crawl should make of it (the tests).
"""

from __future__ import annotations

import gzip
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from samples.portals.site import Page, Site, SiteHandler

# What a fault does: it gets the request, the page that should have been sent, and how often the path was asked before.
Fault = Callable[[SiteHandler, Page, int], None]

CHALLENGE = b"<html><head><script>$_ts=window['$_ts']||{};</script></head><body></body></html>"
PATIENCE = 300.0  # seconds after which a fault that waits gives up, in case the client never does
MEGABYTE = 1024 * 1024


class FaultySite(Site):
    """A site some of whose paths go wrong. After `most` answers it gives none while the client waits."""

    def __init__(self, pages: Mapping[str, Page], faults: Mapping[str, Fault] | None = None) -> None:
        super().__init__(pages)
        self.faults = dict(faults or {})
        self.times: Counter[str] = Counter()
        self.closing = threading.Event()
        self.most: int | None = None

    def answer(self, handler: SiteHandler) -> None:
        """Answer one request, well or badly."""
        if self.most is not None and len(self.asked) >= self.most:
            slow(handler, Page(b""), 0)
            return
        times = self.times[handler.path]
        self.times[handler.path] += 1
        fault = self.faults.get(handler.path)
        if fault is None:
            super().answer(handler)
        else:
            fault(handler, self.pages.get(handler.path, Page(b"")), times)


def slow(handler: SiteHandler, page: Page, times: int) -> None:
    """Never answers while the client waits."""
    site = handler.server.site
    assert isinstance(site, FaultySite)
    site.closing.wait(PATIENCE)
    handler.close_connection = True


def late(seconds: float) -> Fault:
    """Answers well, but late."""

    def fault(handler: SiteHandler, page: Page, times: int) -> None:
        time.sleep(seconds)
        handler.send_page(page)

    return fault


def cut_off(handler: SiteHandler, page: Page, times: int) -> None:
    """States the whole length and hangs up half-way."""
    _send(handler, {"Content-Length": str(len(page.body))}, page.body[: len(page.body) // 2])


def longer_than_stated(handler: SiteHandler, page: Page, times: int) -> None:
    """States a Content-Length that is larger than what comes."""
    _send(handler, {"Content-Length": str(len(page.body) + 100)}, page.body)


def no_length(handler: SiteHandler, page: Page, times: int) -> None:
    """States no length at all and closes the connection at the end, as old servers do."""
    _send(handler, {}, page.body)


def error_500(handler: SiteHandler, page: Page, times: int) -> None:
    """Fails each time."""
    handler.send_page(replace(page, status=500, body=b"<html><body>Internal Server Error</body></html>"))


def missing(handler: SiteHandler, page: Page, times: int) -> None:
    """Is not there."""
    handler.send_page(Page("<html><body>页面不存在</body></html>".encode(), status=404))


def says_missing(handler: SiteHandler, page: Page, times: int) -> None:
    """Is not there, and says so with the status of a report."""
    body = "<html><head><title>提示信息</title></head><body><p>您访问的页面不存在！</p></body></html>"
    handler.send_page(Page(body.encode(), has_validators=False))


def gone(handler: SiteHandler, page: Page, times: int) -> None:
    """Was there once."""
    handler.send_page(Page(b"<html><body>410 Gone</body></html>", status=410))


def forbidden(handler: SiteHandler, page: Page, times: int) -> None:
    """Answers 403."""
    handler.send_page(Page(b"<html><body>403 Forbidden</body></html>", status=403))


def challenge_412(handler: SiteHandler, page: Page, times: int) -> None:
    """A firewall's page with the status of a firewall."""
    handler.send_page(Page(CHALLENGE, status=412))


def challenge_200(handler: SiteHandler, page: Page, times: int) -> None:
    """A firewall's page with the status of a report."""
    handler.send_page(Page(CHALLENGE))


def busy_once(handler: SiteHandler, page: Page, times: int) -> None:
    """Asks to be left alone for a second, once."""
    if times:
        handler.send_page(page)
    else:
        handler.send_page(Page(b"busy", status=503, headers={"Retry-After": "1"}))


def busy_for(retry_after: str) -> Fault:
    """Asks to be left alone, in seconds or until a date."""

    def fault(handler: SiteHandler, page: Page, times: int) -> None:
        handler.send_page(Page(b"busy", status=429, headers={"Retry-After": retry_after}, has_validators=False))

    return fault


def redirect_loop(handler: SiteHandler, page: Page, times: int) -> None:
    """Leads to itself."""
    handler.send_page(Page(b"", status=302, headers={"Location": handler.path}))


def redirect(target: str, status: int = 302) -> Fault:
    """Leads elsewhere."""

    def fault(handler: SiteHandler, page: Page, times: int) -> None:
        handler.send_page(Page(b"", status=status, headers={"Location": target}))

    return fault


def once(fault: Fault) -> Fault:
    """Goes wrong the first time and is well afterwards."""

    def first(handler: SiteHandler, page: Page, times: int) -> None:
        if times:
            handler.send_page(page)
        else:
            fault(handler, page, times)

    return first


def wrong_charset(handler: SiteHandler, page: Page, times: int) -> None:
    """States UTF-8 for a page in GB18030 that declares nothing itself."""
    body = page.body.decode().replace("<meta charset='utf-8'>", "").encode("gb18030")
    handler.send_page(replace(page, body=body, media_type="text/html; charset=utf-8"))


def no_charset(handler: SiteHandler, page: Page, times: int) -> None:
    """GB18030 without a word about it."""
    body = page.body.decode().replace("<meta charset='utf-8'>", "").encode("gb18030")
    handler.send_page(replace(page, body=body, media_type=""))


def huge(handler: SiteHandler, page: Page, times: int) -> None:
    """200 MB, without a length, to whoever keeps listening."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/pdf")
    handler.end_headers()
    handler.close_connection = True
    sent = 0
    try:
        for _ in range(200):
            handler.wfile.write(b"0" * MEGABYTE)
            sent += MEGABYTE
    except OSError:
        pass  # the client hung up, which is what it should do
    handler.note(200, sent)


def huge_as_stated(handler: SiteHandler, page: Page, times: int) -> None:
    """200 MB, as its header says."""
    _send(handler, {"Content-Length": str(200 * MEGABYTE)}, b"0" * MEGABYTE)


def gzip_bomb(handler: SiteHandler, page: Page, times: int) -> None:
    """20 KB that unpack to 20 MB."""
    body = gzip.compress(b"0" * 20 * MEGABYTE)
    handler.send_page(replace(page, body=body, headers={"Content-Encoding": "gzip"}))


def empty(handler: SiteHandler, page: Page, times: int) -> None:
    """An answer with nothing in it."""
    handler.send_page(replace(page, body=b""))


def page_as_file(handler: SiteHandler, page: Page, times: int) -> None:
    """An error page where a file should be, with the status of a file."""
    body = "<html><head><title>出错了</title></head><body>系统繁忙，请稍后再试</body></html>".encode()
    handler.send_page(replace(page, body=body, media_type="application/pdf"))


def _send(handler: SiteHandler, headers: Mapping[str, str], body: bytes) -> None:
    handler.send_response(200)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.wfile.write(body)
    handler.close_connection = True
    handler.note(200, len(body))
