"""Make sentences in which a country's name stands in the name of something else, and sentences with short names of countries."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

from corpus.types import Facet
from corpus.vocabulary import load_vocabulary
from corpus.vocabulary.short_names import short_spellings


class PlaceCase(NamedTuple):
    """A sentence, and the countries that it must or must not speak for."""

    lang: str
    text: str
    spoken_for: frozenset[str] = frozenset()
    not_spoken_for: frozenset[str] = frozenset()


_PLAIN = [
    "BRA",
    "CAN",
    "CHE",
    "ECU",
    "EGY",
    "ESP",
    "GHA",
    "HND",
    "KEN",
    "MAR",
    "MOZ",
    "NPL",
    "PER",
    "PRT",
    "SEN",
    "THA",
    "TUN",
    "UGA",
    "VNM",
    "ZMB",
]
"""Countries whose names mean nothing else."""
_OTHER_THINGS = (
    ("en", "Street vendors on {} Road pay rent to the association."),
    ("en", "Porters wait near {} Street and sleep there."),
    ("en", "The market moved from {} Avenue to the station."),
    ("en", "Traders protested in front of {} House yesterday."),
    ("en", "The factory in {}, Ohio, closed its gates."),
    ("en", "Photo: UNDP {}/Jane Roe"),
    ("en", "Write to info@{}.org for the questionnaire."),
    ("en", "See www.example.org/{}/vendors for the questionnaire."),
    ("en", "The Embassy of {} opened the exhibition."),
    ("en", "Funded by the Government of {}."),
    ("en", "Jane Roe, Department of Economics, Central University, {}\n\nVendors pay a fee."),
    ("en", "The ILO DWT and Country Office for {} and Laos published it."),
    ("es", "Los puestos de la calle {} abren temprano."),
    ("es", "La colonia {} tiene un tianguis."),
    ("fr", "Les vendeuses de la rue de {} paient une taxe."),
    ("fr", "Le marché du boulevard du {} ouvre tôt."),
    ("pt", "As bancas da rua {} abrem cedo."),
    ("pt", "Os camelôs da Avenida {} pagam uma taxa."),
)
_SHORT = ("Prices in {} rose in 2019.", "{} and its neighbours have no data.", "Vendors from {} cross the border.")


def places_in_names(*, number: int = 60, seed: int = 16) -> Iterator[PlaceCase]:
    """Yield streets, houses, towns, credits, addresses and offices with a country's name in theirs."""
    chosen, countries = random.Random(seed), load_vocabulary().concepts(Facet.COUNTRY)
    for _ in range(number):
        lang, sentence = chosen.choice(_OTHER_THINGS)
        country = countries[chosen.choice(_PLAIN)]
        yield PlaceCase(lang, sentence.format(country.label(lang)), not_spoken_for=frozenset({country.id}))


def short_country_names(*, number: int = 40, seed: int = 16) -> Iterator[PlaceCase]:
    """Yield names of countries with words abbreviated, as tables and maps print them."""
    chosen = random.Random(seed)
    countries = load_vocabulary().concepts(Facet.COUNTRY).values()
    shortened = [(country.id, each) for country in countries for each in short_spellings(country.label("en"), "en")]
    for country, name in chosen.sample(shortened, number):
        yield PlaceCase("en", chosen.choice(_SHORT).format(name), spoken_for=frozenset({country}))
