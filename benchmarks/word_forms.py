"""How well words are joined: forms of words beside Snowball's stems and simplemma's lemmas, on pairs that a person labelled.

    python -m benchmarks.word_forms [--half work|untouched|both]

Over: pairs of other words that are joined. Under: pairs of one word that are kept apart. UI and OI are those of Paice (1994);
OI is times 10,000. Pairs are hard cases on purpose: figures compare ways of cutting, they are no rates in running text.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import cache

import simplemma
from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from corpus.lemmas import word_form
from corpus.types import LANGUAGES
from corpus.vocabulary.spelling import without_accents
from tests.search_api.stemming import measure, pairs_of, wrong

_SNOWBALL = {"en": "english", "es": "spanish", "fr": "french", "pt": "portuguese"}
WORST = 10

WAYS: Mapping[str, Callable[[str, str], str]] = {
    "forms of words": lambda lang, word: word_form(word, lang=lang),
    "Snowball": lambda lang, word: _snowball(lang, word),
    "Snowball of folded words": lambda lang, word: _snowball(lang, without_accents(word)),
    "simplemma": lambda lang, word: str(simplemma.lemmatize(word, lang=lang)).lower(),
    "simplemma, folded": lambda lang, word: without_accents(str(simplemma.lemmatize(word, lang=lang)).lower()),
}
"""By name: language, word -> what it is looked up by."""


def _snowball(lang: str, word: str) -> str:
    return " ".join(_stemmer(lang).analyze(word))


@cache
def _stemmer(lang: str) -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stemmer(_SNOWBALL[lang])).build()


def show(half: str) -> None:
    """Print one table, and of the working half the words that are still wrong."""
    print(f"\n{half} half\n{'':26} {'over %':>7} {'under %':>8} {'UI':>7} {'OI':>7}")
    for lang in LANGUAGES:
        pairs = pairs_of(lang, half=half)
        for name, cut in WAYS.items():
            found = measure(pairs, lambda word, cut=cut, lang=lang: cut(lang, word))  # type: ignore[misc]
            figures = f"{100 * found.over:7.1f} {100 * found.under:8.1f} {found.understemming:7.3f}"
            print(f"{lang} {name:23} {figures} {1e4 * found.overstemming:7.2f}")
    if half == "untouched":  # nobody chooses a rule by these words
        return
    for lang in LANGUAGES:
        worst = list(wrong(pairs_of(lang, half=half), lambda word, lang=lang: word_form(word, lang=lang)))[:WORST]  # type: ignore[misc]
        print(f"{lang} worst: {', '.join(f'{pair.one} / {pair.other} ({pair.label})' for pair in worst) or 'none'}")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--half", choices=("work", "untouched", "both"), default="both")
    chosen = parser.parse_args().half
    for half in ("work", "untouched") if chosen == "both" else (chosen,):
        show(half)


if __name__ == "__main__":
    main()
