"""What every request needs, made once when the application starts."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.settings import Settings
from corpus.store import Store
from corpus.vocabulary import Vocabulary
from search_api.engine import SearchEngine


@dataclass(frozen=True, slots=True)
class AppState:
    """The open rooms of the house; whoever made it closes store and engine."""

    settings: Settings
    store: Store
    engine: SearchEngine
    vocabulary: Vocabulary
