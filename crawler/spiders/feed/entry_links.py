"""What the entries of all kinds of feeds have in common: from the links of an entry to its leads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from corpus.reasons import Skip, SkipKind
from corpus.types import FieldEvidence
from corpus.urls import absolute_url
from crawler.pages.links import file_kind
from crawler.pages.listed_links import Link, LinkKind
from crawler.sources.rules import FeedRules

ABSTRACT_CHARACTERS_MAX = 5_000


@dataclass(frozen=True, slots=True)
class EntryLinks:
    """Where one entry leads."""

    page: str = ""
    """Absolute address of its page; empty: none."""
    enclosed: tuple[tuple[str, str], ...] = ()
    """(absolute address, media type) of what it encloses, as the feed says; either may be empty."""
    modified: str = ""
    """When the entry changed last, as the feed says; a moment of publication is none."""


def gather(
    entries: Iterable[tuple[EntryLinks, FieldEvidence]], rules: FeedRules
) -> tuple[tuple[Link, ...], dict[Skip, int]]:
    """Return the leads of a feed's entries, each address once, and how many entries gave none, by reason."""
    leads: dict[str, Link] = {}
    skipped: Counter[Skip] = Counter()
    for links, evidence in entries:
        offered = tuple(links_of(links, evidence=evidence, rules=rules))
        admitted = [link for link in offered if rules.admit(link.url)]
        fresh = [link for link in admitted if link.url not in leads]
        if not offered:
            skipped[Skip(SkipKind.ENTRY_WITHOUT_LINK)] += 1
        elif not admitted:
            skipped[Skip(SkipKind.ADDRESS_DENIED)] += 1
        elif not fresh:
            skipped[Skip(SkipKind.ENTRY_REPEATED)] += 1
        leads |= {link.url: link for link in fresh}
    return tuple(leads.values()), dict(skipped)


def links_of(links: EntryLinks, *, evidence: FieldEvidence, rules: FeedRules) -> Iterator[Link]:
    """Return the leads of an entry: its landing page, which remembers the PDFs that it encloses.

    An entry without a page, or of a feed whose entries have no landing pages, leads to the PDFs, or to the page as a text.
    """
    kinds = tuple(item.value.casefold() for item in evidence.get("keyword", ()))
    enclosed = (address for address, media in links.enclosed if address and file_kind(address, declared=media) == "pdf")
    files = tuple(dict.fromkeys(enclosed))
    if links.page and rules.landing and file_kind(links.page) != "pdf":
        yield Link(
            url=links.page,
            kind=LinkKind.LANDING,
            evidence=evidence,
            kinds=kinds,
            files=files,
            modified=links.modified,
        )
        return
    for address in files or ((links.page,) if links.page else ()):
        yield Link(url=address, kind=LinkKind.FILE, evidence=evidence, kinds=kinds, modified=links.modified)


def absolute(href: Any, base: str) -> str:
    """Return an absolute http(s) address without fragment; empty when it is none."""
    return absolute_url(href, base=base) if isinstance(href, str) and href.strip() else ""
