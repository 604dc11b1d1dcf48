"""A title in capitals, written as a person writes it: names and abbreviations keep theirs."""

from __future__ import annotations

import re
from functools import cache

from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import load_vocabulary
from nlp.spellings import Spellings

_WORD = re.compile(r"[^\W\d_]+(?:[.’'](?=[^\W\d_]))?")
_CAPITALS_RUN_WORDS_MIN = 3
"""Fewer words in capitals are abbreviations and names."""
_LISTED = """
ILO OIT ONU WIEGO OECD OCDE UNDP PNUD UNICEF UNESCO FAO WHO OMS IMF FMI WTO EU UE USA EEUU UK GDP PIB SDG ODS ODD COVID HIV
AIDS VIH SIDA NGO ONG ISIC ISCO CIUO CIIU CEPAL ECLAC UNCTAD UNIDO SADC ASEAN ECOWAS CEDEAO AFD IDB BID ADB INE IBGE INEGI DANE
INSEE SEWA GIZ DFID USAID LFS MSME SME PYME TVET II III IV VI VII VIII IX XI XII
"""
_ABBREVIATIONS = frozenset(_LISTED.split())
"""For documents with too little text to tell theirs."""


def in_usual_letters(title: str, *, spellings: Spellings) -> str:
    """Return a title with its parts in capitals in small letters, but for names and abbreviations.

    Names are found in the document's own sentences (`Kenya`, `Côte d’Ivoire`, `PNAD`), then among the names of countries and in
    a list of abbreviations; a word in brackets stays as it is.
    """
    words = list(_WORD.finditer(title))
    if not words or not any(word[0].isupper() and len(word[0]) > 1 for word in words):
        return title
    runs = _runs_in_capitals(title, words)
    pieces: list[str] = []
    at = 0
    for start, end in runs:
        pieces += [title[at:start], _lowered(title[start:end], is_first=not title[:start].strip(), spellings=spellings)]
        at = end
    return "".join([*pieces, title[at:]])


def _runs_in_capitals(title: str, words: list[re.Match[str]]) -> list[tuple[int, int]]:
    """Return where in a title words in capitals follow one another, three or more; all of it when it has no small letter."""
    if title.isupper():
        is_long = len(words) >= 2 or len(words[0][0]) > 6
        return [(words[0].start(), len(title))] if is_long else []
    runs: list[list[re.Match[str]]] = [[]]
    for word in words:
        if word[0].isupper():
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [
        (run[0].start(), _end_of_signs(title, run[-1].end()))
        for run in runs
        if sum(len(word[0]) > 1 for word in run) >= _CAPITALS_RUN_WORDS_MIN and any(len(word[0]) > 5 for word in run)
    ]


def _end_of_signs(title: str, end: int) -> int:
    """Return where the signs after a word end: the bracket around an abbreviation belongs to it."""
    signs = re.compile(r"[^\w\s]*").match(title, end)
    return signs.end() if signs else end


def _lowered(text: str, *, is_first: bool, spellings: Spellings) -> str:
    names = _names_of_countries(text)
    in_brackets = [range(found.start(), found.end()) for found in re.finditer(r"\([^()\s]{2,12}\)", text)]

    def word(found: re.Match[str]) -> str:
        given = found[0]
        if any(found.start() in each for each in in_brackets):
            return given
        begins = (is_first and found.start() == 0) or bool(re.search(r"[:.?!¿¡]\s*[“\"«¿¡(]?$", text[: found.start()]))
        if found.start() in names:
            return names[found.start()]
        plain = given.rstrip(".’'")
        usual = spellings.usual(plain) or (plain if plain in _ABBREVIATIONS else plain.lower())
        # A name or abbreviation keeps its capitals; a letter before an apostrophe has none of its own.
        written = usual + given[len(plain) :]
        return written[:1].upper() + written[1:] if begins else written

    return _WORD.sub(word, text)


def _names_of_countries(text: str) -> dict[int, str]:
    """Return the words of countries' names in a text in capitals, as they are written, by where they begin."""
    found: dict[int, str] = {}
    for capitals, name in _countries().items():
        for place in re.finditer(rf"(?<!\w){re.escape(capitals)}(?!\w)", text) if capitals in text else ():
            written = list(_WORD.finditer(name))
            given = list(_WORD.finditer(place[0]))
            if len(written) == len(given):
                found |= {place.start() + each.start(): own[0] for each, own in zip(given, written, strict=True)}
    return found


@cache
def _countries() -> dict[str, str]:
    """Return the names of countries in four languages by their form in capitals, short ones first: longer ones overrule them."""
    countries = load_vocabulary().concepts(Facet.COUNTRY).values()
    names = {name for country in countries for lang in LANGUAGES for name in country.names(lang) if not name.isupper()}
    return {name.upper(): name for name in sorted(names, key=len)}
