"""The words that indicate countries and regions, and the rules by which they are distinguished.

Names and aliases come from the vocabulary's countries and regions; demonyms, cities, institutions and rules from the files
`data/places_*.toml`, whose heads say how they are written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from corpus.errors import BadVocabulary
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary.demonyms import demonym_forms
from corpus.vocabulary.loader import load_vocabulary, toml_table
from corpus.vocabulary.model import ANY_LANGUAGE
from corpus.vocabulary.place_contexts import PlaceContexts, place_contexts
from corpus.vocabulary.short_names import short_spellings
from corpus.vocabulary.vocabulary import Vocabulary

_WEAK_MARK = "?"
_ANY_COUNTRY = "*"
"""As the default of a rule: the country whose name it is."""


class PlaceKind(StrEnum):
    """In which way a word indicates a country or region."""

    NAME = "name"
    DEMONYM = "demonym"
    CITY = "city"
    SUBDIVISION = "subdivision"
    SURVEY = "survey"
    INSTITUTION = "institution"
    CURRENCY = "currency"
    REGION = "region"
    DECOY = "decoy"
    """Another thing is meant (`Lake Chad`): the words are taken and indicate nothing."""


@dataclass(frozen=True, slots=True)
class PlaceName:
    """One spelling that indicates a country or region. Capitals count."""

    surface: str
    kind: PlaceKind
    concept: str
    """Id of the country or region; empty for a decoy."""
    lang: str = ANY_LANGUAGE
    """Language of the texts in which it is looked for; `any` for all."""
    weak: bool = False
    """True: counts only for a country of which the document speaks anyway."""


@dataclass(frozen=True, slots=True)
class PlaceRule:
    """How a name that means several things is decided; the head of `data/places_rules.toml` explains each part."""

    surfaces: frozenset[str]
    languages: frozenset[str]
    default: str
    default_in: Mapping[str, str] = field(default_factory=dict)
    person: bool = False
    person_before_only: bool = False
    supported: bool = False
    enough: int | None = None
    rival: str = ""
    reject: tuple[re.Pattern[str], ...] = ()
    block: tuple[re.Pattern[str], ...] = ()
    accept: tuple[re.Pattern[str], ...] = ()
    near: tuple[tuple[str, re.Pattern[str]], ...] = ()
    """Country and pattern, in the order in which they are asked."""
    document: tuple[str, ...] = ()

    def default_for(self, lang: str, *, named: str) -> str:
        """Return the country when nothing decides; `named` is the one whose name it is. Empty for none."""
        default = self.default_in.get(lang, self.default)
        return named if default == _ANY_COUNTRY else default


@dataclass(frozen=True)
class Places:
    """Everything by which countries and regions are recognised."""

    names: tuple[PlaceName, ...]
    """Decoys too."""
    rules: tuple[PlaceRule, ...]
    contexts: PlaceContexts
    """Where a name is in the name of something else."""
    neighbours: frozenset[str]
    """Capitalised words that may be beside a country's name without making it a person's."""
    given_names: frozenset[str]
    people: re.Pattern[str]
    """Matches the beginning of a word, in small letters, beside which a weak adjective indicates its country."""

    def rule_for(self, surface: str, lang: str) -> PlaceRule | None:
        """Return the rule for a name in a text of that language; None when the name has one meaning."""
        return self._by_surface.get((surface, lang)) or self._by_surface.get((surface, ANY_LANGUAGE))

    @cached_property
    def _by_surface(self) -> Mapping[tuple[str, str], PlaceRule]:
        return {
            (surface, lang): rule
            for rule in reversed(self.rules)
            for surface in rule.surfaces
            for lang in rule.languages or {ANY_LANGUAGE}
        }


@cache
def load_places() -> Places:
    """Return the places; read once for each process.

    Raises BadVocabulary: a data file cannot be read, or mentions a country or region that the vocabulary does not have.
    """
    vocabulary = load_vocabulary()
    table = toml_table("places_rules")
    rules = tuple(_rule(row) for row in table["rule"])
    names = tuple(
        dict.fromkeys((*_country_names(vocabulary), *_demonyms(), *_cities(), *_institutions(), *_regions(vocabulary)))
    )
    decoys = tuple(PlaceName(surface, PlaceKind.DECOY, "") for surface in table["decoys"])
    check_places(vocabulary, names=names, rules=rules)
    return Places(
        names=(*names, *decoys),
        rules=rules,
        contexts=place_contexts(),
        neighbours=frozenset(table["neighbours"].split()),
        given_names=frozenset(table["given_names"].split()),
        people=re.compile("|".join(sorted(set(table["people"].split())))),
    )


@cache
def names_elsewhere(lang: str) -> tuple[PlaceName, ...]:
    """Return the names of countries in a language other than the four, with their case endings.

    With the names of the languages that are easily taken for it; empty for a language of which none are known.
    """
    table = _elsewhere()
    read = {lang}.union(*(together.split() for together in table["together"] if lang in together.split()))
    return tuple(
        PlaceName(form, PlaceKind.NAME, country, language)
        for country, names in table["names"].items()
        for name, languages in names.items()
        for language in languages.split()
        if language in read
        for form in (
            *_declined(name, table["endings"].get(language, {})),
            *_with_prefixes(name, table["prefixes"].get(language, {})),
        )
    )


def languages_elsewhere() -> tuple[str, ...]:
    """Return the languages other than the four of which names of countries are known: ISO 639-1, ascending."""
    names = _elsewhere()["names"]
    return tuple(sorted({lang for each in names.values() for languages in each.values() for lang in languages.split()}))


@cache
def _elsewhere() -> Mapping[str, Any]:
    text = files("corpus.vocabulary").joinpath("data", "places_names_elsewhere.json").read_text(encoding="utf-8")
    table: Mapping[str, Any] = json.loads(text)
    return table


def _declined(name: str, endings: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return a name and, when it is one word, its case forms by the longest ending of the table that fits."""
    fitting = [ending for ending in endings if name.endswith(ending)]
    if " " in name or not fitting:
        return (name,)
    ending = max(fitting, key=len)
    return (name, *(name.removesuffix(ending) + changed for changed in endings[ending]))


def _with_prefixes(name: str, prefixes: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return a name with the small words that some languages write together with it (Arabic "in", "and", "for")."""
    beginning = next((each for each in prefixes if each and name.startswith(each)), "")
    return tuple(prefix + name.removeprefix(beginning) for prefix in prefixes.get(beginning, ()))


def _patterns(written: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in written)


def _rule(row: Mapping[str, Any]) -> PlaceRule:
    return PlaceRule(
        surfaces=frozenset(row["surfaces"]),
        languages=frozenset(row.get("languages", ())),
        default=row["default"],
        default_in=row.get("default_in", {}),
        person=row.get("person", False),
        person_before_only=row.get("person_before_only", False),
        supported=row.get("supported", False),
        enough=row.get("enough"),
        rival=row.get("rival", ""),
        reject=_patterns(row.get("reject", ())),
        block=_patterns(row.get("block", ())),
        accept=_patterns(row.get("accept", ())),
        near=tuple((country, re.compile(pattern)) for country, pattern in row.get("near", {}).items()),
        document=tuple(row.get("document", {}).get("order", ())),
    )


def _country_names(vocabulary: Vocabulary) -> Iterator[PlaceName]:
    table: Mapping[str, list[str]] = toml_table("places_names")["names"]
    weak_ones = {
        (country, name.removesuffix(_WEAK_MARK))
        for country, names in table.items()
        for name in names
        if name.endswith(_WEAK_MARK)
    }
    for country in vocabulary.concepts(Facet.COUNTRY).values():
        for lang in LANGUAGES:
            for name in country.names(lang):
                for spelling in (name, *short_spellings(name, lang)):
                    if (country.id, spelling) not in weak_ones:
                        yield PlaceName(spelling, PlaceKind.NAME, country.id)
    for country_id, names in table.items():
        for name in names:
            surface, weak = name.removesuffix(_WEAK_MARK), name.endswith(_WEAK_MARK)
            for spelling in (surface, *(() if weak else short_spellings(surface, "en"))):
                yield PlaceName(spelling, PlaceKind.NAME, country_id, weak=weak)
    for country_id, names in toml_table("places_names")["own"].items():
        yield from (PlaceName(name, PlaceKind.NAME, country_id) for name in names)


def _demonyms() -> Iterator[PlaceName]:
    for country, by_language in toml_table("places_demonyms").items():
        for lang, masculines in by_language.items():
            for written in masculines:
                for form in demonym_forms(written.removesuffix(_WEAK_MARK), lang):
                    yield PlaceName(form, PlaceKind.DEMONYM, country, lang, written.endswith(_WEAK_MARK))


def _cities() -> Iterator[PlaceName]:
    table = toml_table("places_cities")
    for section, kind in (("cities", PlaceKind.CITY), ("subdivisions", PlaceKind.SUBDIVISION)):
        yield from _listed(table[section], kind)


def _institutions() -> Iterator[PlaceName]:
    table = toml_table("places_institutions")
    for section, kind in (
        ("surveys", PlaceKind.SURVEY),
        ("institutions", PlaceKind.INSTITUTION),
        ("currencies", PlaceKind.CURRENCY),
    ):
        yield from _listed(table[section], kind)


def _listed(by_country: Mapping[str, list[str]], kind: PlaceKind) -> Iterator[PlaceName]:
    for country, entries in by_country.items():
        for entry in entries:
            for surface in entry.split("|"):
                weak = surface.endswith(_WEAK_MARK)
                yield PlaceName(surface.removesuffix(_WEAK_MARK), kind, country, weak=weak)


def _regions(vocabulary: Vocabulary) -> Iterator[PlaceName]:
    listed = {surface: region for region, surfaces in toml_table("places_regions").items() for surface in surfaces}
    for surface, region in listed.items():
        yield PlaceName(surface, PlaceKind.REGION, region)
    for region_concept in vocabulary.concepts(Facet.REGION).values():
        # The world is everywhere, and income and development groups are adjectives in running text.
        if region_concept.id == "001" or region_concept.id.startswith(("income:", "dev:")):
            continue
        for name in (name for lang in LANGUAGES for name in region_concept.names(lang)):
            if name not in listed:
                yield PlaceName(name, PlaceKind.REGION, region_concept.id)


def check_places(vocabulary: Vocabulary, *, names: Iterable[PlaceName], rules: Iterable[PlaceRule]) -> None:
    """Raise BadVocabulary when a name or a rule mentions a country or region that the vocabulary does not have."""
    known = {Facet.COUNTRY: vocabulary.concepts(Facet.COUNTRY), Facet.REGION: vocabulary.concepts(Facet.REGION)}
    for name in names:
        facet = Facet.REGION if name.kind is PlaceKind.REGION else Facet.COUNTRY
        if name.concept not in known[facet]:
            raise BadVocabulary(f"{name.surface!r} names {name.concept!r}, which is not a {facet.value}.")
    for rule in rules:
        for place in (rule.default, *rule.default_in.values(), *rule.document, *(country for country, _ in rule.near)):
            if (
                place
                and place != _ANY_COUNTRY
                and place not in known[Facet.COUNTRY]
                and place not in known[Facet.REGION]
            ):
                raise BadVocabulary(
                    f"The rule for {sorted(rule.surfaces)[0]!r} speaks of {place!r}, which is not known."
                )
