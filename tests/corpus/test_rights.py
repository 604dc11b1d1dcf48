"""Passages leave half of a page, always the same, and what describes a document is cut."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.rights import (
    ABSTRACT_CHARACTERS,
    EVIDENCE_CHARACTERS,
    EVIDENCE_OF_PAGE,
    Ground,
    Rights,
    Show,
    answers_others,
    is_this_machine,
    passages_of,
    shown,
    visible_stretches,
)
from corpus.tag_rules import Zone
from corpus.types import Page
from tests.builders import make_document, make_tag, offered, zoned_page

SNIPPET = Rights(Show.SNIPPET, Ground.UNKNOWN)
TEXT = " ".join(f"word{number:04}" for number in range(500))


@pytest.mark.parametrize("length", [80, 200, 800, 1279, 1280, 3000, 4500])
def test_half_of_a_page_can_be_seen(length: int) -> None:
    page = Page(1, TEXT[:length])
    seen = sum(map(len, visible_stretches(page)))
    assert 0.4 * length <= seen <= 0.6 * length


@given(st.text(min_size=1, max_size=3000))
def test_of_no_text_more_than_two_stretches_in_four_are_seen(text: str) -> None:
    page = Page(1, text)
    size = max(1, min(320, -(-len(page.text) // 4)))
    seen = visible_stretches(page)
    assert all(len(each) <= size for each in seen)
    assert len(passages_of(page).text) == len(page.text)


def test_a_page_in_passages_keeps_its_zones_where_they_are() -> None:
    page = zoned_page(1, (Zone.HEADING, "A heading"), (Zone.BODY, TEXT[:2000]))
    left = passages_of(page)
    assert left.zones == page.zones
    assert len(left.text) == len(page.text)


def test_what_is_left_out_is_marked() -> None:
    assert passages_of(Page(1, TEXT)).text.count("…") == len(TEXT) // 640


def test_a_document_that_may_be_shown_is_the_same_value() -> None:
    document = make_document(abstract="a " * 2000)
    assert shown(document, replace(SNIPPET, show=Show.TEXT)) is document


def test_an_abstract_is_cut_between_words_wherever_it_is_kept() -> None:
    document = make_document(abstract=TEXT, evidence={"abstract": (offered(TEXT, "record"),)})
    cut = shown(document, SNIPPET)
    assert len(cut.abstract) <= ABSTRACT_CHARACTERS + 2
    assert cut.abstract.endswith(" …")
    assert cut.abstract[:-2] == TEXT[: len(cut.abstract) - 2]
    assert cut.evidence["abstract"][0].value == cut.abstract


def test_sentences_that_speak_for_tags_are_cut_around_their_words_and_few_of_a_page() -> None:
    tags = []
    for number in range(6):
        tag = make_tag("topic", f"t{number}")
        sentence = TEXT[number * 400 : number * 400 + 400]
        tags.append(replace(tag, evidence=(replace(tag.evidence[0], sentence=sentence, words=sentence.split()[20]),)))
    sentences = [tag.evidence[0].sentence for tag in shown(make_document(tags=tuple(tags)), SNIPPET).tags]
    longer = [each for each in sentences if len(each.split()) > 1]
    assert len(longer) == EVIDENCE_OF_PAGE
    assert all(len(each) <= EVIDENCE_CHARACTERS + 4 for each in longer)
    assert all(tag.evidence[0].words in sentence for tag, sentence in zip(tags, sentences, strict=True))


def test_pages_that_go_with_a_document_are_passages_too() -> None:
    document = make_document(pages=(TEXT,))
    assert shown(document, SNIPPET).pages == (passages_of(document.pages[0]),)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "127.0.0.1", "127.9.9.9", "::1", "[::1]", "a.localhost"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "", "10.0.0.1", "localhost.example.org", "office", "1.127.0.0", "[::ffff:8.8.8.8]"]
)
def test_everything_else_is_not_this_machine_alone(host: str) -> None:
    assert not is_this_machine(host)


@pytest.mark.parametrize("url", ["http://user@localhost:8000", "http://localhost:8000/", "http://LOCALHOST"])
def test_the_host_of_an_address_decides(url: str) -> None:
    assert not answers_others(url)


def test_a_user_called_localhost_does_not_make_an_address_local() -> None:
    assert answers_others("http://localhost@evil.example/")
