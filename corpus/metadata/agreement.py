"""Whether two values of a field say the same, however they are spelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate

_PARTS = re.compile(r"(?<!\s)\s++[|–—·»-]\s+|(?:(?<!\s)\s++)?[:|?.!]\s+")
"""Between a title, its subtitle, and the name of a site behind it."""
_WORD = re.compile(r"[^\W_]+")
_NUMBER_WORDS = frozenset(("no", "nr", "num", "number", "numero", "n", "vol", "volume", "volumen", "issue"))
_LINKING_WORDS = frozenset(
    ("the", "of", "and", "for", "on", "in", "to", "de", "del", "la", "las", "los", "el", "y", "e", "para", "por")
) | {"en", "du", "des", "le", "les", "et", "pour", "da", "do", "das", "dos"}
"""Words that abbreviations of organisations leave out, in four languages."""
_FUNCTION_WORDS = {
    "en": frozenset(["the", "of", "and", "to", "in", "for", "with", "from", "by", "on", "is", "are", "their"]),
    "es": frozenset(["el", "los", "las", "del", "y", "en", "con", "por", "su", "una", "es", "al", "lo"]),
    "fr": frozenset(["le", "les", "des", "du", "et", "dans", "aux", "avec", "sur", "est", "une", "leur", "au"]),
    "pt": frozenset(["os", "dos", "das", "da", "do", "e", "em", "uma", "na", "no", "ao", "com", "sua"]),
}
_TELLING_WORDS = 3
"""Fewer words (`Annual report`) begin many titles."""
_LIKE_EACH_OTHER = 0.5
"""Share of the shorter abstract's words that the other has too: cut and edited forms of one abstract are above it."""


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters, without accents and punctuation."""
    letters = text.casefold()
    if not letters.isascii():
        decomposed = unicodedata.normalize("NFKD", letters)
        letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _WORD.findall(letters)


def are_one_title(one: str, other: str) -> bool:
    """Say whether two titles are one: the same words, one without subtitle or with the site's name, or a translation."""
    return (
        _are_translations(one, other)
        or _has_at_an_end(one, other)
        or _has_at_an_end(other, one)
        or _begin_as_one(one, other)
    )


def without_last_part(title: str) -> str:
    """Return a title without what is behind its last separator (`Main · a site` -> `Main`), if there is one."""
    last = next(reversed(list(_PARTS.finditer(title))), None)
    return title[: last.start()] if last is not None and last.start() else title


def _begin_as_one(one: str, other: str) -> bool:
    """Say whether two titles have one main title, to which each adds its own (`Main: subtitle`, `Main · a site`)."""
    first, second = (words_of(_PARTS.split(title)[0]) for title in (one, other))
    return first == second and len(first) >= _TELLING_WORDS


def _has_at_an_end(long: str, short: str) -> bool:
    """Say whether a title, or its first or last parts, are the same words as another."""
    wanted = words_of(short)
    parts = [words_of(part) for part in _PARTS.split(long)]
    starts = accumulate(parts)
    ends = accumulate(reversed(parts), lambda behind, part: part + behind)
    return wanted in starts or wanted in ends


def are_one_organisation(one: str, other: str) -> bool:
    """Say whether two names are of one organisation: one holds the other (`World Bank, Washington, DC`) or abbreviates it."""
    first, second = words_of(one), words_of(other)
    short, long = sorted((first, second), key=len)
    return _holds(long, short) or _abbreviates(one, long=second) or _abbreviates(other, long=first)


def _holds(long: Sequence[str], short: Sequence[str]) -> bool:
    """Say whether words stand one after the other in a longer list of words."""
    return bool(short) and any(
        list(long[start : start + len(short)]) == list(short) for start in range(len(long) - len(short) + 1)
    )


def _abbreviates(name: str, *, long: Sequence[str]) -> bool:
    letters = "".join(words_of(name))
    initials = {
        "".join(word[0] for word in long),
        "".join(word[0] for word in long if word not in _LINKING_WORDS),
    }
    return len(letters) >= 2 and len(long) >= 2 and letters in initials


def are_one_date(one: str, other: str) -> bool:
    """Say whether two ISO dates agree as far as both go: `2019` is less exact than `2019-05-03`, and not another date.

    Days that follow each other are one: it is evening in Lima when the next day begins in London.
    """
    if one.startswith(other) or other.startswith(one):
        return True
    exact = len(one) == len(other) == len("2019-05-03")
    return exact and abs(date.fromisoformat(one) - date.fromisoformat(other)) <= timedelta(days=1)


def are_one_series(one: str, other: str) -> bool:
    """Say whether two series are one; a number that only one of them gives is no contradiction."""
    first, second = (
        [word.removesuffix("s").lstrip("0") or "0" for word in words_of(text) if word not in _NUMBER_WORDS]
        for text in (one, other)
    )
    short, long = sorted((first, second), key=len)
    return _holds(long, short) or _are_translations(one, other)


def are_one_isbn(one: str, other: str) -> bool:
    """Say whether two valid ISBNs name one book: the nine digits without prefix and check digit are the same."""
    return (one[-10:-1] == other[-10:-1] and not (one.startswith("979") or other.startswith("979"))) or one == other


def are_one_abstract(one: str, other: str) -> bool:
    """Say whether two abstracts are one: cut off, edited a little, or in another language."""
    if _are_translations(one, other):
        return True
    short, long = sorted(({word for word in words_of(text) if len(word) > 3} for text in (one, other)), key=len)
    return not short or len(short & long) >= _LIKE_EACH_OTHER * len(short)


def are_one_licence(one: str, other: str) -> bool:
    """Say whether two licences are one; a version that only one of them gives is no contradiction."""
    short, long = sorted((words_of(one), words_of(other)), key=len)
    return _holds(long, short)


def is_one_list_of_authors(one: Sequence[str], other: Sequence[str]) -> bool:
    """Say whether two lists of authors agree: whom the shorter names, the longer names too (`Ruiz, A.`: `Ana Ruiz`)."""
    short, long = sorted((one, other), key=len)
    return all(any(_is_one_person(name, candidate) for candidate in long) for name in short)


def _is_one_person(one: str, other: str) -> bool:
    short, long = sorted((words_of(one), words_of(other)), key=len)
    whole = {word for word in short if len(word) > 1 and word in long}
    return bool(whole) and all(
        word in whole or any(word[0] == each[0] and min(len(word), len(each)) == 1 for each in long) for word in short
    )


def _are_translations(one: str, other: str) -> bool:
    """Say whether two texts are in two languages, as far as their smallest words tell: then they say nothing different."""
    languages = _language(one), _language(other)
    return all(languages) and languages[0] != languages[1]


def _language(text: str) -> str:
    """Return the language whose smallest words are most frequent; empty when none is ahead."""
    words = words_of(text)
    counts = {lang: sum(word in small for word in words) for lang, small in _FUNCTION_WORDS.items()}
    best, second = sorted(counts.values(), reverse=True)[:2]
    return max(counts, key=lambda lang: counts[lang]) if best > second else ""
