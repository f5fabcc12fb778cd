"""Addresses: which of them a crawl may ask at all.

Belongs here: allowed hosts, and no loopback, private or link-local address behind any name, at first and after every
redirect. Not here: how gently an allowed host is asked (`manners`).

A name is checked where it is resolved, so that the address that was checked is the one that is connected to.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from ingest.crawl.context import context_of
from ingest.crawl.items import RefusedError
from ingest.sources.model import Source

USUAL_PORTS = {"http": 80, "https": 443}
# IPv4-compatible, NAT64, Teredo, 6to4: no portal has such an address, and behind each may stand any address of IPv4.
LEADING_TO_IPV4 = tuple(
    map(ipaddress.ip_network, ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16"))
)
PRIVATE_HOSTS: set[str] = set()  # names that were found to stand for an address that must not be asked


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; False for anything that is no IP address.

    An IPv6 address that maps an IPv4 one is as public as that; one that leads to IPv4 by a gateway is not public.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if any(parsed in network for network in LEADING_TO_IPV4):
            return False
        parsed = parsed.ipv4_mapped or parsed
    return parsed.is_global and not parsed.is_multicast and not parsed.is_reserved


class PublicResolver(CachingThreadedResolver):
    """Resolves names as Scrapy does and keeps silent about those that stand for an address inside a network."""

    def __init__(self, reactor: ReactorBase, cache_size: int, timeout: float, allows_private: bool) -> None:
        super().__init__(reactor, cache_size, timeout)
        self._allows_private = allows_private

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> PublicResolver:
        settings = crawler.settings
        allows_private = context_of(settings).source.private
        return cls(reactor, settings.getint("DNSCACHE_SIZE"), settings.getfloat("DNS_TIMEOUT"), allows_private)

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        """The IPv4 address of a name; fails like an unknown name where it must not be asked."""
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if not self._allows_private and not is_public(address):
            PRIVATE_HOSTS.add(name)
            raise DNSLookupError(f"{name} stands for {address}, which is not on the public internet")
        return address


class AddressGuard:
    """Lets a request pass only to hosts that the portal's file allows; redirects and attachments come by here too."""

    def __init__(self, source: Source) -> None:
        self._allowed = source.allowed_hosts
        self._allows_private = source.private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        return cls(context_of(crawler.settings).source)

    def process_request(self, request: Request) -> None:
        """Refuse what is not allowed.

        Raises:
            RefusedError: the host is not in the portal's file, or is an address inside a network.
        """
        parts = urlsplit(request.url)
        host = (parts.hostname or "").lower()
        try:
            port = parts.port or USUAL_PORTS.get(parts.scheme)
        except ValueError:
            port = None
        is_listed = f"{host}:{port}" in self._allowed or (host in self._allowed and port in USUAL_PORTS.values())
        if not is_listed:
            hosts = ", ".join(sorted(self._allowed))
            raise RefusedError("host_not_allowed", f"{request.url}: the portal's file allows {hosts} only")
        if not self._allows_private and (host in PRIVATE_HOSTS or (_is_address(host) and not is_public(host))):
            raise RefusedError("private_address", f"{host} stands for an address that is not on the public internet")


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
