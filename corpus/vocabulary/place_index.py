"""Names and codes of countries and regions, as people type them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from corpus.types import LANGUAGES, Facet
from corpus.vocabulary.model import Concept
from corpus.vocabulary.short_names import short_spellings
from corpus.vocabulary.spelling import plain

_CODES = ("iso2", "m49")
_WEAK_MARK = "?"
_MARKS = re.compile(r"[.,()]")
_AND = re.compile(r" ?& ?")
_ARTICLE = re.compile(r"^(?:the|el|la|los|las|le|les|l|o|a|os|as) ")


class PlaceIndex:
    """Finds countries and regions by everything they are called. Does not change."""

    def __init__(
        self,
        concepts: Iterable[Concept],
        *,
        countries: Iterable[tuple[str, str]] = (),
        regions: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Index the countries and regions among `concepts`.

        Args:
            countries: id and name of countries besides their labels and aliases; a `?` at the end is no part of the name.
            regions: id and name of regions; such a name belongs to that region alone, whatever others are called.
        """
        known = {concept.id: concept for concept in concepts if concept.facet in (Facet.COUNTRY, Facet.REGION)}
        self._codes: dict[str, Concept] = {}
        self._names: dict[str, dict[str, Concept]] = {}
        for concept in known.values():
            self._codes[concept.id.casefold()] = concept
        for concept in known.values():
            for code in (concept.codes[scheme] for scheme in _CODES if scheme in concept.codes):
                self._codes.setdefault(code.casefold(), concept)
        regions = tuple(regions)
        standard = {_key(name): known[region] for region, name in regions}
        for concept in known.values():
            for name in _names_of(concept):
                self._add(name, standard.get(_key(name), concept) if concept.facet is Facet.REGION else concept)
        for country, name in countries:
            for spelling in (name.removesuffix(_WEAK_MARK), *short_spellings(name, "en")):
                self._add(spelling, known[country])
        for region, name in regions:
            self._add(name, known[region])

    def find(self, text: str) -> tuple[Concept, ...]:
        """Return what the text is a code or a name of, countries first; empty when it is none."""
        if code := self._codes.get(text.strip().casefold()):
            return (code,)
        key = _key(text)
        found = self._names.get(key) or self._names.get(_ARTICLE.sub("", key)) or {}
        return tuple(sorted(found.values(), key=lambda concept: concept.facet is Facet.REGION))

    def _add(self, name: str, concept: Concept) -> None:
        self._names.setdefault(_key(name), {})[concept.id] = concept


def _names_of(concept: Concept) -> Iterator[str]:
    for lang in LANGUAGES:
        for name in concept.names(lang):
            yield name
            if concept.facet is Facet.COUNTRY:
                yield from short_spellings(name, lang)


def _key(text: str) -> str:
    return plain(_AND.sub(" and ", _MARKS.sub("", text)))
