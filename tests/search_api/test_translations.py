"""Words of other languages that mean the same: found for a little less, shown, and switched off."""

from __future__ import annotations

import pytest

from corpus.types import LANGUAGES
from corpus.vocabulary import load_vocabulary, translation_rows
from search_api.analysis import query_words, words
from search_api.answers.marks import marker_of
from search_api.answers.snippets import mark_words
from search_api.answers.understood import translations_of
from search_api.query.parse import parse
from search_api.query.plan import Field, HasToken, OneWord, Times
from search_api.query.planning import DOCUMENTS, plan_of
from search_api.query.translations import SWITCH, forms_elsewhere
from search_api.query.tree import Concepts, leaves


def elsewhere(text: str) -> set[str]:
    (word,) = query_words(text)
    return set(forms_elsewhere(word))


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("jovem", {"jeune", "joven"}),
        ("jóvenes", {"jeune", "jovem"}),
        ("women", {"mujer", "femme", "mulher"}),
        ("precios", {"price", "prix", "preco"}),
        ("chomage", {"unemployment", "desempleo", "desemprego"}),
    ],
)
def test_a_word_in_any_form_is_translated(word: str, others: set[str]) -> None:
    assert others <= elsewhere(word)


def test_a_word_is_no_translation_of_itself() -> None:
    for row in translation_rows():
        for lang in LANGUAGES:
            for written in row[lang]:
                assert not elsewhere(written) & set(query_words(written)[0].forms)


def test_every_word_of_the_list_is_one_telling_word_of_its_language() -> None:
    odd = [
        (lang, written)
        for row in translation_rows()
        for lang in LANGUAGES
        for written in row[lang]
        if len(words(written, lang)) not in (1, 3) or (len(words(written, lang)) == 3 and "-" not in written)
    ]
    assert odd == []


def test_every_language_has_each_of_them() -> None:
    assert [row for row in translation_rows() if not all(row[lang] for lang in LANGUAGES)] == []


def test_what_is_added_counts_less_than_what_was_typed() -> None:
    tree = parse("cacao prices", vocabulary=load_vocabulary()).tree
    added = [part for part in _parts(plan_of(tree, shape=DOCUMENTS)) if isinstance(part, Times)]
    others = {
        token: each.factor
        for each in added
        for inner in [each.part]
        if isinstance(inner, (OneWord, HasToken)) and inner.field is Field.WORD
        for token in (inner.tokens if isinstance(inner, OneWord) else (inner.token,))
    }
    assert {"precio", "prix", "preco"} <= others.keys()
    assert max(others.values()) < 1


def test_excluded_and_quoted_words_are_not_translated() -> None:
    tree = parse('women -youth "price"', vocabulary=load_vocabulary()).tree
    assert [each.text for each in leaves(tree) if getattr(each, "translated", False)] == ["women"]
    assert not any(getattr(each, "translated", False) for each in leaves(tree, negative=True))


def test_translations_are_shown_and_switched_off() -> None:
    vocabulary = load_vocabulary()
    shown = translations_of(parse("jovem", vocabulary=vocabulary), off=())
    assert shown is not None
    assert (shown.typed, shown.is_on) == (("jovem",), True)
    assert {"young", "joven", "jeune"} <= set(shown.also)
    off = parse("jovem", vocabulary=vocabulary, off=(SWITCH,))
    assert not any(getattr(each, "translated", False) for each in leaves(off.tree))
    shown = translations_of(off, off=(SWITCH,))
    assert shown is not None
    assert not shown.is_on


def test_translations_are_marked() -> None:
    tree = parse("jovem", vocabulary=load_vocabulary()).tree
    marked = [text for text, is_match in mark_words("Les jeunes vendeurs", marker_of(tree), lang="fr") if is_match]
    assert marked == ["jeunes"]


def test_an_instrument_by_its_number_is_no_search_for_all_standards() -> None:
    vocabulary = load_vocabulary()
    assert parse("C190", vocabulary=vocabulary).concepts == ()
    tree = parse("C190 domestic workers", vocabulary=vocabulary).tree
    assert [each.text for each in leaves(tree) if isinstance(each, Concepts)] == ["domestic workers"]


def _parts(plan):
    yield plan
    for each in getattr(plan, "parts", ()):
        yield from _parts(each)
    for name in ("part", "bonus"):
        if hasattr(plan, name):
            yield from _parts(getattr(plan, name))
