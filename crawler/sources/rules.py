"""How each protocol is read: the tables of a source file that have the name of a protocol, and the built-in mappings of APIs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from corpus.origins import Origin, OriginPlace
from corpus.urls import is_web_address
from crawler.sources.fields import (
    OptionalExpression,
    PageAddress,
    Parameters,
    Regexes,
    RequiredExpression,
    Selector,
    SinceJoin,
    Texts,
    matches,
    refusal,
)


def built_in_kinds() -> tuple[str, ...]:
    """Return the names of the built-in mappings."""
    return tuple(_mappings())


def with_built_in(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the table `[api]` of a built-in mapping with what a source file says otherwise."""
    return _merged(_mappings()[kind], given)


def _merged(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    both = dict(base)
    for key, value in given.items():
        if value == []:
            continue  # as when it is not given
        under = both.get(key)
        both[key] = _merged(under, value) if isinstance(under, dict) and isinstance(value, dict) else value
    return both


@cache
def _mappings() -> Mapping[str, Mapping[str, Any]]:
    folder = Path(str(resources.files("crawler"))) / "spiders" / "api" / "mappings"
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8"))["api"] for path in sorted(folder.glob("*.toml"))}


DETAILS_DEEP = 3
"""So many further answers about one record may follow each other."""
Count = Annotated[int, Field(ge=0)]
AtLeastOne = Annotated[int, Field(ge=1)]
WhenToReadLanding = Literal["when_needed", "always", "never"]
FieldName = Literal[
    "title", "author", "publisher", "date", "lang", "abstract", "type", "licence", "series", "doi", "isbn", "issn",
    "keyword", "country",
]  # fmt: skip
FIELDS: tuple[str, ...] = get_args(FieldName)
"""What can be said of a record (`[api.fields]`)."""


class SourceTable(BaseModel):
    """A table of a source file. Unknown keys are refused, and no value is turned into one of another type."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, str_strip_whitespace=True, use_attribute_docstrings=True
    )


class AddressRules(SourceTable):
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


class LoadMore(SourceTable):
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
            raise refusal("`address` has a {cursor}, and no key `cursor` says where an answer names it.", key="address")
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
    window_days: Count = 0
    """Records are asked for so many days at a time, where a repository answers longer spans with an error; `0`: all at once."""
    overlap_hours: Count = 48
    """A later run asks from so many hours before the last: many repositories index once a night."""
    landing: WhenToReadLanding = "when_needed"
    """Whether the landing page of a record is read: `when_needed` is when the record names no file."""


class RecordMapping(SourceTable):
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


class NoRules(SourceTable):
    """A plain list of addresses has no keys of its own."""


ProtocolRules = ListingRules | FeedRules | SitemapRules | OaiRules | ApiRules | NoRules
