"""Which addresses may be fetched: only http(s), no private networks unless a source declares them, same site or not.

A harvested page can link anywhere, also to the machine that reads it. The host is judged here as it is written; the
addresses that a name resolves to are judged by the same rules when they are used, in crawler.net.address_guard.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from urllib.parse import SplitResult, urlsplit

import tldextract

from corpus.reasons import Failure, FailureKind
from crawler.sources.model import SourceFile

ADDRESS_CHARACTERS_MAX = 2_000
"""Longer addresses come from sites that add to their own links at every step."""
_NUMERIC_HOST = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}", re.IGNORECASE)
_NUMERIC_END = re.compile(r"(.*\.)?(0x[0-9a-f]*|\d+)", re.IGNORECASE)
_HOST_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_LOCAL_NAMES = (".localhost", ".localdomain", ".local", ".internal", ".intranet", ".lan", ".home.arpa")
_METADATA = frozenset(
    ipaddress.ip_address(address)
    for address in (
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure
        "192.0.0.192",  # Oracle
        "fd00:ec2::254",  # Amazon, over IPv6
    )
)
"""Where clouds tell a machine its secrets, beside 169.254.169.254, which is link-local."""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_IPV4_COMPATIBLE = ipaddress.ip_network("::/96")
_PORTS_OF_OTHER_PROTOCOLS = frozenset(
    (
        # The Fetch standard's blocked ports, which browsers refuse too (https://fetch.spec.whatwg.org/#port-blocking) ...
        *(0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104),
        *(109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526),
        *(530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659),
        *(4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
        # ... and databases and desktops, which browsers leave to their users.
        *(445, 1433, 1521, 2375, 3306, 3389, 5432, 5900, 6379, 11211, 27017),
    )
)


class AddressKind(StrEnum):
    """Where an IP address leads."""

    PUBLIC = "public"
    PRIVATE = "private"
    """This machine, or a private network: fetched only when the source declares it."""
    NEVER = "never"
    """Link-local, multicast, reserved, a cloud's metadata, an outlived tunnel: no publisher is there."""


@dataclass(frozen=True, slots=True)
class OwnPlaces:
    """The places of a source that may be private: those that it declares itself, and none that its pages lead to."""

    places: frozenset[tuple[str, int]] = frozenset()
    """Hosts as `host_of` spells them, with the port; port 0: any."""

    def has(self, url: str) -> bool:
        """Say whether an address lies at one of these places."""
        try:
            return self.has_place(host_of(url), port=_port_of(urlsplit(url)))
        except ValueError:
            return False

    def has_place(self, host: str, *, port: int) -> bool:
        """Say whether a host and port are one of these places."""
        return (host, port) in self.places or (host, 0) in self.places


def own_places(source: SourceFile) -> OwnPlaces:
    """Return where a source may be asked in private networks: hosts and ports of its start, its files' hosts; mostly nowhere."""
    if not source.polite.allow_private:
        return OwnPlaces()
    started = _places_of(source.start)
    if source.connect_to:
        started |= _places_of((f"http://{source.connect_to}",))
    # A site that is declared as http:// may send its visitors on to https://.
    started |= {(host, port) for host, own in started if own in (80, 443) for port in (80, 443)}
    return OwnPlaces(frozenset(started | {(host.rstrip("."), 0) for host in source.files.hosts}))


def served_places(source: SourceFile) -> OwnPlaces:
    """Return the hosts and ports of a source's start for which its `connect_to` is connected to; mostly nowhere."""
    return OwnPlaces(_places_of(source.start)) if source.connect_to else OwnPlaces()


def _places_of(urls: Iterable[str]) -> frozenset[tuple[str, int]]:
    return frozenset((host_of(url), _port_of(urlsplit(url))) for url in urls)


def refusal_of(url: str, *, allow_private: bool) -> Failure | None:
    """Say why an address must not be fetched; None when it may be.

    Args:
        allow_private: whether this address may be one of this machine or of a private network; see OwnPlaces. Link-local
            addresses and those of cloud metadata are refused all the same.
    """
    if len(url) > ADDRESS_CHARACTERS_MAX:
        return Failure.of(FailureKind.ADDRESS_TOO_LONG, limit=ADDRESS_CHARACTERS_MAX)
    try:
        parts = urlsplit(url)
        port = _port_of(parts)
    except ValueError:
        return Failure(FailureKind.ADDRESS_MALFORMED)
    if parts.scheme not in ("http", "https"):
        if not parts.scheme:
            return Failure(FailureKind.SCHEME_UNSUPPORTED)
        return Failure.of(FailureKind.SCHEME_NOT_FETCHED, scheme=parts.scheme)
    if parts.username is not None or parts.password is not None:
        return Failure(FailureKind.ADDRESS_WITH_USER)
    if not parts.hostname:
        return Failure(FailureKind.ADDRESS_WITHOUT_HOST)
    host = host_of(url)
    kind = kind_of_host(host)
    if kind is None or re.search(r"[\x00-\x20\x7f]", url):
        return Failure(FailureKind.ADDRESS_MALFORMED)
    if kind is AddressKind.NEVER or (kind is AddressKind.PRIVATE and not allow_private):
        return Failure.of(FailureKind.PRIVATE_ADDRESS, host=host)
    if port in _PORTS_OF_OTHER_PROTOCOLS and not allow_private:
        return Failure.of(FailureKind.PORT_OF_ANOTHER_PROTOCOL, port=port)
    return None


def host_of(url: str) -> str:
    """Return the host of an address in one spelling: small letters, ASCII, no final dot; empty when it names none.

    Full-width digits and dots become plain ones, as they do when a name is looked up. Raises ValueError: it is malformed.
    """
    return _plain(urlsplit(url).hostname or "")


def kind_of_host(host: str) -> AddressKind | None:
    """Say where a host leads, as far as its spelling tells; None: it is malformed. Resolves no names."""
    host = _plain(host)
    if host == "localhost" or host.endswith(_LOCAL_NAMES):
        return AddressKind.PRIVATE
    if (address := _literal_address(host)) is not None:
        return kind_of_address(str(address))
    is_name = _HOST_NAME.fullmatch(host) is not None and not _NUMERIC_END.fullmatch(host)
    return AddressKind.PUBLIC if is_name else None


def kind_of_address(address: str) -> AddressKind:
    """Say where an IP address leads; one that holds an IPv4 address leads where that does."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.sixtofour or ip.teredo:
            return AddressKind.NEVER
        inner = ip.ipv4_mapped
        if inner is None and (ip in _NAT64 or (ip in _IPV4_COMPATIBLE and int(ip) > 1)):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return kind_of_address(str(inner))
        if ip.is_site_local:
            return AddressKind.PRIVATE
    if ip in _METADATA or ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return AddressKind.NEVER
    if ip.is_reserved and not ip.is_loopback:
        return AddressKind.NEVER
    return AddressKind.PUBLIC if ip.is_global else AddressKind.PRIVATE


def is_private_host(host: str) -> bool:
    """Say whether a host, as it is written, is not on the public internet. Resolves no names."""
    return kind_of_host(host) in (AddressKind.PRIVATE, AddressKind.NEVER)


def is_loopback_host(host: str) -> bool:
    """Say whether a host, as it is written, is this machine."""
    host = _plain(host)
    address = _literal_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def site_of(url: str) -> str:
    """Return the registrable domain of an address (`ilo.org`, `gov.br` sites by their own name), or its bare host."""
    host = (urlsplit(url).hostname or "").casefold()
    return _public_suffixes()(host).top_domain_under_public_suffix or host


def _plain(host: str) -> str:
    host = unicodedata.normalize("NFKC", host).casefold().replace("\u3002", ".")
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return host  # no name, which is for the caller to say
    return host.removesuffix(".")


def _port_of(parts: SplitResult) -> int:
    """Return the port of an address. Raises ValueError: it is no port."""
    return parts.port if parts.port is not None else {"http": 80, "https": 443}.get(parts.scheme, 0)


def _literal_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address that a host spells, also in the octal, hexadecimal and one-number forms that C accepts."""
    try:
        # Only IPv6 addresses have zones; `127.0.0.1%00.office.example` is nothing.
        return ipaddress.ip_address(host.strip("[]").split("%")[0] if ":" in host else host)
    except ValueError:
        pass
    if _NUMERIC_HOST.fullmatch(host):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    return None


def parts_of_host(host: str) -> tldextract.ExtractResult:
    """Return a host taken apart: subdomain, domain, and the public suffix (`org`, `gov.za`; empty for a bare number)."""
    return _public_suffixes()(host)


@cache
def _public_suffixes() -> tldextract.TLDExtract:
    # The list that ships with the package; it never goes to the network for a newer one.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
