"""A small web server that behaves like a portal: pages with validators, conditional requests, a log of what was asked.

Belongs here: serving given pages over HTTP. Not here: what a portal's pages look like (`demo`, the tests' portals), or
going wrong on purpose (the tests' faults).
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LAST_MODIFIED = "Mon, 05 Feb 2024 01:30:00 GMT"


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answers. `has_validators`: whether it can be asked conditionally."""

    body: bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    has_validators: bool = True

    @property
    def etag(self) -> str:
        """A name of these bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and its answer. `sent` counts the body's bytes, `at` is a clock that only goes forward."""

    path: str
    is_conditional: bool
    status: int
    sent: int
    agent: str
    at: float  # seconds, when the request came


class Site:
    """Pages by path (with its query), and what was asked of them."""

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self.pages = dict(pages)
        self.asked: list[Asked] = []

    def forget(self) -> None:
        """Begin a new log."""
        self.asked.clear()

    def answer(self, handler: SiteHandler) -> None:
        """Answer one request.

        Args:
            handler: the request, and the way to answer it.
        """
        page = self.pages.get(handler.path)
        if page is None:
            handler.send_page(Page("<html><body><p>您访问的页面不存在。</p></body></html>".encode(), status=404))
        else:
            handler.send_page(page)


class SiteHandler(BaseHTTPRequestHandler):
    """Turns the server's requests over to the site."""

    protocol_version = "HTTP/1.1"
    server: SiteServer
    began = 0.0

    def do_GET(self) -> None:
        """Answer a GET request."""
        self.began = time.monotonic()
        self.server.site.answer(self)

    def send_page(self, page: Page) -> None:
        """Send a page, or 304 where the request says that it is known."""
        is_known = page.has_validators and (
            self.headers.get("If-None-Match") == page.etag
            or (not self.headers.get("If-None-Match") and self.headers.get("If-Modified-Since") == LAST_MODIFIED)
        )
        status = 304 if is_known and page.status == 200 else page.status
        body = b"" if status == 304 else page.body
        self.send_response(status)
        if page.has_validators:
            self.send_header("ETag", page.etag)
            self.send_header("Last-Modified", LAST_MODIFIED)
        for name, value in page.headers.items():
            self.send_header(name, value)
        if status != 304:
            if page.media_type:
                self.send_header("Content-Type", page.media_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.note(status, len(body))

    def note(self, status: int, sent: int) -> None:
        """Write an answer down."""
        is_conditional = any(name in self.headers for name in ("If-None-Match", "If-Modified-Since"))
        agent = self.headers.get("User-Agent", "")
        self.server.site.asked.append(Asked(self.path, is_conditional, status, sent, agent, self.began))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the site keeps its own log."""


class SiteServer(ThreadingHTTPServer):
    """Serves one site on loopback, a thread a connection."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: Site, port: int) -> None:
        super().__init__(("127.0.0.1", port), SiteHandler)
        self.site = site

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that hung up."""


@contextmanager
def serving(site: Site, port: int = 0) -> Iterator[str]:
    """Serve a site from a thread of this process.

    Args:
        site: what to serve.
        port: of 127.0.0.1; 0 for any that is free.

    Yields:
        The address of its root, without a slash at the end.

    Raises:
        OSError: the port is taken.
    """
    server = SiteServer(site, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
