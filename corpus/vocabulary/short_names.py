"""Short spellings of the names of countries, as tables and maps print them: Eq. Guinea, Central African Rep., N. Macedonia."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice, product

_SHORT: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "Republic": ("Rep.",), "Democratic": ("Dem.",), "People's": ("Peop.",), "Federated": ("Fed.",), "States": ("Sts.",),
        "Islands": ("Is.", "Isl."), "Territories": ("Terr.",), "Territory": ("Terr.",), "North": ("N.",), "Northern": ("N.",),
        "South": ("S.",), "Southern": ("S.",), "East": ("E.",), "West": ("W.",), "Western": ("W.",), "Central": ("C.", "Cent."),
        "Equatorial": ("Eq.", "Equat."), "Saint": ("St.", "St"), "United": ("Utd.",), "French": ("Fr.",), "British": ("Br.",),
        "American": ("Am.",), "Herzegovina": ("Herz.",), "Barbuda": ("Barb.",), "Grenadines": ("Gren.",), "and": ("&",),
    },
    "es": {
        "República": ("Rep.",), "Democrática": ("Dem.",), "Popular": ("Pop.",), "Islas": ("Is.",), "Norte": ("N.",),
        "Sur": ("S.",), "Ecuatorial": ("Ec.", "Ecuat."), "Occidental": ("Occ.",), "San": ("S.",), "Santo": ("Sto.", "S."),
    },
    "fr": {
        "République": ("Rép.", "Rep."), "démocratique": ("dém.", "dem."), "populaire": ("pop.",), "Îles": ("Is.",),
        "Nord": ("N.",), "Sud": ("S.",), "équatoriale": ("éq.", "équat."), "occidental": ("occ.",), "Saint": ("St.", "St"),
    },
    "pt": {
        "República": ("Rep.",), "Democrática": ("Dem.",), "Popular": ("Pop.",), "Ilhas": ("Is.",), "Norte": ("N.",),
        "Sul": ("S.",), "Equatorial": ("Eq.",), "Ocidental": ("Oc.",), "São": ("S.",),
    },
}  # fmt: skip
"""Words of names and their abbreviations, by language."""
_SAINTS = frozenset({"Saint", "San", "Santo", "São"})
"""Shortened in names of three words and more: S. Martín and St. Helena are mostly people and towns."""
_MOST = 60
"""Short spellings of one name."""
_WORD = re.compile(r"[^\W\d_]+(?:'s)?")


def short_spellings(name: str, lang: str) -> tuple[str, ...]:
    """Return a name with one or several of its words abbreviated, without the name itself; empty when none can be.

    At most 60. A name is never cut to less than two words, so that each of them still says which country is meant.
    """
    words = list(_WORD.finditer(name))
    if len(words) < 2:
        return ()
    shortened = _SHORT[lang]
    pieces: list[tuple[str, ...]] = []
    position = 0
    for word in words:
        pieces.append((name[position : word.start()],))
        too_little = word[0] in _SAINTS and len(words) < 3
        pieces.append((word[0], *(() if too_little else shortened.get(word[0], ()))))
        position = word.end()
    pieces.append((name[position:],))
    spelled = ("".join(choice) for choice in product(*pieces))
    return tuple(each for each in islice(spelled, _MOST + 1) if each != name)
