"""Access to the vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import MappingProxyType

from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary.model import ANY_LANGUAGE, Activity, Concept, Strength, Term, TreeNode
from corpus.vocabulary.place_index import PlaceIndex
from corpus.vocabulary.spelling import plain


class Vocabulary:
    """All concepts, their names and the words that indicate them. Does not change while a process runs."""

    def __init__(
        self,
        concepts: Iterable[Concept],
        *,
        terms: Callable[[], tuple[Mapping[Facet, tuple[Term, ...]], tuple[Activity, ...]]],
        places: Callable[[], PlaceIndex] | None = None,
        version: str = "",
    ) -> None:
        """Hold `concepts`; `terms` and `places` are called once, when they are needed.

        Without `places`, countries and regions are known by code, label and alias only.
        """
        concepts = tuple(concepts)
        self.version = version
        """Names what the data files say today, as in the version of the tagger; empty: not stated."""
        by_facet: dict[Facet, dict[str, Concept]] = {facet: {} for facet in Facet}
        for concept in concepts:
            by_facet[concept.facet][concept.id] = concept
        self._concepts = {facet: MappingProxyType(found) for facet, found in by_facet.items()}
        self._read_terms = terms
        self._read_places = places or (lambda: PlaceIndex(concepts))

    def concepts(self, facet: Facet) -> Mapping[str, Concept]:
        """Return the concepts of a facet by id, in the order of the data files."""
        return self._concepts[facet]

    def concept(self, facet: Facet, concept_id: str) -> Concept:
        """Return one concept.

        Raises NotFound: the facet has no concept of that id.
        """
        try:
            return self._concepts[facet][concept_id]
        except KeyError:
            raise NotFound(
                sentence("The vocabulary has no {facet} called {name}.", facet=facet.value, name=repr(concept_id)),
                try_next=sentence("The list of every {facet} is under /api/v1/vocabulary.", facet=facet.value),
            ) from None

    def label(self, facet: Facet, concept_id: str, lang: str = "en") -> str:
        """Return what a reader is shown: the label in that language, else in English, else the id itself."""
        concept = self._concepts[facet].get(concept_id)
        return concept.label(lang) if concept else concept_id

    def country(self, code: str) -> Concept | None:
        """Return the country of an ISO alpha-3, alpha-2 or M49 code, in any case; None when there is none."""
        wanted = code.strip().upper()
        return self._concepts[Facet.COUNTRY].get(self._country_codes.get(wanted, wanted))

    def places(self, text: str, *, facet: Facet | None = None) -> tuple[Concept, ...]:
        """Return the countries and regions of which the text is a code, an id or a name, in any of the four languages.

        `DRC`, `uk`, `Viet Nam`, `Eq. Guinea`, `EE.UU.`, `latin america`, `SADC`, `wb:SSA`. Case, accents, hyphens, full
        stops and an article before the name do not count; adjectives (`Peruvian`) are no names. Countries come first.
        Several when the name is shared (`Congo`), none when nothing is called so. This is the one look-up for queries,
        parameters and catalogues; `corpus.vocabulary.places` says which of the names count in running text.

        Args:
            facet: COUNTRY or REGION; None: both.
        """
        found = self._place_index.find(text)
        return tuple(concept for concept in found if facet is None or concept.facet is facet)

    def regions_of(self, country: str) -> tuple[str, ...]:
        """Return the ids of all regions that hold a country (ISO alpha-3): M49 from the smallest up, then the other
        schemes. Empty for a country that is not known."""
        found = self._concepts[Facet.COUNTRY].get(country)
        return found.related[Facet.REGION] if found else ()

    def countries_in(self, region: str) -> frozenset[str]:
        """Return the ISO alpha-3 codes of the countries in a region; empty for a region that is not known."""
        return self._members.get(region, frozenset())

    def tree(self, facet: Facet) -> tuple[TreeNode, ...]:
        """Return the concepts of a facet under the first of their broader ones, roots first; a flat facet is all roots."""
        below: dict[str, list[Concept]] = {}
        for concept in self._concepts[facet].values():
            below.setdefault(concept.broader[0] if concept.broader else "", []).append(concept)
        return self._nodes(below, "")

    def _nodes(self, below: Mapping[str, list[Concept]], parent: str) -> tuple[TreeNode, ...]:
        return tuple(TreeNode(concept, self._nodes(below, concept.id)) for concept in below.get(parent, ()))

    def find(self, text: str, lang: str | None = None) -> tuple[Concept, ...]:
        """Return the concepts of which a label, name, strong term or name for searching equals the text.

        Case, accents and hyphens do not count.

        In the names of one language, or of all when `lang` is None. Ordered as `Facet` is.
        """
        wanted = plain(text)
        languages = LANGUAGES if lang is None else (lang,)
        found: dict[tuple[Facet, str], Concept] = {}
        for language in languages:
            for concept in self._names.get((language, wanted), ()):
                found[concept.facet, concept.id] = concept
        order = list(Facet)
        return tuple(sorted(found.values(), key=lambda concept: order.index(concept.facet)))

    def terms(self, facet: Facet) -> tuple[Term, ...]:
        """Return the words that indicate the concepts of a facet, names for searching and decoys too.

        Countries and regions have none here: see `places`.
        """
        return self._words[0].get(facet, ())

    @property
    def activities(self) -> tuple[Activity, ...]:
        """Return the patterns of what people do that makes them members of a group."""
        return self._words[1]

    def synonyms(self, facet: Facet, concept_id: str, lang: str) -> tuple[str, ...]:
        """Return words with which a search for a concept can be widened: names and strong terms in one language.

        One spelling for each term, the label first. Regional names of every language are included.
        """
        concept = self._concepts[facet].get(concept_id)
        if concept is None:
            return ()
        found = list(concept.names(lang))
        found += [
            term.forms[0]
            for term in self.terms(facet)
            if term.concept == concept_id
            and term.strength is Strength.STRONG
            and term.is_searched
            and term.lang in (lang, ANY_LANGUAGE)
        ]
        return tuple({plain(name): name for name in reversed(found)}.values())[::-1]

    @cached_property
    def _words(self) -> tuple[Mapping[Facet, tuple[Term, ...]], tuple[Activity, ...]]:
        return self._read_terms()

    @cached_property
    def _place_index(self) -> PlaceIndex:
        return self._read_places()

    @cached_property
    def _country_codes(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for concept in self._concepts[Facet.COUNTRY].values():
            for scheme in ("iso2", "m49"):
                if code := concept.codes.get(scheme):
                    found[code] = concept.id
        return found

    @cached_property
    def _members(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for concept in self._concepts[Facet.COUNTRY].values():
            for region in concept.related[Facet.REGION]:
                found.setdefault(region, set()).add(concept.id)
        return {region: frozenset(countries) for region, countries in found.items()}

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], list[Concept]]:
        found: dict[tuple[str, str], list[Concept]] = {}
        for facet, concepts in self._concepts.items():
            for concept in concepts.values():
                for lang in LANGUAGES:
                    for name in concept.names(lang):
                        found.setdefault((lang, plain(name)), []).append(concept)
            for term in self.terms(facet):
                if term.strength not in (Strength.STRONG, Strength.SEARCH) or not term.is_searched:
                    continue
                for lang in LANGUAGES if term.lang == ANY_LANGUAGE else (term.lang,):
                    for form in term.forms:
                        found.setdefault((lang, plain(form)), []).append(concepts[term.concept])
        return found
