"""Connections to endpoints that strangers name: a name is looked up once, judged, and the judged address is connected to.

Whoever owns a name decides what it resolves to, and may answer a public address first and this machine's afterwards. The rule
is that of the crawler: a name of which any address is private is refused wholly.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

from crawler.net.addresses import AddressKind, host_of, kind_of_address, refusal_of

LookUp = Callable[..., Sequence[tuple[Any, ...]]]
"""What `socket.getaddrinfo` is: called with host, port, family and type."""
_ADDRESSES_MAX = 4
"""Of a name that are tried, one after the other."""


class EndpointRefused(Exception):
    """An endpoint that nothing is sent to: it is not https, malformed, or leads to a private network."""


async def connect(
    url: str, *, allow_private: bool, look_up: LookUp, context: ssl.SSLContext, threads: ThreadPoolExecutor
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return a connection to the host of an address, over TLS when it is https.

    Args:
        url: of the endpoint.
        allow_private: whether it may be http, this machine or a private network. Link-local addresses and those where
            clouds keep their secrets are refused anyway.
        look_up: finds the addresses of a name.
        context: checks certificates.
        threads: of look-ups, which cannot be called off.

    Raises EndpointRefused: nothing may be sent there. Raises OSError: it cannot be found or reached, or has no valid certificate.
    """
    is_tls = urlsplit(url).scheme == "https"
    if not is_tls and not allow_private:
        raise EndpointRefused("it is not https")
    if refused := refusal_of(url, allow_private=allow_private):
        raise EndpointRefused(refused.kind.value)
    host, port = host_of(url), urlsplit(url).port or (443 if is_tls else 80)
    problem: OSError | None = None
    for address in await _addresses_of(host, allow_private=allow_private, look_up=look_up, threads=threads):
        try:
            return await asyncio.open_connection(
                address, port, ssl=context if is_tls else None, server_hostname=host if is_tls else None
            )
        except OSError as error:
            problem = error
    raise problem or OSError(f"{host} has no address")


async def _addresses_of(
    host: str, *, allow_private: bool, look_up: LookUp, threads: ThreadPoolExecutor
) -> tuple[str, ...]:
    """Return the IP addresses of a host that may be connected to."""
    loop = asyncio.get_running_loop()
    try:
        answers = await loop.run_in_executor(threads, look_up, host, 0, socket.AF_UNSPEC, socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{host} cannot be looked up") from error
    found = tuple(dict.fromkeys(str(answer[4][0]) for answer in answers))
    for address in found:
        kind = kind_of_address(address)
        if kind is AddressKind.NEVER or (kind is AddressKind.PRIVATE and not allow_private):
            raise EndpointRefused(f"{host} leads to {address}, which is not on the public internet")
    return found[:_ADDRESSES_MAX]
