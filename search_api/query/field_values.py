"""What is behind `country:`, `year:` and the other named filters in the text of a search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.messages import sentence
from corpus.types import Facet
from search_api.query.budget import Budget
from search_api.query.fuzzy import fold, nearest
from search_api.query.parameters import DOCUMENT_TYPES, YearRange
from search_api.query.tree import Node, Or, Values, Years

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

FILTER_NAMES = (*(str(facet) for facet in Facet), "lang", "year", "type", "source", "doi")
"""Names that filter; title, author and publisher search for words."""


@dataclass(frozen=True, slots=True)
class FieldReading:
    """What a named filter came to."""

    node: Node | None
    """None: the value has no meaning; the notes report it."""
    notes: tuple[str, ...] = ()


_WORDS_OF_A_PLACE = 7
_PLACE_FILTER = re.compile(
    rf"\b(?P<facet>country|region):(?P<words>[^\s\"():*~,]+(?: +[^\s\"():*~,]+){{1,{_WORDS_OF_A_PLACE - 1}}})(?![^\s),])",
    re.IGNORECASE,
)


def quote_place_names(text: str, *, vocabulary: Vocabulary) -> str:
    """Return the text with quotation marks around names of several words: `country:south korea pensions`.

    As many of the words after `country:` or `region:` as are together the name of a place; the text itself when none are.
    """

    def quoted(match: re.Match[str]) -> str:
        words = match["words"].split(" ")
        for count in range(len(words), 1, -1):
            name = " ".join(words[:count])
            if name.strip() and vocabulary.places(name, facet=Facet(match["facet"].lower())):
                return f'{match["facet"]}:"{name.strip()}"{" ".join(["", *words[count:]])}'
        return match[0]

    return _PLACE_FILTER.sub(quoted, text)


def read_field(name: str, text: str, *, vocabulary: Vocabulary, budget: Budget) -> FieldReading:
    """Return what `name:text` means.

    Args:
        name: one of FILTER_NAMES.
        text: a value, or several with commas between: `per,col`, `2010..2020`, `South Africa`.
        vocabulary: for concepts, which may be given by id, by code or by name in any language.
        budget: of the search; counts the values.

    Raises BadQuery: the search names too many values.
    """
    values = list(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
    budget.take_values(len(values))
    if name == "year":
        return _read_years(text.strip() if len(values) < 2 else ",".join(values))
    found: list[str] = []
    notes: list[str] = []
    for value in values:
        read, note = _read_value(name, value, vocabulary=vocabulary, budget=budget)
        found += read
        notes += [note] if note else []
    node = Values(name, tuple(dict.fromkeys(found))) if found else None
    return FieldReading(node, tuple(notes))


def _read_years(text: str) -> FieldReading:
    plain = re.sub(r"^([0-9]{4})-([0-9]{4})$", r"\1..\2", text.strip().replace("*", ""))
    try:
        ranges: list[Node] = [Years(YearRange.parse(each.strip())) for each in plain.split(",")]
    except ValueError:
        note = sentence(
            "year:{text} is not a year or a range such as 2010..2020; it was searched for as words.", text=text[:60]
        )
        return FieldReading(None, (note,))
    return FieldReading(ranges[0] if len(ranges) == 1 else Or(tuple(ranges)))


def _read_value(name: str, value: str, *, vocabulary: Vocabulary, budget: Budget) -> tuple[tuple[str, ...], str]:
    if name in tuple(Facet):
        return _read_concept(Facet(name), value, vocabulary=vocabulary, budget=budget)
    if name == "lang":
        if re.fullmatch(r"[A-Za-z]{2}|und", value):
            return (value.lower(),), ""
        return (), sentence(
            "lang:{value} is not an ISO 639-1 code such as en; it was searched for as a word.", value=value[:60]
        )
    if name == "type":
        kind = fold(value).replace(" ", "_")
        if kind in DOCUMENT_TYPES:
            return (kind,), ""
        return (), sentence("There is no type called {value}; it was searched for as a word.", value=value[:60])
    if name == "doi":
        return (re.sub(r"^(https?)?[:/\s]*((dx\.)?doi\.org)?[/\s]*", "", value.lower()),), ""
    return (value.lower(),), ""  # source: an unknown slug finds nothing


def _read_concept(facet: Facet, value: str, *, vocabulary: Vocabulary, budget: Budget) -> tuple[tuple[str, ...], str]:
    concepts = vocabulary.concepts(facet)
    key = fold(value)
    by_id = tuple(each for each in concepts if each.casefold() == value.casefold() or fold(each) == key)
    if by_id:
        return by_id, ""
    if facet in (Facet.COUNTRY, Facet.REGION):
        named = vocabulary.places(value, facet=facet)
    else:
        named = tuple(each for each in vocabulary.find(value) if each.facet is facet)
    if named:
        return tuple(each.id for each in named), ""
    near = (
        nearest(value, {each.id: each.labels.values() for each in concepts.values()})
        if budget.take_near_names()
        else ()
    )
    if not near:
        words = sentence(
            "There is no {facet} called {value}; it was searched for as a word.", facet=facet, value=value[:60]
        )
        return (), words
    labels = ", ".join(vocabulary.label(facet, each, "en") for each in near)
    return (), sentence(
        "There is no {facet} called {value} (near: {labels}); it was searched for as a word.",
        facet=facet,
        value=value[:60],
        labels=labels,
    )
