"""Kinds of copies and editions, each made of one publication by one change, at three lengths and without titles that help."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest
from builders import make_document
from made_publications import PAGE_WORDS, TERMS, Made, article, misread, publication, sentence

from corpus.types import Document, Page
from nlp.works.classify import relation_of
from nlp.works.fingerprints import Fingerprint, fingerprint
from nlp.works.profiles import profile_of
from nlp.zones import with_zones

Change = Callable[[int], tuple[tuple[Page, ...], tuple[Page, ...]]]


def issues(first: str, second: str) -> Change:
    """Return the change of what the cover says of the issue."""
    return lambda size: (publication(size, issue=first).pages(), publication(size, issue=second).pages())


def printed(first: str, second: str) -> Change:
    return lambda size: (publication(size, back=first).pages(), publication(size, back=second).pages())


def heads(first: str, second: str) -> Change:
    return lambda size: tuple(
        publication(size, issue="").pages(head=f"Survey of street vendors, {each}", foot=True)
        for each in (first, second)
    )


def body(change: Callable[[str, int], str]) -> Change:
    """Return the change of each sentence by its place; an empty one is left out."""

    def made(size: int) -> tuple[tuple[Page, ...], tuple[Page, ...]]:
        one = publication(size)
        changed = tuple(filter(None, (change(text, at) for at, text in enumerate(one.body))))
        return one.pages(), replace(one, body=changed).pages()

    return made


def numbers_moved(text: str, *, every: int, at: int) -> str:
    return re.sub(r"\b\d{3,}\b", lambda found: str(int(found[0]) + 13), text) if at % every == 0 else text


def year_moved(text: str, at: int) -> str:
    return re.sub(r"\b20[01]\d\b", lambda found: str(int(found[0]) + 1), text)


def rows_added(text: str, at: int) -> str:
    return f"{text}\nApril 2018 x x 14 x x" if at % 17 == 0 else text


def whole(change: Callable[[Made, int], tuple[Page, ...]]) -> Change:
    """Return the change of a publication as a whole."""
    return lambda size: (publication(size).pages(), change(publication(size), size))


def with_chapter(one: Made, size: int) -> tuple[Page, ...]:
    half = len(one.body) // 2
    added = publication(max(size // 5, 12), seed=9).body
    return replace(one, body=(*one.body[:half], *added, *one.body[half:])).pages()


def with_other_table(one: Made, size: int) -> tuple[Page, ...]:
    third = len(one.body) // 3
    changed = (numbers_moved(text, every=1, at=0) for text in one.body[third : third + max(size // 6, 12)])
    return replace(one, body=(*one.body[:third], *changed, *one.body[third + max(size // 6, 12) :])).pages()


def articles(first: int, second: int, *, words: int = PAGE_WORDS) -> Change:
    """Return the change of an article in the middle of a law, of so many parts in each version; a part is some sentences.

    Args:
        words: on a page of the second.
    """

    def made(size: int) -> tuple[tuple[Page, ...], tuple[Page, ...]]:
        one, at = publication(size), size * 3 // 5
        defined = (*one.body[: at // 2], f"Terms are {', '.join(TERMS)}.", *one.body[at // 2 : at])
        one, other = (
            replace(one, body=(*defined, *article(count * max(4, size // 130), seed), *one.body[at:]))
            for count, seed in ((first, 3), (second, 5))
        )
        return one.pages(), other.pages(words=words)

    return made


def in_middle(first: str, second: str) -> Change:
    """Return the change of one sentence in the middle of a text; empty: it is not there."""

    def made(size: int) -> tuple[tuple[Page, ...], tuple[Page, ...]]:
        one, at = publication(size), size // 2
        one, other = (
            replace(one, body=(*one.body[:at], *filter(None, [text]), *one.body[at:])) for text in (first, second)
        )
        return one.pages(), other.pages()

    return made


def renamed(text: str, at: int) -> str:
    return text.replace("inspectors", "commissioners").replace("Inspectors", "Commissioners")


FINE = "Whoever sells without a permit pays a fine within {} days of the notice."
EDITIONS: dict[str, Change] = {
    "the month on the cover": issues("March 2018", "April 2018"),
    "the month on the cover, in Spanish": issues("marzo de 2018", "abril de 2018"),
    "the month on the cover, in French": issues("Mars 2018", "Avril 2018"),
    "the year on the cover": issues("2018", "2019"),
    "the month and the year on the cover": issues("December 2018", "January 2019"),
    "the years on the cover": issues("2017-2018", "2018-2019"),
    "the fiscal year on the cover": issues("Fiscal year 2017/18", "Fiscal year 2018/19"),
    "the quarter on the cover": issues("Q1 2018", "Q2 2018"),
    "the quarter on the cover, in words": issues("First quarter of 2018", "Second quarter of 2018"),
    "the quarter on the cover, in Roman letters": issues("I trimestre de 2018", "II trimestre de 2018"),
    "the quarter on the cover, as an ordinal": issues("1er trimestre 2018", "3eme trimestre 2018"),
    "the half of the year on the cover": issues("First semester 2018", "Second semester 2018"),
    "the week on the cover": issues("Week 12", "Week 13"),
    "the number of the issue": issues("Issue No. 12", "Issue No. 13"),
    "the volume": issues("Volume II", "Volume III"),
    "the version": issues("Version 1.0", "Version 1.1"),
    "the short version": issues("v2", "v3"),
    "the edition in words": issues("Second edition", "Third edition"),
    "the edition as an ordinal": issues("2nd edition", "3rd edition"),
    "the edition, in Spanish": issues("Segunda edición", "Tercera edición"),
    "the revision": issues("Rev. 1", "Rev. 2"),
    "draft or final": issues("Draft report", "Final report"),
    "the month on the last page": printed("March 2018", "September 2018"),
    "the year on the last page": printed("2018", "2020"),
    "the month in the running heads": heads("March 2018", "April 2018"),
    "the number of the issue in the running heads": heads("Bulletin No. 7", "Bulletin No. 8"),
    "a new month in the tables": body(rows_added),
    "every year is one later": body(year_moved),
    "all numbers": body(lambda text, at: numbers_moved(text, every=1, at=at)),
    "a third of the numbers": body(lambda text, at: numbers_moved(text, every=3, at=at)),
    "a tenth of the numbers": body(lambda text, at: numbers_moved(text, every=10, at=at)),
    "the numbers of one chapter": whole(with_other_table),
    "each tenth sentence is left out": body(lambda text, at: "" if at % 10 == 4 else text),
    "each twelfth sentence is another": body(
        lambda text, at: sentence(random.Random(f"{at} new")) if at % 12 == 5 else text
    ),
    "a chapter is added in the middle": whole(with_chapter),
    "an article is added": articles(0, 1),
    "an article is left out": articles(1, 0),
    "an article is another": articles(1, 1),
    "an article is longer": articles(1, 2),
    "an article is added, on other pages": articles(0, 1, words=210),
    "one sentence is added": in_middle("", FINE.format("ten")),
    "one sentence is left out": in_middle(FINE.format("ten"), ""),
    "one sentence is another": in_middle(
        FINE.format("ten"), "The council may waive the fee for the young and the poor."
    ),
    "one number is another": in_middle(FINE.format(14), FINE.format(21)),
    "one number is another, in words": in_middle(FINE.format("fourteen"), FINE.format("sixty")),
    "a party to a contract is another": in_middle(
        "This contract is made with Qiwi Gaming of Guernsey.", "This contract is made with Gaea Operations of Guernsey."
    ),
    "half a sentence is added": in_middle(
        FINE.format("ten"), FINE.format("ten")[:-1] + ", unless the council has granted a delay."
    ),
    "the day on the cover": issues("3 March 2018", "17 March 2018"),
    "the day on the cover, in American order": issues("Last updated March 3, 2018", "Last updated March 17, 2018"),
    "the day on the cover, in French": issues("Mise à jour du 3 mars 2018", "Mise à jour du 17 mars 2018"),
    "an authority is renamed throughout": body(renamed),
}
"""By what differs: two issues or editions, never one text."""

STAMP = (
    "Downloaded from the repository of the university on 3 May 2021. Terms of use apply to this copy of the document."
)
FRONT = """Institute for Labour Studies
Guide to the survey of street vendors
First published by the Ministry, by arrangement with the authors. Printed in Lima. All rights reserved.
Foreword. The Institute is glad to offer this study to a wider public, at a time when many look for answers. We thank all."""


def columns(one: Made, size: int) -> tuple[Page, ...]:
    """Read each page as if its lines were those of two columns, across both of them."""
    texts = []
    for page in one.pages():
        words = page.text.split()
        lines = [" ".join(words[at : at + 8]) for at in range(0, len(words), 8)]
        half = (len(lines) + 1) // 2
        across = zip(lines[:half], [*lines[half:], ""], strict=False)
        texts.append("\n".join(f"{left} {right}" for left, right in across))
    return numbered(texts)


def chart(one: Made, size: int) -> tuple[Page, ...]:
    """Read the axis and the legend of a chart, which stand as a sentence in the other file, in columns."""
    words = one.body[size // 2].split()
    return replace(
        one, body=(*one.body[: size // 2], " ".join(words[::2] + words[1::2]), *one.body[size // 2 + 1 :])
    ).pages()


def recognised(rate: float) -> Change:
    def change(one: Made, size: int) -> tuple[Page, ...]:
        chance = random.Random(size)
        return tuple(replace(page, text=misread(page.text, rate=rate, chance=chance)) for page in one.pages())

    return whole(change)


def numbered(texts: list[str]) -> tuple[Page, ...]:
    return tuple(Page(number, text) for number, text in enumerate(texts, start=1))


COPIES: dict[str, Change] = {
    "other pages": whole(lambda one, size: one.pages(words=210)),
    "one page": whole(lambda one, size: (Page(1, "\n".join(page.text for page in one.pages())),)),
    "page numbers in one of them": whole(lambda one, size: one.pages(foot=True)),
    "running heads in one of them": whole(
        lambda one, size: one.pages(head="Survey of street vendors in Ghana", foot=True)
    ),
    "a cover of a repository": whole(lambda one, size: numbered([STAMP, *(page.text for page in one.pages())])),
    "a stamp on each page": whole(lambda one, size: numbered([f"{page.text}\n{STAMP}" for page in one.pages()])),
    "the front of another publisher": whole(lambda one, size: replace(one, cover=FRONT).pages()),
    "no cover": whole(lambda one, size: one.pages()[1:]),
    "no back": whole(lambda one, size: one.pages()[:-1]),
    "an annex": whole(lambda one, size: replace(one, body=(*one.body, *publication(size // 12, seed=11).body)).pages()),
    "columns in another order": whole(columns),
    "broken lines": whole(
        lambda one, size: tuple(
            replace(page, text=re.sub(r"(\w{5})(\w{3}s\b)", "\\1-\n\\2", page.text)) for page in one.pages()
        )
    ),
    "capitals": whole(lambda one, size: tuple(replace(page, text=page.text.upper()) for page in one.pages())),
    "footnote marks at words": whole(
        lambda one, size: tuple(replace(page, text=re.sub(r"(markets)\.", r"\1.1", page.text)) for page in one.pages())
    ),
    "links in one of them": whole(
        lambda one, size: tuple(
            replace(page, text=re.sub(r"(wages)", r"[\1](https://stats.example.org/wages/2018/)", page.text))
            for page in one.pages()
        )
    ),
    "a heading that only one has": whole(
        lambda one, size: replace(one, body=(*one.body[: size // 2], "Main findings", *one.body[size // 2 :])).pages()
    ),
    "the words of a chart in another order": whole(chart),
    "a sentence in another place": whole(
        lambda one, size: replace(
            one,
            body=(
                *one.body[: size // 3],
                *one.body[size // 3 + 1 : size // 2],
                one.body[size // 3],
                *one.body[size // 2 :],
            ),
        ).pages()
    ),
    "half a percent of letters misread": recognised(0.005),
    "one percent of letters misread": recognised(0.01),
    "two percent of letters misread": recognised(0.02),
}
"""By what differs: one text in two files."""

LAND = re.compile("ghana", re.IGNORECASE)
SIBLINGS: dict[str, Change] = {
    "a template for two countries": whole(
        lambda one, size: tuple(
            replace(page, text=LAND.sub("Kenya", re.sub(r"\b\d{3,}\b", lambda found: found[0][::-1], page.text)))
            for page in one.pages()
        )
    ),
    "a template for two countries with the same numbers": whole(
        lambda one, size: tuple(replace(page, text=LAND.sub("Sierra Leone", page.text)) for page in one.pages())
    ),
}


@cache
def fingerprint_of(pages: tuple[Page, ...]) -> Fingerprint:
    return fingerprint(with_zones(pages))


def judged(change: Change, size: int) -> str:
    pages = change(size)
    documents: list[Document] = [
        make_document(name, title=title, pages=tuple(page.text for page in each))
        for name, title, each in zip(
            ("d1", "d2"), ("Guide to the survey of vendors", "vendors_final_print"), pages, strict=True
        )
    ]
    one, other = (profile_of(each, fingerprint_of(each.pages)) for each in documents)
    found = relation_of(one, other)
    assert found == relation_of(other, one)
    return found.kind.value if found else "none"


SIZES = [60, 300, 1200]
"""Sentences: of a leaflet of three pages, a guide of fifteen, a book of sixty."""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", EDITIONS)
def test_two_editions_are_never_one_text(kind, size):
    assert judged(EDITIONS[kind], size) == "edition"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", COPIES)
def test_one_text_in_two_files_is_a_copy(kind, size):
    assert judged(COPIES[kind], size) == "copy"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", SIBLINGS)
def test_a_template_that_was_filled_in_for_two_countries_is_no_relation(kind, size):
    assert judged(SIBLINGS[kind], size) == "none"
