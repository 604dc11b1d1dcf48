"""What of a text is marked for a search: each kind of word as the index reads it, and nothing else."""

from __future__ import annotations

import pytest

from corpus.vocabulary import load_vocabulary
from search_api.answers import snippets
from search_api.answers.known_words import known_words
from search_api.answers.marks import Marker, marker_of
from search_api.api.marked_text import html_of
from search_api.query.concepts import concepts_of
from search_api.query.parse import parse


def mark_words(text: str, marker: Marker, *, lang: str) -> str:
    return html_of(snippets.mark_words(text, marker, lang=lang))


def marked(query: str, text: str, lang: str = "en") -> list[str]:
    """Return what is marked, in order."""
    vocabulary = load_vocabulary()
    tree = parse(query, vocabulary=vocabulary).tree
    spans = marker_of(tree, finder=concepts_of(vocabulary)).spans(text, lang)
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("query", "text", "lang", "words"),
    [
        ("tax", "Taxes and taxi, a TAX.", "en", ["Taxes", "TAX"]),
        ("informal", "informality, information, informally, Informal", "en", ["informality", "informally", "Informal"]),
        ("feet", "one foot, two feet", "en", ["foot", "feet"]),
        ("men", "A man, MEN and a menu", "en", ["man", "MEN"]),
        ("labor", "Labour and LABOUR; laboratory", "en", ["Labour", "LABOUR"]),
        ("jovem", "Os jovens e a juventude", "pt", ["jovens", "juventude"]),
        ("precarite", "La précarité; précaire", "fr", ["précarité"]),
        ("précarité", "La PRÉCARITÉ, la precarite", "fr", ["PRÉCARITÉ", "precarite"]),
        ("oeuvre", "Une œuvre, des Œuvres, ouvrir", "fr", ["œuvre", "Œuvres"]),
        ("coeur", "Le cœur et la couronne", "fr", ["cœur"]),
        ("travaux", "le travail, les travaux", "fr", ["travail", "travaux"]),
    ],
)
def test_a_word_is_marked_in_every_form_of_its_language(query: str, text: str, lang: str, words: list[str]) -> None:
    assert marked(query, text, lang) == words


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("well-being", "Well-being, wellbeing; a being", ["Well-being", "wellbeing"]),
        ("based", "home-based, home‑based and home–based work", ["based", "based", "based"]),
        ("home-based", "homebased or home-based", ["homebased", "home-based"]),
    ],
)
def test_compounds_are_marked_with_each_kind_of_hyphen(query: str, text: str, words: list[str]) -> None:
    assert marked(query, text) == words


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ("1250", "1250, 1,250 and 1 250 but not 12500", ["1250", "1,250", "1 250"]),
        ("1,250", "1.250 of 11,250", ["1.250"]),
        ("250", "250 of 1,250", ["250"]),
        ("12000", "Some 12,000.", ["12,000"]),
        ("ILO", "The I.L.O. and the ILO; silo", ["I.L.O.", "ILO"]),
        (
            "C177",
            "C177, C.177, C. 177 and Convention No. 177; c1775",
            ["C177", "C.177", "C. 177", "Convention No. 177"],
        ),
        ("Convention 177", "C. 177 of 1996", ["C. 177"]),
    ],
)
def test_numbers_abbreviations_and_instruments_are_marked_however_they_are_written(
    query: str, text: str, words: list[str]
) -> None:
    assert marked(query, text) == words


@pytest.mark.parametrize(
    ("query", "text", "lang", "words"),
    [
        ("street vendors", "Los vendedores ambulantes de Lima", "es", ["vendedores ambulantes"]),
        ("waste pickers", "Os catadores recicláveis", "pt", ["catadores"]),
        ("Latin America", "Workers of Peru and Ghana", "en", ["Peru"]),
        (
            "street vendors",
            "a street\nvendor; a street. The vendors of water",
            "en",
            ["street\nvendor", "street", "vendors"],
        ),
    ],
)
def test_a_concept_is_marked_by_its_names_in_the_language_of_the_text(
    query: str, text: str, lang: str, words: list[str]
) -> None:
    found = marked(query, text, lang)
    assert [each for each in found if each in words] == words


@pytest.mark.parametrize(
    ("query", "text", "words"),
    [
        ('"forced labor"', "forced labor, Forced Labour, a forced and labor", ["forced labor"]),
        ('"street vend"*', "street vendors, street\nvending, vending", ["street vendors", "street\nvending"]),
        ("vend*", "Vending, vendors, avend", ["Vending", "vendors"]),
        ("labuor~2", "labor, labour, labourers", ["labor", "labour"]),
        ("+vendors", "vendors, vendor", ["vendors"]),
    ],
)
def test_what_is_asked_for_as_written_is_marked_as_written(query: str, text: str, words: list[str]) -> None:
    assert marked(query, text) == words


@pytest.mark.parametrize("text", ["", " ", "?!", "Ʃ", "тperu", "peruƩ", "\ufb01sh", "\u0130peru"])
def test_strange_letters_beside_a_word_are_no_end_of_it(text: str) -> None:
    assert marked("peru", text) == []


def test_marks_stand_in_the_text_as_it_was_with_signs_of_all_alphabets() -> None:
    html = mark_words(
        "«Vendors» — 商贩 & vendors’ <b>", marker_of(parse("vendors", vocabulary=load_vocabulary()).tree), lang="en"
    )
    assert html == "«<mark>Vendors</mark>» — 商贩 &amp; <mark>vendors</mark>’ &lt;b&gt;"


def test_inclusive_writing_is_marked_to_its_end() -> None:
    assert marked("recicladores", "los recicladores/as y recicladorxs", "es") == ["recicladores/as", "recicladorxs"]
    assert marked("vendeurs", "les vendeur·euse·s ambulants", "fr") == ["vendeur·euse·s ambulants"]


def test_a_phrase_that_begins_with_a_number_is_marked_however_its_thousands_are_written() -> None:
    for text in ("soit 12 250 francs par mois", "soit 12.250 francs par mois", "soit 12250 francs par mois"):
        (found,) = marked('"12 250 francs par mois"', text, "fr")
        assert text.endswith(found)


def test_stop_words_of_the_text_are_not_marked() -> None:
    text = "Cette économie est informelle; elles sont rurales."
    assert marked("c'est quoi l'économie informelle", text, "fr") == ["économie", "informelle"]


@pytest.mark.parametrize("text", ["a 5-day training", "a day-long training", "one day"])
def test_a_word_joined_to_a_number_is_marked(text: str) -> None:
    assert marked("day", text) == ["day"]


def test_words_are_marked_also_when_no_more_can_be_known(monkeypatch: pytest.MonkeyPatch) -> None:
    known_words.cache_clear()
    monkeypatch.setattr("search_api.answers.known_words.WORDS_MAX", 0)
    try:
        assert marked("women 2015", "A woman, in 2015 and 2016") == ["woman", "2015"]
    finally:
        known_words.cache_clear()
