"""The bodies of frozen searches. Names here stay: other programs rely on them; new ones may be added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from corpus.types import Document
from search_api.answers.frozen import FrozenNow, FrozenState
from search_api.answers.walk import WalkedHit
from search_api.api.walked_bodies import WalkedDocumentBody, WalkedHitBody

_EXAMPLE_LINKS: dict[str, Any] = {
    "secret": "p4t2nq6w3kd7m5xa2zv6hb3cy4gr7ose",
    "reading": "k7c2m4qv6z3xa5wd2ty7hb4gse",
    "owner_url": "https://pushcart.example/frozen/p4t2nq6w3kd7m5xa2zv6hb3cy4gr7ose",
    "reading_url": "https://pushcart.example/frozen/k7c2m4qv6z3xa5wd2ty7hb4gse",
    "expires_at": "2028-11-29T09:41:07Z",
    "hits": 120,
}
_EXAMPLE_SINCE: dict[str, Any] = {
    "is_compared": True, "trouble": "", "is_cut": False, "behind": 0,
    "came": 12, "joined": 1, "left": 2, "changed": 3, "gone": 1,
}  # fmt: skip
_EXAMPLE_FROZEN: dict[str, Any] = {
    "name": "Review of 2026, search 1",
    "frozen_at": "2026-11-30T09:41:07Z",
    "expires_at": "2028-11-29T09:41:07Z",
    "is_owner": False,
    "parameters": [["q", "street vendors"], ["country", "PER"]],
    "sequence": 35210,
    "vocabulary": "874f12f40feb",
    "hits": 120,
    "since": _EXAMPLE_SINCE,
    "show": "all",
    "total": 120,
    "documents": [
        {"place": 1, "id": "d0123456789abcdef", "state": "same", "changed": [], "gone_at": None, "document": None}
    ],
}


class FrozenLinksBody(BaseModel):
    """A search that was frozen just now. The secret is returned only once."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_LINKS]})

    secret: str = Field(description="of the owner's link, with which the frozen search can be renamed and deleted")
    reading: str = Field(description="of the link for readers, which may be published; it allows no changes")
    owner_url: str
    reading_url: str
    expires_at: datetime = Field(description="unless it is opened before; each visit extends it")
    hits: int


class SinceFrozenBody(BaseModel):
    """How many documents came, changed or went."""

    is_compared: bool = Field(description="false: the search cannot be run today, and came, joined and left are 0")
    trouble: str = Field(description="why not; empty: it was run")
    is_cut: bool = Field(description="true: only the first part of today's long list was compared")
    behind: int = Field(description="changes that the index does not show yet")
    came: int = Field(description="documents that match today and were added after the search was frozen")
    joined: int = Field(description="documents that match today and were here before, but did not match then")
    left: int = Field(description="frozen documents that are here but do not match today")
    changed: int = Field(description="frozen documents whose file or displayed record has changed")
    gone: int = Field(description="frozen documents that are no longer here")


class FrozenDocumentBody(BaseModel):
    """A document of a frozen search, or one of today's answer."""

    place: int = Field(description="1-based, in the frozen list; 0: it is not part of it")
    id: str
    state: str = Field(description="same, changed, gone, or new")
    changed: list[Literal["file", "shown"]] = Field(
        description="file: its bytes; shown: title, authors, date, address ..."
    )
    gone_at: datetime | None = Field(description="when it was removed; null: it is here, or the date is unknown")
    document: WalkedDocumentBody | None = Field(
        description="as it is now; null: it is gone, and its record was not kept"
    )


class FrozenBody(BaseModel):
    """A frozen search, and the changes since then."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_FROZEN]})

    name: str
    frozen_at: datetime
    expires_at: datetime
    is_owner: bool
    parameters: list[tuple[str, str]] = Field(description="of the search, as GET /search takes them")
    sequence: int = Field(description="the newest change that the index showed; later ones are new")
    vocabulary: str = Field(description="version that read the words")
    hits: int
    since: SinceFrozenBody
    show: str
    total: int = Field(description="documents in the list that is shown")
    documents: list[FrozenDocumentBody] = Field(description="of the list, from `offset` on, in the order of the answer")

    @classmethod
    def of(
        cls, now: FrozenNow, *, show: str, total: int, shown: Sequence[str], documents: dict[str, Document]
    ) -> FrozenBody:
        """Return the body of a frozen search with one stretch of one of its lists."""
        search, since = now.search, now.since
        return cls(
            name=search.name,
            frozen_at=search.frozen_at,
            expires_at=search.expires_at,
            is_owner=now.link.is_owner,
            parameters=list(search.query),
            sequence=search.sequence,
            vocabulary=search.vocabulary,
            hits=search.hits,
            since=SinceFrozenBody(
                is_compared=since.is_compared,
                trouble=since.error,
                is_cut=since.is_cut,
                behind=since.behind,
                came=len(since.came),
                joined=len(since.joined),
                left=len(since.left),
                changed=len(since.changed),
                gone=len(since.gone),
            ),
            show=show,
            total=total,
            documents=[_document(each, now=now, document=documents.get(each)) for each in shown],
        )


def _document(document_id: str, *, now: FrozenNow, document: Document | None) -> FrozenDocumentBody:
    place, change = now.place_of(document_id), now.since.changed.get(document_id)
    state = now.state_of(document_id)
    return FrozenDocumentBody(
        place=place,
        id=document_id,
        state=str(state),
        changed=[name for name, is_so in (("file", change.file), ("shown", change.shown)) if is_so] if change else [],  # type: ignore[misc]
        gone_at=now.since.gone.get(document_id),
        document=None
        if state is FrozenState.GONE
        else WalkedHitBody.of(WalkedHit(document_id, 0.0, document)).document,
    )
