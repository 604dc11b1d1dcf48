"""The index follows the store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from corpus.settings import Settings
from corpus.store import open_store
from corpus.vocabulary import load_vocabulary
from search_api.answers.service import search
from search_api.engines.opening import open_engine
from search_api.indexing import IndexingProgress, bring_up_to_date, rebuild
from search_api.query.parameters import SearchQuery
from tests.builders import make_document
from tests.search_api.engine_contract import EVERYONE, ask, found
from tests.search_api.test_api import save


def test_what_was_saved_removed_or_changed_is_shown_after_the_next_indexing(settings: Settings) -> None:
    engine = open_engine(settings)
    with open_store(settings) as store:
        for document in EVERYONE:
            save(store, document)
        told: list[IndexingProgress] = []
        result = bring_up_to_date(engine, store, on_progress=told.append)
        assert (result.documents, result.rebuilt) == (5, False)
        assert [each.documents for each in told] == [1, 2, 3, 4, 5]
        assert told[-1].sequence == told[-1].last_sequence == result.applied_sequence == store.changes.last_sequence()
        store.documents.remove("d1")
        save(store, replace(EVERYONE[2], title="Bazaars"))
        assert bring_up_to_date(engine, store).documents == 2
        assert found(engine, "vendors") == set()
        assert found(engine, "title:bazaars") == {"d3"}
        assert bring_up_to_date(engine, store).documents == 0


def test_an_interrupted_indexing_goes_on(settings: Settings) -> None:
    engine = open_engine(settings)

    def stop(progress: IndexingProgress) -> None:
        if progress.documents == 3:
            raise KeyboardInterrupt

    with open_store(settings) as store:
        for document in EVERYONE:
            save(store, document)
        with pytest.raises(KeyboardInterrupt):
            bring_up_to_date(engine, store, on_progress=stop)
        bring_up_to_date(engine, store)
        assert ask(engine).total == 5


def test_an_index_of_another_format_is_built_anew_without_being_asked(settings: Settings) -> None:
    with open_store(settings) as store:
        for document in EVERYONE:
            save(store, document)
        rebuild(open_engine(settings), store)
        state = next(settings.index_dir.glob("g*/state.json"))
        state.write_text(state.read_text().replace("schema", "older schema"))
        result = bring_up_to_date(open_engine(settings), store)
        assert (result.rebuilt, result.documents) == (True, 5)


def test_a_document_removed_since_it_was_indexed_is_not_shown_and_the_answer_says_so(settings: Settings) -> None:
    engine = open_engine(settings)
    with open_store(settings) as store:
        for number in range(3):
            save(store, make_document(f"d{number}", title="Vendors"))
        bring_up_to_date(engine, store)
        store.documents.remove("d1")
        results = search(SearchQuery(text="vendors"), engine=engine, store=store, vocabulary=load_vocabulary())
        assert [hit.id for hit in results.hits] == ["d0", "d2"]
        assert "changed just now" in " ".join(results.query.notes)
