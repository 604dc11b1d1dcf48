"""Messages in the reader's language, and numbers, dates and lists as that language writes them."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime

import pytest

from corpus.errors import BadQuery
from corpus.messages import gettext, in_language, ngettext, plural_sentence, sentence
from corpus.messages.dates import published_in_words, written_day, written_moment
from corpus.messages.formats import decimal, grouped, listed
from corpus.messages.values import document_language, facet_in_sentence, facet_title, type_name
from corpus.vocabulary.spelling import in_alphabet


def test_a_message_is_said_in_the_language_asked_for() -> None:
    assert [gettext("Worker group", lang=lang) for lang in ("en", "es", "fr", "pt")] == [
        "Worker group", "Grupo de trabajadores", "Groupe de travailleurs", "Grupo de trabalhadores",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["de", "", "es-PE", "../../etc"])
def test_a_language_that_is_not_ours_is_english(lang: str) -> None:
    assert gettext("Worker group", lang=lang) == "Worker group"


def test_a_message_without_translation_is_english() -> None:
    assert gettext("Nobody translated {what}.", lang="es", what="this") == "Nobody translated this."
    assert ngettext("{count} thing nobody said", "{count} things nobody said", 2, lang="fr") == "2 things nobody said"


def test_data_with_braces_and_percent_signs_come_out_as_they_are() -> None:
    assert gettext("without: {words}", words="{0} %s {words}", lang="es") == "sin: {0} %s {words}"


@pytest.mark.parametrize(
    ("lang", "count", "said"),
    [
        ("en", 0, "0 documents"),
        ("en", 1, "1 document"),
        ("en", 12_480, "12,480 documents"),
        ("es", 1, "1 documento"),
        ("es", 12_480, "12.480 documentos"),
        ("es", 1_000_000, "1.000.000 documentos"),
        ("fr", 0, "0 document"),  # in French nothing is singular
        ("fr", 12_480, "12\u202f480 documents"),
        ("pt", 2, "2 documentos"),
    ],
)
def test_a_count_takes_the_plural_form_of_its_language(lang: str, count: int, said: str) -> None:
    assert ngettext("{count} document", "{count} documents", count, lang=lang) == said


def test_numbers_in_a_message_are_grouped_where_its_placeholder_has_a_comma() -> None:
    said = {
        lang: gettext("{pages:,} pages, {size:,.1f} MB, {year}", lang=lang, pages=12480, size=1234.56, year=2019)
        for lang in ("en", "pt")
    }
    assert said == {"en": "12,480 pages, 1,234.6 MB, 2019", "pt": "12.480 pages, 1.234,6 MB, 2019"}


def test_a_sentence_is_english_text_that_can_be_said_in_another_language() -> None:
    said = sentence("There is no source called {slug}.", slug="abc")
    assert said == "There is no source called abc."
    assert in_language(said, "es") == "No hay ninguna fuente llamada abc."
    assert in_language("A text of somebody else's.", "es") == "A text of somebody else's."


def test_a_sentence_within_a_sentence_is_said_in_the_same_language() -> None:
    inner = plural_sentence("{count} document", "{count} documents", 2)
    outer = sentence("without {words}", words=inner)
    assert (outer, in_language(outer, "es")) == ("without 2 documents", "sin 2 documentos")


def test_a_sentence_goes_through_a_pickle() -> None:
    error = BadQuery(sentence("Nothing is found at this address"))
    again = pickle.loads(pickle.dumps(error.message))
    assert in_language(again, "pt") == "Nada foi encontrado neste endereço"


def test_an_error_is_said_in_a_language_as_far_as_it_is_translated() -> None:
    error = BadQuery(sentence("Nothing is found at this address"), try_next="Look elsewhere.")
    assert str(error) == "Nothing is found at this address Look elsewhere."
    assert error.in_language("fr") == "Rien ne se trouve à cette adresse Look elsewhere."


@pytest.mark.parametrize(
    ("published", "lang", "words"),
    [
        ("2019", "es", "2019"),
        ("2019-05", "en", "May 2019"),
        ("2019-05", "es", "mayo de 2019"),
        ("2019-05", "fr", "mai 2019"),
        ("2019-05-03", "pt", "3 de maio de 2019"),
        ("2019-13", "en", "2019"),
        ("2019-02-31", "fr", "2019"),
        ("", "en", ""),
    ],
)
def test_a_date_of_publication_is_as_exact_as_it_is_known(published: str, lang: str, words: str) -> None:
    assert published_in_words(published, lang=lang) == words


@pytest.mark.parametrize(
    ("day", "lang", "words"),
    [
        (date(2026, 12, 1), "fr", "1er décembre 2026"),
        (date(2026, 12, 11), "fr", "11 décembre 2026"),
        (date(2026, 12, 21), "fr", "21 décembre 2026"),
        (date(2026, 12, 1), "es", "1 de diciembre de 2026"),
        (date(2026, 12, 1), "en", "1 December 2026"),
    ],
)
def test_the_first_of_a_month_is_an_ordinal_number_in_french(day: date, lang: str, words: str) -> None:
    assert written_day(day, lang=lang) == words


def test_names_are_in_the_order_of_a_dictionary_whatever_their_accents() -> None:
    names = ["Zambie", "États-Unis", "Éthiopie", "Espagne", "Îles Salomon", "Inde", "équateur"]
    assert sorted(names, key=in_alphabet) == [
        "équateur", "Espagne", "États-Unis", "Éthiopie", "Îles Salomon", "Inde", "Zambie",
    ]  # fmt: skip


def test_days_and_moments_cannot_be_mistaken() -> None:
    assert written_day(date(2026, 11, 3), lang="en") == "3 November 2026"
    assert written_moment(datetime(2026, 11, 3, 4, 5, tzinfo=UTC), lang="es") == "3 de noviembre de 2026, 04:05 UTC"


def test_numbers_and_lists_are_those_of_the_language() -> None:
    assert (grouped(1903, lang="en"), grouped(1903, lang="pt"), decimal(3.44, lang="fr")) == ("1,903", "1.903", "3,4")
    assert (listed("abc"), listed("abc", last="and", lang="es"), listed("a"), listed(())) == (
        "a, b or c",
        "a, b y c",
        "a",
        "",
    )


def test_facets_and_their_values_have_one_name_everywhere() -> None:
    assert (facet_title("group"), facet_in_sentence("group", lang="es")) == ("Worker group", "grupo de trabajadores")
    assert (type_name("policy_brief", lang="fr"), type_name("odd_kind")) == ("Note d’orientation", "Odd kind")
    assert (document_language("es"), document_language("und", lang="pt")) == ("Español", "Idioma desconhecido")
