"""People: who may change what everyone reads, and how they show it."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta

from corpus.audit import Actor, AuditAction, AuditEntry
from corpus.errors import BadInput, NotFound
from corpus.messages import sentence
from corpus.people import KeptToken, Person
from corpus.store import Store
from corpus.text import clean_line
from curation.tokens import PersonToken, new_token, read_token

NAME_CHARACTERS_MAX = 80
OVERLAP_HOURS_DEFAULT = 24.0
OVERLAP_HOURS_MAX = 24.0 * 90
EXPIRY_DAYS_MAX = 3650.0
_NOBODY = "0" * 64
"""Compared where no token is known by its public part, so that asking for one that is takes as long."""


def authorised(text: str, *, store: Store, now: datetime | None = None) -> Person | None:
    """Return whose token a text is, and note that it was used; None: it is unknown, or it has ended.

    Args:
        text: as it came, at any length.
        now: UTC; None: the clock.
    """
    kept = kept_token(text, store=store, now=now)
    return kept.person if kept is not None else None


def kept_token(text: str, *, store: Store, now: datetime | None = None) -> KeptToken | None:
    """Return what is kept of a token that counts, and note its use; None as in `authorised`."""
    now = now or datetime.now(UTC)
    token = read_token(text)
    if token is None:
        return None
    kept = store.people.token(token.key)
    is_same = hmac.compare_digest(token.digest, kept.digest if kept is not None else _NOBODY)
    if kept is None or not is_same or not kept.counts_at(now):
        return None
    store.people.note_use(kept, at=now)
    return kept


def add_person(name: str, *, store: Store, by: Actor, expires_days: float | None = None) -> PersonToken:
    """Add a person, and return their token, which nobody can show again.

    Args:
        expires_days: after how many days it ends; None: it does not.

    Raises BadInput: the name or the number of days cannot be used, or someone has that name.
    """
    now, token = datetime.now(UTC), new_token()
    person = Person(checked_name(name))
    kept = _kept(token, person, now=now, expires_days=expires_days)
    with store.together():
        if not store.people.add(kept):
            raise BadInput(
                sentence("There is a person called {name} already.", name=person.name),
                try_next=sentence(
                    "Choose another name, or give that person a new token with `pushcart people rotate`."
                ),
            )
        _log(store, AuditAction.PERSON_ADDED, person, by=by, kept=kept)
    return token


def rotate_token(
    name: str, *, store: Store, by: Actor, overlap_hours: float, expires_days: float | None = None
) -> PersonToken:
    """Give a person a new token and return it; the old one counts for some hours more.

    Args:
        overlap_hours: how long the old one counts beside it; 0: it ends at once, and with it who is signed in with it.
        expires_days: after how many days the new one ends; None: it does not.

    Raises NotFound: there is no such person. BadInput: a number cannot be used.
    """
    if not 0 <= overlap_hours <= OVERLAP_HOURS_MAX:
        raise BadInput(
            sentence("The old token can stay valid for 0 to {hours:,} hours.", hours=int(OVERLAP_HOURS_MAX)),
            try_next=sentence("With --overlap 0 it becomes invalid at once."),
        )
    now, token = datetime.now(UTC), new_token()
    person = find_person(name, store=store)
    kept = _kept(token, person, now=now, expires_days=expires_days)
    with store.together():
        if not store.people.rotate(kept, old_ends=now + timedelta(hours=overlap_hours)):
            raise nobody(name)
        _log(store, AuditAction.TOKEN_ROTATED, person, by=by, kept=kept, overlap_hours=overlap_hours)
    return token


def remove_person(name: str, *, store: Store, by: Actor) -> Person:
    """Forget a person: their tokens and sessions end at once, what they did stays in the audit log.

    Raises NotFound: there is no such person.
    """
    with store.together():
        gone = store.people.remove(clean_line(name))
        if gone is None:
            raise nobody(name)
        _log(store, AuditAction.PERSON_REMOVED, gone, by=by)
    return gone


def find_person(name: str, *, store: Store) -> Person:
    """Return a person by name, whatever its capitals. Raises NotFound: there is no such person."""
    found = store.people.find(clean_line(name))
    if found is None:
        raise nobody(name)
    return found


def nobody(name: str) -> NotFound:
    """Return the error that says that a name is nobody's."""
    return NotFound(
        sentence("There is no person called {name}.", name=clean_line(name)[:NAME_CHARACTERS_MAX]),
        try_next=sentence("`pushcart people list` lists everyone."),
    )


def checked_name(name: str) -> str:
    """Return a name as it is kept: one line of clean text. Raises BadInput: there is none, or it is too long."""
    line = clean_line(name)
    if not 1 <= len(line) <= NAME_CHARACTERS_MAX:
        raise BadInput(
            sentence(
                "A name has 1 to {most} characters; this one has {count}.",
                most=NAME_CHARACTERS_MAX,
                count=len(line),
            ),
            try_next=sentence("Write it as it should appear in the audit log, such as “Ana Torres”."),
        )
    return line


def _kept(token: PersonToken, person: Person, *, now: datetime, expires_days: float | None) -> KeptToken:
    if expires_days is not None and not 0 < expires_days <= EXPIRY_DAYS_MAX:
        raise BadInput(
            sentence("A token is valid for more than 0 and at most {days:,} days.", days=int(EXPIRY_DAYS_MAX)),
            try_next=sentence("Leave out --expires for a token that does not expire."),
        )
    ends = now + timedelta(days=expires_days) if expires_days is not None else None
    return KeptToken(token.key, token.digest, person, made=now, ends=ends)


def _log(
    store: Store,
    action: AuditAction,
    person: Person,
    *,
    by: Actor,
    kept: KeptToken | None = None,
    overlap_hours: float | None = None,
) -> None:
    details = {"name": person.name}
    if kept is not None:
        details["token"] = kept.key
    if kept is not None and kept.ends is not None:
        details["ends"] = kept.ends.isoformat(timespec="seconds")
    if overlap_hours is not None:
        details["overlap_hours"] = f"{overlap_hours:g}"
    at = kept.made if kept is not None else datetime.now(UTC)
    store.audit.append(AuditEntry(by, action, at, subject=f"person:{person.name}", details=details))
