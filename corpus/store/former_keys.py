"""The keys of files before migration 0009, by which a link finds the row that was kept for it then.

They joined what was not one: an escape that is not UTF-8 lost its meaning, `?a` became `?a=`, parameters were sorted. So a
row of that time does not say how the publisher wrote its link. Migration 0009 notes the old key, and the first harvest
after it gives the row to the first link that had this key; see `_sighted` in corpus/store/files.py.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

from corpus.text import clean_address
from corpus.urls import is_web_address

_DROPPED = re.compile(r"(utm_\w+|fbclid|gclid|mc_[ce]id|_ga|_gl)", re.IGNORECASE)


def former_key(url: str) -> str:
    """Return the key that a link had before migration 0009. Never change it: rows of databases hold what it returned."""
    text = clean_address(url)
    if not is_web_address(text):
        return text
    parts = urlsplit(text)
    kept = [
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _DROPPED.fullmatch(name)
    ]
    host = (parts.hostname or "").lower()
    if ":" in host:  # IPv6
        host = f"[{host}]"
    default_port = {"http": 80, "https": 443}[parts.scheme.lower()]
    if parts.port and parts.port != default_port:
        host = f"{host}:{parts.port}"
    plain = urlunsplit((parts.scheme.lower(), host, parts.path or "/", urlencode(kept), ""))
    return str(canonicalize_url(plain))
