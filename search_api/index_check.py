"""Whether the index shows the records: every document with all its pages, and none that is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from corpus.checking.findings import CheckFinding, FindingKind
from corpus.errors import EngineUnavailable
from corpus.messages import sentence
from search_api.analysis import exact
from search_api.engines.base import SearchEngine
from search_api.fitness import Misfit, fitness_of

if TYPE_CHECKING:
    from corpus.store import Store

_BATCH = 500
_REBUILD = sentence("Run `pushcart index --rebuild`; the index is made from the records, and nothing is lost.")
_MISFITS = {
    Misfit.DAMAGED: sentence("The search index is damaged."),
    Misfit.OTHER_VERSION: sentence("The search index was made by another version of Pushcart."),
    Misfit.OTHER_RECORDS: sentence("The search index belongs to other records."),
    Misfit.AHEAD: sentence(
        "The search index is newer than the records: a backup was restored, or the newest records are lost (was"
        " `pushcart.sqlite3-wal` deleted?)."
    ),
}


def check_index(engine: SearchEngine, store: Store) -> Iterator[CheckFinding]:
    """Yield what is wrong with the index; it is not changed."""
    try:
        if fault := engine.fault_of_files():
            yield _finding(FindingKind.INDEX_DAMAGED, sentence("The search index is damaged: {reason}.", reason=fault))
            return
        fitness = fitness_of(engine, store)
        if fitness.misfit is not None:
            kind = FindingKind.INDEX_DAMAGED if fitness.misfit is Misfit.DAMAGED else FindingKind.INDEX_OTHER
            todo = sentence("Run `pushcart index`, which rebuilds it from the records.")
            if fitness.misfit is Misfit.AHEAD:
                todo = sentence(
                    "If records are lost, restore a backup. Then run `pushcart index`, which rebuilds the index."
                )
            yield CheckFinding(kind, "index", _MISFITS[fitness.misfit], todo)
            return
        if not fitness.shown.is_there:
            if store.documents.newest(limit=1):
                yield CheckFinding(
                    FindingKind.INDEX_MISSING,
                    "index",
                    sentence("There is no search index, and searches find nothing."),
                    sentence("Run `pushcart index`, which makes it from the records."),
                )
            return
        yield from _compare(engine, store)
    except EngineUnavailable as error:
        yield CheckFinding(FindingKind.INDEX_UNAVAILABLE, "index", error.message, error.try_next)


def _compare(engine: SearchEngine, store: Store) -> Iterator[CheckFinding]:
    applied, last = engine.applied_sequence(), store.changes.last_sequence()
    if applied < last:
        yield CheckFinding(
            FindingKind.INDEX_BEHIND,
            "index",
            sentence("The search index is behind the records by up to {count} changes.", count=last - applied),
            sentence("Run `pushcart index`, if no add or harvest is running."),
        )
    refused = {each.document_id for each in store.unindexed.all()}
    every = [each for each in store.documents.ids() if each not in refused]
    there = 0
    for start in range(0, len(every), _BATCH):
        some = every[start : start + _BATCH]
        pages = engine.indexed_pages(some)
        there += len(pages)
        newest = store.changes.newest_of(some)
        settled = [each for each in some if newest.get(each, 0) <= applied]
        for document in settled:
            if document not in pages:
                message = sentence("Document {document} is not in the search index.", document=document)
                yield _finding(FindingKind.INDEX_DOCUMENT_MISSING, message, which=document)
        yield from _pages(store, [each for each in settled if each in pages], pages=pages)
    surplus = engine.statistics().documents - there - len(engine.indexed_pages(sorted(refused)))
    if surplus > 0 and applied == last == store.changes.last_sequence():
        message = sentence("The search index has {count} documents that the records do not have.", count=surplus)
        yield _finding(FindingKind.INDEX_DOCUMENT_SURPLUS, message)


def _pages(store: Store, documents: Sequence[str], *, pages: Mapping[str, int]) -> Iterator[CheckFinding]:
    """Compare the pages of documents; texts are read only where there are fewer pages than the document has."""
    briefs = store.documents.get_many(documents)
    fewer = [each for each, brief in briefs.items() if pages[each] < brief.page_count]
    whole = store.documents.get_many(fewer, with_pages=True)
    for document, brief in briefs.items():
        expected = brief.page_count
        if document in whole:  # a page without a word is in no index
            expected = sum(1 for page in whole[document].pages if exact(page.text))
        if pages[document] != expected:
            message = sentence(
                "The search index has {found} pages of document {document}, which has {count} with words.",
                found=pages[document],
                document=document,
                count=expected,
            )
            yield _finding(FindingKind.INDEX_DOCUMENT_MISSING, message, which=document)


def _finding(kind: FindingKind, message: str, *, which: str = "index") -> CheckFinding:
    return CheckFinding(kind, which, message, _REBUILD)
