"""What an engine keeps of a document."""

from __future__ import annotations

from collections import Counter

from corpus.types import Document
from corpus.vocabulary import load_vocabulary
from search_api.engines.records import DocumentRecord, PageRecord, records_of
from search_api.query.plan import Field
from tests.builders import make_document

PAGES = ("Vendors sell food.", "Vendors and porters. Vendors, porters and weavers.")


def kept(document: Document) -> tuple[DocumentRecord, tuple[PageRecord, ...]]:
    return records_of(document, sequence=1, vocabulary=load_vocabulary())


def test_a_document_has_every_word_of_its_back_matter() -> None:
    whole, _ = kept(make_document("d1", title="Fees", pages=PAGES))
    record, _ = kept(make_document("d1", title="Fees", pages=PAGES, back_matter=(2,)))
    assert record.tokens == whole.tokens


def test_pages_know_whether_they_are_back_matter_and_hold_all_their_words() -> None:
    _, (plain, aside) = kept(make_document("d1", pages=PAGES, back_matter=(2,)))
    assert (plain.is_back_matter, aside.is_back_matter) == (False, True)
    assert Counter(aside.tokens[Field.EXACT].split())["vendors"] == 2
