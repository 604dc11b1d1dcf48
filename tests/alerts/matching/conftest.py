"""One library of documents in an index, and as documents: what engines answer and what is matched are compared on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Document
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.engines.base import SearchEngine
from search_api.engines.tantivy import TantivyEngine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.tree import Node
from tests.search_api.conftest import client, server
from tests.search_api.same_corpus import make_library, save_library

__all__ = ["client", "server"]


@dataclass(frozen=True, slots=True)
class Library:
    """Documents, the embedded engine that holds them, and the store that both come from."""

    documents: tuple[Document, ...]
    engine: SearchEngine
    store: Store
    vocabulary: Vocabulary

    def answers(self, query: SearchQuery, *, engine: SearchEngine | None = None, tree: Node | None = None) -> set[str]:
        """Return the ids of all documents that an engine finds, also those that another one of their fold stands for."""
        meaning = tree or parse(query.text, vocabulary=self.vocabulary, off=query.off, strict=query.strict).tree
        hits = (engine or self.engine).walk(query, tree=meaning)
        return {each for hit in hits for each in (hit.id, *hit.others)}


@pytest.fixture(scope="package")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("matching")
    vocabulary = load_vocabulary()
    engine = TantivyEngine(folder / "index", vocabulary=vocabulary)
    with open_store(Settings(data_dir=folder)) as store:
        save_library(store, list(make_library()))
        bring_up_to_date(engine, store)
        documents = tuple(each.document for each in store.changes.after(0, limit=1000) if each.document)
        yield Library(documents, engine=engine, store=store, vocabulary=vocabulary)
    engine.close()
