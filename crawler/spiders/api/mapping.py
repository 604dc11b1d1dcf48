"""Where in the answers of an API the records, their fields and the next page are: the mapping, as TOML declares it.

The built-in mappings are TOML files of the same form as a librarian writes (`mappings/`), one for each kind of API.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

from crawler.sources.toml_table import TomlTable
from crawler.spiders.api.expressions import Expression, read_expression

FIELDS = (
    "title",
    "author",
    "publisher",
    "date",
    "lang",
    "abstract",
    "type",
    "licence",
    "series",
    "doi",
    "isbn",
    "issn",
    "keyword",
    "country",
)
"""Evidence fields that a mapping can fill (`[api.fields]`)."""
PAGINGS = ("none", "next", "link_header", "cursor", "page", "offset")
DETAILS_DEEP = 3
"""So many further answers about one record may follow each other."""


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """What is read of one record, or of a further answer about it."""

    files: Expression | None = None
    """Addresses of the publication's files, or objects with `url`, `name`, `type` (media type) and `lang`."""
    landing_page: Expression | None = None
    fields: Mapping[str, Expression] = field(default_factory=dict)
    """By name of FIELDS."""
    details: DetailsMapping | None = None
    """The further answer that is asked for when a record names no file; None: there is none."""


@dataclass(frozen=True, slots=True)
class DetailsMapping:
    """A further answer about one record (`[api.details]`)."""

    address: Expression
    """Its address, in the record or in the answer before."""
    record: RecordMapping


@dataclass(frozen=True, slots=True)
class Paging:
    """How one answer leads to the next."""

    style: str = "none"
    """One of PAGINGS: by a link in the answer, by the header Link, by a value put into a parameter, by page numbers, by
    offsets, or not at all."""
    next: Expression | None = None
    """Of `next`: the address; of `cursor`: the value."""
    parameter: str = ""
    """Of `cursor`, `page` and `offset`: the query parameter that moves on."""
    first: int = 0
    """Of `page` and `offset`: its value for the first answer."""
    size_parameter: str = ""
    """The query parameter that says how many records an answer has; empty: unknown."""
    pages: Expression | None = None
    """Of `page`: how many pages there are."""
    window_max: int = 0
    """Most records of one list that the API gives out; 0: it has no such wall."""


@dataclass(frozen=True, slots=True)
class ApiMapping:
    """How the answers of an API are read (`[api]`)."""

    records: Expression | None = None
    """The list of records, or an object whose values they are. Only None while a mapping is being read."""
    record: RecordMapping = field(default_factory=RecordMapping)
    id: Expression | None = None
    modified: Expression | None = None
    deleted: Expression | None = None
    """True, or any value but false, null, 0, an empty text or list: the publisher has deleted the record."""
    total: Expression | None = None
    error: Expression | None = None
    """What an answer says when it has no records for a reason."""
    paging: Paging = field(default_factory=Paging)
    parameters: tuple[str, ...] = ()
    """`name=value` that is added to the first address unless it has the name; {contact} is who harvests."""
    since: tuple[str, ...] = ()
    """`name=value` that asks for what changed since {date}, {time} or {seconds}; empty: the API cannot be asked so."""
    since_join: str = ""
    """How it is joined to a value that the parameter already has, with {given} and {since}; empty: it cannot be, and such a
    list is always asked for everything."""


def read_mapping(table: TomlTable, *, base: ApiMapping) -> ApiMapping:
    """Read a mapping; what is not given is as in `base`.

    Raises BadSource: something in it cannot be used.
    """
    records = read_expression(table, "records", default=base.records)
    if records is None:
        raise table.refusal(
            "records",
            "`records` is missing: it says where in an answer the list of records is.",
            try_next="Or name a built-in mapping with `kind`.",
        )
    return ApiMapping(
        records=records,
        record=_record_of(table, base.record, deep=0),
        id=read_expression(table, "id", default=base.id),
        modified=read_expression(table, "modified", default=base.modified),
        deleted=read_expression(table, "deleted", default=base.deleted),
        total=read_expression(table, "total", default=base.total),
        error=read_expression(table, "error", default=base.error),
        paging=_paging_of(table, base.paging),
        parameters=_pairs_of(table, "parameters") or base.parameters,
        since=_pairs_of(table, "since") or base.since,
        since_join=_join_of(table) or base.since_join,
    )


def _record_of(table: TomlTable, base: RecordMapping, *, deep: int) -> RecordMapping:
    own = table.table("fields")
    fields = dict(base.fields)
    for name in FIELDS:
        expression = read_expression(own, name, default=base.fields.get(name))
        fields |= {name: expression} if expression else {}
    own.end()
    return RecordMapping(
        files=read_expression(table, "files", default=base.files),
        landing_page=read_expression(table, "landing_page", default=base.landing_page),
        fields=fields,
        details=_details_of(table.table("details"), base.details, deep=deep + 1) if deep < DETAILS_DEEP else None,
    )


def _details_of(table: TomlTable, base: DetailsMapping | None, *, deep: int) -> DetailsMapping | None:
    address = read_expression(table, "address", default=base.address if base else None)
    details = None
    if address is not None:
        record = _record_of(table, base.record if base else RecordMapping(), deep=deep)
        details = DetailsMapping(address=address, record=record)
    elif not table.is_empty:
        raise table.refusal("address", "`address` is missing: it says where the further answer about a record is.")
    table.end()
    return details


def _paging_of(table: TomlTable, base: Paging) -> Paging:
    paging = Paging(
        style=table.one_of("paging", PAGINGS, default=base.style),
        next=read_expression(table, "next", default=base.next),
        parameter=table.word("parameter", default=base.parameter),
        first=table.whole("first", default=base.first),
        size_parameter=table.word("size_parameter", default=base.size_parameter),
        pages=read_expression(table, "pages", default=base.pages),
        window_max=table.whole("window_max", default=base.window_max),
    )
    if paging.style in ("next", "cursor") and paging.next is None:
        raise table.refusal("paging", f"`paging` is {paging.style!r}: `next` must say where that is.")
    if paging.style in ("cursor", "page", "offset") and not paging.parameter:
        raise table.refusal("paging", f"`paging` is {paging.style!r}: `parameter` must name the query parameter.")
    return paging


def _pairs_of(table: TomlTable, key: str) -> tuple[str, ...]:
    pairs = table.words(key)
    for pair in pairs:
        if not pair.partition("=")[0].strip() or "=" not in pair:
            raise table.refusal(key, f"`{key}`: {pair!r} must be written as name=value.")
    return pairs


def _join_of(table: TomlTable) -> str:
    join = table.word("since_join", default="")
    if join and not ("{given}" in join and "{since}" in join):
        raise table.refusal("since_join", "`since_join` must have {given} and {since} in it.")
    return join


def built_in_kinds() -> tuple[str, ...]:
    """Return the names of the built-in mappings."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


@cache
def built_in_mapping(kind: str) -> ApiMapping:
    """Return a built-in mapping; `kind` is one of built_in_kinds()."""
    path = _folder() / f"{kind}.toml"
    text = path.read_text(encoding="utf-8")
    whole = TomlTable(tomllib.loads(text), path=path, text=text)
    table = whole.table("api")
    mapping = read_mapping(table, base=ApiMapping())
    table.end()
    whole.end()
    return mapping


def _folder() -> Path:
    return Path(str(resources.files("crawler"))) / "spiders" / "api" / "mappings"
