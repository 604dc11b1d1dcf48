"""Snippets that are kept: the same as cut anew, of the text as it is now, and never more than so many."""

from __future__ import annotations

from corpus.vocabulary import load_vocabulary
from search_api.answers import snippets
from search_api.answers.kept_snippets import KeptSnippets
from search_api.answers.marks import Marker, marker_of
from search_api.api.marked_text import html_of
from search_api.query.concepts import concepts_of
from search_api.query.parse import parse

PAGE = "The street vendors of Lima work at the market. " * 20


def mark_words(text: str, marker: Marker, *, lang: str) -> str:
    return html_of(snippets.mark_words(text, marker, lang=lang))


def snippet(text: str, marker: Marker, *, lang: str) -> str:
    return html_of(snippets.snippet(text, marker, lang=lang))


def marker(text: str, *, with_concepts: bool = True) -> Marker:
    vocabulary = load_vocabulary()
    finder = concepts_of(vocabulary) if with_concepts else None
    return marker_of(parse(text, vocabulary=vocabulary).tree, finder=finder)


def test_a_kept_snippet_is_the_one_that_would_be_cut() -> None:
    kept = KeptSnippets()
    first = html_of(kept.snippet(PAGE, marker("vendors"), lang="en"))
    assert (
        html_of(kept.snippet(PAGE, marker("vendors"), lang="en"))
        == first
        == snippet(PAGE, marker("vendors"), lang="en")
    )
    assert len(kept) == 1


def test_another_search_of_the_same_page_has_its_own_marks() -> None:
    kept = KeptSnippets()
    html_of(kept.snippet(PAGE, marker("vendors"), lang="en"))
    assert "<mark>market</mark>" in html_of(kept.snippet(PAGE, marker("market"), lang="en"))


def test_the_language_of_the_page_decides() -> None:
    kept = KeptSnippets()
    assert "<mark>" not in html_of(kept.snippet("Les travaux.", marker("travail"), lang="en"))
    assert "<mark>travaux</mark>" in html_of(kept.snippet("Les travaux.", marker("travail"), lang="fr"))


def test_names_of_concepts_are_not_kept_for_a_search_without_them() -> None:
    kept = KeptSnippets()
    text = "Hawkers at the market."
    assert "<mark>Hawkers</mark>" in html_of(kept.snippet(text, marker("street vendors"), lang="en"))
    assert "<mark>" not in html_of(kept.snippet(text, marker("street vendors", with_concepts=False), lang="en"))


def test_a_page_that_was_read_again_is_shown_as_it_is_now() -> None:
    kept = KeptSnippets()
    html_of(kept.snippet("The vendors of Lirna.", marker("vendors"), lang="en"))
    assert (
        html_of(kept.snippet("The vendors of Lima.", marker("vendors"), lang="en"))
        == "The <mark>vendors</mark> of Lima."
    )


def test_a_title_is_whole_though_a_page_has_the_same_text() -> None:
    kept = KeptSnippets()
    assert html_of(kept.snippet(PAGE, marker("vendors"), lang="en")) != html_of(
        kept.mark_words(PAGE, marker("vendors"), lang="en")
    )
    assert html_of(kept.mark_words(PAGE, marker("vendors"), lang="en")) == mark_words(
        PAGE, marker("vendors"), lang="en"
    )


def test_no_more_than_so_many_are_kept_and_the_oldest_goes_first() -> None:
    kept = KeptSnippets(snippets_max=2)
    for number in range(5):
        html_of(kept.snippet(f"{number} vendors", marker("vendors"), lang="en"))
        assert len(kept) <= 2
    assert html_of(kept.snippet("0 vendors", marker("vendors"), lang="en")) == "0 <mark>vendors</mark>"
    assert len(kept) == 2


def test_half_characters_do_no_harm() -> None:
    assert (
        html_of(KeptSnippets().snippet("\ud83d vendors", marker("vendors"), lang="en")) == "\ud83d <mark>vendors</mark>"
    )
