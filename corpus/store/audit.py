"""The audit log: entries are added, and neither changed nor removed; the database itself refuses both."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.audit import Actor, AuditAction, AuditChannel, AuditEntry, LoggedEntry
from corpus.store.curation_tables import audit
from corpus.store.transactions import Group
from corpus.text import clean

_UNDOING = audit.alias("undoing")
_LOGGED = sa.select(audit, _UNDOING.c.number.label("undone_by")).outerjoin(
    _UNDOING, _UNDOING.c.undoes == audit.c.number
)


class AuditLog(Group):
    """The table `audit`."""

    def append(self, entry: AuditEntry) -> int:
        """Write an entry and return its number.

        Within `Store.together` it is of the same transaction as what it mentions. An entry that takes back one that is taken
        back already is a bug of the caller, and raises sqlalchemy.exc.IntegrityError.
        """
        with self._writes() as connection:
            return _append(connection, entry)

    def get(self, number: int) -> LoggedEntry | None:
        """Return one entry; None: there is none of that number."""
        with self._reads() as connection:
            row = connection.execute(_LOGGED.where(audit.c.number == number)).mappings().first()
        return _entry_from(row) if row is not None else None

    def of_subject(self, subject: str) -> tuple[LoggedEntry, ...]:
        """Return the entries about one thing, such as `decision:12`, oldest first."""
        with self._reads() as connection:
            found = connection.execute(_LOGGED.where(audit.c.subject == subject).order_by(audit.c.number)).mappings()
            return tuple(_entry_from(row) for row in found)

    def newest(self, *, limit: int, before: int | None = None, document: str = "") -> tuple[LoggedEntry, ...]:
        """Return entries, newest first.

        Args:
            before: only entries with a lower number; None: from the newest on.
            document: only entries about this document, as the first or the second; empty: all.
        """
        asked = _LOGGED.order_by(audit.c.number.desc()).limit(limit)
        if before is not None:
            asked = asked.where(audit.c.number < before)
        if document := clean(document):
            asked = asked.where((audit.c.document == document) | (audit.c.other == document))
        with self._reads() as connection:
            return tuple(_entry_from(row) for row in connection.execute(asked).mappings())


def _append(connection: Connection, entry: AuditEntry) -> int:
    values = {
        "at": entry.at,
        "person": entry.actor.name,
        "channel": entry.actor.channel.value,
        "action": entry.action.value,
        "document": entry.document,
        "other": entry.other,
        "reason": entry.reason,
        "subject": entry.subject,
        "details": dict(entry.details),
        "undoes": entry.undoes,
    }
    return int(connection.execute(sa.insert(audit).values(values).returning(audit.c.number)).scalar_one())


def _entry_from(row: sa.RowMapping | dict[str, Any]) -> LoggedEntry:
    entry = AuditEntry(
        actor=Actor(row["person"], AuditChannel(row["channel"])),
        action=AuditAction(row["action"]),
        at=row["at"],
        document=row["document"],
        other=row["other"],
        reason=row["reason"],
        subject=row["subject"],
        details=row["details"],
        undoes=row["undoes"],
    )
    return LoggedEntry(number=row["number"], entry=entry, undone_by=row["undone_by"])
