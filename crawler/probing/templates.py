"""From the addresses of publications to the regular expressions that let them, and little else, pass."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import parse_qsl, urlsplit

from crawler.sources.patterns import Pattern

PATTERNS_MAX = 4
_SHARE_MIN = 0.05
"""A kind of address that fewer of the addresses have is an exception, and not let in."""
_SHAPELESS_SHARE_MAX = 0.2
"""When more of the addresses have nothing in common, patterns would leave out too much."""


def allow_patterns(urls: Sequence[str]) -> tuple[str, ...]:
    """Return patterns for `allow` that let in the addresses of a list of publications, the commonest kind first.

    Empty: the addresses have nothing in common that others have not.
    """
    groups: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        groups.setdefault(_kind_of(url), []).append(url)
    ranked = sorted(groups.values(), key=len, reverse=True)
    patterns = []
    for group in ranked[:PATTERNS_MAX]:
        if pattern := _pattern(group):
            patterns += [pattern] if len(group) >= _SHARE_MIN * len(urls) else []
        elif len(group) > _SHAPELESS_SHARE_MAX * len(urls):
            return ()
    return tuple(dict.fromkeys(patterns))


def admits(patterns: Iterable[str], url: str) -> bool:
    """Say whether one of the patterns lets an address in."""
    return any(Pattern(text).is_in(url) for text in patterns)


def _kind_of(url: str) -> str:
    """Return what addresses of one kind share: the first folder, or how a query names the publication."""
    parts = urlsplit(url)
    if parts.path.casefold().endswith(".pdf"):
        return "pdf"
    segments = _segments(parts.path)
    if len(segments) > 1:
        return "/" + (r"\d" if segments[0].isdigit() else segments[0])
    return f"{parts.path}?{'&'.join(sorted(name for name, _ in parse_qsl(parts.query)))}" if parts.query else ""


def _pattern(urls: Sequence[str]) -> str:
    """Return a pattern for addresses of one kind; empty when they have nothing in common."""
    paths = [_segments(urlsplit(url).path) for url in urls]
    if all(url.casefold().partition("?")[0].endswith(".pdf") for url in urls):
        return r"\.pdf($|\?)"
    if keys := _common_keys(urls):
        return rf"{_escaped(urlsplit(urls[0]).path)}\?(.*&)?{re.escape(keys[0])}="
    if len({len(path) for path in paths}) == 1:
        *folders, names = zip(*paths, strict=True) if paths[0] else [()]
        # One address shows no more than its folder.
        pieces = [_piece(values, is_folder=True) for values in folders] + [_piece(names, is_folder=False)]
        if all(piece == _ANY for piece in pieces):
            return ""
        return f"/{'/'.join(pieces)}/?$"
    shared = _shared_folders(paths)
    return f"/{'/'.join(_escaped(each) for each in shared)}/." if shared else ""


_ANY = "[^/?#]+"


def _piece(values: Sequence[str], *, is_folder: bool) -> str:
    """Return the pattern of one step of paths."""
    if len(set(values)) == 1 and (is_folder or len(values) > 1) and not values[0].isdigit():
        return _escaped(values[0])
    return r"\d+" if all(value.isdigit() for value in values) else _ANY


def _shared_folders(paths: Sequence[Sequence[str]]) -> list[str]:
    shared = []
    for values in zip(*(path[:-1] for path in paths), strict=False):
        if len(set(values)) > 1:
            break
        shared.append(values[0])
    return shared


def _common_keys(urls: Sequence[str]) -> list[str]:
    """Return the keys of the query that all addresses of one path have, with other values."""
    if len({urlsplit(url).path for url in urls}) > 1 or not urlsplit(urls[0]).query:
        return []
    queries = [dict(parse_qsl(urlsplit(url).query)) for url in urls]
    counts = Counter(key for query in queries for key in query)
    common = [key for key, count in counts.items() if count == len(urls)]
    return [key for key in common if len({query[key] for query in queries}) == len(urls)]


def _segments(path: str) -> list[str]:
    return [each for each in path.split("/") if each]


def _escaped(text: str) -> str:
    """Return text as a regular expression, only what means something in one being escaped."""
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)
