"""Addresses in one spelling, and the ids made from them."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from corpus.text import clean_address

_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|mc_[ce]id|_ga|_gl)", re.IGNORECASE)
"""Parameters that say where a reader came from, not what is read."""


_NO_HOST = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")
_MEANS_WEB = re.compile(r"\s*(https?:|//)", re.IGNORECASE)


def canonical_url(url: str) -> str:
    """Return the one spelling of an address under which we keep it.

    Scheme and host in small letters, no fragment, no default port, parameters sorted, tracking parameters dropped,
    escapes in one form. Two addresses that differ otherwise stay different: `http` is not `https`, a final slash counts.
    Addresses that are not http(s), such as `file:`, and malformed ones come back as they are. Repeating it changes nothing.
    """
    text = clean_address(url)
    if not is_web_address(text):
        return text
    parts = urlsplit(text)
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


def is_web_address(url: str) -> bool:
    """Say whether a text is an absolute http(s) address that can be asked: with a host, and a port that is one."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises what the port is not
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and bool(host) and not _NO_HOST.search(host)


def absolute_url(href: str, *, base: str) -> str:
    """Return the absolute http(s) address, without fragment, that a link on a page means; empty when it means none.

    Args:
        base: the address of the page.
    """
    try:
        url = urldefrag(urljoin(base, href.strip())).url
    except ValueError:
        return ""
    return url if is_web_address(url) else ""


def is_malformed_link(href: str, *, base: str) -> bool:
    """Say whether a link is meant for the web and leads nowhere: `http://[::1`, `http://host:80b/`; not so `mailto:`."""
    return bool(_MEANS_WEB.match(href)) and not absolute_url(href, base=base)


def document_id(source: str, key: str) -> str:
    """Return the id of a document first seen in a source.

    Args:
        key: its canonical address, or its SHA-256 if a person added it.
    """
    return "d" + hashlib.sha256(f"{source}\n{key}".encode()).hexdigest()[:16]


def work_id(source: str, landing_url: str) -> str:
    """Return the id of the work that a landing page describes: all files and languages offered there are one work."""
    return "w" + hashlib.sha256(f"{source}\n{landing_url}".encode()).hexdigest()[:16]
