"""What every request needs, made once when the application starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from corpus.networks import network_of
from corpus.rights import EVERYTHING, RightsPolicy
from corpus.secret_key import secret_key_of
from corpus.settings import Settings
from corpus.source_health import SourceHealth
from corpus.store import Store
from corpus.vocabulary import Vocabulary
from search_api.answers.collection import KeptCollectionCoverage, Moment, collection_coverage
from search_api.answers.freezing import freeze, network_hash
from search_api.answers.frozen import FrozenComparisons, FrozenNow, find_frozen
from search_api.answers.not_held import HoldingsCounts
from search_api.answers.report import ReportedSearch, make_report
from search_api.api.export_places import ExportPlaces
from search_api.engines.base import SearchEngine
from search_api.query.parameters import SearchQuery
from search_api.quotes.drafts import DraftChecker


@dataclass(frozen=True, slots=True)
class AppState:
    """The open resources; the creator closes store and engine."""

    settings: Settings
    store: Store
    engine: SearchEngine
    vocabulary: Vocabulary
    rights: RightsPolicy = EVERYTHING
    """Decides what is shown of each document."""
    with_declared: Callable[[Sequence[SourceHealth]], tuple[SourceHealth, ...]] = tuple
    """Adds what source files declare, and the sources that have brought nothing yet. Source files are the harvest's: who
    opens the resources says how they are read."""
    not_held: HoldingsCounts = field(default_factory=HoldingsCounts)
    comparisons: FrozenComparisons = field(default_factory=FrozenComparisons)
    places: ExportPlaces = field(init=False)
    """Who exports now."""
    coverage: KeptCollectionCoverage = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", ExportPlaces(self.settings.exports_at_once))
        count = partial(collection_coverage, self.engine, self.store)
        object.__setattr__(self, "coverage", KeptCollectionCoverage(count))

    def moment(self) -> Moment:
        """Return which state of index and records is shown now."""
        return self.engine.applied_sequence(), self.store.changes.last_sequence()

    def source_health(self) -> tuple[SourceHealth, ...]:
        """Return every source by slug: how it does and what it declares."""
        return self.with_declared(self.store.sources.health())

    def health_of(self, slug: str) -> SourceHealth | None:
        """Return one source; None when it neither is declared nor has brought anything."""
        found = self.with_declared(self.store.sources.health(source=slug))
        return next((each for each in found if each.source.slug == slug), None)

    def drafts(self) -> DraftChecker:
        """Return what checks the quotes of texts."""
        return DraftChecker(engine=self.engine, store=self.store, rights=self.rights)

    def report(self, query: SearchQuery, *, lang: str = "en") -> ReportedSearch:
        """Return the report of a search as it is answered now.

        Raises BadQuery: the search costs too much. EngineUnavailable: the index does not answer.
        """
        now = datetime.now(UTC)
        return make_report(
            query,
            engine=self.engine,
            store=self.store,
            vocabulary=self.vocabulary,
            not_held=self.not_held.of(self.engine, self.store, health=self.source_health, now=now),
            site=self.settings.public_url,
            now=now,
            lang=lang,
        )

    def freeze(self, query: SearchQuery, *, address: str, name: str = "", lang: str = "en") -> str:
        """Keep the answer of a search and return its owner's secret.

        Args:
            query: what is asked.
            address: of who asks, as the server sees it; its network is counted.
            name: what the owner calls it.
            lang: of the report that is kept.

        Raises BadInput, AsksTooOften, Busy, EngineUnavailable: as search_api.answers.freezing.freeze.
        """
        return freeze(
            query,
            engine=self.engine,
            store=self.store,
            vocabulary=self.vocabulary,
            settings=self.settings,
            report=lambda asked: self.report(asked, lang=lang),
            network=network_hash(network_of(address), key=secret_key_of(self.settings)),
            now=datetime.now(UTC),
            name=name,
        )

    def frozen(self, name: str) -> FrozenNow:
        """Return the frozen search of a link, beside the answer of today.

        Raises NotFound: there is none.
        """
        search, link = find_frozen(name, store=self.store, now=datetime.now(UTC))
        since = self.comparisons.of(
            search, engine=self.engine, store=self.store, vocabulary=self.vocabulary, settings=self.settings
        )
        places = {each.id: place for place, each in enumerate(search.documents, start=1)}
        return FrozenNow(search, link, since, places)
