"""Who is signed in on the pages: a signed cookie, and the word that each form of a session carries.

The browser holds 256 random bits and a signature; the store holds their SHA-256 with the token of the person. So nobody can make
a session who has only one of the two (the key of the site, a copy of the database), signing out ends one permanently, and it ends
with its token.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from corpus.people import Person
from corpus.secret_key import KeySource
from corpus.store import Store
from curation.people import kept_token

SESSION_HOURS = 12
"""How long someone stays signed in at most."""
_ID_BYTES = 32


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who is signed in."""

    person: Person
    form_word: str
    """What every form of this session sends along, and no other site knows."""


class SignIns:
    """Begins, knows and ends sessions of one site. Threads may share it."""

    def __init__(self, store: Store, key: KeySource) -> None:
        """Sign with the key of the site: the same in every process that serves it."""
        self._store = store
        self._key = key

    def begin(self, token: str, *, now: datetime | None = None) -> str | None:
        """Return the value of the cookie for a person with a token; None: the token is unknown, or it has ended."""
        now = now or datetime.now(UTC)
        kept = kept_token(token, store=self._store, now=now)
        if kept is None:
            return None
        session = secrets.token_urlsafe(_ID_BYTES)
        over = now - timedelta(hours=SESSION_HOURS)
        self._store.sessions.begin(_digest(session), token=kept.key, at=now, forget_before=over)
        return f"{session}.{self._signature('session', session)}"

    def visitor(self, cookie: str, *, now: datetime | None = None) -> Visitor | None:
        """Return who is signed in with a cookie; None: nobody, as the session is over, forged, or ended with its token."""
        now = now or datetime.now(UTC)
        session = self._read(cookie)
        if not session:
            return None
        over = now - timedelta(hours=SESSION_HOURS)
        kept = self._store.sessions.token_of(_digest(session), began_after=over)
        if kept is None or not kept.counts_at(now):
            return None
        return Visitor(kept.person, self._signature("form", session))

    def end(self, cookie: str) -> None:
        """End the session of a cookie; one that is over or forged is no error."""
        if session := self._read(cookie):
            self._store.sessions.end(_digest(session))

    def sign_in_word(self, nonce: str) -> str:
        """Return what the form for signing in sends along, where there is no session yet.

        Args:
            nonce: what the browser holds in a cookie of its own; the word is bound to it.
        """
        return self._signature("sign-in", nonce)

    def _read(self, cookie: str) -> str:
        """Return the id in a cookie; empty: its signature is not ours."""
        session, _, signature = cookie.partition(".")
        return session if is_same(signature, self._signature("session", session)) else ""

    def _signature(self, purpose: str, text: str) -> str:
        signed = f"pushcart {purpose} 1\n{text}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key(), signed, "sha256").hex()


def is_same(given: str, wanted: str) -> bool:
    """Say whether two texts are equal, in a time that does not tell how much of them is."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode("utf-8", "surrogatepass"))


def _digest(session: str) -> str:
    return hashlib.sha256(session.encode("utf-8", "surrogatepass")).hexdigest()
