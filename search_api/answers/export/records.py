"""What a record of an export says, and how records are made: a batch at a time, so that the length of a list costs no memory."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import quote

from corpus.rights import EVERYTHING, Rights, RightsPolicy, shown
from corpus.types import Document, Facet
from search_api.answers.citations.reference import Reference, reference_of
from search_api.answers.export.texts import one_line, texts_of
from search_api.answers.marks import Marker, marker_of
from search_api.engines.base import EngineHit, PageMatches, SearchEngine
from search_api.query.budget import hits_with_pages
from search_api.query.concepts import concepts_of
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.tree import Node

if TYPE_CHECKING:
    from corpus.store import Store, StoredPage
    from corpus.vocabulary import Vocabulary

BATCH = 100
"""Records made together: their pages are found by one query, and their texts are some megabytes."""
_REMEMBERED_MAX = 100_000
"""Words that a marker may keep, some 12 MB; then a new one continues. A long list has words without end."""


@dataclass(frozen=True, slots=True)
class RecordTag:
    """A concept that a document is about."""

    facet: Facet
    code: str
    """Its id in the vocabulary: `PER`, `street_vendors`."""
    name: str
    """For a person."""
    primary: bool


@dataclass(frozen=True, slots=True)
class ExportRecord:
    """A document of an export. All texts are on one line."""

    document: Document
    """With the tags that it is about, without pages."""
    reference: Reference
    """The whole document, as it is cited."""
    page: int
    """The best page for the words of the search, 1-based; 0: no page has them."""
    snippet: str
    link: str
    """Permanent address here, which opens at the page."""
    tags: tuple[RecordTag, ...]
    score: float
    """0 when nothing was ranked by words."""
    accessed: date

    @property
    def id(self) -> str:
        """Return the id of the document."""
        return self.document.id


@dataclass(frozen=True, slots=True)
class Gone:
    """A document that is not held any more: removed since the list was begun, or never here."""

    id: str


Batch = tuple[ExportRecord | Gone, ...]


@dataclass(frozen=True, slots=True)
class Exporter:
    """Makes records of documents."""

    engine: SearchEngine
    store: Store
    vocabulary: Vocabulary
    public_url: str
    """Beginning of permanent addresses, without a slash at the end."""
    accessed: date
    lang: str = "en"
    """Of the names of concepts."""
    rights: RightsPolicy = EVERYTHING
    """Decides what is shown of each document."""

    def search(self, query: SearchQuery) -> Generator[Batch, None, None]:
        """Yield every answer of a search in its order, over the index as it is when the first batch is drawn; near documents never.

        Close it when it is not drawn to its end.

        Args:
            query: its limit, cursor and number of near documents are not counted.

        Raises EngineUnavailable: the index does not answer, or its view is gone.
        """
        tree = parse(query.text, vocabulary=self.vocabulary, off=query.off, strict=query.strict).tree
        with closing(self.engine.walk(query, tree=tree)) as hits:
            yield from self._batches(hits, tree=tree)

    def documents(self, ids: Sequence[str], *, text: str = "") -> Generator[Batch, None, None]:
        """Yield documents in the order of their ids.

        Args:
            text: words of a search, by which the best page is chosen; empty: no page is better than another.

        Raises BadQuery: the words cannot be read. EngineUnavailable: as `search`.
        """
        tree = parse(text, vocabulary=self.vocabulary).tree
        yield from self._batches((EngineHit(id=each, score=0.0) for each in ids), tree=tree)

    def _batches(self, hits: Iterable[EngineHit], *, tree: Node) -> Iterator[Batch]:
        left, size = iter(hits), min(BATCH, hits_with_pages(tree))
        marker = self._marker(tree)
        while some := list(islice(left, size)):
            if marker.remembered > _REMEMBERED_MAX:
                marker = self._marker(tree)
            yield self._batch(some, tree=tree, marker=marker)

    def _marker(self, tree: Node) -> Marker:
        return marker_of(tree, finder=concepts_of(self.vocabulary))

    def _batch(self, hits: Sequence[EngineHit], *, tree: Node, marker: Marker) -> Batch:
        ids = [hit.id for hit in hits]
        matches = self.engine.pages(tree, documents=ids, limit=1)
        with self.store.snapshot():  # one state of the records, and one connection
            documents = self.store.documents.to_cite(ids)
            best = {each: _best(matches.get(each)) for each in documents}
            pages = self.store.pages.stored({each: (number or 1,) for each, number in best.items()})
        policy = self.rights.now()
        made: list[ExportRecord | Gone] = []
        for hit in hits:
            document = documents.get(hit.id)
            if document is None:
                made.append(Gone(hit.id))
                continue
            allowed = policy.of(document)
            made.append(
                self._record(
                    shown(document, allowed), hit=hit, best=best[hit.id], pages=pages, marker=marker, rights=allowed
                )
            )
        return tuple(made)

    def _record(
        self,
        document: Document,
        *,
        hit: EngineHit,
        best: int,
        pages: Mapping[tuple[str, int], StoredPage],
        rights: Rights,
        marker: Marker,
    ) -> ExportRecord:
        page = pages.get((document.id, best or 1))
        if page is not None and not page.text.strip():
            page = None
        number = best if page is not None else 0  # the document may have changed since it was indexed
        cited = None if document.abstract and not number else page
        texts = texts_of(document, page=cited, marker=marker, rights=rights)
        reference = reference_of(document, accessed=self.accessed, public_url=self.public_url)
        return ExportRecord(
            document=document,
            reference=replace(reference, abstract=texts.abstract),
            page=number,
            snippet=texts.snippet,
            link=permanent_link(document.id, page=number, public_url=self.public_url),
            tags=tuple(
                RecordTag(
                    tag.facet,
                    tag.concept,
                    one_line(self.vocabulary.label(tag.facet, tag.concept, self.lang)),
                    tag.primary,
                )
                for tag in document.tags
                if tag.about
            ),
            score=hit.score,
            accessed=self.accessed,
        )


def _best(matches: PageMatches | None) -> int:
    return matches.best[0].number if matches and matches.best else 0


def permanent_link(document_id: str, *, page: int, public_url: str) -> str:
    """Return the address of a document here, opened at a page.

    Args:
        page: 1-based; 0: no page.
        public_url: as in `Exporter`.
    """
    address = f"{public_url}/documents/{quote(document_id, safe='')}"
    return f"{address}?page={page}#page={page}" if page else address
