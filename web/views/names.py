"""What values are called: concepts, sources, languages and types as a reader sees them."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.types import Facet
from corpus.vocabulary import Vocabulary
from search_api.query.parameters import SearchQuery
from web.wording import FACET_TITLES, language_name, listed, type_in_words, without_controls

LANG = "en"
"""Language of the interface; labels of concepts follow it."""

_FACETS = frozenset(str(facet) for facet in Facet)


class Names:
    """Labels of filter values, in the language of the interface."""

    def __init__(self, vocabulary: Vocabulary, *, sources: Mapping[str, str]) -> None:
        self._vocabulary = vocabulary
        self._sources = sources
        """Slug -> name."""

    def label(self, parameter: str, value: str) -> str:
        """Return what a value of `country`, `lang`, `source` ... is called; the value itself when nothing is known."""
        if parameter in _FACETS:
            return self._vocabulary.label(Facet(parameter), value, LANG)
        if parameter == "lang":
            return language_name(value) or "Language not known"
        if parameter == "type":
            return type_in_words(value) or value.replace("_", " ").capitalize()
        if parameter == "source":
            return self._sources.get(value, value)
        return without_controls(value)

    def years(self, query: SearchQuery) -> str:
        """Return `2015`, `2010–2020`, `since 2018` or `until 2012`; empty when no year is asked for."""
        if query.years is None:
            return ""
        first, last = query.years.first, query.years.last
        if first == last:
            return str(first)
        if first is None:
            return f"until {last}"
        return f"since {first}" if last is None else f"{first}–{last}"

    def in_words(self, query: SearchQuery) -> str:
        """Return the filters of a search in one phrase, `country Peru or Colombia; type report`; empty without filters."""
        parts = [
            f"{FACET_TITLES[parameter].lower()} {listed(self.label(parameter, value) for value in values)}"
            for parameter, values in query.filter_values().items()
        ]
        if years := self.years(query):
            parts.append(f"published {years}" if " " in years else f"published in {years}")
        if not query.about:
            parts.append("also where it is only mentioned")
        return "; ".join(parts)
