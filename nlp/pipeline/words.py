"""spaCy pipelines that make words of one term look alike: lemma, accents, inclusive writing, hyphens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, partial

import simplemma
import spacy
from spacy.attrs import IS_ALPHA, IS_SPACE, LOWER, NORM
from spacy.language import Language
from spacy.tokenizer import Tokenizer

from corpus.types import LANGUAGES
from corpus.vocabulary.spelling import HYPHENS, SOFT_HYPHEN, without_accents

OTHER = "xx"
"""Stands for every language but the four: words are folded, not lemmatised."""

LONGEST_ACRONYM = 4
"""Words in capitals up to this many letters are not lemmatised: OIT is not a form of the verb ouïr."""

_CACHED_CHUNKS = 200_000
"""Words with their punctuation whose tokens are kept; the default of 10,000 is used up by one long report."""

_ASKED_FOR = frozenset({NORM, LOWER, IS_ALPHA, IS_SPACE})
"""Attributes of words that a matcher or a rule looks at."""

_OTHER_HYPHENS = HYPHENS.replace("-", "")
_OTHER_HYPHEN = re.compile(rf"(?<=\w)[{_OTHER_HYPHENS}](?=\w)")
_LETTER = r"[^\W\d_]"
_PREFIXES = re.compile(r"^[\[({<\"'“”‘’«»¿¡†‡*•–—…,.;:\-]")
_SUFFIXES = re.compile(
    # A closing bracket stays with an inclusive ending: catador(a), trabalhador(es).
    rf"(?:[\]}}>\"'“”‘’«»†‡*•–—…,.;:!?%]|-|(?<!\({_LETTER})(?<!\({_LETTER}{{2}})(?<!\({_LETTER}{{3}})(?<!\({_LETTER}{{4}})\))$"
)
_INCLUSIVE_ENDINGS = "e|es|se|ses|euse|euses|eur|eurs|rice|rices|trice|trices|ère|ères|ne|nes|le|les|a|as|o|os"
_INFIXES = re.compile(
    rf"(?<={_LETTER})[-—](?={_LETTER})(?!(?:{_INCLUSIVE_ENDINGS})(?:-s)?\b|s\b)"
    rf"|(?<={_LETTER})['’](?={_LETTER})"
    rf"|(?<={_LETTER})/(?={_LETTER}{{4}})"
    rf"|(?<={_LETTER})[,;:)(](?={_LETTER}{{4}})"
    rf"|(?<=[a-zà-ÿ])\.(?=[A-Z])"
    rf"|[—…]"
)
_INCLUSIVE = re.compile(
    rf"^({_LETTER}{{3,}}?)"
    rf"(?:[·•‧∙⋅]{_LETTER}{{1,6}}(?:[·•‧∙⋅]{_LETTER}{{1,2}})?"  # vendeuse·eur·s
    rf"|[.\-](?:{_INCLUSIVE_ENDINGS})(?:[.\-]s)?"  # employé.e.s, vendeur-euse-s
    rf"|\({_LETTER}{{1,4}}\){_LETTER}{{0,2}}"  # catador(a)s
    rf"|/-?{_LETTER}{{1,4}})$"  # recicladores/as
)
_INCLUSIVE_X = re.compile(rf"^({_LETTER}{{3,}}?)[x@](s?)$")  # recicladorxs, trabajador@s

_NOUNS: Mapping[str, Mapping[str, str]] = {"es": {"género": "genero", "genero": "genero", "géneros": "genero"}}
"""Nouns that the lemmatiser takes for a form of a verb: without this, every `generar` would be about gender."""

_GENDERS = {
    # simplemma leaves many feminines of trades as they are; both genders must meet in one form.
    "fr": (("euse", "eur"), ("trice", "teur"), ("iere", "ier"), ("ienne", "ien")),
    "es": (("dora", "dor"), ("tora", "tor")),
    "pt": (("dora", "dor"), ("tora", "tor")),
}


@cache
def language_for(lang: str) -> Language:
    """Return a blank pipeline for a language (ISO 639-1; any other than the four is treated as `OTHER`).

    Tokens end at hyphens and apostrophes; the NORM of a token is its lemma without accents, in the masculine singular.
    """
    # "xx" for each of them: rules of tokenization are ours, and building the French exceptions alone takes two seconds.
    language = spacy.blank(OTHER)
    # Before any text is read: a lexeme's NORM is computed once, when the word is first seen.
    getters = language.vocab.lex_attr_getters  # type: ignore[attr-defined]
    # Only what is asked for: each of the other thirty would be computed for every new word, half of the time of a tagger.
    for unused in getters.keys() - _ASKED_FOR:
        del getters[unused]
    getters[NORM] = partial(norm, lang=lang)
    language.tokenizer = Tokenizer(
        language.vocab,
        prefix_search=_PREFIXES.search,
        suffix_search=_SUFFIXES.search,
        infix_finditer=_INFIXES.finditer,
        max_cache_size=_CACHED_CHUNKS,
    )
    return language


def norm(word: str, *, lang: str) -> str:
    """Return the form in which two spellings, numbers, genders of one word are equal."""
    lower = word.lower().replace("’", "'").replace(SOFT_HYPHEN, "")
    if not lower[:1].isalpha():
        return lower
    lower = _without_inclusive_ending(lower, lang=lang)
    if lang not in LANGUAGES or (word.isupper() and len(word) <= LONGEST_ACRONYM):
        return without_accents(lower)
    if noun := _NOUNS.get(lang, {}).get(lower):
        return noun
    lemma: str = simplemma.lemmatize(lower, lang=lang)
    folded = without_accents(lemma.lower())
    if lemma == lower and len(folded) > 4 and folded.endswith("s") and not folded.endswith("ss"):
        folded = folded[:-1]  # a plural that the lemmatiser does not know
    for feminine, masculine in _GENDERS.get(lang, ()):
        if folded.endswith(feminine):
            return folded.removesuffix(feminine) + masculine
    return folded


def as_tokenized(text: str) -> str:
    """Return the text as it is given to a pipeline: one line, and the plain hyphen for every kind of it within words.

    Each character stays where it is.
    """
    return _OTHER_HYPHEN.sub("-", text.replace("\n", " "))


def norms(text: str, *, lang: str) -> tuple[str, ...]:
    """Return the NORM of every token of a text."""
    return tuple(token.norm_ for token in language_for(lang).tokenizer(as_tokenized(text)))


def _without_inclusive_ending(lower: str, *, lang: str) -> str:
    if found := _INCLUSIVE.match(lower):
        return found[1]
    if lang in ("es", "pt") and (found := _INCLUSIVE_X.match(lower)):
        stem, plural = found.groups()
        ending = ("es" if plural else "") if stem.endswith("r") else f"o{plural}"
        return stem + ending
    return lower
