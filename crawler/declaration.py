"""A source as its TOML file declares it: frozen, checked, ready for a spider. docs/sources.md explains every key."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path

from corpus.rights import Show
from corpus.types import Source
from crawler.address_rules import AddressRules
from crawler.patterns import Pattern
from crawler.protocols.declared import ProtocolRules


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
    mebibytes_max: int = 20_000
    """Most MiB that one run fetches."""
    minutes_max: int | None = None
    """Longest time of one run; what is left then is fetched by the next one, which goes on. None: as the settings say."""
    hours: tuple[time, time] | None = None
    """Between which times of the day the source is asked, such as 22:00 to 06:00; None: at any time."""
    time_zone: str = "UTC"
    """IANA name of the zone of `hours`."""
    allow_private: bool = False
    """True: private and loopback addresses may be fetched. For one's own network, and for the sample publisher."""


@dataclass(frozen=True, slots=True)
class RunExpectation:
    """What a run must bring, or it is reported as broken (`[expect]`)."""

    at_least: int = 1
    """Documents, new or confirmed; of a run that asked only for what changed, what the source holds then."""
    at_most: int | None = None
    drop_share_max: float = 0.5
    """A full run that brings less than this share of what the last full run brought is broken; 0: never."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a source is due (`[schedule]`)."""

    every: timedelta = timedelta(days=7)
    """From the start of one run to the next."""
    full_every: timedelta = timedelta(days=30)
    """How often everything is asked for again, of protocols that can ask for what changed since a moment."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One source, as declared."""

    slug: str
    name: str
    protocol: str
    """A key of crawler.protocols.declared.RULES_OF: which spider, and which table of rules."""
    start: tuple[str, ...]
    """Where to begin: first pages of listings or APIs, feeds, sitemaps, base addresses of OAI-PMH, or the publications."""
    rules: ProtocolRules
    homepage: str = ""
    connect_to: str = ""
    """HOST:PORT that is connected to for the hosts of `start`, over http, as to a proxy; empty: the hosts themselves. Addresses are
    kept as they are: a site that is served here for a while, on any port, has the same addresses each time."""
    country: str | None = None
    """ISO 3166-1 alpha-3; None for an international publisher."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes."""
    licence: str = ""
    show: Show | None = None
    """What a public page shows of its documents, whatever their licences say; None: these say it."""
    verified: bool = True
    """False: written from published descriptions and never yet run against the live site."""
    verified_on: date | None = None
    """The day on which `pushcart sources verify` found it as its file says; None: it never did, or its rules are others now."""
    note: str = ""
    """For a librarian: where the addresses come from, what to watch."""
    is_sample: bool = False
    ignored_kinds: frozenset[str] = frozenset()
    """Kinds of record (metadata type or feed category, small letters) that are seen and are no publications."""
    about: tuple[Pattern, ...] = ()
    """Only publications are taken of whose title, keywords or abstract one of these is a part; empty: all. For catalogues that
    have no list of the subject."""
    files: FileRules = field(default_factory=FileRules)
    polite: Politeness = field(default_factory=Politeness)
    expect: RunExpectation = field(default_factory=RunExpectation)
    schedule: Schedule = field(default_factory=Schedule)
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
