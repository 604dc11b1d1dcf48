"""What an export promises on every engine. An engine's own test class gives the fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from corpus.settings import Settings
from corpus.store import Store, open_store
from search_api.answers.export.formats import ExportFormat
from search_api.answers.export.records import Exporter, ExportRecord, Gone
from search_api.answers.export.writing import writer_of, written
from search_api.engines.base import SearchEngine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery, Sort
from tests.builders import make_document, make_source
from tests.search_api.export_cases import READERS, hostile_documents
from tests.search_api.walk_contract import VOCABULARY
from tests.web.library import keep

MANY = 230
"""More than two batches."""


class ExportContract:
    @pytest.fixture
    def exporter(self, engine: SearchEngine, tmp_path: Path) -> Iterator[Exporter]:
        with open_store(Settings(data_dir=tmp_path)) as store:
            store.sources.save(make_source("sample"))
            for document in hostile_documents():
                keep(store, document, sha256=document.sha256)
            bring_up_to_date(engine, store)
            yield exporter_of(engine, store)

    @pytest.mark.parametrize("kind", ExportFormat)
    def test_every_record_is_read_back_by_a_library_of_others(self, exporter: Exporter, kind: ExportFormat) -> None:
        records = [each for batch in exporter.search(SearchQuery(text="vendors")) for each in batch]
        keys = [each.reference.key for each in records if isinstance(each, ExportRecord)]
        assert len(set(keys)) == len(hostile_documents())
        text = "".join(written(exporter.search(SearchQuery(text="vendors")), writer_of(kind)))
        assert READERS[kind](text) == keys
        text.encode()  # no half characters

    def test_a_record_has_its_best_page_with_a_snippet_and_a_link_that_opens_there(self, exporter: Exporter) -> None:
        for batch in exporter.search(SearchQuery(text="vendors")):
            for record in batch:
                assert isinstance(record, ExportRecord)
                assert record.page == 2
                assert "vendors" in record.snippet
                assert record.link == f"https://pushcart.example/documents/{record.id}?page=2#page=2"
                assert next((tag.facet, tag.code, tag.name) for tag in record.tags) == ("country", "PER", "Peru")

    def test_a_search_without_words_gives_no_page_and_something_to_read(self, exporter: Exporter) -> None:
        (batch,) = exporter.search(SearchQuery(sort=Sort.OLDEST))
        assert {record.page for record in batch if isinstance(record, ExportRecord)} == {0}
        assert all(record.snippet for record in batch if isinstance(record, ExportRecord))

    def test_near_documents_are_left_out_and_the_limit_counts_for_nothing(self, exporter: Exporter) -> None:
        keep(exporter.store, make_document("dnear", title="Vendors alone"), sha256="9" * 64)
        bring_up_to_date(exporter.engine, exporter.store)
        query = SearchQuery(text="vendors nothing", limit=1, near=100)
        assert len(ids_of(exporter, query)) == len(hostile_documents())
        assert ids_of(exporter, SearchQuery(text="vendors", countries=("COL",))) == []

    def test_what_is_written_meanwhile_changes_nothing_and_what_is_removed_is_said(self, exporter: Exporter) -> None:
        for number in range(MANY):
            document = make_document(f"d{number:016x}", title=f"Market {number}", pages=("A market",))
            keep(exporter.store, document, sha256=document.sha256)
        bring_up_to_date(exporter.engine, exporter.store)
        expected = ids_of(exporter, SearchQuery(text="market"))
        batches = exporter.search(SearchQuery(text="market"))
        first = next(batches)
        exporter.store.documents.remove(expected[-1])
        keep(exporter.store, make_document("dnew", title="A new market"), sha256="8" * 64)
        bring_up_to_date(exporter.engine, exporter.store)
        found = [*first, *(each for batch in batches for each in batch)]
        assert [each.id for each in found] == expected
        assert [each.id for each in found if isinstance(each, Gone)] == [expected[-1]]


def exporter_of(engine: SearchEngine, store: Store) -> Exporter:
    return Exporter(
        engine=engine,
        store=store,
        vocabulary=VOCABULARY,
        public_url="https://pushcart.example",
        accessed=date(2026, 11, 30),
    )


def ids_of(exporter: Exporter, query: SearchQuery) -> list[str]:
    return [each.id for batch in exporter.search(query) for each in batch]
