"""Names, codes and directions of languages, by the CLDR data that come with Babel."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from corpus.types import LANGUAGES

_OWN_NAMES: Mapping[str, str] = {"id": "Bahasa Indonesia"}
"""Where CLDR's name of a language in itself is not the one that its readers would look for: `Indonesia` is a country."""
_ALSO: Mapping[str, str] = {"castellano": "es", "castelhano": "es", "castilian": "es", "esp": "es", "mandarin": "zh"}
"""Names and codes that catalogues use and CLDR does not list."""
_FEMININE = (("és", "esa"), ("ês", "esa"), ("ais", "aise"), ("ois", "oise"), ("ol", "ola"), ("ol", "ole"))
"""Endings of names of languages, and those of the adjective beside a feminine noun: `versión inglesa`, `version anglaise`.
Not `o` and `a`: China is a country."""


@lru_cache(maxsize=1_000)
def own_name(code: str) -> str:
    """Return the name of a language in itself, as its readers look for it: `español`, `العربية`.

    In English where nobody has told CLDR; the code itself when it is none that is known.
    """
    locale = _locale(code)
    name = _OWN_NAMES.get(code) or (locale.languages.get(code) if locale else None)
    return name or language_name(code, lang="en")


@lru_cache(maxsize=1_000)
def language_name(code: str, *, lang: str) -> str:
    """Return what a language is called in another one: `Spanish`, `espagnol`; the code itself when it is none that is known.

    Args:
        code: ISO 639-1, or 639-3 where there is no shorter one.
        lang: en, es, fr or pt.
    """
    return str(Locale.parse(lang).languages.get(code, code))


@lru_cache(maxsize=1_000)
def direction(code: str) -> str:
    """Return how a language is written: `rtl` or `ltr`; `auto` where only the text can tell."""
    locale = _locale(code)
    return locale.text_direction if locale else "auto"


@lru_cache(maxsize=1_000)
def two_letters(code: str) -> str:
    """Return a code (`spa`, `fre`, `pt-BR`, `en_US`) as ISO 639-1; empty when it is none, or of a language without such a code."""
    first = code.strip().casefold().replace("_", "-").partition("-")[0]
    if first in _ALSO and len(first) == 3:
        return _ALSO[first]
    plain = get_global("language_aliases").get(first, first) if first.isascii() and first.isalpha() else ""
    return plain if plain in _two_letter_codes() else ""


def code_of(name: str) -> str:
    """Return the ISO 639-1 code of a language by its code, or its name in English, Spanish, French, Portuguese or itself.

    Accents and capitals do not matter, and the feminine counts (`versión inglesa`). Empty when it is no language that is
    official in some country.
    """
    return _names().get(_folded(name.strip()), "") or two_letters(name)


@cache
def names_of(*codes: str) -> Mapping[str, str]:
    """Return the names of some languages, as `code_of` knows them, without capitals; with accents and without. Name -> code."""
    own = {own_name(code).casefold(): code for code in codes}
    return own | {name: code for name, code in _spelled() if code in codes}


@cache
def _names() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, code in _spelled():
        found.setdefault(name, code)
    # Loading a language costs a megabyte: by their own names only those are known in which publications of the field come.
    for code in ("ar", "de", "id", "it", "ru", "zh"):
        found.setdefault(_folded(own_name(code)), code)
    return found


@cache
def _spelled() -> tuple[tuple[str, str], ...]:
    """Return names in the four languages with their codes, in small letters, with accents and without."""
    official = _official_codes()
    named = [
        (form.casefold(), code)
        for lang in LANGUAGES
        for code, name in Locale.parse(lang).languages.items()
        if code in official
        for form in _forms(str(name), lang=lang)
    ]
    named += [(name, code) for name, code in _ALSO.items() if len(name) > 3]
    return tuple(dict.fromkeys((spelling, code) for name, code in named for spelling in (name, _folded(name))))


def _forms(name: str, *, lang: str) -> Iterator[str]:
    yield name
    if lang != "en":
        yield from (name.removesuffix(male) + female for male, female in _FEMININE if name.endswith(male))


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


@cache
def _two_letter_codes() -> frozenset[str]:
    return frozenset(str(code) for code in Locale.parse("en").languages if len(str(code)) == 2)


@cache
def _official_codes() -> frozenset[str]:
    """Return the languages that are official somewhere: names of others are words too (`ido` is Spanish for gone)."""
    spoken = get_global("territory_languages").values()
    return frozenset(
        str(code) for territory in spoken for code, facts in dict(territory).items() if facts["official_status"]
    ).intersection(_two_letter_codes())


@lru_cache(maxsize=1_000)
def _locale(code: str) -> Locale | None:
    if code == "und":  # Babel takes it for the locale that is likeliest in the world
        return None
    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None


def accepted_language(header: str) -> str:
    """Return the language of ours that an Accept-Language header prefers (RFC 9110, 12.5.4): `es` for `de, es-PE;q=0.8`.

    Empty: it names none of ours. Only its first 20 entries count.
    """
    best, most = "", 0.0
    for entry in header.split(",")[:20]:
        tag, _, weight = entry.replace(" ", "").casefold().partition(";q=")
        code = tag.partition("-")[0]
        amount = _amount(weight)
        if code in LANGUAGES and amount > most:
            best, most = code, amount
    return best


def _amount(weight: str) -> float:
    """Return the weight of an entry; 1 where it has none, 0 where it cannot be read."""
    try:
        return min(float(weight), 1.0) if weight else 1.0
    except ValueError:
        return 0.0
