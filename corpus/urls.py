"""Addresses: what is one, what a link on a page means, the key under which we know it, and the ids made from keys.

A *link* is what the publisher wrote: it is fetched and shown. A *key* says which links are one: it is compared and never
fetched or shown. A key is an `AddressKey`, so that the type checker refuses a link where a key is wanted.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable
from typing import NamedTuple, NewType
from urllib.parse import unquote, urlsplit

from corpus.text import clean_address

AddressKey = NewType("AddressKey", str)
"""What two links have in common when they are one address; see `canonical_url`."""

_TRACKING = re.compile(r"(utm_\w+|fbclid|gclid|mc_[ce]id|_ga|_gl)", re.IGNORECASE)
"""Parameters that say where a reader came from, not what is read."""
_PARTS = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?([^?#]*)(\?[^#]*)?", re.DOTALL)
"""RFC 3986, appendix B, without the fragment. Python's urlsplit cannot tell `a?` from `a`, nor urljoin `a;` from `a`."""
_PLACE = re.compile(r"(\[[^\]]*\]|[^:]*)(?::(\d*))?")
_NO_HOST = re.compile(r"[\x00-\x20\x7f\ud800-\udfff]")
_MEANS_WEB = re.compile(r"(https?:|//)", re.IGNORECASE)
_ONE_SLASH = re.compile(r"(https?):/(?!/)", re.IGNORECASE)
_NOT_SENT = re.compile(r"[^!$%&'()*+,/:;=?@\w.~-]+", re.ASCII)
"""What RFC 3986 allows in no path and no query, and HTTP therefore cannot send."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[\w.~-]", re.ASCII)
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_AROUND = "".join(map(chr, range(0x21)))


class _Parts(NamedTuple):
    scheme: str
    authority: str | None
    """None: there is no `//`."""
    path: str
    query: str
    """With its question mark; empty when there is none."""


def canonical_url(url: str) -> AddressKey:
    """Return the key of an address: equal for two links exactly when they are one by their spelling.

    It normalises what RFC 3986 (section 6.2) allows, and no more: letters of scheme, host and escapes, escapes of letters,
    digits and `-._~`, the default port, dots in the path, an empty path. Hosts and paths in other alphabets are spelled as
    HTTP sends them. Beyond that, the fragment and tracking parameters are dropped: they do not choose what is read. All
    else may mean another file: the order of parameters, `?a` and `?a=`, `+` and `%20`, session ids, a final slash.

    Addresses that are not http(s), such as `file:`, and malformed ones come back as they are. Repeating it changes nothing.
    """
    given = clean_address(url)
    parts = _split(_ONE_SLASH.sub(r"\1://", _as_browsers_read(given), count=1))
    if parts.authority is None or not is_web_address(_joined(parts)):
        return AddressKey(given)
    scheme = parts.scheme.lower()
    authority = _normal_authority(parts.authority, default_port=_DEFAULT_PORTS[scheme])
    path = _without_dots(_normal_escapes(parts.path)) or "/"
    return AddressKey(_joined(_Parts(scheme, authority, path, _normal_escapes(_untracked(parts.query)))))


def is_same_address(link: str, other: str) -> bool:
    """Say whether two links are one address."""
    return canonical_url(link) == canonical_url(other)


def is_web_address(url: str) -> bool:
    """Say whether a text is an absolute http(s) address that can be asked: with a host, and a port that is one."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises what the port is not
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and bool(host) and not _NO_HOST.search(host)


def absolute_url(href: str, *, base: str, encoding: str = "utf-8") -> str:
    r"""Return the absolute http(s) address, without fragment, that a link on a page means; empty when it means none.

    As browsers do it: white space around it goes, and `\` is `/` before the query. All else stays as the publisher wrote it;
    `sent_url` escapes what HTTP cannot carry.

    Args:
        base: the address of the page, or of its `base` element.
        encoding: of the page. Browsers escape other alphabets in a query in it, so that must be done while it is known; an
            unknown one counts as UTF-8.
    """
    parts, around = _split(_as_browsers_read(href)), _split(base)
    if parts.scheme and parts.scheme.lower() not in _DEFAULT_PORTS:
        return ""
    if parts.authority is None and parts.scheme and parts.scheme.lower() != around.scheme.lower():
        parts = _split(_ONE_SLASH.sub(r"\1://", _joined(parts), count=1))
    elif parts.authority is None:
        parts = _relative(parts, around)
    query = parts.query if _is_utf_8(encoding) else _NOT_ASCII.sub(_escape_in(encoding), parts.query)
    url = _joined(parts._replace(scheme=parts.scheme or around.scheme, query=query))
    return url if is_web_address(url) else ""


def sent_url(url: str) -> str:
    """Return an http(s) address as it is sent: without fragment, what HTTP cannot carry escaped, all else untouched.

    Others come back as they are. Repeating it changes nothing.
    """
    parts = _split(_as_browsers_read(url))
    authority = parts.authority or ""
    if not is_web_address(_joined(parts)):
        return url
    authority = authority if authority.isascii() else _in_ascii(authority)
    path = parts.path or ("/" if parts.query else "")  # a request cannot begin with a question mark
    return _joined(_Parts(parts.scheme, authority, _escaped(path), _escaped(parts.query)))


def is_malformed_link(href: str, *, base: str) -> bool:
    """Say whether a link is meant for the web and leads nowhere: `http://[::1`, `http://host:80b/`; not so `mailto:`."""
    return bool(_MEANS_WEB.match(_as_browsers_read(href))) and not absolute_url(href, base=base)


def document_id(source: str, key: str) -> str:
    """Return the id of a document first seen in a source.

    Args:
        key: the key of its address, or its SHA-256 if a person added it.
    """
    return "d" + hashlib.sha256(f"{source}\n{key}".encode()).hexdigest()[:16]


def _split(url: str) -> _Parts:
    found = _PARTS.match(url)
    assert found is not None  # it matches the empty text
    return _Parts(found[1] or "", found[2], found[3], found[4] or "")


def _joined(parts: _Parts) -> str:
    scheme = f"{parts.scheme}:" if parts.scheme else ""
    authority = f"//{parts.authority}" if parts.authority is not None else ""
    return f"{scheme}{authority}{parts.path}{parts.query}"


def _as_browsers_read(href: str) -> str:
    """Return a link without white space around it and line breaks in it, and with slashes for backslashes."""
    text = re.sub(r"[\t\n\r]", "", href.strip(_AROUND))
    if re.match(r"(?!https?:)[A-Za-z][A-Za-z0-9+.-]*:", text, re.IGNORECASE):
        return text
    end = re.search(r"[?#]", text)
    before = text[: end.start()] if end else text
    return before.replace("\\", "/") + text[len(before) :]


def _relative(parts: _Parts, base: _Parts) -> _Parts:
    """Return what a reference without a host means on a page (RFC 3986, section 5.2.2)."""
    if not parts.path:
        return base._replace(query=parts.query or base.query)
    path = parts.path if parts.path.startswith("/") else f"{base.path.rpartition('/')[0]}/{parts.path}"
    return _Parts(base.scheme, base.authority, _without_dots(path), parts.query)


def _without_dots(path: str) -> str:
    """Return a path with its segments `.` and `..` followed (RFC 3986, section 5.2.4); empty segments stay."""
    kept: list[str] = []
    segments = path.split("/")
    for number, segment in enumerate(segments):
        plain = segment.replace("%2e", ".").replace("%2E", ".")
        if plain not in (".", ".."):
            kept.append(segment)
            continue
        if plain == ".." and len(kept) > 1:
            kept.pop()
        if number == len(segments) - 1:
            kept.append("")  # what ends in dots is a folder
    return "/".join(kept)


def _escaped(text: str) -> str:
    return _NOT_SENT.sub(_escape_in("utf-8"), text)


def _escape_in(encoding: str) -> Callable[[re.Match[str]], str]:
    def escape(found: re.Match[str]) -> str:
        try:
            octets = found[0].encode(encoding)
        except UnicodeError:
            octets = found[0].encode("utf-8", "replace")
        return "".join(f"%{octet:02X}" for octet in octets)

    return escape


def _is_utf_8(encoding: str) -> bool:
    """Say whether a page's queries are escaped in UTF-8: so are those of UTF-16, which HTML says, and of unknown encodings."""
    try:
        return codecs.lookup(encoding).name.startswith("utf")
    except LookupError:
        return True


def _normal_escapes(text: str) -> str:
    def spell(escape: re.Match[str]) -> str:
        sign = chr(int(escape[1], 16))
        return sign if _UNRESERVED.fullmatch(sign) else escape[0].upper()

    return _ESCAPE.sub(spell, _escaped(_LONE_PERCENT.sub("%25", text)))


def _untracked(query: str) -> str:
    pieces = query[1:].split("&")
    kept = [each for each in pieces if not _TRACKING.fullmatch(unquote(each.partition("=")[0]))]
    # `a?` and `a` are two addresses, but tracking alone is no query.
    return query if len(kept) == len(pieces) else f"?{'&'.join(kept)}" if kept else ""


def _normal_authority(authority: str, *, default_port: str) -> str:
    user, at, place = authority.rpartition("@")
    found = _PLACE.fullmatch(place)
    host, port = (found[1], found[2] or "") if found else (place, "")
    host = _in_ascii(unquote(host, errors="surrogateescape")) if "%" in host or not host.isascii() else host
    port = port.lstrip("0") or port[:1]
    return f"{user}{at}{host.lower()}{f':{port}' if port not in ('', default_port) else ''}"


def _in_ascii(host: str) -> str:
    """Return a host, with port and all, in the alphabet of names (IDNA); one that has no such form is escaped."""
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return _escaped(host)
