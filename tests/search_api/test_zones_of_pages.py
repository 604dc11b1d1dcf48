"""Where words stand on a page decides what a hit shows of it."""

from __future__ import annotations

from dataclasses import replace

from corpus.settings import Settings
from corpus.store import open_store
from corpus.tag_rules import Zone
from corpus.types import Outcome, Page, Reading
from corpus.vocabulary import load_vocabulary
from search_api.answers.results import Hit
from search_api.answers.service import search
from search_api.engines.records import records_of
from search_api.engines.tantivy import TantivyEngine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery
from search_api.query.plan import Field
from tests.builders import make_document, make_fetched, make_source, sha256_of, zoned_page

HEAD = (Zone.RUNNING, "Street vendors of Accra")


def hit(tmp_path, text: str, *pages: Page) -> Hit:
    """Return the only hit of a search among these pages, as a reader of files kept them."""
    vocabulary = load_vocabulary()
    sha256 = sha256_of("d1")
    with open_store(Settings(data_dir=tmp_path / "data")) as store:
        store.sources.save(make_source())
        store.files.save(make_fetched(sha256=sha256))
        store.readings.save(Reading(sha256, Outcome.READ, pages=pages, engine="pdfminer.six"), reader_version="1")
        document = replace(make_document("d1", title="Fees"), page_count=len(pages), pages=pages)
        store.documents.save(replace(document, sha256=sha256), tagger_version="1")
        engine = TantivyEngine(tmp_path / "index", vocabulary=vocabulary)
        bring_up_to_date(engine, store)
        (found,) = search(SearchQuery(text=text), engine=engine, store=store, vocabulary=vocabulary).hits
        return found


def said(snippet: tuple[tuple[str, bool], ...]) -> str:
    return "".join(text for text, _ in snippet)


def test_a_snippet_does_not_begin_with_the_running_head(tmp_path):
    page = zoned_page(1, HEAD, (Zone.BODY, "All vendors pay a fee each day."), (Zone.RUNNING, "7"))
    (best,) = hit(tmp_path, "vendors", page).pages
    assert said(best.snippet) == "All vendors pay a fee each day."


def test_what_only_stands_in_a_list_of_references_is_shown_from_there(tmp_path):
    page = zoned_page(1, (Zone.BODY, "All pay a fee."), (Zone.REFERENCES, "Bromley, R. Lima, 1998."))
    (best,) = hit(tmp_path, "Bromley", page).pages
    assert "Bromley" in said(best.snippet)


def test_a_document_found_by_a_running_head_alone_shows_its_text(tmp_path):
    found = hit(tmp_path, "Accra", zoned_page(1, HEAD, (Zone.BODY, "All pay a fee each day.")))
    assert found.pages == ()
    assert "All pay a fee" in said(found.abstract) or "Accra" in said(found.abstract)


def test_pages_of_an_older_reader_are_found_and_shown_as_before(tmp_path):
    (best,) = hit(tmp_path, "vendors", Page(1, "Street vendors of Accra\n\nAll vendors pay a fee.")).pages
    assert said(best.snippet).startswith("Street vendors of Accra")


def test_a_document_has_the_words_of_its_running_head_once():
    pages = tuple(zoned_page(number, HEAD, (Zone.BODY, "Fees.")) for number in (1, 2, 3))
    record, _ = records_of(make_document("d1", title="Fees", pages=()), sequence=1, vocabulary=load_vocabulary())
    assert "vendors" not in record.tokens[Field.EXACT]
    document = replace(make_document("d1", title="Fees"), pages=pages, page_count=3)
    record, _ = records_of(document, sequence=1, vocabulary=load_vocabulary())
    assert record.tokens[Field.EXACT].split().count("vendors") == 1
