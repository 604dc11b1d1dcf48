"""The form in which two spellings of one word are equal, in the four languages: lemma, accents, gender, British and American.

Lemmas are those of simplemma's dictionaries. As Python objects these take 262 MB and 15 seconds; as MARISA tries, written
once into a cache folder and mapped from there, 11 MB and some milliseconds. Every process that indexes, tags or answers a
search may therefore ask for a lemma.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import marisa_trie
import platformdirs
from simplemma import Lemmatizer
from simplemma import __version__ as simplemma_version
from simplemma.strategies import DefaultStrategy
from simplemma.strategies.dictionaries import DefaultDictionaryFactory
from simplemma.strategies.dictionaries.dictionary_factory import CachingDictionaryFactory
from simplemma.strategies.dictionaries.trie_dictionary_factory import TrieWrapDict

from corpus.spelling import american
from corpus.types import LANGUAGES
from corpus.vocabulary.spelling import without_accents

_WITH_ACCENTS = tuple(lang for lang in LANGUAGES if lang != "en")
_FORMAT = 3
"""To be raised when the files in the cache folder would differ."""

_FILES = tuple(f"{lang}-{kind}.trie" for lang in LANGUAGES for kind in ("lemmas", "accents"))

_FEMININES: Mapping[str, tuple[tuple[str, str], ...]] = {
    # simplemma leaves many feminines of trades as they are; both genders must meet in one form.
    "fr": (("euse", "eur"), ("trice", "teur"), ("iere", "ier"), ("ienne", "ien")),
    "es": (("dora", "dor"), ("tora", "tor")),
    "pt": (("dora", "dor"), ("tora", "tor")),
}


def lemma(word: str, *, lang: str) -> str:
    """Return the lemma that simplemma knows for a word in small letters, with its accents; the word itself if it knows none.

    Args:
        word: one word in small letters.
        lang: en, es, fr or pt.
    """
    return dictionary_lemma(word, lang=lang).lower()


def dictionary_lemma(word: str, *, lang: str) -> str:
    """Return the same as it is written in the dictionary: names of countries and peoples with a capital."""
    return _lemmatizer().lemmatize(word, lang=lang)


@lru_cache(maxsize=100_000)
def word_form(word: str, *, lang: str) -> str:
    """Return the form under which a word is looked up: inflections of one word share it, other words do not.

    Args:
        word: one word in small letters, without signs.
        lang: ISO 639-1; in a language other than the four, only accents are taken away.
    """
    if lang not in LANGUAGES:
        return without_accents(word)
    reviewed = _reviewed()[lang]
    if (known := reviewed.get(without_accents(word))) is not None:
        return known
    found = lemma(word, lang=lang)
    if found == word and not _is_known(word, lang=lang) and (accented := with_accents(word, lang=lang)):
        found = lemma(accented, lang=lang)
    folded = without_accents(found)
    if found == word:
        if adjective := _adjective_of(folded, lang=lang):
            return word_form(adjective, lang=lang)
        if len(folded) > 4 and folded.endswith("s") and not folded.endswith("ss") and not _is_known(word, lang=lang):
            folded = folded[:-1]  # a plural that the dictionary does not know
    if lang == "en":
        folded = american(folded, is_word=_is_english)
    for feminine, masculine in _FEMININES.get(lang, ()):
        if folded.endswith(feminine):
            folded = folded.removesuffix(feminine) + masculine
    return reviewed.get(folded, folded)


_ADVERBS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "en": (
        ("ically", ("ical", "ic")),
        *(
            (f"{ending}ly", (ending,))
            for ending in ("al", "ive", "ous", "ful", "less", "ent", "ant", "ar", "ate", "que")
        ),
        ("ably", ("able",)),
        ("ibly", ("ible",)),
    ),
    "es": (("amente", ("o", "a")), ("mente", ("",))),
    "pt": (("amente", ("o", "a")), ("mente", ("",))),
    "fr": (
        ("ellement", ("el",)),
        ("alement", ("al",)),
        ("ivement", ("if",)),
        ("iquement", ("ique",)),
        ("tement", ("t",)),
    ),
}
"""What adverbs end in, and their adjectives instead: informally is a form of informal. Only these endings: supply, monthly
and gouvernement are no adverbs of supp, month and gouverner."""
_NO_ADVERBS = frozenset(
    ("actually", "practically", "virtually", "eventually", "especially", "presently", "egalement", "signalement")
)


def _adjective_of(word: str, *, lang: str) -> str:
    """Return the adjective of an adverb without accents; empty when the word is none."""
    if word in _NO_ADVERBS or (lang == "fr" and is_word(word, lang="fr")):
        return ""  # the French dictionary has no adverbs but nouns in -tement: traitement is no trait, département no départ
    for ending, instead in _ADVERBS[lang]:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word.removesuffix(ending)
            return next((stem + each for each in instead if is_word(stem + each, lang=lang)), "")
    return ""


def _is_known(word: str, *, lang: str) -> bool:
    return word in _mapped(f"{lang}-lemmas", lang=lang)


def is_word(word: str, *, lang: str) -> bool:
    """Tell whether the dictionary of a language has a word, with or without its accents."""
    return _is_known(word, lang=lang) or (lang in _WITH_ACCENTS and word in _accents(lang))


def _is_english(word: str) -> bool:
    return _is_known(word, lang="en")


def with_accents(word: str, *, lang: str) -> str:
    """Return the word of the dictionary that loses its accents to become this one: precarite gives précarité.

    The shortest, then the first in the alphabet, of several. Empty when there is none, or the word has accents already.
    """
    return next(iter(all_with_accents(word, lang=lang)), "")


def all_with_accents(word: str, *, lang: str) -> tuple[str, ...]:
    """Return every word of the dictionary that loses its accents to become this one, the shortest first.

    The Spanish domestica gives domesticá, a form of a verb, and doméstica, an adjective: only a person knows which is meant.
    """
    if lang not in _WITH_ACCENTS or not word.isascii():
        return ()
    found = (each.decode() for each in _accents(lang).get(word, ()))
    return tuple(sorted(found, key=lambda each: (len(each), each)))


@cache
def _word_forms() -> Mapping[str, Any]:
    text = files("corpus.vocabulary").joinpath("data", "word_forms.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


@cache
def _reviewed() -> Mapping[str, Mapping[str, str]]:
    """Return by language the forms of words that a person decided, where the dictionary is wrong for this field."""
    rows = _word_forms()["forms"]
    return {
        lang: {without_accents(word): form for form, words in rows[lang].items() for word in words.split()}
        for lang in LANGUAGES
    }


@lru_cache(maxsize=100_000)
def reviewed_stem(word: str, *, lang: str) -> str:
    """Return what stands for the stem of a word that Snowball would join with other words: information is not informal.

    Empty when nobody found the stem of Snowball to be wrong. It holds the language: what another language's stemmer makes
    of a word never equals it.

    Args:
        word: one word in small letters.
        lang: en, es, fr or pt.
    """
    return _not_same()[lang].get(word_form(word, lang=lang), "")


@cache
def _not_same() -> Mapping[str, Mapping[str, str]]:
    rows = _word_forms()["not_same"]
    return {
        lang: {
            form: f"{lang}:{same.split()[0]}" for row in rows[lang] for same in row.split("/") for form in same.split()
        }
        for lang in LANGUAGES
    }


@cache
def _lemmatizer() -> Lemmatizer:
    return Lemmatizer(lemmatization_strategy=DefaultStrategy(dictionary_factory=_Tries()))


class _Tries(CachingDictionaryFactory):
    """simplemma's dictionaries as tries in the cache folder."""

    def _get_dictionary_uncached(self, lang: str) -> Mapping[str, str]:
        return TrieWrapDict(_mapped(f"{lang}-lemmas", lang=lang))


@cache
def _accents(lang: str) -> marisa_trie.BytesTrie:
    return _mapped(f"{lang}-accents", lang=lang)


@cache
def _mapped(name: str, *, lang: str) -> marisa_trie.BytesTrie:
    """Return a trie of the cache folder; both of a language are built when one is missing or damaged."""
    path = cache_folder() / f"{name}.trie"
    with contextlib.suppress(OSError, RuntimeError):
        return _open(path)
    _build(lang, folder=path.parent)
    return _open(path)


def _open(path: Path) -> marisa_trie.BytesTrie:
    if not path.is_file():
        raise FileNotFoundError(path)
    trie = marisa_trie.BytesTrie()
    trie.mmap(str(path))
    return trie


def cache_folder() -> Path:
    """Return where the tries are kept: in the user's cache folder, else in a temporary one of this user.

    A cache folder that cannot be written is used if it has them all, as in a container.
    """
    version = f"lemmas-{simplemma_version}-{_FORMAT}"
    usual = Path(platformdirs.user_cache_dir("pushcart", appauthor=False)) / version
    with contextlib.suppress(OSError):
        usual.mkdir(parents=True, exist_ok=True)
        if os.access(usual, os.W_OK) or all((usual / name).is_file() for name in _FILES):
            return usual
    return _private_folder(version)


@cache
def _private_folder(version: str) -> Path:
    # A folder of a fixed name in /tmp could be another user's: what is in it is read as ours.
    return Path(tempfile.mkdtemp(prefix=f"pushcart-{version}-"))


def _build(lang: str, *, folder: Path) -> None:
    """Write both tries of a language; a process that is killed leaves no half file under their names."""
    words = DefaultDictionaryFactory().get_dictionary(lang)
    _write(marisa_trie.BytesTrie((word, form.encode()) for word, form in words.items()), folder / f"{lang}-lemmas.trie")
    pairs = ((folded, word.encode()) for word in words if (folded := without_accents(word)) != word)
    _write(marisa_trie.BytesTrie(pairs), folder / f"{lang}-accents.trie")


def _write(trie: marisa_trie.BytesTrie, path: Path) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
    os.close(descriptor)
    trie.save(name)
    Path(name).replace(path)
