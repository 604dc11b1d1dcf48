"""A source file as models: what a person may write, with types, limits and defaults. `pushcart sources schema` shows it.

Loads neither Scrapy nor any spider.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, PrivateAttr, model_validator

from corpus.rights import Show
from corpus.types import Source
from crawler.sources.fields import (
    Addresses,
    Country,
    HostAndPort,
    Hours,
    Languages,
    Regexes,
    Selector,
    Slug,
    SmallTexts,
    Text,
    TimeZone,
    refusal,
)
from crawler.sources.rules import (
    AddressRules,
    ApiRules,
    AtLeastOne,
    Count,
    FeedRules,
    ListingRules,
    NoRules,
    OaiRules,
    ProtocolRules,
    SitemapRules,
    SourceTable,
)

Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
DAYS_MAX = 36_500
MINUTES_MAX = 525_600
"""Most minutes that a run may be given: a year."""


class FileRules(AddressRules):
    """Which files of a landing page are the publication."""

    html_text: Literal["when_no_pdf", "always", "never"] = "when_no_pdf"
    """Whether the landing page itself is kept as the text."""
    html_characters_min: Count = 500
    """Fewest characters of its main part for that."""
    main: Selector = ""
    """The part of the landing page where links to files count; without it: its main part."""
    hosts: SmallTexts = ()
    """Hosts of files besides the source's own site, such as a file server's."""
    per_landing_page_max: AtLeastOne = 10
    """Most files of one landing page."""


class Politeness(SourceTable):
    """How gently the source's hosts are asked."""

    delay_seconds: Seconds = 2.0
    """Shortest time between two requests to one host; longer when it answers slowly or asks for it."""
    requests_at_once: AtLeastOne = 1
    """Most requests to one host at the same time; the delay between them stays."""
    retries: Count = 2
    """How often a request is repeated after a passing failure."""
    retry_gap_seconds: Seconds = 5.0
    """Time before the first repetition, doubled for each further one; `Retry-After` counts more."""
    timeout_seconds: Annotated[float, Field(ge=0.1, allow_inf_nan=False)] = 60.0
    """Longest silence of an answer; it must also bring 8 KiB a second in the long run."""
    requests_max: AtLeastOne = 50_000
    """Most requests of one run; then it pauses, and the next run goes on."""
    mebibytes_max: AtLeastOne = 20_000
    """Most MiB of one run; then it pauses. A file that has begun to come may go beyond."""
    minutes_max: Annotated[int, Field(ge=1, le=MINUTES_MAX)] | None = None
    """Longest time of one run; then it pauses. Without it: `PUSHCART_HARVEST_MINUTES_MAX`."""
    hours: Hours = None
    """Between which times of the day the source is asked, as `"22:00-06:00"`; without it: at any time."""
    time_zone: TimeZone = "UTC"
    """The clocks of `hours`, as `"Africa/Accra"`."""
    allow_private: bool = False
    """`true`: this machine and private networks may be asked, at the hosts and ports of `start` and `[files] hosts`."""


class DocumentSpan(SourceTable):
    """How many files a run must bring or confirm; of a run that asked only for what changed, what the source holds then."""

    at_least: Count = 1
    """A run with fewer is reported as broken."""
    at_most: Count | None = None
    """A run with more is reported as broken; without it: no limit."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.at_most is not None and self.at_most < self.at_least:
            raise refusal(f"`at_most` ({self.at_most}) is less than `at_least` ({self.at_least}).", key="at_most")
        return self


class RunExpectation(SourceTable):
    """What a run must bring, or it is reported as broken."""

    documents_per_run: DocumentSpan = DocumentSpan()
    """Files that a run must bring or confirm: `{ at_least = 20, at_most = 400 }`."""
    drop_share_max: Annotated[float, Field(ge=0, le=1)] = 0.5
    """A full run that brings less than this share of what the last full run brought is broken; `0`: never."""

    @property
    def at_least(self) -> int:
        """Return the fewest files of a run."""
        return self.documents_per_run.at_least

    @property
    def at_most(self) -> int | None:
        """Return the most files of a run; None: no limit."""
        return self.documents_per_run.at_most


class Schedule(SourceTable):
    """When a source is due."""

    every_days: Annotated[float, Field(ge=0.01, le=DAYS_MAX)] = 7.0
    """How long after the start of one run `pushcart harvest --due` asks again; `0.5` is twice a day."""
    full_every_days: Annotated[float, Field(ge=0, le=DAYS_MAX)] = 30.0
    """How often everything is asked for again, where changes can be asked for (OAI-PMH, APIs)."""

    @property
    def every(self) -> timedelta:
        """Return `every_days` as a span of time."""
        return timedelta(days=self.every_days)

    @property
    def full_every(self) -> timedelta:
        """Return `full_every_days` as a span of time."""
        return timedelta(days=self.full_every_days)


class SourceFile(SourceTable):
    """One source, as its file declares it. Each protocol has a model of its own below."""

    slug: Slug
    """Short name: small letters, digits, hyphens. Never change it: documents hang on it."""
    name: Text
    """Name of the publisher or collection, for people."""
    protocol: str
    """How the publications are listed; it has a table of that name."""
    start: Addresses
    """First pages of listings or APIs, feeds, sitemaps, base addresses of OAI-PMH, or the publications."""
    homepage: str = ""
    """The publisher's site, shown on the sources page."""
    country: Country = None
    """ISO 3166-1 alpha-3 code, such as `ZAF`; leave it out for an international publisher."""
    languages: Languages = ()
    """ISO 639 codes, such as `en`."""
    licence: str = ""
    """Licence of everything that the source brings, such as `CC BY 4.0`; it counts for documents that name none."""
    show: Annotated[Show, Field(strict=False)] | None = None
    """What others are shown of its documents, whatever their licences say: file and text, text, or passages around words."""
    verified: bool = True
    """`false`: never yet run against the live site, and so harvested only by name."""
    note: str = ""
    """For people: where the addresses come from, what to watch."""
    sample: bool = False
    """Whether its documents are marked as samples."""
    ignored_kinds: SmallTexts = ()
    """Kinds of record that are not publications: `type` of the metadata, category of the feed."""
    about: Regexes = ()
    """Only publications count in whose title, keywords or abstract one is found; none: all. For catalogues that have no list
    of the subject."""
    connect_to: HostAndPort = ""
    """`127.0.0.1:8001`: what is connected to instead of the hosts of `start`, for a site that is served here for a while
    and keeps its addresses."""
    files: FileRules = FileRules()
    """Which files of a landing page are the publication."""
    polite: Politeness = Politeness()
    """How gently the source's hosts are asked."""
    expect: RunExpectation = RunExpectation()
    """What a run must bring, or it is reported as broken."""
    schedule: Schedule = Schedule()
    """When a source is due."""

    _path: Path | None = PrivateAttr(None)
    _verified_on: date | None = PrivateAttr(None)

    def model_post_init(self, context: Any) -> None:
        """Remember the file that declares it; pydantic calls this."""
        self._path = context.get("path") if isinstance(context, dict) else None

    @property
    def path(self) -> Path | None:
        """Return the file that declares it; None when it was made in a program."""
        return self._path

    @property
    def verified_on(self) -> date | None:
        """Return the day on which `pushcart sources verify` found it as its file says; None: it never did, or its rules are
        others now."""
        return self._verified_on

    def as_verified(self, on: date) -> Self:
        """Return it as verified on a day."""
        verified = self.model_copy(update={"verified": True})
        verified._verified_on = on
        return verified

    @property
    def rules(self) -> ProtocolRules:
        """Return the table that has the name of the protocol."""
        return getattr(self, self.protocol)  # type: ignore[no-any-return]

    @property
    def is_sample(self) -> bool:
        """Return whether its documents are marked as samples."""
        return self.sample

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
            is_sample=self.sample,
        )


class ListingSource(SourceFile):
    """A source whose publications a listing of web pages names."""

    protocol: Literal["listing"] = "listing"
    listing: ListingRules = ListingRules()


class FeedSource(SourceFile):
    """A source whose publications a feed names: RSS, Atom or JSON Feed."""

    protocol: Literal["feed"] = "feed"
    feed: FeedRules = FeedRules()


class SitemapSource(SourceFile):
    """A source whose publications sitemaps name."""

    protocol: Literal["sitemap"] = "sitemap"
    sitemap: SitemapRules = SitemapRules()


class OaiSource(SourceFile):
    """A source that is a repository with OAI-PMH."""

    protocol: Literal["oai"] = "oai"
    oai: OaiRules = OaiRules()


class ApiSource(SourceFile):
    """A source that a JSON API describes."""

    protocol: Literal["api"] = "api"
    api: ApiRules


class AddressesSource(SourceFile):
    """A source that is a plain list of addresses: of files, or of landing pages."""

    protocol: Literal["addresses"] = "addresses"
    addresses: NoRules = NoRules()


AnySource = Annotated[
    ListingSource | FeedSource | SitemapSource | OaiSource | ApiSource | AddressesSource,
    Field(discriminator="protocol"),
]
PROTOCOLS: dict[str, type[SourceFile]] = {
    each.model_fields["protocol"].default: each for each in get_args(get_args(AnySource)[0])
}
"""By protocol: the model of its source files."""
