"""Passages of documents that may not be shown whole: around the words, from one half of a page, on both engines the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from corpus.rights import DeclaredSources, RightsPolicy, passages_of
from corpus.settings import Settings
from corpus.store import Store, StoredPage, open_store
from corpus.tag_rules import Zone
from corpus.types import Page
from corpus.vocabulary import load_vocabulary
from corpus.zones import zones_to_json
from search_api.answers.marks import Marker, marker_of
from search_api.answers.passages import PASSAGES_MAX, passages, shown_snippet, words_found
from search_api.answers.service import search
from search_api.answers.snippets import Snippet
from search_api.engines.base import SearchEngine
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.tantivy import TantivyEngine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from tests.builders import make_document, make_source, zoned_page
from tests.search_api.test_api import save

FOLLOWED = RightsPolicy(follows=True, declared=DeclaredSources)
STRETCH = " ".join(f"filler{number:02}" for number in range(34)) + " "
SEEN = f"The vendors are seen here. {STRETCH}"[:320]
HIDDEN = f"The pickers are hidden here. {STRETCH}"[:320]


def stored(page: Page) -> StoredPage:
    """Return a page as its row has it."""
    return StoredPage(page.number, page.text, json.dumps(zones_to_json(page.zones)) if page.zones is not None else "")


def marker(text: str) -> Marker:
    return marker_of(parse(text, vocabulary=load_vocabulary()).tree)


def plain(snippet: Snippet) -> str:
    return "".join(text for text, _ in snippet)


def page_of(*stretches: str) -> Page:
    """Return a page of stretches of 320 characters each."""
    return Page(1, "".join(each.ljust(319, "x") + " " for each in (text[:319] for text in stretches)))


def test_a_word_in_the_seen_half_is_shown_with_what_stands_around_it() -> None:
    page = page_of(SEEN, HIDDEN, SEEN, HIDDEN)
    said = plain(shown_snippet(stored(page), marker("vendors"), lang="en", is_whole=False))
    assert "The vendors are seen here" in said
    assert "pickers" not in said


def test_a_word_in_the_hidden_half_is_named_alone() -> None:
    page = page_of(SEEN, HIDDEN, SEEN, HIDDEN)
    assert shown_snippet(stored(page), marker("pickers"), lang="en", is_whole=False) == (
        ("… ", False),
        ("pickers", True),
        (" …", False),
    )


def test_words_of_the_hidden_half_are_named_in_an_order_that_tells_nothing() -> None:
    page = page_of(SEEN, "zebra hidden apple ", SEEN, "")
    assert [text for text, found in words_found(page, marker("zebra hidden apple"), lang="en") if found] == [
        "apple",
        "hidden",
        "zebra",
    ]


def test_where_all_may_be_shown_a_snippet_is_cut_from_the_whole_page() -> None:
    page = page_of(SEEN, HIDDEN, SEEN, HIDDEN)
    assert "The pickers are hidden here" in plain(shown_snippet(stored(page), marker("pickers"), lang="en"))


def test_a_page_has_at_most_three_passages_those_with_most_of_the_words_in_its_order() -> None:
    one, both = f"Some vendors. {STRETCH}", f"Both vendors and markets. {STRETCH}"
    page = page_of(one, HIDDEN, one, HIDDEN, one, HIDDEN, both, HIDDEN, both, HIDDEN)
    found = passages(page, marker("vendors markets"), lang="en")
    assert len(found) == PASSAGES_MAX
    assert [plain(each).startswith("Both") for each in found] == [False, True, True]


def test_a_page_without_the_words_has_no_passage() -> None:
    assert passages(page_of(SEEN, HIDDEN), marker("elsewhere"), lang="en") == ()


def test_a_snippet_is_cut_from_what_is_seen_whatever_the_zones_of_the_page_are() -> None:
    page = zoned_page(1, (Zone.HEADING, "Vendors of the city"), (Zone.BODY, f"{SEEN} {HIDDEN} {SEEN} {HIDDEN}"))
    seen = set(passages_of(page).text.split())
    for text in ("vendors", "pickers", "filler07", "seen here", "hidden"):
        snippet = shown_snippet(stored(page), marker(text), lang="en", is_whole=False)
        around = {word for piece, is_match in snippet if not is_match for word in piece.split()} - {"…"}
        assert {word.strip("…") for word in around} <= seen | {""}, text


class PassagesContract:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        with open_store(Settings(data_dir=tmp_path / "data")) as opened:
            yield opened

    def test_what_is_shown_is_the_same_on_every_engine(self, engine: SearchEngine, store: Store) -> None:
        text = page_of(SEEN, HIDDEN, SEEN, HIDDEN).text
        store.sources.save(make_source())
        save(store, make_document("dclosed", pages=(text,), licence="All rights reserved", title="Closed"))
        save(store, make_document("dopen", pages=(text,), licence="CC BY 4.0", title="Open"))
        bring_up_to_date(engine, store)
        found = search(
            SearchQuery(text="pickers"), engine=engine, store=store, vocabulary=load_vocabulary(), rights=FOLLOWED
        )
        said = {hit.id: plain(hit.pages[0].snippet) for hit in found.hits}
        assert said["dclosed"] == "… pickers …"
        assert "The pickers are hidden here" in said["dopen"]
        assert {hit.id: hit.rights.show for hit in found.hits} == {"dclosed": "snippet", "dopen": "full"}


class TestPassagesOnTantivy(PassagesContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[SearchEngine]:
        engine = TantivyEngine(tmp_path / "index", vocabulary=load_vocabulary())
        yield engine
        engine.close()


class TestPassagesOnElasticsearch(PassagesContract):
    @pytest.fixture
    def engine(self, client: Elasticsearch, prefix: str) -> SearchEngine:
        return ElasticsearchEngine(client, vocabulary=load_vocabulary(), where="the test server", prefix=prefix)
