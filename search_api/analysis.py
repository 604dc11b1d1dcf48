"""Text to tokens: once, here, in Python, for every engine, for pages, documents, queries and marks alike.

Engines receive tokens joined by spaces and split them at white space, so that two engines hold the same tokens and give the
same scores. Three kinds are made of each text:

words  the form of each word (corpus.lemmas) in the text's language, without stop words: what is matched
stems  what Snowball makes of them: informality adds a little to a document that is found by informal, and never finds it
exact  small letters, accents folded, every word kept: for "quoted words", prefix*, fuzzy~

A word written in several ways is one token: I.L.O. is ilo, C.177 and "Convention No. 177" give c177, 1,250 is 1250,
recicladores/as is recicladores, and beside the parts of well-being stands wellbeing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from corpus.lemmas import all_with_accents, reviewed_stem, with_accents, word_form
from corpus.types import LANGUAGES
from corpus.vocabulary.spelling import without_accents
from search_api.stop_words import SNOWBALL, is_stop_word

ANALYSIS_VERSION = 6
"""To be raised when the same text would give other tokens: an index made with another version is rebuilt."""

WORD_CHARACTERS_MAX = 64
"""Longer runs of letters and digits are hashes, not words."""
_ACRONYM_LETTERS_MAX = 5
_LONG_WORD = re.compile(rf"[^\W\d_]{{{_ACRONYM_LETTERS_MAX + 1}}}")
_AROUND = 80
"""Characters on either side that tell a headline in capitals from an acronym in a sentence."""

_LETTER = r"[^\W\d_]"
HYPHENS = "-‐‑‒–"
_SHORT_INSTRUMENT = re.compile(rf"(?<![^\W_])[CRcr][{HYPHENS}. \u00a0]{{0,2}}\d{{3}}(?![^\W_])")
_ENDINGS = "e|es|se|ses|ne|nes|le|les|a|as|o|os|eur|eurs|euse|euses|ère|ères|rice|rices|trice|trices|ices"
_SCAN = re.compile(
    rf"(?P<abbreviation>(?<![^\W_])(?:{_LETTER}\.){{2,8}}(?:{_LETTER}(?![^\W_]))?)"  # I.L.O., U.S
    r"|(?P<number>(?<![\w.,])\d{1,3}(?:[.,'’\u00a0\u2009\u202f ]\d{3}){1,5}(?![\w]|[.,]\d))"  # 1,250 and 1 250
    rf"|(?P<instrument>{_SHORT_INSTRUMENT.pattern})"  # C177, C.177, R-202
    rf"|(?P<word>[^\W_]{{3,{WORD_CHARACTERS_MAX}}})"
    r"(?:"  # what inclusive writing puts after a word is not a word of its own
    rf"[·•‧∙⋅](?:{_ENDINGS}|{_LETTER}{{1,6}})(?:[·•‧∙⋅]s)?(?![^\W_])"  # vendeur·euse·s
    rf"|\.(?:e|es|ne|nes|le|les)(?:\.s)?(?![^\W_])"  # employé.e.s
    rf"|\({_LETTER}{{1,4}}\){_LETTER}{{0,2}}(?![^\W_])"  # catador(a)s
    rf"|/-?(?:{_ENDINGS})(?![^\W_])"  # recicladores/as
    r"|@s?(?![^\W_])"  # trabajador@s
    r")?"
    r"|(?P<other>[^\W_]+)"
)
_NAMED_INSTRUMENT = re.compile(
    r"\b(?P<kind>conven(?:tion|io|ção|cao)|rec(?:om|omm)[ea]nda(?:tion|ción|cion|ção|cao))s?[\s,(]{1,3}"
    r"(?:(?:n\.?[oº°]|núm|num|nr)[.º°]{0,2}\s{0,2}|#)?(?P<number>\d{1,3})(?!\d|[.,]\d|\s?%)",
    re.IGNORECASE,
)
_INCLUSIVE_X = re.compile(rf"({_LETTER}{{3,}}?)[x@](s?)")


class Token(NamedTuple):
    """One token and the place it comes from. A tuple, since an index is made of hundreds of millions of them."""

    text: str
    """As written, in small letters, without the signs of abbreviations, thousands and inclusive writing."""
    start: int
    """0-based character in the text, inclusive."""
    end: int
    """Exclusive."""
    is_acronym: bool = False
    """Written in capitals, at most five letters, in a line that is not all capitals: WHO is no question."""


def scan(text: str) -> Iterator[Token]:
    """Give the words of a text in order, without overlaps."""
    for match in _SCAN.finditer(text):
        if (token := _token(match)) is not None:
            yield token


def scan_from(text: str, start: int) -> Iterator[Token]:
    """Give the words of a text from a character on (0-based), at which none may have begun before."""
    for match in _SCAN.finditer(text, start):
        if (token := _token(match)) is not None:
            yield token


def token_at(text: str, start: int) -> Token | None:
    """Return the word of a text that begins at a character (0-based); None when none does."""
    match = _SCAN.match(text, start)
    return _token(match) if match else None


def _token(match: re.Match[str]) -> Token | None:
    kind = match.lastgroup
    start, end = match.span()
    written = match[kind] if kind else ""
    if kind in ("word", "other"):
        if written.islower() and end - start <= WORD_CHARACTERS_MAX:
            return Token(written, start, end)
        length = len(written)
        if length > WORD_CHARACTERS_MAX:
            return None
        is_short = 2 <= length <= _ACRONYM_LETTERS_MAX and written.isupper()
        return Token(written.lower(), start, end, is_short and not _stands_among_capitals(match.string, start))
    if kind == "abbreviation":
        return Token(written.replace(".", "").lower(), start, end, is_acronym=True)
    if kind == "number":
        return Token(re.sub(r"\D", "", written), start, end)
    return Token(written[0].lower() + written[-3:], start, end)  # an instrument


def _stands_among_capitals(text: str, start: int) -> bool:
    """Tell whether a place of a text is in a line of capitals, such as a headline: OF and JOBS are no acronyms there."""
    first = max(text.rfind("\n", max(0, start - _AROUND), start) + 1, start - _AROUND, 0)
    last = text.find("\n", start, start + _AROUND)
    return is_in_capitals(text[first : last if last >= 0 else start + _AROUND])


def is_in_capitals(text: str) -> bool:
    """Tell whether a text has no small letters, and words that are too long for acronyms."""
    return text.isupper() and bool(_LONG_WORD.search(text))


def _joined_by_hyphen(text: str, tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """Give the compounds of a text, each with the number of its first token: wellbeing for well-being."""
    joints = [
        number
        for number, (before, token) in enumerate(pairwise(tokens), start=1)
        if token[1] - before[2] == 1 and text[before[2]] in HYPHENS  # by place: most of the time goes here
    ]
    for _, run in groupby(enumerate(joints), key=lambda each: each[1] - each[0]):
        numbers = [number for _, number in run]
        first, last = numbers[0] - 1, numbers[-1] + 1
        if all(token.text.isalpha() for token in tokens[first:last]):
            yield first, "".join(token.text for token in tokens[first:last])


def instruments_named(text: str) -> Iterator[tuple[int, int, str]]:
    """Give the conventions and recommendations of the ILO that a text names by number: start, end, token (c190)."""
    for match in _NAMED_INSTRUMENT.finditer(text):
        yield match.start(), match.end(), f"{match['kind'][0].lower()}{int(match['number']):03d}"


def instruments_written(text: str) -> Iterator[tuple[int, int, str]]:
    """Give the same, and those that are written short: C177, C.177, R-202."""
    yield from instruments_named(text)
    for match in _SHORT_INSTRUMENT.finditer(text):
        yield match.start(), match.end(), match.group()[0].lower() + match.group()[-3:]


class Analysed(NamedTuple):
    """All that an index holds of a text."""

    words: list[str]
    """Forms of its words in order, stop words left out; compounds and instruments are at the end."""
    stems: list[str]
    """Snowball stems in order, stop words left out; none in a language without a stemmer."""
    exact: list[str]
    """Every word in small letters without accents, in order."""


def analysed(text: str, lang: str) -> Analysed:
    """Return the tokens of a text, which is gone through once for all of them.

    Args:
        text: of any length.
        lang: ISO 639-1; in a language other than the four, accents are folded and nothing is left out.
    """
    tokens = list(scan(text))
    forms: list[str] = []
    cut: list[str] = []
    folded: list[str] = []
    has_stems = lang in SNOWBALL
    for word, _, _, is_acronym in tokens:
        form, stem, plain = _word(word, lang)
        folded.append(plain)
        if is_acronym:
            forms.append(plain)
        elif form is not None:
            forms.append(form)
        if has_stems and form is not None:
            cut.append(stem)
    forms += [_form(joined, lang) for _, joined in _joined_by_hyphen(text, tokens)]
    forms += [instrument for _, _, instrument in instruments_named(text)]
    return Analysed(list(filter(None, forms)), cut, folded)


@lru_cache(maxsize=200_000)
def _word(word: str, lang: str) -> tuple[str | None, str, str]:
    """Return form (None: a stop word), stem and exact form of a word in small letters: looked up once for each place."""
    if is_stop_word(word, lang):
        return None, "", without_accents(word)
    return _form(word, lang), _stem(word, lang) if lang in SNOWBALL else "", without_accents(word)


def words(text: str, lang: str) -> list[str]:
    """Return the forms of the words of a text; see Analysed.words."""
    return analysed(text, lang).words


def form_of(token: Token, lang: str) -> str:
    """Return the form of one word of a text."""
    if token.is_acronym:
        return without_accents(token.text)
    return _form(token.text, lang)


@lru_cache(maxsize=200_000)
def _form(word: str, lang: str) -> str:
    if lang in ("es", "pt") and (match := _INCLUSIVE_X.fullmatch(word)):
        word = _spelled_out(*match.groups())
    return word_form(word, lang=lang) if lang in LANGUAGES else without_accents(word)


def _spelled_out(stem: str, plural: str) -> str:
    """Return recicladores for recicladorxs, compañeros for compañerxs."""
    if stem.endswith("r"):
        return stem + ("es" if plural else "")
    return f"{stem}o{plural}"


def stems(text: str, lang: str) -> list[str]:
    """Return the Snowball stems of a text; see Analysed.stems."""
    return analysed(text, lang).stems


@lru_cache(maxsize=200_000)
def _stem(word: str, lang: str) -> str:
    if reviewed := reviewed_stem(word, lang=lang):
        return reviewed
    # Snowball's rules name accented endings (-ción, -ção): stem first, fold afterwards.
    found = _stemmer(lang).analyze(with_accents(word, lang=lang) or word)
    return found[0] if found else without_accents(word)


@cache
def _stemmer(lang: str) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.lowercase()).filter(Filter.stemmer(SNOWBALL[lang]))
    return builder.filter(Filter.ascii_fold()).build()


def exact(text: str) -> list[str]:
    """Return every word of a text in small letters without accents, in order."""
    return [without_accents(token.text) for token in scan(text)]


def has_words(text: str) -> bool:
    """Tell whether `exact` finds any word in a text; stops at the first."""
    return next(scan(text), None) is not None


def as_typed(text: str) -> str:
    """Return a text of a person in the form that is analysed: composed letters, ligatures and wide letters as plain ones."""
    return unicodedata.normalize("NFKC", text)


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word of a query, as the index may hold it."""

    text: str
    """As written, in small letters."""
    exact: str
    forms: tuple[str, ...]
    """What it is in each of the four languages, none twice; the folded word is last (other languages hold that)."""
    stems: tuple[str, ...]
    """The same, cut by Snowball."""
    parts: tuple[QueryWord, ...] = ()
    """Of a compound: well and being of well-being."""
    is_stop: bool = False
    """A stop word in one of the four languages at least."""
    stop_in: tuple[str, ...] = ()
    """Languages in which it is a stop word: documents in them do not hold it."""


@lru_cache(maxsize=1000)
def query_words(text: str) -> tuple[QueryWord, ...]:
    """Return the words of a piece of a query: one for `vendors` and for `home-based`, none for `?!`."""
    tokens = list(scan(text))
    compounds = dict(_joined_by_hyphen(text, tokens))
    found: list[QueryWord] = []
    number = 0
    while number < len(tokens):
        if number in compounds:
            joined, length = compounds[number], 0
            while "".join(token.text for token in tokens[number : number + length]) != joined:
                length += 1
            parts = tuple(query_word(token) for token in tokens[number : number + length])
            found.append(query_word(Token(joined, 0, 0), parts=parts))
            number += length
        else:
            found.append(query_word(tokens[number]))
            number += 1
    return tuple(found)


def query_word(token: Token, *, parts: tuple[QueryWord, ...] = ()) -> QueryWord:
    """Return one word of a query in all its forms."""
    word = token.text
    stop_in = () if token.is_acronym or parts else tuple(lang for lang in LANGUAGES if is_stop_word(word, lang))
    forms: dict[str, None] = {}
    cut: dict[str, None] = {}
    for lang in LANGUAGES:
        if lang in stop_in:
            continue
        if not token.is_acronym:
            forms[_form(word, lang)] = None
            for accented in all_with_accents(word, lang=lang):  # many people type without accents
                forms[_form(accented, lang)] = None
            cut[_stem(word, lang)] = None
    folded = without_accents(word)
    if len(stop_in) < len(LANGUAGES):
        forms[folded] = None
    return QueryWord(
        text=word,
        exact=folded,
        forms=tuple(forms),
        stems=tuple(cut),
        parts=parts,
        is_stop=bool(stop_in),
        stop_in=stop_in,
    )


def instruments_wanted(text: str) -> frozenset[str]:
    """Return the tokens of the ILO instruments that a text names by number or short: c177 for C.177."""
    return frozenset(name for _, _, name in instruments_written(text))


def instruments_in(text: str) -> tuple[str, ...]:
    """Return the tokens of the ILO instruments that a text names by number: c190 for Convention 190."""
    return tuple(dict.fromkeys(name for _, _, name in instruments_named(text)))
