"""What the pages need, opened once for the whole application."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from alerts.subscribing.state import AlertsState
from corpus.files import FileStore
from corpus.source_health import SourceHealth
from corpus.types import Document
from crawler.sources.declared_now import Declarations
from curation.authorising import Authoriser
from search_api.answers.coverage import Coverage, coverage_of
from search_api.answers.filter_labels import FilterLabels
from search_api.answers.results import Results
from search_api.answers.service import search
from search_api.answers.similar import similar_documents
from search_api.api.state import AppState
from search_api.query.parameters import PARAMETERS, SearchQuery
from search_api.query.parse import parse
from web.addresses import search_address
from web.assets import Assets
from web.contexts import Holdings, TextLink
from web.pictures import PagePictures
from web.rendering import Pages
from web.signed_in import SignedIn
from web.views.outline import Headings, headings_of

EXAMPLES = (
    ("waste pickers Latin America", "en"),
    ("trabajadoras del hogar", "es"),
    ('"informal employment" year:2018..', "en"),
    ("vendeuses de rue", "fr"),
    ("catadores", "pt"),
    ("street vendors social protection", "en"),
    ("recicladores América Latina", "es"),
    ("emploi informel femmes", "fr"),
    ("emprego informal mulheres", "pt"),
    ("home-based workers", "en"),
)
"""Searches offered on the home page, with the language of their words; only those that find something are shown."""
EXAMPLES_SHOWN = 4
HEALTH_SECONDS = 3.0
"""How long what the sources have brought is kept: counting 100,000 files takes a second."""
HOLDINGS_SECONDS = 30.0
"""How long counts are kept: counting the pages of 100,000 documents takes longer than a reader waits."""
OUTLINES_KEPT = 200
"""Documents whose headings are remembered."""
SIMILAR_KEPT = 500
"""Documents whose similar ones are remembered, by their ids."""


@dataclass(frozen=True, slots=True)
class _Overview:
    """All documents counted, as of one state of index and records."""

    stamp: tuple[int, int]
    everything: Results
    examples: tuple[TextLink, ...]


@dataclass(frozen=True, slots=True)
class _HeldCounts:
    """What is in here, as of one state of the records."""

    stamp: int
    until: float
    """On the clock of time.monotonic."""
    holdings: Holdings


@dataclass(frozen=True, slots=True)
class _Brought:
    """What each source has brought, as of one state of the records."""

    stamp: int
    until: float
    """On the clock of time.monotonic."""
    health: tuple[SourceHealth, ...]


@dataclass(slots=True)
class _KeptCounts:
    overviews: dict[str, _Overview] = field(default_factory=dict)
    """By language of their labels."""
    counted: _HeldCounts | None = None
    health: _Brought | None = None
    coverage: dict[str, tuple[tuple[int, int], Coverage]] = field(default_factory=dict)
    """By slug, with the state of index and records; sources are few."""
    similar: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = field(default_factory=dict)
    """By document, with the state of index and records; at most SIMILAR_KEPT."""
    outlines: dict[str, tuple[int, Headings]] = field(default_factory=dict)
    """By SHA-256 of the file, with the state of the records; at most OUTLINES_KEPT."""


@dataclass(frozen=True, slots=True)
class Site:
    """The open resources, and how pages are made of what is in them. Threads may share it."""

    app: AppState
    files: FileStore
    pages: Pages
    assets: Assets
    declarations: Declarations
    signed_in: SignedIn
    authoriser: Authoriser
    alerts: AlertsState
    pictures: PagePictures
    kept: _KeptCounts = field(default_factory=_KeptCounts)

    def query_of(self, parameters: Iterable[tuple[str, str]]) -> SearchQuery:
        """Return the search that an address asks for; unknown names are ignored.

        Raises BadQuery: a value is not allowed.
        """
        known = [(name, value) for name, value in parameters if name in PARAMETERS]
        return SearchQuery.from_parameters(
            known,
            vocabulary=self.app.vocabulary,
            characters_max=self.app.settings.query_characters_max,
            sources={source.slug for source in self.app.store.sources.all()},
        )

    def search(self, query: SearchQuery, *, lang: str) -> Results:
        """Answer a search, with labels in the language of the page."""
        app = self.app
        return search(
            query,
            engine=app.engine,
            store=app.store,
            vocabulary=app.vocabulary,
            lang=lang,
            reader_lang=lang,
            rights=app.rights,
        )

    def count(self, query: SearchQuery) -> int:
        """Return how many documents a search finds."""
        tree = parse(query.text, vocabulary=self.app.vocabulary, off=query.off, strict=query.strict).tree
        return self.app.engine.search(query, tree=tree, counted=False).total

    def names(self, *, lang: str) -> FilterLabels:
        """Return what filter values are called in the language of the page."""
        sources = {source.slug: source.name for source in self.app.store.sources.all()}
        return FilterLabels(self.app.vocabulary, sources=sources, lang=lang)

    def everything(self, *, lang: str) -> Results:
        """Return the search for all documents, counted; the same answer until index or records change."""
        return self._overview(lang).everything

    def examples(self, *, lang: str) -> tuple[TextLink, ...]:
        """Return searches that find something here, those in the language of the page first."""
        return self._overview(lang).examples

    def holdings(self) -> Holdings:
        """Return what is in here; counted again when documents change, and else every half minute (a harvest ends)."""
        stamp, kept = self.app.store.changes.last_sequence(), self.kept.counted
        if kept is None or kept.stamp != stamp or time.monotonic() > kept.until:
            kept = _HeldCounts(stamp, time.monotonic() + HOLDINGS_SECONDS, self._holdings())
            self.kept.counted = kept
        return kept.holdings

    def _holdings(self) -> Holdings:
        status, health = self.app.store.status(), self.app.store.sources.health()
        ended = [each.last_run.ended for each in health if each.last_run]
        return Holdings(
            documents=status.documents,
            pages=status.pages,
            sources=sum(1 for each in health if each.documents),
            last_harvest=max(ended, default=None),
        )

    def source_health(self) -> tuple[SourceHealth, ...]:
        """Return every source, what it declares and how it does; what the records say may be a few seconds old."""
        stamp, kept = self.app.store.changes.last_sequence(), self.kept.health
        if kept is None or kept.stamp != stamp or time.monotonic() > kept.until:
            kept = _Brought(stamp, time.monotonic() + HEALTH_SECONDS, self.app.store.sources.health())
            self.kept.health = kept
        return self.app.with_declared(kept.health)

    def coverage_of(self, slug: str) -> Coverage:
        """Return how much of a source was read and can be found; counted again when index or records change.

        Raises EngineUnavailable: the index does not answer.
        """
        stamp, kept = self._stamp(), self.kept.coverage.get(slug)
        if kept is None or kept[0] != stamp:
            counted = coverage_of(self.app.store.pages.read_counts(slug), engine=self.app.engine, store=self.app.store)
            kept = self.kept.coverage[slug] = (stamp, counted)
        return kept[1]

    def similar_to(self, document_id: str) -> tuple[Document, ...]:
        """Return the documents most like a document; kept while someone turns its pages and nothing changes.

        Raises EngineUnavailable: the index does not answer.
        """
        stamp, kept = self._stamp(), self.kept.similar.get(document_id)
        if kept is None or kept[0] != stamp:
            found = similar_documents(document_id, engine=self.app.engine, store=self.app.store)
            if len(self.kept.similar) >= SIMILAR_KEPT:
                self.kept.similar.clear()
            kept = self.kept.similar[document_id] = (stamp, tuple(each.id for each in found))
        return tuple(self.app.store.documents.get_many(kept[1]).values())

    def headings(self, document: Document) -> Headings:
        """Return the headings of a document with their pages; kept while someone turns its pages and nothing changes."""
        stamp, kept = self.app.store.changes.last_sequence(), self.kept.outlines.get(document.sha256)
        if kept is None or kept[0] != stamp:
            if len(self.kept.outlines) >= OUTLINES_KEPT:
                self.kept.outlines.clear()
            kept = (stamp, headings_of(self.app.store.pages.of_file(document.sha256)))
            self.kept.outlines[document.sha256] = kept
        return kept[1]

    def _stamp(self) -> tuple[int, int]:
        return self.app.engine.applied_sequence(), self.app.store.changes.last_sequence()

    def _overview(self, lang: str) -> _Overview:
        stamp = self._stamp()
        kept = self.kept.overviews.get(lang)
        if kept is None or kept.stamp != stamp:
            # Two threads may both count after a change: the same answer twice, no harm.
            kept = _Overview(stamp, self.search(SearchQuery(limit=1), lang=lang), tuple(self._examples(lang)))
            self.kept.overviews[lang] = kept
        return kept

    def _examples(self, lang: str) -> list[TextLink]:
        found: list[TextLink] = []
        for text, spoken in sorted(EXAMPLES, key=lambda each: each[1] != lang):
            if len(found) < EXAMPLES_SHOWN and self.count(query := SearchQuery(text=text, limit=1)):
                found.append(TextLink(text, search_address(SearchQuery(text=query.text)), spoken))
        return found
