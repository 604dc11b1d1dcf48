"""The documents that a document is related with: its copies, translations, editions and extracts."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.store import Store
from corpus.types import Document
from corpus.works import Relation, RelationKind

RELATED_MAX = 100
"""Related documents that are shown; a series may have more issues."""
_ORDER = {kind: place for place, kind in enumerate(RelationKind)}


@dataclass(frozen=True, slots=True)
class RelatedDocument:
    """A document with what it is to another one."""

    document: Document
    """In brief: without pages and evidence."""
    relation: Relation


def related_documents(document: Document, *, store: Store) -> tuple[RelatedDocument, ...]:
    """Return the documents that one is related with: copies first, then translations, editions, extracts and parts.

    Within a kind the surest first; at most `RELATED_MAX`.
    """
    if document.work in ("", document.id):  # nothing is related with it
        return ()
    found = sorted(store.relations.of(document.id), key=lambda each: _ORDER[each.kind])[:RELATED_MAX]
    held = store.documents.in_brief([each.other(document.id) for each in found])
    return tuple(
        RelatedDocument(held[other], relation) for relation in found if (other := relation.other(document.id)) in held
    )
