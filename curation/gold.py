"""Corrected documents as gold: what people said of tags, in the form in which `pushcart evaluate tags` reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from corpus.corrections import Correction, CorrectionKind, counting
from corpus.store import Store
from corpus.types import Document, Facet

_BATCH = 20
"""Documents with all their pages that are held at a time."""
_LISTS = {Facet.COUNTRY: "countries", Facet.SECTOR: "sectors", Facet.GROUP: "groups", Facet.TOPIC: "topics"}
"""What the form calls them; it has none for regions, which follow from countries."""


def gold_records(store: Store) -> Iterator[dict[str, Any]]:
    """Yield a record of each document that is here and of whose tags or fields something is corrected, by id.

    Of each facet of which at least one tag is corrected, the tags as they stand now: those that a person confirmed or added,
    and those that the tagger found and the person left. `judged` has what people said themselves.
    """
    ids = store.corrections.documents()
    for start in range(0, len(ids), _BATCH):
        for document in store.documents.get_many(ids[start : start + _BATCH], with_pages=True).values():
            yield gold_record(document, counting(store.corrections.of(document.id)))


def gold_record(document: Document, corrections: Sequence[Correction]) -> dict[str, Any]:
    """Return the record of a document. Touches nothing.

    Args:
        document: as corrections leave it, with pages.
        corrections: those that count, at least one.
    """
    facets = {Facet.COUNTRY if each.kind is CorrectionKind.COUNTRY else each.facet for each in corrections}
    record: dict[str, Any] = {
        "id": document.id,
        "title": document.title,
        "lang": document.lang,
        "sha256": document.sha256,
        "pages": [page.text for page in document.pages],
    }
    for facet, name in _LISTS.items():
        if facet in facets:
            tags = document.tags_of(facet)  # the primary one is first
            record[name] = {
                "about": [tag.concept for tag in tags if tag.about],
                "mentions": [tag.concept for tag in tags if not tag.about],
            }
    record["judged"] = [_judged(each) for each in corrections]
    return record


def _judged(correction: Correction) -> dict[str, Any]:
    message: dict[str, Any] = {"kind": correction.kind.value}
    if correction.facet is None:
        message["values"] = list(correction.values)
    else:
        message["tag"] = correction.subject
        if correction.kind is not CorrectionKind.REJECT:
            message["about"] = correction.about
    return message | {"at": correction.at.isoformat(timespec="seconds")}
