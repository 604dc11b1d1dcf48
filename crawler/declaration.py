"""A source as its TOML file declares it: frozen, checked, ready for a spider. docs/sources.md explains every key."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from corpus.types import Source


@dataclass(frozen=True, slots=True)
class AddressRules:
    """Which addresses count. Patterns are searched for in the whole absolute address."""

    allow: tuple[re.Pattern[str], ...] = ()
    """At least one must be found; empty: every address counts."""
    deny: tuple[re.Pattern[str], ...] = ()
    """None may be found."""

    def admit(self, url: str) -> bool:
        """Say whether an address counts."""
        if self.allow and not any(pattern.search(url) for pattern in self.allow):
            return False
        return not any(pattern.search(url) for pattern in self.deny)


@dataclass(frozen=True, slots=True)
class ListingRules:
    """How an HTML listing is walked (`[listing]`)."""

    links: str = ""
    """XPath of the elements that link to publications, or contain such links; empty: every link of the main part."""
    addresses: AddressRules = field(default_factory=AddressRules)
    next: str = ""
    """XPath of the link to the next page of the listing; empty: rel=next and the usual marks of a pager."""
    page_address: str = ""
    """Address of one page of the listing with `{page}` for its number; empty: follow `next` instead."""
    first_page: int = 1
    """Number of the page after the start addresses, when `page_address` is given."""
    pages_max: int = 200
    """Most pages of one listing."""
    landing: bool = True
    """True: links lead to landing pages. False: each link is itself a file (a link to a PDF always is)."""


@dataclass(frozen=True, slots=True)
class FeedRules:
    """How an RSS or Atom feed is read (`[feed]`)."""

    addresses: AddressRules = field(default_factory=AddressRules)
    pages_max: int = 50
    """Most documents of one paged feed (RFC 5005), the first included."""
    landing: bool = True
    """True: an entry leads to a landing page. False: the page that it leads to is itself the text."""


@dataclass(frozen=True, slots=True)
class NoRules:
    """What addresses that a person typed need."""


ProtocolRules = ListingRules | FeedRules | NoRules


@dataclass(frozen=True, slots=True)
class FileRules:
    """Which files of a landing page are the publication (`[files]`)."""

    html_text: str = "when_no_pdf"
    """Whether the landing page itself is a text to keep: `when_no_pdf`, `always`, `never`."""
    html_characters_min: int = 500
    """A landing page whose main part has fewer characters of text is no text to keep."""
    main: str = ""
    """XPath of the part of the landing page where links to files count; empty: main, article, or what is no navigation."""
    addresses: AddressRules = field(default_factory=AddressRules)
    hosts: tuple[str, ...] = ()
    """Hosts of files besides the source's own site, such as that of a file server."""
    per_landing_page_max: int = 10
    """Most files taken from one landing page."""


@dataclass(frozen=True, slots=True)
class Politeness:
    """How gently the source's hosts are asked (`[polite]`)."""

    delay_seconds: float = 2.0
    """Shortest time between two requests to one host; AutoThrottle lengthens it when the host answers slowly."""
    requests_at_once: int = 1
    """Most requests to one host at the same time."""
    retries: int = 2
    """How often a request that failed for a passing reason is repeated."""
    retry_gap_seconds: float = 5.0
    """Time before the first repetition, doubled for each further one; the server's Retry-After counts more."""
    timeout_seconds: float = 60.0
    requests_max: int = 50_000
    """Most requests of one run: the end of every trap."""
    allow_private: bool = False
    """True: private and loopback addresses may be fetched. For one's own network, and for the sample publisher."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a run must bring, or it is reported as broken (`[expect]`)."""

    at_least: int = 1
    """Documents, new or confirmed."""
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One source, as declared."""

    slug: str
    name: str
    protocol: str
    """`listing`, `feed` or `addresses`: which spider, and which table of rules."""
    start: tuple[str, ...]
    """Addresses of the first pages of the listing, or of the feeds, or of the publications themselves."""
    rules: ProtocolRules
    homepage: str = ""
    country: str | None = None
    """ISO 3166-1 alpha-3; None for an international publisher."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes."""
    licence: str = ""
    verified: bool = True
    """False: written from published descriptions and never yet run against the live site."""
    note: str = ""
    """For a librarian: where the addresses come from, what to watch."""
    is_sample: bool = False
    ignored_kinds: frozenset[str] = frozenset()
    """Kinds of record (metadata type or feed category, small letters) that are seen and are no publications."""
    files: FileRules = field(default_factory=FileRules)
    polite: Politeness = field(default_factory=Politeness)
    expect: Expectation = field(default_factory=Expectation)
    path: Path | None = None
    """The file that declares it; None when it was made in a program."""

    def as_source(self) -> Source:
        """Return what the store keeps of it."""
        return Source(
            slug=self.slug,
            name=self.name,
            homepage=self.homepage,
            protocol=self.protocol,
            country=self.country,
            languages=self.languages,
            licence=self.licence,
            is_sample=self.is_sample,
        )
