"""Which documents of a digest are shown in an e-mail, and how fully: a too-broad search must not bury the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from alerts.writing.content import DigestContent, DigestEntry, DigestSearch

DOCUMENTS_MAX = 100
"""Documents that one e-mail shows."""


class Size(NamedTuple):
    """How much of a digest is shown."""

    searches: int
    of_each: int
    """Documents of one search."""
    full: int
    """Of these, those with passage and reason; the others with title, publisher and year only."""


SIZES = tuple(
    Size(*each)
    for each in (
        *((100, 20, 20), (100, 20, 10), (100, 20, 5), (100, 20, 3)),
        *((100, 10, 1), (60, 5, 1), (50, 2, 1), (40, 1, 1), (25, 1, 0), (10, 1, 0), (5, 1, 0)),
    )
)
"""From the fullest on: the first whose e-mail is small enough is sent."""


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """A document as an e-mail shows it."""

    entry: DigestEntry
    is_full: bool
    is_above: bool
    """A search above it shows it fully."""


@dataclass(frozen=True, slots=True)
class ShownSearch:
    """A search as an e-mail shows it."""

    search: DigestSearch
    entries: tuple[ShownEntry, ...]
    more: int
    """Documents of it that are not shown."""


@dataclass(frozen=True, slots=True)
class ShownDigest:
    """What an e-mail shows of a digest."""

    searches: tuple[ShownSearch, ...]
    more: int
    """Searches that are not shown."""


def shown_of(content: DigestContent, size: Size) -> ShownDigest:
    """Return what is shown of a digest; at least one document, and at most DOCUMENTS_MAX."""
    searches = content.searches[: min(size.searches, DOCUMENTS_MAX)]
    of_each = _share([min(len(search.entries), size.of_each) for search in searches])
    seen: set[str] = set()
    shown = []
    for search, count in zip(searches, of_each, strict=True):
        entries = tuple(_entries(search.entries[:count], full=size.full, seen=seen))
        shown.append(ShownSearch(search=search, entries=entries, more=search.total - count))
    return ShownDigest(searches=tuple(shown), more=len(content.searches) - len(searches))


def _entries(entries: tuple[DigestEntry, ...], *, full: int, seen: set[str]) -> Iterator[ShownEntry]:
    """Yield documents; `seen` are those that a search above shows, and grows."""
    for number, entry in enumerate(entries):
        is_above = entry.id in seen
        seen.add(entry.id)
        yield ShownEntry(entry=entry, is_full=number < full and not is_above, is_above=is_above)


def _share(wanted: list[int]) -> list[int]:
    """Return how many each gets of DOCUMENTS_MAX: all get what they want up to one common number, none less than one."""
    for most in range(max(wanted), 1, -1):
        given = [min(each, most) for each in wanted]
        if sum(given) <= DOCUMENTS_MAX:
            return given
    return [1] * len(wanted)
