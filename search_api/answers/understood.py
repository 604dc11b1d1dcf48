"""How a search was understood, for people: the concepts that it names, and what else is searched for with them."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from itertools import islice

from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import Vocabulary
from corpus.vocabulary.places import load_places
from search_api.answers.results import NamedConcept, Translations
from search_api.query.concepts import PLACE_KINDS
from search_api.query.parse import ParsedText
from search_api.query.prose import YEARS
from search_api.query.translations import SWITCH, translated_words

TRANSLATIONS_SHOWN = 12
ALSO_SHOWN = 8
"""Names that are shown; a group of workers has some fifty."""


def named_concepts(
    parsed: ParsedText, *, off: Collection[str], vocabulary: Vocabulary, lang: str
) -> tuple[NamedConcept, ...]:
    """Return the concepts that a search names, each once, in the order of its text.

    Args:
        parsed: the text.
        off: concepts that were switched off.
        vocabulary: gives labels and names.
        lang: of the label: en, es, fr or pt.
    """
    found: dict[tuple[Facet, str], NamedConcept] = {}
    for part in parsed.concepts:
        for facet, concept in part.concepts:
            found.setdefault(
                (facet, concept),
                NamedConcept(
                    facet=facet.value,
                    id=concept,
                    label=vocabulary.label(facet, concept, lang),
                    text=part.text,
                    also=_also(facet, concept, typed=part.text, vocabulary=vocabulary, lang=lang),
                    is_on=f"{facet.value}:{concept}" not in off,
                ),
            )
    return tuple(found.values())


def translations_of(parsed: ParsedText, *, off: Collection[str]) -> Translations | None:
    """Return the words of a search that have translations, and these; None: there are none."""
    typed, others = translated_words(parsed.translated)
    return Translations(typed, others[:TRANSLATIONS_SHOWN], is_on=SWITCH not in off) if typed else None


def years_in(text: str) -> str:
    """Return the years that are in a text as a range without a name (`2015..2020`), as typed; empty: none."""
    return next((match.group() for match in YEARS.finditer(text) if any(match.groups())), "")


def parents_of(facet: str, value: str, *, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the values just above one in its tree; of a country its regions. Empty at the top, and where there is no tree."""
    if facet not in tuple(Facet):
        return ()
    is_country = facet == Facet.COUNTRY
    concepts = vocabulary.concepts(Facet.REGION if is_country else Facet(facet))
    broader = concepts[value].broader if value in concepts else ()
    above = vocabulary.regions_of(value) if is_country else broader
    farther = {each for one in above if one in concepts for each in concepts[one].broader}
    return tuple(each for each in above if each not in farther)


def every_name_of(facet: Facet, concept: str, *, vocabulary: Vocabulary, lang: str) -> tuple[str, ...]:
    """Return all names that are searched for with a concept, each as its data file has it, best known first.

    Other spellings and forms of a name are not listed, nor words that count only beside others.
    """
    known = _names_in_turn(facet, concept, vocabulary, lang)
    places = {
        name.surface
        for name in (load_places().names if facet in (Facet.COUNTRY, Facet.REGION) else ())
        if name.concept == concept and name.kind in PLACE_KINDS and not name.weak
    }
    return tuple(dict.fromkeys((*known, *sorted(places))))


def narrower_than(facet: Facet, concept: str, *, vocabulary: Vocabulary, lang: str) -> tuple[str, ...]:
    """Return the labels of all concepts below one, whose names are searched for with its own; of a region its countries too."""
    found: dict[str, str] = {}
    waiting = [concept]
    while waiting:
        above = waiting.pop()
        below = [
            each.id for each in vocabulary.concepts(facet).values() if above in each.broader and each.id not in found
        ]
        found |= {each: vocabulary.label(facet, each, lang) for each in below}
        waiting += below
    if facet is Facet.REGION:
        countries = sorted(vocabulary.countries_in(concept))
        found |= {each: vocabulary.label(Facet.COUNTRY, each, lang) for each in countries}
    return tuple(sorted(found.values()))


def _also(facet: Facet, concept: str, *, typed: str, vocabulary: Vocabulary, lang: str) -> tuple[str, ...]:
    """Return other names of a concept, those of each language in turn, the reader's own language first."""
    shown = {typed.casefold(), vocabulary.label(facet, concept, lang).casefold()}
    others = (name for name in _names_in_turn(facet, concept, vocabulary, lang) if name.casefold() not in shown)
    return tuple(islice(others, ALSO_SHOWN))


@lru_cache(maxsize=1_000)
def _names_in_turn(facet: Facet, concept: str, vocabulary: Vocabulary, lang: str) -> tuple[str, ...]:
    by_language = [
        vocabulary.synonyms(facet, concept, each) for each in dict.fromkeys((lang, *LANGUAGES)) if each in LANGUAGES
    ]
    longest = max(map(len, by_language), default=0)
    in_turn = (names[place] for place in range(longest) for names in by_language if place < len(names))
    return tuple(dict.fromkeys(in_turn))
