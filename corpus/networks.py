"""Networks of those who ask, as far as limits need them."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def network_of(address: str) -> str:
    """Return the network to which an address is counted: itself in IPv4, its /64 in IPv6; empty: it is not counted.

    This machine itself is not: there sits a proxy that does not say for whom it asks, and all readers would be one.

    Args:
        address: as the server sees it; what is no IP address stands for itself.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.is_loopback:
        return ""
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    found = mapped or found
    # A household has 2**64 addresses of IPv6.
    return str(found) if found.version == 4 else str(ipaddress.ip_network(f"{found}/64", strict=False))


def is_public(url: str) -> bool:
    """Say whether an address is meant for strangers: neither this machine nor a private network."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal", ".test", ".example", ".lan"))
