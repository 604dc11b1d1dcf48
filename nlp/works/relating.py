"""Documents are related with those that are there: each when it is made, all of them when rules or records changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from corpus.store import Store
from corpus.store.relating import Judge, WorkProfile
from corpus.types import Document, Page
from corpus.works import Relation
from nlp.reading import READER_VERSION
from nlp.works.classify import judge
from nlp.works.fingerprints import FINGERPRINT_VERSION, Fingerprint, fingerprint, unpack
from nlp.works.profiles import PROFILE_VERSION, keys_of, profile_from, profile_of, stored_profile
from nlp.works.text_differences import ComparedText, wording_of
from nlp.zones import with_zones

FINGERPRINTS = f"{READER_VERSION}/{FINGERPRINT_VERSION}"
RELATED_BY = f"{FINGERPRINTS}/{PROFILE_VERSION}"
"""What documents are related by; a change of it lets all be related again."""
_TEXTS = 8
"""Whole texts that are held at once."""
_BATCH = 50
"""Documents in one transaction when many are related; others may have to wait for it."""


def relate(store: Store, documents: Sequence[Document]) -> None:
    """Relate documents, which are in the store, with all others. May be repeated.

    Args:
        documents: their pages are used where they have any, else those of the store.
    """
    entries = []
    for document in documents:
        profile = profile_of(document, _fingerprint(store, document))
        stored = stored_profile(profile, version=RELATED_BY, fingerprint_version=FINGERPRINTS)
        entries.append((stored, keys_of(profile)))
    store.relations.relate(entries, judge=_judge_by(store))


def relate_waiting(store: Store, *, on_related: Callable[[int], None] = lambda count: None) -> int:
    """Relate every document that was saved or changed since it was related last, or by other rules; return how many.

    May be repeated; a killed run continues where it was.

    Args:
        on_related: called with how many documents were related since the last call.
    """
    done = 0
    while ids := store.relations.unrelated(version=RELATED_BY, limit=_BATCH):
        relate(store, tuple(store.documents.get_many(ids).values()))
        done += len(ids)
        on_related(len(ids))
    return done


def _fingerprint(store: Store, document: Document) -> Fingerprint:
    held = store.relations.fingerprint(document.sha256, version=FINGERPRINTS)
    if held is not None:
        return unpack(held)
    return fingerprint(_zoned(document.pages or store.pages.of_file(document.sha256)))


def _zoned(pages: Sequence[Page]) -> Sequence[Page]:
    return with_zones(pages) if any(page.zones is None for page in pages) else pages


def _judge_by(store: Store) -> Judge:
    """Return how documents are judged: by what is kept of them, and by their texts where they may be copies."""

    @lru_cache(maxsize=_TEXTS)
    def wording(sha256: str) -> ComparedText | None:
        pages = store.pages.of_file(sha256)
        return wording_of(_zoned(pages)) if pages else None

    def judged(document: WorkProfile, others: Sequence[WorkProfile]) -> list[Relation]:
        # What is still kept in another form will be related again, and with this document then.
        readable = [profile_from(each, wording=wording) for each in others if _is_readable(each)]
        return judge(profile_from(document, wording=wording), readable)

    return judged


def _is_readable(profile: WorkProfile) -> bool:
    return profile.fingerprint.version.endswith(f"/{FINGERPRINT_VERSION}")
