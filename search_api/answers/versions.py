"""Which document of a work is shown as its hit, and which others it has: its copies and translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from corpus.types import Document
from corpus.works import FoldMember
from search_api.answers.results import SameWork
from search_api.engines.base import EngineHit

if TYPE_CHECKING:
    from corpus.store import Store


def shown_hits(hits: Sequence[EngineHit], *, store: Store, reader_lang: str) -> tuple[EngineHit, ...]:
    """Return hits, each with the document of its work that suits the reader best; its score and place stay.

    That is one in the reader's language, else in that of the best match; of several in one language a PDF, and
    that with most pages, so that a link opens at a page; of equal ones the best match.

    Args:
        hits: in their order.
        store: gives the documents.
        reader_lang: ISO 639-1; empty: not known.
    """
    wanted = [each for hit in hits if hit.others for each in (hit.id, *hit.others)]
    documents = store.documents.in_brief(wanted) if wanted else {}
    return tuple(_shown(hit, documents, reader_lang=reader_lang) if hit.others else hit for hit in hits)


def _shown(hit: EngineHit, documents: Mapping[str, Document], *, reader_lang: str) -> EngineHit:
    held = [documents[each] for each in (hit.id, *hit.others) if each in documents]
    if not held:
        return hit
    of_best = held[0].lang
    best = max(
        held,
        key=lambda each: (
            each.lang == reader_lang,
            each.lang == of_best,
            each.content_type == "application/pdf",
            each.page_count,
        ),
    )
    return EngineHit(best.id, hit.score, tuple(each for each in (hit.id, *hit.others) if each != best.id))


def same_work(documents: Sequence[Document], *, store: Store) -> dict[str, tuple[SameWork, ...]]:
    """Return the copies and translations of documents that are held, by document id, whether they match a search or not."""
    folds = sorted({document.fold for document in documents if document.fold})
    members = store.documents.in_folds(folds) if folds else {}
    return {
        document.id: tuple(_same(each, document) for each in members.get(document.fold, ()) if each.id != document.id)
        for document in documents
        if document.fold
    }


def _same(member: FoldMember, document: Document) -> SameWork:
    return SameWork(
        id=member.id,
        lang=member.lang,
        source=member.source,
        is_translation=member.lang != document.lang,
        url=member.url,
    )
