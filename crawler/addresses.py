"""Which addresses may be fetched: only http(s), no private networks unless a source says so, same site or not.

A harvested page can link anywhere, also to the machine that reads it. The host is judged as it is written here, and
the addresses that a name resolves to are judged at connect time by crawler.middlewares.GuardedResolver.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from functools import cache
from urllib.parse import urlsplit

import tldextract

_NUMERIC_HOST = re.compile(r"(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+)){0,3}", re.IGNORECASE)


def refusal_of(url: str, *, allow_private: bool) -> str:
    """Say why an address must not be fetched, in words for a person; empty when it may be."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        _ = parts.port
    except ValueError:
        return "The address is malformed."
    if parts.scheme not in ("http", "https"):
        return f"Only http and https addresses are fetched, not {parts.scheme}:."
    if not host:
        return "The address names no host."
    if parts.username is not None or parts.password is not None:
        return "Addresses with a user name in them are not fetched."
    if not allow_private and is_private_host(host):
        return f"{host} is an address of a private network or of this machine."
    return ""


def is_private_host(host: str) -> bool:
    """Say whether a host, as it is written, is not on the public internet. Resolves no names."""
    host = host.casefold().rstrip(".")
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".home.arpa")):
        return True
    address = _literal_address(host)
    return address is not None and is_private_address(str(address))


def is_private_address(address: str) -> bool:
    """Say whether an IP address is private, loopback, link-local, reserved or else not global."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if embedded is not None:
            ip = embedded
    return not ip.is_global or ip.is_multicast


def is_loopback_host(host: str) -> bool:
    """Say whether a host, as it is written, is this machine."""
    host = host.casefold().rstrip(".")
    address = _literal_address(host)
    return host == "localhost" or (address is not None and address.is_loopback)


def site_of(url: str) -> str:
    """Return the registrable domain of an address (`ilo.org`, `gov.br` sites by their own name), or its bare host."""
    host = (urlsplit(url).hostname or "").casefold()
    return _public_suffixes()(host).top_domain_under_public_suffix or host


def _literal_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address that a host spells, also in the octal, hexadecimal and one-number forms that C accepts."""
    try:
        return ipaddress.ip_address(host.strip("[]").split("%")[0])
    except ValueError:
        pass
    if _NUMERIC_HOST.fullmatch(host):
        try:
            return ipaddress.IPv4Address(socket.inet_aton(host))
        except OSError:
            return None
    return None


@cache
def _public_suffixes() -> tldextract.TLDExtract:
    # The list that ships with the package; it never goes to the network for a newer one.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
