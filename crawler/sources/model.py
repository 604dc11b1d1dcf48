"""A source file as models: what a person may write, with types, limits and defaults. docs/source-files.md is made from it.

Loads neither Scrapy nor any spider.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, model_validator

from corpus.origins import Origin, OriginPlace
from corpus.rights import Show
from corpus.types import Source
from corpus.urls import is_web_address
from crawler.sources.fields import (
    Addresses,
    Country,
    HostAndPort,
    Hours,
    Languages,
    PageAddress,
    Parameters,
    Regexes,
    Selector,
    SinceJoin,
    Slug,
    SmallTexts,
    Text,
    Texts,
    TimeZone,
    matches,
    refusal,
)
from crawler.sources.mappings import built_in_kinds, with_built_in
from crawler.spiders.api.values import OptionalExpression, RequiredExpression

DAYS_MAX = 36_500
MINUTES_MAX = 525_600
"""Most minutes that a run may be given: a year."""
DETAILS_DEEP = 3
"""So many further answers about one record may follow each other."""
Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
WhenToReadLanding = Literal["when_needed", "always", "never"]
FieldName = Literal[
    "title", "author", "publisher", "date", "lang", "abstract", "type", "licence", "series", "doi", "isbn", "issn",
    "keyword", "country",
]  # fmt: skip
FIELDS: tuple[str, ...] = get_args(FieldName)
"""What can be said of a record (`[api.fields]`)."""


class Table(BaseModel):
    """A table of a source file. Unknown keys are refused, and no value is turned into one of another type."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, str_strip_whitespace=True, use_attribute_docstrings=True
    )


class AddressRules(Table):
    """Which addresses count. Regular expressions are searched for anywhere in the absolute address."""

    allow: Regexes = ()
    """At least one of these must be found in an address; none: every address counts."""
    deny: Regexes = ()
    """None of these may be found in an address."""

    def admit(self, url: str) -> bool:
        """Say whether an address counts."""
        if self.allow and not any(matches(regex, url) for regex in self.allow):
            return False
        return not any(matches(regex, url) for regex in self.deny)


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


class Politeness(Table):
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


class DocumentSpan(Table):
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


class RunExpectation(Table):
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


class Schedule(Table):
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


class LoadMore(Table):
    """Where a listing goes on in JSON, instead of `next` and `page_address`. An answer that has nothing ends the listing."""

    address: str = ""
    """Address of the answers, with `{page}`, `{offset}` or `{cursor}` in it, once."""
    first_page: Count = 2
    """What `{page}` is in the first request after the start address."""
    step: AtLeastOne = 10
    """Entries of one page: `{offset}` begins with it and grows by it."""
    cursor: OptionalExpression = None
    """Where an answer says what `{cursor}` is in the next request; nothing there ends the listing."""
    html: OptionalExpression = None
    """Where an answer has HTML, as a text or a list of texts."""
    records: OptionalExpression = None
    """Where an answer has a list of records; without it and without `html`: the answer itself."""
    link: OptionalExpression = None
    """Of a record: its address."""
    title: OptionalExpression = None
    """Of a record: its title."""

    _places: ClassVar = ("{page}", "{offset}", "{cursor}")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        places = [place for place in self._places if place in self.address]
        if not self.address:
            return self
        if not is_web_address(self.address) or len(places) != 1 or self.address.count(places[0]) != 1:
            raise refusal(
                "`address` must be a web address with {page}, {offset} or {cursor} in it, once.", key="address"
            )
        if places == ["{cursor}"] and self.cursor is None:
            raise refusal("`address` has a {cursor}; `cursor` must say where an answer names it.", key="address")
        if (self.html is None) == (self.link is None):
            raise refusal("Give either `html`, or `link` (with `records` and `title`).", key="address")
        return self

    def address_after(self, number: int) -> str:
        """Return the address that follows page `number` (1-based) where pages or entries are counted."""
        page, offset = str(self.first_page + number - 1), str(self.step * number)
        # A listing that begins with a page of HTML names no cursor for the first request.
        return self.address.replace("{page}", page).replace("{offset}", offset).replace("{cursor}", "")


class ListingRules(AddressRules):
    """How a listing, a web page with links to publications, is read."""

    links: Selector = ""
    """Elements that are or hold links to publications; without it: every link of the main part."""
    next: Selector = ""
    """The link to the next page; without it: `rel=next`, and usual marks, words and numbers of pagers."""
    page_address: PageAddress = ""
    """Address of a page with `{page}` for its number, instead of `next`."""
    first_page: Count = 1
    """Number of the second page: `1` where counting begins at 0."""
    pages_max: AtLeastOne = 200
    """Most pages of one listing."""
    load_more: LoadMore = LoadMore()
    """Where the listing goes on in JSON."""
    landing: bool = True
    """`false`: each link is itself the text (a link to a PDF always is)."""


class FeedRules(AddressRules):
    """How a feed is read."""

    page_address: PageAddress = ""
    """Address of a page with `{page}` for its number, for feeds that do not name their further pages."""
    first_page: Count = 2
    """Number of the second page."""
    pages_max: AtLeastOne = 50
    """Most pages of one feed, the first included."""
    landing: bool = True
    """`false`: the page that an entry leads to is itself the text."""


class SitemapRules(AddressRules):
    """Which addresses of sitemaps are publications."""

    maps: Regexes = ()
    """Of the sitemaps in an index, those are read in whose address one is found; none: all."""
    maps_max: AtLeastOne = 500
    """Most sitemaps of one run, indexes included."""
    landing: bool = True
    """`false`: each address is itself the text (a PDF always is)."""


class OaiRules(AddressRules):
    """Which records of an OAI-PMH repository are asked for."""

    sets: Texts = ()
    """`setSpec` of the sets to ask for, one list each; none: the whole repository."""
    format: Literal["oai_dc", "qdc", "mods", "xoai", "marcxml"] = "oai_dc"
    """Metadata format; `oai_dc` where the repository does not give it."""
    pages_max: AtLeastOne = 20_000
    """Most answers of one list."""
    overlap_hours: Count = 48
    """A later run asks from so many hours before the last: many repositories index once a night."""
    landing: WhenToReadLanding = "when_needed"
    """Whether the landing page of a record is read: `when_needed` is when the record names no file."""


class RecordMapping(Table):
    """Where things are in one record of an API, or in a further answer about it."""

    landing_page: OptionalExpression = None
    """Address of the landing page."""
    files: OptionalExpression = None
    """Addresses of files, or objects with `url`, `name`, `type` (media type) and `lang`."""
    fields: dict[FieldName, RequiredExpression] = {}
    """Where each field is, by its name."""
    details: DetailsMapping | None = None
    """A further answer about a record that names no file."""


class DetailsMapping(RecordMapping):
    """A further answer about one record; it is asked for when the record names no file, three deep at most."""

    address: RequiredExpression
    """Where the record, or the answer before, has the address of the further answer."""


class ApiRules(AddressRules, RecordMapping):
    """How a JSON API is asked and read."""

    kind: Literal["", "crossref", "dspace7", "invenio", "openalex", "reliefweb", "worldbank"] = ""
    """Built-in mapping, which sets the other keys unless the file says otherwise."""
    records: RequiredExpression
    """Where the list of records is, or an object whose values they are; needed without a `kind`."""
    total: OptionalExpression = None
    """How many records the whole list has; with `page` and `offset` the list ends there."""
    error: OptionalExpression = None
    """What an answer without records says of the reason."""
    id: OptionalExpression = None
    """Of a record: its identifier."""
    modified: OptionalExpression = None
    """Of a record: its last change."""
    deleted: OptionalExpression = None
    """Of a record: whether the publisher has deleted it (not false, null, 0 or empty)."""
    paging: Literal["none", "next", "link_header", "cursor", "page", "offset"] = "none"
    """How one answer leads to the next: an address in it, the header Link, a value for `parameter`, numbers."""
    next: OptionalExpression = None
    """With `paging` `next` or `cursor`: where the address, or the value, is."""
    parameter: str = ""
    """With `paging` `cursor`, `page` and `offset`: the query parameter that moves on."""
    first: Count = 0
    """With `page` and `offset`: the value of `parameter` for the first answer."""
    size_parameter: str = ""
    """The query parameter that says how many records an answer has."""
    pages: OptionalExpression = None
    """With `page`: how many pages there are."""
    window_max: Count = 0
    """Most records of one list that the API gives out; `0`: all."""
    parameters: Parameters = ()
    """`name=value`, added to the first address unless it has the name; `{contact}` is the address of `PUSHCART_CONTACT`."""
    since: Parameters = ()
    """`name=value` that asks for what changed since `{date}` (2026-03-04), `{time}` (2026-03-04T05:06:07Z) or `{seconds}`
    (since 1970)."""
    since_join: SinceJoin = ""
    """How `since` joins a value that the parameter already has, as `"{given},{since}"`."""
    pages_max: AtLeastOne = 20_000
    """Most answers of one list."""
    landing: WhenToReadLanding = "when_needed"
    """Whether the landing page of a record is read: `when_needed` is when the record names no file."""

    @model_validator(mode="before")
    @classmethod
    def _with_kind(cls, values: Any) -> Any:
        kind = values.get("kind") if isinstance(values, dict) else None
        if kind in built_in_kinds():
            return with_built_in(kind, values)
        # Of a kind that there is not, only that is told, and not that it has no `records`.
        return {"records": "@", **values} if kind else values

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.paging in ("next", "cursor") and self.next is None:
            raise refusal(f"`paging` is {self.paging!r}: `next` must say where that is.", key="paging")
        if self.paging in ("cursor", "page", "offset") and not self.parameter:
            raise refusal(f"`paging` is {self.paging!r}: `parameter` must name the query parameter.", key="paging")
        deep, details = 0, self.details
        while details is not None:
            deep, details = deep + 1, details.details
        if deep > DETAILS_DEEP:
            raise refusal(f"`details` are {DETAILS_DEEP} deep at most.", key="details")
        return self

    @property
    def origin(self) -> Origin:
        """Return the origin of the evidence that its records give."""
        return Origin(OriginPlace.RECORD, self.kind or "api")


class NoRules(Table):
    """A plain list of addresses has no keys of its own."""


ProtocolRules = ListingRules | FeedRules | SitemapRules | OaiRules | ApiRules | NoRules


class SourceFile(Table):
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

    def model_post_init(self, context: Any) -> None:
        """Remember the file that declares it; pydantic calls this."""
        self._path = context.get("path") if isinstance(context, dict) else None

    @property
    def path(self) -> Path | None:
        """Return the file that declares it; None when it was made in a program."""
        return self._path

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
