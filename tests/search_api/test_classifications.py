"""Which documents are classifications: lists of codes from the first page to the last."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest

from corpus.types import Page
from search_api.engines.classifications import pages_of_classification

TRADES = [
    "Vendedores de puestos",
    "Recolectores de desechos",
    "Trabajadores domésticos",
    "Pescadores",
    "Mineros",
    "Conductores",
]


def pages_of(lines: Iterator[str], *, a_page: int, pages: int) -> tuple[Page, ...]:
    return tuple(Page(number, "\n".join(next(lines) for _ in range(a_page))) for number in range(1, pages + 1))


def numbered(form: Callable[[int], str]) -> Iterator[str]:
    for number in range(1000, 9999):
        yield f"{form(number)}{TRADES[number % len(TRADES)]}"


def described() -> Iterator[str]:
    for number in range(1000, 9999):
        yield f"{number}  {TRADES[number % len(TRADES)]}"
        yield "Este grupo primario incluye a quienes realizan estas tareas y otras afines."
        yield "Ejemplo: los que trabajan en la calle, de 2 a 3 horas."


@pytest.mark.parametrize(
    "form",
    [
        lambda n: f"{n} ",
        lambda n: f"{n}. ",
        lambda n: f"{n / 100:05.2f} ",
        lambda n: f"A{n} ",
        lambda n: f"A {n} ",
        lambda n: f"  {n}   - ",
        lambda n: f"{n}\n",
        lambda n: f"{n // 100}-{n % 100:02d} ",
    ],
)
def test_codes_that_ascend_through_the_pages_make_a_classification(form):
    pages = pages_of(numbered(form), a_page=20, pages=12)
    assert pages_of_classification(pages) == set(range(1, 13))


def test_codes_may_have_descriptions():
    assert len(pages_of_classification(pages_of(described(), a_page=30, pages=12))) == 12


def test_an_introduction_is_no_page_of_codes():
    listing = pages_of(numbered(lambda n: f"{n} "), a_page=20, pages=14)
    preface = Page(1, "This classification follows ISCO-08.\n2009 was the year of its first edition.")
    assert pages_of_classification((preface, *listing[1:])) == set(range(2, 15))


def test_its_index_belongs_to_it():
    listing = pages_of(numbered(lambda n: f"{n} "), a_page=20, pages=14)
    index = Page(15, "Domestic workers, vendors and pickers: see group 9.")
    assert max(pages_of_classification((*listing, index))) == 15


def figures() -> Iterator[str]:
    drawn = random.Random(1)
    while True:
        yield f"{drawn.randrange(100, 99_999)} {drawn.choice(TRADES)}"


def years() -> Iterator[str]:
    while True:
        yield from (f"{year} Vendors and pickers" for year in range(1990, 2021))


def footnotes() -> Iterator[str]:
    for number in range(1, 2000):
        yield "Vendors pay a fee each day, and the police take another."
        yield f"{number % 99 + 1} Interview with a vendor."


def articles() -> Iterator[str]:
    for number in range(1, 2000):
        yield f"Article {number}. The vendors shall pay."


@pytest.mark.parametrize("lines", [figures, years, footnotes, articles])
def test_other_numbers_do_not(lines):
    assert pages_of_classification(pages_of(lines(), a_page=20, pages=20)) == frozenset()


def test_a_report_with_codes_in_its_annex_is_none():
    report = tuple(Page(number, "Vendors pay a fee each day.\nSo do pickers.") for number in range(1, 21))
    annex = tuple(Page(20 + page.number, page.text) for page in pages_of(described(), a_page=30, pages=6))
    assert pages_of_classification(report + annex) == frozenset()


def test_a_short_list_is_none():
    assert pages_of_classification(pages_of(numbered(lambda n: f"{n} "), a_page=20, pages=5)) == frozenset()


def test_a_document_without_text_is_none():
    assert pages_of_classification(tuple(Page(number, "") for number in range(1, 30))) == frozenset()
