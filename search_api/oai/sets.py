"""The sets of the repository: by source (`source:wiego`), and by worker group (`group:street_vendors`)."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.store import Store
from corpus.store.listing import ListedDocument, ListSelection
from corpus.types import Facet
from corpus.vocabulary import Vocabulary

_SOURCES, _GROUPS = "source", "group"


def all_sets(store: Store, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield setSpec and name of every set, those that hold others first."""
    yield _SOURCES, "Sources"
    for slug, name in store.sources.names().items():
        yield f"{_SOURCES}:{slug}", name
    yield _GROUPS, "Worker groups"
    for concept in vocabulary.concepts(Facet.GROUP).values():
        yield f"{_GROUPS}:{concept.id}", concept.label("en")


def sets_of(listed: ListedDocument) -> tuple[str, ...]:
    """Return the sets of a document; none when it was removed, for what it was in is not kept."""
    if listed.is_removed:
        return ()
    groups = (concept for facet, concept in listed.concepts if facet is Facet.GROUP)
    return (f"{_SOURCES}:{listed.source}", *(f"{_GROUPS}:{each}" for each in groups))


def is_set(spec: str, *, store: Store, vocabulary: Vocabulary) -> bool:
    """Say whether there is, or was, such a set: of a source that was removed, its deletions are listed."""
    kind, _, name = spec.partition(":")
    if not name:
        return spec in (_SOURCES, _GROUPS)
    if kind == _GROUPS:
        return name in vocabulary.concepts(Facet.GROUP)
    return kind == _SOURCES and (name in store.sources.names() or name in store.sources.removed())


def selection_of(spec: str) -> ListSelection:
    """Return which documents are in a set; empty: all."""
    kind, _, name = spec.partition(":")
    if kind == _GROUPS:
        return ListSelection(facet=Facet.GROUP, concept=name)
    return ListSelection(source=name)
