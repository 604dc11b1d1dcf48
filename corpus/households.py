"""Who asks, as far as an address tells."""

from __future__ import annotations

import ipaddress


def household_of(address: str) -> str:
    """Return what is counted as one asker: an address of IPv4, or the network of one of IPv6; a household has 2**64 of these.

    Args:
        address: as a connection gives it; what is none comes back as it is.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    found = mapped or found
    return str(found) if found.version == 4 else str(ipaddress.ip_network(f"{found}/64", strict=False))
