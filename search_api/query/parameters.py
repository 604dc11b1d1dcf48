"""What is asked: one frozen value, the same for pages, API, command, feeds and stored subscriptions.

The names of the parameters stay forever (other programs rely on them); `SearchQuery.from_parameters` reads them,
`SearchQuery.to_parameters` writes them in one fixed order, so that a search has one address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from corpus.errors import BadQuery
from corpus.messages import sentence
from corpus.types import Facet
from search_api.query.fuzzy import nearest
from search_api.query.refusals import cannot_be, no_such_value, unknown_parameter

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

LIMIT_MAX = 100
LIMIT_DEFAULT = 20
NEAR_MAX = 100
NEAR_DEFAULT = 10
PUBLISHER_CHARACTERS_MAX = 200
"""Of the name of a publisher as a filter takes it; longer names are cut so."""
VALUES_MAX = 100
"""Most values of one filter; more is a mistake or an attack."""

DOCUMENT_TYPES = (
    "working_paper",
    "policy_brief",
    "report",
    "statistics",
    "article",
    "thesis",
    "book",
    "law",
    "web_page",
    "document",
)
"""The values of Document.type."""


class Sort(StrEnum):
    """The order of hits. Ties always go by document id, ascending."""

    RELEVANCE = "relevance"
    """Best first; without words to rank by, newest first."""
    NEWEST = "newest"
    """Latest date of publication first, documents without a date last."""
    OLDEST = "oldest"
    """Earliest date of publication first, documents without a date last."""
    FIRST_SEEN = "first_seen"
    """What entered Pushcart last comes first."""


@dataclass(frozen=True, slots=True)
class YearRange:
    """Years of publication, both ends included; None is an open end. At least one end is given."""

    first: int | None
    last: int | None

    def __post_init__(self) -> None:
        if self.first is None and self.last is None:
            raise ValueError("a range of years has at least one end")
        if self.first is not None and self.last is not None and self.first > self.last:
            raise ValueError(f"the first year {self.first} is after the last {self.last}")

    def __str__(self) -> str:
        if self.first == self.last:
            return str(self.first)
        return f"{'' if self.first is None else self.first}..{'' if self.last is None else self.last}"

    @classmethod
    def parse(cls, text: str) -> YearRange:
        """Return the range that `2015`, `2010..2020`, `2018..` or `..2012` means.

        Raises ValueError: it is none of these, or its ends are the wrong way round.
        """
        if re.fullmatch(r"[0-9]{4}", text):
            return cls(int(text), int(text))
        match = re.fullmatch(r"([0-9]{4})?\.\.([0-9]{4})?", text)
        if match is None or not any(match.groups()):
            raise ValueError(f"not a year or a range of years: {text!r}")
        first, last = match.groups()
        return cls(int(first) if first else None, int(last) if last else None)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One search. Values within a filter are alternatives; all filters must hold."""

    text: str = ""
    """As the person typed it; see search_api.query.parse for the language. Empty: every document."""
    countries: tuple[str, ...] = ()
    """ISO 3166-1 alpha-3; `from_parameters` takes other codes and names too (`country=DRC`)."""
    regions: tuple[str, ...] = ()
    """Ids of the vocabulary; a document is in every region that one of its countries is in."""
    sectors: tuple[str, ...] = ()
    """Ids of the vocabulary; narrower sectors are included. The same holds for groups and topics."""
    groups: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    """ISO 639-1, or `und`."""
    years: YearRange | None = None
    sources: tuple[str, ...] = ()
    """Slugs."""
    types: tuple[str, ...] = ()
    """Of DOCUMENT_TYPES."""
    publishers: tuple[str, ...] = ()
    """Whole names, as documents have them; `publisher:` in the text searches for words of a name instead."""
    about: bool = True
    """True: countries, regions, sectors, groups and topics must be what the document is about; False: it may only mention
    them. Facets are counted in the same way."""
    off: tuple[str, ...] = ()
    """Concepts (`group:street_vendors`) that the text names and that are searched for as plain words. `words:translations`:
    words are not translated."""
    strict: bool = False
    """True: every word as it is written, without other forms and other names."""
    near: int = NEAR_DEFAULT
    """Most documents that lack something of the search and are beside its answers, 0 to NEAR_MAX; on the first page only."""
    sort: Sort = Sort.RELEVANCE
    limit: int = LIMIT_DEFAULT
    """Hits wanted, 1 to LIMIT_MAX."""
    cursor: str = ""
    """`Results.next` of the answer before this one; empty: from the first hit."""

    @property
    def has_filters(self) -> bool:
        """Return whether anything but the text narrows the search."""
        return any(getattr(self, name) for name in (*FILTER_FIELDS.values(), "years"))

    @property
    def is_empty(self) -> bool:
        """Return whether neither text nor filter is given."""
        return not self.text.strip() and not self.has_filters

    def filter_values(self) -> Mapping[str, tuple[str, ...]]:
        """Return the chosen values by the name of their parameter, years excepted; empty filters are absent."""
        chosen = {parameter: getattr(self, name) for parameter, name in FILTER_FIELDS.items()}
        return {parameter: values for parameter, values in chosen.items() if values}

    def without(self, parameter: str, value: str | None = None) -> SearchQuery:
        """Return this search from its first hit, without one value of a filter, or without the whole filter.

        Args:
            parameter: name as in an address: `country`, `year`, `q`, `about` ...
            value: None removes every value of the filter.
        """
        if parameter in FILTER_FIELDS:
            name = FILTER_FIELDS[parameter]
            kept = () if value is None else tuple(each for each in getattr(self, name) if each != value)
            return _changed(self, name, kept)
        default = SearchQuery()
        name = _SINGLE_FIELDS[parameter]
        return _changed(self, name, getattr(default, name))

    def with_value(self, parameter: str, value: str) -> SearchQuery:
        """Return this search from its first hit, with one more value of a filter such as `country`."""
        name = FILTER_FIELDS[parameter]
        present: tuple[str, ...] = getattr(self, name)
        return self if value in present else _changed(self, name, (*present, value))

    @classmethod
    def from_parameters(
        cls,
        parameters: Iterable[tuple[str, str]],
        *,
        vocabulary: Vocabulary,
        characters_max: int,
        sources: Collection[str] | None = None,
    ) -> SearchQuery:
        """Return the search that the parameters of an address (or of a command) ask for.

        Args:
            parameters: names of PARAMETERS and values, in any order; empty values count as not given.
            vocabulary: against which countries, regions, sectors, groups and topics are checked.
            characters_max: longest text, settings.query_characters_max.
            sources: slugs that exist; None: any well-formed slug is accepted.

        Raises BadQuery: a name is unknown or a value is not allowed; `.parameter` says which.
        """
        reading = _ParameterReading(vocabulary=vocabulary, characters_max=characters_max, sources=sources)
        return reading.read(parameters)

    def to_parameters(self) -> tuple[tuple[str, str], ...]:
        """Return names and values that `from_parameters` reads back to the same search; defaults are left out."""
        written: list[tuple[str, str]] = []
        for parameter, name in _ALL_FIELDS.items():
            value = getattr(self, name)
            if parameter in FILTER_FIELDS or parameter in _OFF_FIELDS:
                written += [(parameter, each) for each in value]
            elif value != _DEFAULTS[name]:
                written.append((parameter, str(value).lower() if isinstance(value, bool) else str(value)))
        return tuple(written)


def _changed(query: SearchQuery, name: str, value: Any) -> SearchQuery:
    changes: dict[str, Any] = {"cursor": "", name: value}
    return replace(query, **changes)


FILTER_FIELDS: Mapping[str, str] = {
    "country": "countries",
    "region": "regions",
    "sector": "sectors",
    "group": "groups",
    "topic": "topics",
    "lang": "langs",
    "source": "sources",
    "type": "types",
    "publisher": "publishers",
}
"""Name of a repeatable parameter -> field of SearchQuery."""

_OFF_FIELDS: Mapping[str, str] = {"off": "off"}
"""Repeatable too, and no filter."""

_SINGLE_FIELDS: Mapping[str, str] = {
    "q": "text",
    "year": "years",
    "about": "about",
    "strict": "strict",
    "near": "near",
    "sort": "sort",
    "limit": "limit",
    "cursor": "cursor",
}

PARAMETERS: tuple[str, ...] = ("q", *FILTER_FIELDS, "year", "about", "off", "strict", "near", "sort", "limit", "cursor")
"""Every name that an address may carry, in the order in which `to_parameters` writes them."""

_ALL_FIELDS: Mapping[str, str] = {name: {**FILTER_FIELDS, **_OFF_FIELDS, **_SINGLE_FIELDS}[name] for name in PARAMETERS}
_DEFAULTS: Mapping[str, Any] = {each.name: each.default for each in fields(SearchQuery)}

_TRUE = ("true", "1", "yes", "on")
_FALSE = ("false", "0", "no", "off")


class _ParameterReading:
    """Reads one set of parameters; exists so that each check is a short function of its own."""

    def __init__(self, *, vocabulary: Vocabulary, characters_max: int, sources: Collection[str] | None) -> None:
        self._vocabulary = vocabulary
        self._characters_max = characters_max
        self._sources = sources
        self._repeated: Mapping[str, Callable[[str], str]] = {
            **{str(facet): self._concept_reader(facet) for facet in Facet},
            "lang": _read_lang,
            "source": self._read_source,
            "type": _read_type,
            "publisher": _read_publisher,
            "off": _read_off,
        }
        self._single: Mapping[str, Callable[[str], Any]] = {
            "q": self._read_text,
            "year": _read_years,
            "about": _flag_reader("about"),
            "strict": _flag_reader("strict"),
            "near": _read_near,
            "sort": _read_sort,
            "limit": _read_limit,
            "cursor": _read_cursor,
        }

    def read(self, parameters: Iterable[tuple[str, str]]) -> SearchQuery:
        chosen: dict[str, Any] = {}
        for parameter, raw in parameters:
            if parameter not in _ALL_FIELDS:
                raise unknown_parameter(parameter, known=PARAMETERS)
            value = raw.strip()
            if not value:
                continue
            name = _ALL_FIELDS[parameter]
            if parameter in self._repeated:
                present = chosen.get(name, ())
                read = self._repeated[parameter](value)
                chosen[name] = present if read in present else (*present, read)
                _check_few(parameter, chosen[name])
            elif name in chosen:
                raise BadQuery(
                    sentence("{parameter} is given twice.", parameter=parameter),
                    try_next=sentence("Give {parameter} once.", parameter=parameter),
                    parameter=parameter,
                )
            else:
                chosen[name] = self._single[parameter](value)
        return SearchQuery(**chosen)

    def _read_text(self, value: str) -> str:
        if len(value) > self._characters_max:
            raise BadQuery(
                sentence(
                    "The text of the search has {count} characters; {most} are allowed.",
                    count=len(value),
                    most=self._characters_max,
                ),
                try_next=sentence("Shorten it."),
                position=self._characters_max,
            )
        return value

    def _read_source(self, value: str) -> str:
        if self._sources is None or value in self._sources:
            return value
        raise no_such_value("source", value, near=nearest(value, {slug: (slug,) for slug in self._sources}))

    def _concept_reader(self, facet: Facet) -> Callable[[str], str]:
        def read(value: str) -> str:
            concepts = self._vocabulary.concepts(facet)
            if value in concepts:
                return value
            for concept_id in concepts:
                if concept_id.casefold() == value.casefold():
                    return concept_id
            if facet in (Facet.COUNTRY, Facet.REGION):
                places = self._vocabulary.places(value, facet=facet)
                if len(places) == 1:
                    return places[0].id
                if places:
                    described = tuple(f"{each.id} ({each.label('en')})" for each in places)
                    raise no_such_value(str(facet), value, near=described)
            names = {each: (each, *concept.labels.values()) for each, concept in concepts.items()}
            near = nearest(value, names)
            described = tuple(f"{each} ({self._vocabulary.label(facet, each, 'en')})" for each in near)
            raise no_such_value(str(facet), value, near=described)

        return read


def _check_few(parameter: str, values: tuple[str, ...]) -> None:
    if len(values) > VALUES_MAX:
        raise BadQuery(
            sentence("{parameter} is given more than {count} times.", parameter=parameter, count=VALUES_MAX),
            try_next=sentence("Leave some out."),
            parameter=parameter,
        )


def _read_lang(value: str) -> str:
    code = value.lower()
    if not re.fullmatch(r"[a-z]{2}|und", code):
        raise BadQuery(
            sentence("lang cannot be {value}: it is an ISO 639-1 code of two letters.", value=repr(value[:20])),
            try_next=sentence("For example en, es, fr or pt; und for documents whose language is unknown."),
            parameter="lang",
        )
    return code


def _read_type(value: str) -> str:
    kind = value.lower()
    if kind not in DOCUMENT_TYPES:
        raise cannot_be("type", value, try_next=sentence("Choose one of {names}.", names=", ".join(DOCUMENT_TYPES)))
    return kind


def _read_publisher(value: str) -> str:
    if len(value) <= PUBLISHER_CHARACTERS_MAX:
        return value
    raise BadQuery(
        sentence(
            "publisher has {count} characters; {most} are allowed.", count=len(value), most=PUBLISHER_CHARACTERS_MAX
        ),
        try_next=sentence("Give the full name of a publisher, as shown on documents."),
        parameter="publisher",
    )


def _read_years(value: str) -> YearRange:
    try:
        return YearRange.parse(value)
    except ValueError as error:
        hint = sentence("Write one year (2015) or a range, earlier year first (2010..2020, 2018.. or ..2012).")
        raise cannot_be("year", value, try_next=hint) from error


def _flag_reader(parameter: str) -> Callable[[str], bool]:
    def read(value: str) -> bool:
        word = value.lower()
        if word not in _TRUE + _FALSE:
            raise cannot_be(parameter, value, try_next=sentence("Use true or false."))
        return word in _TRUE

    return read


def _read_near(value: str) -> int:
    if re.fullmatch(r"[0-9]{1,3}", value) and int(value) <= NEAR_MAX:
        return int(value)
    raise cannot_be("near", value, try_next=sentence("Give a number from 0 to {most}.", most=NEAR_MAX))


def _read_off(value: str) -> str:
    if re.fullmatch(r"(country|region|sector|group|topic|words):[A-Za-z0-9_:.-]{1,64}", value):
        return value
    hint = sentence("Give a concept that the search recognised, such as group:street_vendors, or words:translations.")
    raise cannot_be("off", value, try_next=hint)


def _read_sort(value: str) -> Sort:
    try:
        return Sort(value.lower())
    except ValueError as error:
        hint = sentence("Choose one of {names}.", names=", ".join(Sort))
        raise cannot_be("sort", value, try_next=hint) from error


def _read_limit(value: str) -> int:
    if re.fullmatch(r"[0-9]{1,4}", value) and 1 <= int(value) <= LIMIT_MAX:
        return int(value)
    raise cannot_be("limit", value, try_next=sentence("Give a number from 1 to {most}.", most=LIMIT_MAX))


def _read_cursor(value: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9_-]{1,400}", value):
        return value
    raise BadQuery(
        sentence("cursor is not valid."),
        try_next=sentence("Start again from the first hits, without cursor."),
        parameter="cursor",
    )
