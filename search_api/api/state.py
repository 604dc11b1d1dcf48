"""What every request needs, made once when the application starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from corpus.rights import EVERYTHING, RightsPolicy
from corpus.settings import Settings
from corpus.source_health import SourceHealth
from corpus.store import Store
from corpus.vocabulary import Vocabulary
from search_api.answers.collection import KeptCollectionCoverage, Moment, collection_coverage
from search_api.api.export_places import ExportPlaces
from search_api.engines.base import SearchEngine


@dataclass(frozen=True, slots=True)
class AppState:
    """The open rooms of the house; whoever made it closes store and engine."""

    settings: Settings
    store: Store
    engine: SearchEngine
    vocabulary: Vocabulary
    rights: RightsPolicy = EVERYTHING
    """Decides what is shown of each document."""
    with_declared: Callable[[Sequence[SourceHealth]], tuple[SourceHealth, ...]] = tuple
    """Adds what source files declare, and the sources that have brought nothing yet. Source files are the harvest's: who
    opens the rooms says how they are read."""
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
