"""Two editions side by side: which page stands for which, what is marked, and what is not shown."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import open_store
from corpus.types import Page
from tests.builders import make_document, make_source
from tests.web.library import index, keep
from web.app import make_app
from web.views.comparing import WORDS_MAX, is_unlike, page_like, with_changes


def test_words_that_only_one_text_has_are_marked() -> None:
    left, right, changes = with_changes("In 2019, 41 % of vendors were women.", "In 2021, 44 % of vendors were women.")
    assert left == "In <del>2019, 41</del> % of vendors were women."
    assert right == "In <ins>2021, 44</ins> % of vendors were women."
    assert changes == 1


def test_line_breaks_are_no_change() -> None:
    assert with_changes("Street\nvendors  of Lima", "Street vendors of\nLima")[2] == 0


def test_texts_of_strangers_are_escaped() -> None:
    left, right, _ = with_changes("<script>alert(1)</script> a", "a <b>")
    assert "<script" not in left + right
    assert "<b>" not in right


def test_a_stray_word_between_two_changes_counts_as_changed() -> None:
    assert with_changes("one two of three four end", "five six of seven eight end")[2] == 1


def test_very_long_pages_of_one_word_are_compared_quickly() -> None:
    words = random.Random(1)
    first, second = (" ".join(words.choice("ab") for _ in range(60_000)) for _ in range(2))
    began = time.monotonic()
    left, _, _ = with_changes(first, second)
    assert time.monotonic() - began < 2.0
    assert len(left.striptags().split()) <= WORDS_MAX


def test_the_page_with_most_words_in_common_is_shown_beside() -> None:
    others = [Page(1, "cover title imprint"), Page(2, "contents list"), Page(3, "vendors earn little in Lima markets")]
    assert page_like(Page(1, "vendors earn more in Lima markets"), others) == 3
    assert page_like(Page(2, "nothing alike whatever"), others) == 2
    assert page_like(Page(9, "nothing alike whatever"), others) == 3
    assert is_unlike(Page(1, "vendors earn"), others[0])


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("compare"), public_url="https://x.example", follow_licences="always"
    )
    files = open_files(settings)
    texts = {
        "dold": ("Cover of 2015.", "Vendors of Lima earn little in markets."),
        "dnew": ("Cover of 2019.", "A new foreword.", "Vendors of Lima earn more in markets."),
        "dclosed": ("Vendors of Lima.",),
        "dscan": (),
    }
    with open_store(settings) as store:
        store.sources.save(make_source("plain"))
        for name, pages in texts.items():
            licence = "All rights reserved" if name == "dclosed" else "CC BY 4.0"
            document = make_document(name, source="plain", title=f"Title {name}", licence=licence, pages=pages)
            keep(store, document, sha256=files.put(name.encode()))
    index(settings)
    with TestClient(make_app(settings)) as client:
        yield client


def test_a_page_stands_beside_the_one_like_it_with_the_changes(stranger: TestClient) -> None:
    html = stranger.get("/documents/dold/compare/dnew?page=2").text
    assert "<del>little</del>" in html
    assert "<ins>more</ins>" in html
    assert "Page 3 of 3" in html
    assert 'href="/documents/dold/compare/dnew?page=1"' in html


def test_another_page_on_the_right_can_be_chosen(stranger: TestClient) -> None:
    html = stranger.get("/documents/dold/compare/dnew?page=2&with=2").text
    assert "A new foreword." in html
    assert "have little in common" in html
    assert 'href="/documents/dold/compare/dnew?page=2&amp;with=3"' in html


@pytest.mark.parametrize("address", ["dold/compare/dclosed", "dclosed/compare/dold", "dold/compare/dscan"])
def test_a_text_that_may_not_be_shown_or_was_not_read_is_not_compared(stranger: TestClient, address: str) -> None:
    answer = stranger.get(f"/documents/{address}")
    assert answer.status_code == 404
    assert "cannot be compared" in answer.text
    assert "Vendors of Lima" not in answer.text


@pytest.mark.parametrize("address", ["dold/compare/dnone", f"dold/compare/{'a' * 64}", "dold/compare/dnew?page=7"])
def test_what_is_not_there_is_answered_in_words(stranger: TestClient, address: str) -> None:
    assert stranger.get(f"/documents/{address}").status_code == 404
