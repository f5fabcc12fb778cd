"""Redirects: Scrapy's own, with loops told.

Belongs here: what Scrapy's middlewares would drop without a word, because an address is asked once in a crawl. Not
here: which addresses may be asked (`addresses`: redirects come by there too).
"""

from __future__ import annotations

from typing import Any

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.http import Response

from ingest.crawl.items import RefusedError


class Redirects(RedirectMiddleware):
    """Follows redirects of the status."""

    def _redirect(self, redirected: Request, request: Request, reason: Any) -> Request:
        if _returns(redirected, request):
            raise RefusedError("redirect_loop", f"{request.url} leads back to {redirected.url}")
        return super()._redirect(redirected, request, reason)


class MetaRefreshes(MetaRefreshMiddleware):
    """Follows redirects of the page, but takes a page that only renews itself for what it is."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """The page that this one leads to, or the page itself."""
        outcome = super().process_response(request, response)
        if isinstance(outcome, Request) and _returns(outcome, request):
            return response
        return outcome


def _returns(redirected: Request, request: Request) -> bool:
    return redirected.url in (request.url, *request.meta.get("redirect_urls", ()))
