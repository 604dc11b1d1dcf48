"""What values are called: concepts, sources, languages and types as a reader sees them."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.messages import gettext
from corpus.messages.formats import listed
from corpus.messages.values import document_language, facet_in_sentence, type_name
from corpus.shown import without_signs
from corpus.types import Facet
from corpus.vocabulary import Vocabulary
from search_api.query.parameters import SearchQuery

_FACETS = frozenset(str(facet) for facet in Facet)


class FilterLabels:
    """Labels of filter values, in the language of the page."""

    def __init__(self, vocabulary: Vocabulary, *, sources: Mapping[str, str], lang: str) -> None:
        self.lang = lang
        """Of the page: en, es, fr or pt."""
        self._vocabulary = vocabulary
        self._sources = sources
        """Slug -> name."""

    def label(self, parameter: str, value: str) -> str:
        """Return what a value of `country`, `lang`, `source` ... is called; the value itself when nothing is known."""
        if parameter in _FACETS:
            return self._vocabulary.label(Facet(parameter), value, self.lang)
        if parameter == "lang":
            return document_language(value, lang=self.lang)
        if parameter == "type":
            return type_name(value, lang=self.lang)
        if parameter == "source":
            return self._sources.get(value, value)
        return without_signs(value)

    def years(self, query: SearchQuery) -> str:
        """Return `2015`, `2010–2020`, `since 2018` or `until 2012`; empty when no year is requested."""
        if query.years is None:
            return ""
        first, last = query.years.first, query.years.last
        if first == last:
            return str(first)
        if first is None:
            return gettext("until {year}", year=last, lang=self.lang)
        return gettext("since {year}", year=first, lang=self.lang) if last is None else f"{first}–{last}"

    def in_words(self, query: SearchQuery) -> str:
        """Return the filters of a search in one phrase, `country Peru or Colombia; type report`; empty without filters."""
        lang = self.lang
        parts = [
            f"{facet_in_sentence(parameter, lang=lang)} {listed((self.label(parameter, each) for each in values), lang=lang)}"
            for parameter, values in query.filter_values().items()
        ]
        if years := self.years(query):
            is_open = query.years is not None and None in (query.years.first, query.years.last)
            text = (
                gettext("published {years}", years=years, lang=lang)
                if is_open
                else gettext("published in {years}", years=years, lang=lang)
            )
            parts.append(text)
        if not query.about:
            parts.append(gettext("also where it is only mentioned", lang=lang))
        return "; ".join(parts)
