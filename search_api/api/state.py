"""What every request needs, made once when the application starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from corpus.settings import Settings
from corpus.source_health import SourceHealth
from corpus.store import Store
from corpus.vocabulary import Vocabulary
from search_api.api.export_places import ExportPlaces
from search_api.engines.base import SearchEngine


@dataclass(frozen=True, slots=True)
class AppState:
    """The open rooms of the house; whoever made it closes store and engine."""

    settings: Settings
    store: Store
    engine: SearchEngine
    vocabulary: Vocabulary
    with_declared: Callable[[Sequence[SourceHealth]], tuple[SourceHealth, ...]] = tuple
    """Adds what source files declare, and the sources that have brought nothing yet. Source files are the harvest's: who
    opens the rooms says how they are read."""
    places: ExportPlaces = field(init=False)
    """Who exports now."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "places", ExportPlaces(self.settings.exports_at_once))

    def source_health(self) -> tuple[SourceHealth, ...]:
        """Return every source by slug: how it does and what it declares."""
        return self.with_declared(self.store.sources.health())

    def health_of(self, slug: str) -> SourceHealth | None:
        """Return one source; None when it neither is declared nor has brought anything."""
        found = self.with_declared(self.store.sources.health(source=slug))
        return next((each for each in found if each.source.slug == slug), None)
