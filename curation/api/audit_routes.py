"""The audit log, for people with a token."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from corpus.audit import AuditAction, AuditChannel, LoggedEntry
from corpus.store import Store
from curation.api.actors import ActorOfRequest
from curation.messages import action_in_words
from search_api.api.problems import refusals

LIMIT_MAX = 500
_NUMBER_MAX = 2**31 - 1


class AuditEntryBody(BaseModel):
    """One entry."""

    number: int = Field(description="1-based; later entries have higher ones")
    at: datetime
    person: str
    channel: AuditChannel = Field(description="how the person signed in")
    action: AuditAction
    words: str = Field(description="what was done, in English")
    documents: list[str] = Field(description="ids of the documents that it is about: none, one or two")
    reason: str
    subject: str = Field(description="what was created or changed, as KIND:ID; empty: only the documents")
    details: Mapping[str, str]
    undoes: int | None = Field(description="number of the entry that this one undoes")
    undone_by: int | None = Field(description="number of the entry that undid this one")

    @classmethod
    def of(cls, logged: LoggedEntry) -> AuditEntryBody:
        """Return an entry as the API and `--json` give it."""
        entry = logged.entry
        return cls(
            number=logged.number,
            at=entry.at,
            person=entry.actor.name,
            channel=entry.actor.channel,
            action=entry.action,
            words=action_in_words(entry),
            documents=[each for each in (entry.document, entry.other) if each],
            reason=entry.reason,
            subject=entry.subject,
            details=entry.details,
            undoes=entry.undoes,
            undone_by=logged.undone_by,
        )


class AuditBody(BaseModel):
    """Entries, newest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "entries": [
                        {
                            "number": 7,
                            "at": "2026-11-30T09:12:44Z",
                            "person": "Ana Torres",
                            "channel": "page",
                            "action": "works_joined",
                            "words": "joined two documents",
                            "documents": ["d0123456789abcdef", "dfedcba9876543210"],
                            "reason": "The Spanish edition of the same report.",
                            "subject": "decision:3",
                            "details": {"relation": "translation"},
                            "undoes": None,
                            "undone_by": None,
                        }
                    ],
                    "next": 7,
                }
            ]
        }
    )

    entries: list[AuditEntryBody]
    next: int | None = Field(description="as `before` of the next request; null: these are the oldest")


def audit_router(store: Store, *, actor: ActorOfRequest) -> APIRouter:
    """Return the route."""
    router = APIRouter(tags=["curation"], dependencies=[Depends(actor)])

    @router.get("/audit", responses=refusals(401, 422, 503), summary="Who changed what, and why")
    def get_audit(
        document: Annotated[
            str, Query(max_length=64, description="Only entries about this document", examples=["d0123456789abcdef"])
        ] = "",
        before: Annotated[
            int | None, Query(ge=1, le=_NUMBER_MAX, description="Only entries with a lower number")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 50,
    ) -> AuditBody:
        """Give the entries of the audit log, newest first. It only grows: nothing in it is ever changed or removed."""
        return audit_body(store, document=document, before=before, limit=limit)

    return router


def audit_body(store: Store, *, document: str = "", before: int | None = None, limit: int) -> AuditBody:
    """Return entries as the API and `pushcart audit --json` give them."""
    found = store.audit.newest(limit=limit + 1, before=before, document=document)
    shown = found[:limit]
    return AuditBody(
        entries=[AuditEntryBody.of(each) for each in shown], next=shown[-1].number if len(found) > limit else None
    )
