"""Issues of one series that catalogues call by different names, and translations that have hardly a long number."""

from __future__ import annotations

import random

import pytest
from builders import make_document

from corpus.types import Document, Page
from nlp.works.classify import relation_of
from nlp.works.fingerprints import fingerprint, pack, unpack
from nlp.works.numbers import number_runs
from nlp.works.profiles import keys_of, profile_of
from nlp.works.titles import marks_of_title

LETTERS = "abcdefghijklmnoprstuv"


def words_of(seed: int, count: int) -> list[str]:
    """Return words that share no run with those of other seeds."""
    chance = random.Random(seed)
    return ["".join(chance.choices(LETTERS, k=chance.randint(4, 9))) for _ in range(count)]


def issue(name: str, title: str, *, date: str, seed: int, shared: int = 500, own: int = 500, **others) -> Document:
    """Return an issue of a series: its date on the cover, and paragraphs of which some stand in each issue."""
    template, news = words_of(1, shared), words_of(seed, own)
    words = ["committee", "for", "statistics", *date.split(), "report", "of", "the"]
    for at in range(0, max(shared, own), 50):
        words += template[at : at + 50] + news[at : at + 50]
    third = len(words) // 3 + 1
    pages = tuple(" ".join(words[at : at + third]) for at in range(0, len(words), third))
    return make_document(name, title=title, pages=pages, **others)


def kind(first: Document, second: Document) -> str:
    one, other = (profile_of(each, fingerprint(each.pages)) for each in (first, second))
    found = relation_of(one, other)
    assert found == relation_of(other, one)
    return found.kind.value if found else "none"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Minutes of the committee", "Notes on monetary policy of the bank"),
        (
            "Ata do Copom: 215ª reunião",
            "Notas da 216ª Reunião do Comitê de Política Monetária do Banco Central do Brasil",
        ),
        ("Situation report on cholera no. 12", "Twelve weeks of the epidemic"),
        ("Sitrep MVE", "Rapport de situation sur la maladie à virus"),
        ("Federal committee: statement", "The bank issues its decision on rates"),
    ],
)
def test_issues_of_one_series_under_two_names_are_editions(first, second):
    assert (
        kind(issue("d1", first, date="March 2018", seed=2), issue("d2", second, date="May 2018", seed=3)) == "edition"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Situation Report – 33", "Situation Report – 34"),
        ("Coronavirus disease (COVID-19): Situation Report 33", "Situation report – 34"),
        ("Ata do Copom: 272ª reunião", "Ata do Copom - 273ª reunião"),
        ("Newsletter on street trade, 7", "Newsletter on Street Trade 8"),
        ("17th report on epidemics", "18th report on epidemics"),
    ],
)
def test_titles_that_differ_in_a_number_tell_two_issues(first, second):
    assert kind(issue("d1", first, date="", seed=2), issue("d2", second, date="", seed=3)) == "edition"


@pytest.mark.parametrize(
    ("first", "second"),
    [("Good practice for hotels and their staff", "Good practice for hospitals and their staff")],
)
def test_two_guides_of_one_series_are_no_editions(first, second):
    assert kind(issue("d1", first, date="March 2018", seed=2), issue("d2", second, date="May 2018", seed=3)) == "none"


@pytest.mark.parametrize("title", ["TDRP Quarterly Report", "Commodity Markets Outlook", "PRDP-TF: Quarterly Review"])
def test_issues_of_one_title_need_few_words_in_common_beside_other_dates(title):
    first = issue("d1", title, date="March 2018", seed=2, shared=200, own=900)
    assert kind(first, issue("d2", title, date="June 2018", seed=3, shared=200, own=900)) == "edition"


def test_a_title_that_anybody_gives_needs_the_same_publisher():
    first, second = (
        issue(name, "Annual report", date=date, seed=seed, shared=200, own=900, publisher=publisher)
        for name, date, seed, publisher in (("d1", "March 2018", 2, "Bank of Ghana"), ("d2", "June 2019", 3, "Oxfam"))
    )
    assert kind(first, second) == "none"


@pytest.mark.parametrize("title", ["Ata da 215ª Reunião do Comitê", "Acta de la reunión", "Minutes of a reunion"])
def test_a_meeting_is_no_island(title):
    assert marks_of_title(title).places == ()


def translated(seed: int, numbers: list[str]) -> tuple[Page, ...]:
    """Return a text of four pages with numbers at even distances."""
    words = words_of(seed, 1200)
    step = len(words) // len(numbers)
    for at, number in enumerate(numbers):
        words.insert(at * (step + 1), number)
    size = len(words) // 4 + 1
    return tuple(
        Page(number, " ".join(words[at : at + size])) for number, at in enumerate(range(0, len(words), size), 1)
    )


def of_language(name: str, lang: str, seed: int, numbers: list[str]) -> Document:
    texts = tuple(page.text for page in translated(seed, numbers))
    return make_document(name, title=f"A text in {lang} by {name}", lang=lang, pages=texts)


def small_numbers(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    return [
        str(chance.choice((chance.randint(2, 60), chance.randint(2, 60), chance.randint(1995, 2020))))
        for _ in range(count)
    ]


def test_a_translation_with_small_numbers_alone_is_compared_and_found():
    numbers = small_numbers(4, 90)
    first, second = of_language("d1", "en", 5, numbers), of_language("d2", "fr", 6, numbers)
    one, other = (profile_of(each, fingerprint(each.pages)) for each in (first, second))
    assert any(key & 1 for key in keys_of(one) & keys_of(other))
    assert kind(first, second) == "translation"


def test_a_short_translation_is_found_by_four_long_numbers():
    numbers = [*small_numbers(4, 20), "3417", "812", "96254", "477"]
    assert kind(of_language("d1", "en", 5, numbers), of_language("d2", "es", 6, numbers)) == "translation"


def test_a_form_with_the_same_small_numbers_here_and_there_is_no_translation():
    first, second = small_numbers(4, 90), small_numbers(4, 60) + small_numbers(7, 30)
    assert kind(of_language("d1", "en", 5, first), of_language("d2", "fr", 6, second)) == "none"


def test_points_of_a_list_and_years_of_a_table_are_no_runs():
    assert number_runs([str(number) for number in range(1, 40)]) == ()
    assert number_runs([str(year) for year in range(1990, 2020)]) == ()


def test_runs_are_kept_with_the_fingerprint():
    made = fingerprint(translated(5, small_numbers(4, 90)))
    assert made.runs
    assert unpack(pack(made, sha256="0" * 64, version="1")) == made
