"""No request to a private address: addresses are judged as they are written, and again as what their names resolve to.

The owner of a name decides what it resolves to, and can answer with a public address first and with this machine's later.
So connections go to the very addresses that were judged, and a name is refused when any of its addresses is private.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy import Request
from scrapy.crawler import Crawler, CrawlerProcess
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.error import DNSLookupError
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped]

from corpus.reasons import Failure, FailureKind
from crawler.job import job_of
from crawler.net.addresses import (
    AddressKind,
    OwnPlaces,
    host_of,
    is_private_host,
    kind_of_address,
    own_places,
    refusal_of,
    served_places,
)
from crawler.net.failures import NameRefused, RequestRefused
from crawler.settings import LOOK_UP_SETTING, OWN_PLACES_SETTING

LookUp = Callable[..., Sequence[tuple[Any, ...]]]
"""What `socket.getaddrinfo` is: called with host, port, family and type."""
LOOK_UP_SECONDS_MAX = 20.0
KEPT_SECONDS = 600.0
"""A run of a day must see that a host has moved."""


class AddressGuard:
    """Let no request out to an address that may not be fetched."""

    def __init__(self, own: OwnPlaces, *, served: OwnPlaces, connect_to: str) -> None:
        self._own = own
        self._served = served
        self._server = f"http://{connect_to}"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        """Begin; Scrapy calls this."""
        source = job_of(crawler.spider).source
        return cls(own_places(source), served=served_places(source), connect_to=source.connect_to)

    def process_request(self, request: Request) -> None:
        """Refuse what may not be fetched. A declared private host is asked directly: a proxy would ask its own network.

        The server that a source connects to is asked as a proxy is: by whole addresses.
        """
        is_own = self._own.has(request.url)
        if reason := refusal_of(request.url, allow_private=is_own):
            raise RequestRefused(reason)
        if self._served.has(request.url):
            request.meta["proxy"] = self._server
        elif is_own and is_private_host(host_of(request.url)):
            request.meta["proxy"] = None
        elif request.meta.get("proxy", "") in (None, self._server):
            del request.meta["proxy"]  # redirected from there to somewhere else


@implementer(IHostnameResolver)
class GuardedNames:
    """Resolve names for all connections of this process, IPv4 and IPv6, and refuse those that lead to private addresses."""

    _reactor: Any = None

    def __init__(self, *, look_up: LookUp, own: OwnPlaces, proxies: OwnPlaces) -> None:
        """Begin.

        Args:
            own: where the source may be asked in private networks.
            proxies: what stands between us and the internet; connected to, and never asked for itself.
        """
        self._look_up = look_up
        self._own = own
        self._connectable = OwnPlaces(own.places | proxies.places)
        self._known: dict[str, tuple[float, tuple[str, ...]]] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    @classmethod
    def from_crawler(cls, process: CrawlerProcess, reactor: Any) -> GuardedNames:
        """Begin; Scrapy calls this, once a process."""
        settings = process.settings
        names = cls(look_up=settings[LOOK_UP_SETTING], own=settings[OWN_PLACES_SETTING], proxies=_proxies())
        names._reactor = reactor
        return names

    def install_on_reactor(self) -> None:
        """Take the place of Twisted's own resolver; Scrapy calls this."""
        self._reactor.installNameResolver(self)

    async def judge(self, url: str) -> None:
        """Look up where an address leads, before anything connects to it.

        Raises NameRefused: its host has a private address, and the source does not declare it; or no source may have it.
        Raises DNSLookupError: the host has no address, or the look-up fails.
        """
        host = host_of(url)
        _judge(await self._addresses_of(host), host=host, may_be_private=self._own.has(url))

    async def _addresses_of(self, host: str) -> tuple[str, ...]:
        """Return the IP addresses of a host; one that is written as an address has that one. Raises DNSLookupError."""
        known = self._known.get(host)
        if known is not None and monotonic() < known[0]:
            return known[1]
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(None, self._look_up, host, 0, socket.AF_UNSPEC, socket.SOCK_STREAM)
        try:
            answers = await asyncio.wait_for(asked, LOOK_UP_SECONDS_MAX)
        except (OSError, UnicodeError, TimeoutError) as error:
            raise DNSLookupError(f"{host} cannot be found") from error
        found = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))
        if not found:
            raise DNSLookupError(f"{host} has no address")
        self._known[host] = (monotonic() + KEPT_SECONDS, found)
        return found

    def resolveHostName(  # noqa: N802 (Twisted's name)
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """Resolve a name; Twisted calls this for each connection. A refused name has no addresses for it."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)

        async def resolve() -> None:
            try:
                host = hostName.casefold().rstrip(".")
                found = await self._addresses_of(host)
                _judge(found, host=host, may_be_private=self._connectable.has_place(host, port=portNumber))
                for address in found:
                    kind: Any = IPv6Address if ":" in address else IPv4Address
                    if addressTypes is None or kind in addressTypes:
                        resolutionReceiver.addressResolved(kind(transportSemantics, address, portNumber))
            except (NameRefused, DNSLookupError):
                pass  # no address, which Twisted takes for a name that cannot be found
            finally:
                resolutionReceiver.resolutionComplete()

        task = asyncio.ensure_future(resolve())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return resolution


def _judge(addresses: Sequence[str], *, host: str, may_be_private: bool) -> None:
    for address in addresses:
        kind = kind_of_address(address)
        if kind is AddressKind.NEVER or (kind is AddressKind.PRIVATE and not may_be_private):
            raise NameRefused(Failure.of(FailureKind.PRIVATE_NAME, host=host, address=address))


def _proxies() -> OwnPlaces:
    """Return where the proxies of this process's environment are."""
    found = [urlsplit(url if "://" in url else f"http://{url}") for url in getproxies().values()]
    return OwnPlaces(frozenset((host_of(parts.geturl()), parts.port or 0) for parts in found if parts.hostname))


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Not possible: the system's look-up cannot be called off."""
        raise NotImplementedError
