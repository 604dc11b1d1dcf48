"""The sample site's log of requests."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """One request and what was answered."""

    method: str
    target: str
    """Path and query as they were asked."""
    status: int
    """0 when the reader went away before an answer."""
    body_bytes: int
    """Bytes of the body that were sent; 0 for a 304."""
    user_agent: str
    is_conditional: bool
    """True when it carried If-None-Match or If-Modified-Since."""
    at: float
    """When the answer ended, seconds of `time.monotonic`."""

    @property
    def path(self) -> str:
        """Return the path without the query."""
        return urlsplit(self.target).path
