"""Text to tokens: once, here, in Python, for every engine, for pages, documents, queries and marks alike.

Engines receive the tokens joined by spaces and split them at white space, so that two engines hold the same tokens and
give the same scores. Two forms are made of each text:

stems  small letters, stop words out, Snowball stem of the text's language, accents folded;
       text in a language that Pushcart does not know is only folded
exact  small letters, accents folded, every word kept: for "quoted words", prefix*, fuzzy~

Text is stemmed by the language of its document, a word of a query by all four, because nobody says in which language
they search. See docs/search.md for what follows from it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import tantivy
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

ANALYSIS_VERSION = 2
"""To be raised when the same text would give other tokens: an index made with another version is built anew."""

TOKEN_BYTES_MAX = 64
"""Longer runs of letters and digits are hashes, not words."""

_SNOWBALL: Mapping[str, str] = {"en": "english", "es": "spanish", "fr": "french", "pt": "portuguese"}


_ENGLISH_FUNCTION_WORDS = """
i me my mine myself we us our ours ourselves you your yours yourself he him his himself she her hers herself its itself
them theirs themselves what which who whom whose when where why how those am were been being have has had having do does
did doing done can could may might must shall should would cannot nor else than because while until unless although
though whether so without about against between among onto through during before after above below from up upon down
out off over under again further once here all any both each more most other others another some only own same too very
also just even ever per via within toward towards since yet however thus therefore hence whereas
"""
"""tantivy's English list is Lucene's, of 33 words, while its other three are Snowball's, of some hundred and fifty with
pronouns, question words and auxiliaries; these make English their equal (nDCG@10 on five collections 0.517 -> 0.521)."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token and the place it comes from."""

    text: str
    start: int
    """0-based character in the text, inclusive."""
    end: int
    """Exclusive."""


@cache
def _analyzer(lang: str) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.remove_long(TOKEN_BYTES_MAX))
    builder = builder.filter(Filter.lowercase())
    if lang in _SNOWBALL:
        builder = builder.filter(Filter.stopword(_SNOWBALL[lang]))
        if lang == "en":
            builder = builder.filter(Filter.custom_stopword(_ENGLISH_FUNCTION_WORDS.split()))
        # Snowball's rules name accented endings (-ción, -ção): stem first, fold afterwards.
        builder = builder.filter(Filter.stemmer(_SNOWBALL[lang]))
    return builder.filter(Filter.ascii_fold()).build()


def stems(text: str, lang: str) -> list[str]:
    """Return the stems of a text, in order, stop words left out.

    Args:
        text: of any length.
        lang: ISO 639-1; a language without a stemmer gives folded words.
    """
    return _analyzer(lang if lang in _SNOWBALL else "").analyze(text)


def exact(text: str) -> list[str]:
    """Return every word of a text in small letters without accents, in order."""
    return _analyzer("").analyze(text)


def stem_tokens(text: str, lang: str, *, wanted: Collection[str]) -> list[Token]:
    """Return those stems of a text that are wanted, with their places."""
    analyzer = _analyzer(lang if lang in _SNOWBALL else "")
    found = [number for number, stem in enumerate(analyzer.analyze(text)) if stem in wanted]
    if not found:
        return []
    # Both lists are made by tantivy; a Python object is made of the few tokens alone that are wanted.
    tokens = analyzer.pre_tokenize(text).tokens
    return [_token(tokens[number]) for number in found]


def exact_tokens(text: str) -> Iterator[Token]:
    """Give every word of a text with its place."""
    return (_token(token) for token in _analyzer("").pre_tokenize(text).tokens)


def _token(token: tantivy.Token) -> Token:
    return Token(text=token.text, start=token.char_offset_from, end=token.char_offset_to)


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word of a query, as the index may hold it."""

    exact: str
    stems: tuple[str, ...]
    """Every form that one of the languages gives, none twice, in the order of the languages; the folded word is last
    (documents in other languages hold that). Empty when the word is a stop word in all four."""
    stop_in: tuple[str, ...]
    """Languages in which it is a stop word: documents in them do not hold it."""


def query_words(text: str) -> tuple[QueryWord, ...]:
    """Return the words of a piece of a query: one for `vendors`, two for `home-based`, none for `?!`."""
    return tuple(_query_word(token.text, text[token.start : token.end]) for token in exact_tokens(text))


_ACCENTED_ENDINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "es": (("cion", "ción"), ("sion", "sión"), ("ia", "ía"), ("ias", "ías")),
    "pt": (("cao", "ção"), ("coes", "ções"), ("sao", "são"), ("soes", "sões"), ("encia", "ência"), ("ancia", "ância")),
}
"""Many people type without accents, and Snowball knows these endings with accents only: `informacion` would stay whole
while the text's `información` becomes `inform`. French stems are the same either way."""


def _accented(word: str, lang: str) -> list[str]:
    """Return how a word may have been meant that was typed without accents."""
    if not word.isascii():
        return []
    return [
        word.removesuffix(plain) + ending for plain, ending in _ACCENTED_ENDINGS.get(lang, ()) if word.endswith(plain)
    ]


def _query_word(folded: str, typed: str) -> QueryWord:
    forms: dict[str, None] = {}
    stop_in: list[str] = []
    for lang in _SNOWBALL:
        found = stems(typed, lang)
        if not found:
            stop_in.append(lang)
            continue
        forms.update(dict.fromkeys(found))
        for accented in _accented(typed.lower(), lang):
            forms.update(dict.fromkeys(stems(accented, lang)))
    if len(stop_in) < len(_SNOWBALL):
        forms[folded] = None
    return QueryWord(exact=folded, stems=tuple(forms), stop_in=tuple(stop_in))
