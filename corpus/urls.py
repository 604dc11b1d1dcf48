"""Addresses in one spelling, and the ids made from them."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from corpus.text import clean_address

_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|mc_[ce]id|_ga|_gl)", re.IGNORECASE)
"""Parameters that say where a reader came from, not what is read."""


def canonical_url(url: str) -> str:
    """Return the one spelling of an address under which we keep it.

    Scheme and host in small letters, no fragment, no default port, parameters sorted, tracking parameters dropped,
    escapes in one form. Two addresses that differ otherwise stay different: `http` is not `https`, a final slash counts.
    Addresses that are not http(s), such as `file:`, come back as they are. Repeating it changes nothing.
    """
    text = clean_address(url)
    parts = urlsplit(text)
    if parts.scheme.lower() not in ("http", "https"):
        return text
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(name)
    ]
    host = (parts.hostname or "").lower()
    if ":" in host:  # IPv6
        host = f"[{host}]"
    default_port = {"http": 80, "https": 443}[parts.scheme.lower()]
    if parts.port and parts.port != default_port:
        host = f"{host}:{parts.port}"
    plain = urlunsplit((parts.scheme.lower(), host, parts.path or "/", urlencode(kept), ""))
    return str(canonicalize_url(plain))


def document_id(source: str, key: str) -> str:
    """Return the id of a document first seen in a source.

    Args:
        key: its canonical address, or its SHA-256 if a person added it.
    """
    return "d" + hashlib.sha256(f"{source}\n{key}".encode()).hexdigest()[:16]


def work_id(source: str, landing_url: str) -> str:
    """Return the id of the work that a landing page describes: all files and languages offered there are one work."""
    return "w" + hashlib.sha256(f"{source}\n{landing_url}".encode()).hexdigest()[:16]
