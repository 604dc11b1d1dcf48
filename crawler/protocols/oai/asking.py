"""What a repository is asked, as addresses (OAI-PMH 2.0, 4)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

_ARGUMENTS = frozenset({"verb", "metadataPrefix", "set", "from", "until", "resumptionToken", "identifier"})


@dataclass(frozen=True, slots=True)
class Asking:
    """One request."""

    base: str
    """Address of the repository, as the source file gives it; a query of its own is kept."""
    verb: str
    prefix: str = ""
    set: str = ""
    """setSpec; empty: the whole repository."""
    since: str = ""
    """`from`, in the form that the repository wants; empty: everything is asked for."""
    until: str = ""
    """As `since`, the other end; empty: there is none."""
    token: str = ""
    """resumptionToken; where there is one, no other argument is sent."""

    @property
    def url(self) -> str:
        """Return its address."""
        parts = urlsplit(self.base)
        own = [
            (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in _ARGUMENTS
        ]
        given = (
            (("resumptionToken", self.token),)
            if self.token
            else (("metadataPrefix", self.prefix), ("set", self.set), ("from", self.since), ("until", self.until))
        )
        query = urlencode([*own, ("verb", self.verb), *((name, value) for name, value in given if value)])
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))
