"""A resolver for tests, loaded by each Python process that has this folder on its PYTHONPATH: every name has one public address.

Nobody connects to it: the process has http_proxy set to `tests.publisher.world.World`, which answers for every host.
"""

from __future__ import annotations

import socket
from typing import Any

_PUBLIC = "93.184.215.14"
_real = socket.getaddrinfo


def _look_up(host: Any, port: Any, *args: Any, **others: Any) -> Any:
    is_here = str(host).replace(".", "").isdecimal() or host in (None, "localhost") or ":" in str(host)
    return _real(host if is_here else _PUBLIC, port, *args, **others)


socket.getaddrinfo = _look_up
