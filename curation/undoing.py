"""What the audit log says when something is taken back: one way for decisions on works and for corrections of documents."""

from __future__ import annotations

from datetime import UTC, datetime

from corpus.audit import Actor, AuditAction, AuditEntry, LoggedEntry
from corpus.store import Store


def log_undone(store: Store, by: Actor, *, subject: str, reason: str, document: str, other: str = "") -> LoggedEntry:
    """Log that what an earlier entry says was taken back, and return the new entry. To be called in `store.together()`.

    Args:
        subject: of the entries that are undone; the first of them that still counts is named.
        document, other: ids; `other` is empty where one document is concerned.
    """
    of_it = [each for each in store.audit.of_subject(subject) if each.undone_by is None]
    undoes = of_it[0].number if of_it else None
    entry = AuditEntry(
        by,
        AuditAction.UNDONE,
        datetime.now(UTC),
        document=document,
        other=other,
        reason=reason,
        subject=subject,
        undoes=undoes,
    )
    logged = store.audit.get(store.audit.append(entry))
    assert logged is not None
    return logged
