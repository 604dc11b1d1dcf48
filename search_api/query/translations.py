"""Words of the four languages that mean the same: jovem, jeune, youth. A document that has such a word instead of the one that was
typed is near; in answers it adds to the score.

Most documents of this field are in English, and many readers are not. Concepts of the vocabulary cross languages by
themselves; this does it for single words beside them (women, pension, cocoa).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from corpus.types import LANGUAGES
from corpus.vocabulary import translation_rows
from search_api.analysis import QueryWord, query_words, words
from search_api.query.tree import And, Boosted, Concepts, Most, Node, Or, Words, leaves

SWITCH = "words:translations"
"""Value of the parameter `off` with which only the words that were typed are searched for."""


def with_translations(node: Node) -> Node:
    """Return a tree whose words and names of concepts count by their translations too; excluded words stay as typed."""
    match node:
        case And(parts):
            return And(tuple(with_translations(part) for part in parts))
        case Or(parts):
            return Or(tuple(with_translations(part) for part in parts))
        case Most(parts, minimum):
            return Most(tuple(with_translations(part) for part in parts), minimum)
        case Boosted(part, factor):
            return Boosted(with_translations(part), factor)
        case Words(field="") | Concepts(field="") if any(forms_elsewhere(word) for word in query_words(node.text)):
            return replace(node, translated=True)
        case _:
            return node


def is_translated(tree: Node) -> bool:
    """Tell whether a word of a tree is found by translations."""
    return any(isinstance(leaf, Words | Concepts) and leaf.translated for leaf in leaves(tree))


def translated_words(tree: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of a search that have translations, as typed, and the translations, those of each word in turn."""
    typed: dict[str, None] = {}
    others: list[tuple[str, ...]] = []
    for leaf in leaves(tree):
        if isinstance(leaf, Words) and leaf.translated:
            for word in query_words(leaf.text):
                if word.text not in typed and (names := _names_elsewhere(word)):
                    typed[word.text] = None
                    others.append(names)
    return tuple(typed), tuple(dict.fromkeys(_in_turn(others)))


def forms_elsewhere(word: QueryWord) -> tuple[str, ...]:
    """Return the forms of the words that mean the same as one, those that it has itself left out; empty: none is known."""
    return _elsewhere(word.forms)


@lru_cache(maxsize=10_000)
def _elsewhere(forms: tuple[str, ...]) -> tuple[str, ...]:
    alike = (set_of_forms for form in forms for set_of_forms in _sets().get(form, ()))
    return tuple(dict.fromkeys(form for several in alike for form in several if form not in forms))


def _names_elsewhere(word: QueryWord) -> tuple[str, ...]:
    alike = [several for form in word.forms for several in _sets().get(form, ())]
    return tuple(dict.fromkeys(name for several in alike for form, name in several.items() if form not in word.forms))


@cache
def _sets() -> Mapping[str, Sequence[Mapping[str, str]]]:
    """Return the sets of words by each form that one of them has: form -> word as written."""
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in translation_rows():
        several: dict[str, str] = {}
        for lang in LANGUAGES:
            for written in row[lang]:
                for form in words(written, lang)[:1]:
                    several.setdefault(form, written)
        for form in several:
            found.setdefault(form, []).append(several)
    return found


def _in_turn(several: Sequence[Sequence[str]]) -> Iterator[str]:
    for place in range(max(map(len, several), default=0)):
        yield from (names[place] for names in several if place < len(names))
