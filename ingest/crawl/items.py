"""What a spider hands to the archive: something fetched, something gone, something that could not be fetched.

Belongs here: the items and why a fetch fails, in words. Not here: who makes them (`spider`) or keeps them (`pipeline`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scrapy.exceptions import IgnoreRequest

from ingest.archive import Role


@dataclass(frozen=True, slots=True)
class Target:
    """An address to fetch and why: enough to fetch it again on another night."""

    url: str
    role: Role
    found_on: str = ""
    title: str = ""
    start: str = ""  # of a list page: the start address that it belongs to


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `is_unchanged`: the portal confirmed the archived bytes, or this crawl had fetched them before."""

    target: Target
    url: str  # after redirects
    status: int
    body: bytes
    media_type: str  # as sniffed from the bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    is_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """An address that could not be fetched. `status` is 0 where there was no answer.

    `was_fetched`: an answer came and is archived, and could not be followed.
    """

    target: Target
    reason: str
    detail: str
    status: int = 0
    was_fetched: bool = False


NOT_FOUND_PAGE = "not_found_page"  # reason of a failure: there is nothing, although the status says otherwise


class RefusedError(IgnoreRequest):
    """A request that is not made, or an answer that is not taken; `reason` is a short stable code."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


# Scrapy's errors by the name of their class: reason and words for a person.
ERRORS = {
    "DownloadTimeoutError": ("timeout", "no whole answer within the time limit"),
    "DownloadCancelledError": ("too_large", "the body is larger than the portal's file allows"),
    "ResponseDataLossError": ("cut_off", "the body ended before the length that its header states"),
    "DownloadFailedError": ("cut_off", "the connection broke before the answer was whole"),
    "DownloadConnectionRefusedError": ("connection_refused", "the host does not accept connections"),
    "CannotResolveHostError": ("unknown_host", "the host's name cannot be resolved"),
    "ConnectionLost": ("cut_off", "the connection was lost"),
    "ConnectError": ("connection_refused", "no connection to the host"),
}
# What Scrapy's own middlewares say when they give up a request: words of the message, reason.
IGNORED = {
    "Forbidden by robots.txt": "robots_forbid",
    "max redirections reached": "redirect_loop",
    "during decompression": "too_large",
}


def reason_of(error: BaseException) -> tuple[str, str]:
    """Reason and detail of a failed request.

    Args:
        error: as Scrapy hands it to an errback.
    """
    if isinstance(error, RefusedError):
        return error.reason, error.detail
    known = ERRORS.get(type(error).__name__)
    if known:
        return known
    message = str(error) or type(error).__name__
    if isinstance(error, IgnoreRequest):
        reason = next((reason for words, reason in IGNORED.items() if words in message), "ignored")
        return reason, message
    return "fetch_failed", f"{type(error).__name__}: {message}"
