"""People, what is kept of their tokens, and who is signed in on the pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.people import KeptPerson, KeptToken, Person
from corpus.store.curation_tables import people, sessions, tokens
from corpus.store.transactions import Group

SESSIONS_MAX = 20
"""Of one token at once; the oldest ends when one more begins."""
USE_NOTED_EVERY = timedelta(minutes=1)
"""A use is noted once in this time, so that a program that asks often does not write each time."""

_TOKENS = sa.select(tokens, people.c.name).join(people, people.c.id == tokens.c.person_id)


class People(Group):
    """The tables `people` and `tokens`."""

    def add(self, token: KeptToken) -> bool:
        """Keep a new person with their first token; False: someone has that name, and nothing was kept."""
        with self._writes() as connection:
            if _id_of(connection, token.person.name) is not None:
                return False
            name = token.person.name
            values = {"name": name, "folded": name.casefold(), "added": token.made}
            made = connection.execute(sa.insert(people).values(values).returning(people.c.id)).scalar_one()
            connection.execute(sa.insert(tokens).values(_token_values(token, person_id=made)))
        return True

    def rotate(self, token: KeptToken, *, old_ends: datetime) -> bool:
        """Give a person a new token; False: there is nobody of that name.

        Args:
            token: the new one.
            old_ends: when the newest of the old ones ends at the latest. Older ones end at once: never do more than two count.
        """
        with self._writes() as connection:
            person_id = _id_of(connection, token.person.name)
            if person_id is None:
                return False
            held = _tokens(connection, person_id)
            for each in held[:-1]:
                connection.execute(sa.delete(tokens).where(tokens.c.key == each.key))
            for each in held[-1:]:
                ends = min(old_ends, each.ends) if each.ends else old_ends
                if ends <= token.made:
                    connection.execute(sa.delete(tokens).where(tokens.c.key == each.key))
                else:
                    connection.execute(sa.update(tokens).where(tokens.c.key == each.key).values(ends=ends))
            connection.execute(sa.insert(tokens).values(_token_values(token, person_id=person_id)))
        return True

    def remove(self, name: str) -> Person | None:
        """Forget a person with their tokens and sessions, and return them as they were kept; None: there is no such person."""
        gone = sa.delete(people).where(people.c.folded == name.casefold()).returning(people.c.name)
        with self._writes() as connection:
            found = connection.execute(gone).scalar_one_or_none()
        return Person(found) if found is not None else None

    def find(self, name: str) -> Person | None:
        """Return a person by name, whatever its capitals; None: there is no such person."""
        asked = sa.select(people.c.name).where(people.c.folded == name.casefold())
        with self._reads() as connection:
            found = connection.execute(asked).scalar_one_or_none()
        return Person(found) if found is not None else None

    def all(self) -> tuple[KeptPerson, ...]:
        """Return everyone, by name."""
        by_name: dict[str, list[KeptToken]] = defaultdict(list)
        with self._reads() as connection:
            everybody = list(connection.execute(sa.select(people).order_by(people.c.folded)).mappings())
            for row in connection.execute(_TOKENS.order_by(tokens.c.made, tokens.c.key)).mappings():
                by_name[row["name"]].append(_token_from(row))
        return tuple(
            KeptPerson(Person(row["name"]), added=row["added"], tokens=tuple(by_name[row["name"]])) for row in everybody
        )

    def token(self, key: str) -> KeptToken | None:
        """Return what is kept of a token, also of one that has ended; None: there is none with that public part."""
        with self._reads() as connection:
            row = connection.execute(_TOKENS.where(tokens.c.key == key)).mappings().first()
        return _token_from(row) if row is not None else None

    def note_use(self, token: KeptToken, *, at: datetime) -> None:
        """Note that a token was used, unless that was noted a moment ago."""
        if token.last_used is not None and at - token.last_used < USE_NOTED_EVERY:
            return
        with self._writes() as connection:
            connection.execute(sa.update(tokens).where(tokens.c.key == token.key).values(last_used=at))


class Sessions(Group):
    """The table `sessions`: who is signed in on the pages."""

    def begin(self, digest: str, *, token: str, at: datetime, forget_before: datetime) -> None:
        """Keep a session of a token, and forget the ones that are over.

        Args:
            digest: SHA-256 of what the browser holds.
            token: public part of the token with which someone signed in.
            forget_before: sessions that began before it are over.
        """
        kept = sa.select(sessions.c.digest).where(sessions.c.token == token).order_by(sessions.c.began.desc())
        with self._writes() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.began < forget_before))
            for surplus in connection.execute(kept.offset(SESSIONS_MAX - 1)).scalars().all():
                connection.execute(sa.delete(sessions).where(sessions.c.digest == surplus))
            connection.execute(sa.insert(sessions).values(digest=digest, token=token, began=at))

    def token_of(self, digest: str, *, began_after: datetime) -> KeptToken | None:
        """Return the token with which a session began; None: there is no such session, or its token is gone."""
        asked = _TOKENS.join(sessions, sessions.c.token == tokens.c.key).where(
            sessions.c.digest == digest, sessions.c.began > began_after
        )
        with self._reads() as connection:
            row = connection.execute(asked).mappings().first()
        return _token_from(row) if row is not None else None

    def end(self, digest: str) -> None:
        """Forget a session; one that is not there is no error."""
        with self._writes() as connection:
            connection.execute(sa.delete(sessions).where(sessions.c.digest == digest))


def _id_of(connection: Connection, name: str) -> int | None:
    return connection.execute(sa.select(people.c.id).where(people.c.folded == name.casefold())).scalar_one_or_none()


def _tokens(connection: Connection, person_id: int) -> list[KeptToken]:
    asked = _TOKENS.where(tokens.c.person_id == person_id).order_by(tokens.c.made, tokens.c.key)
    return [_token_from(row) for row in connection.execute(asked).mappings()]


def _token_values(token: KeptToken, *, person_id: int) -> dict[str, Any]:
    return {
        "key": token.key,
        "person_id": person_id,
        "digest": token.digest,
        "made": token.made,
        "ends": token.ends,
        "last_used": token.last_used,
    }


def _token_from(row: Mapping[str, Any] | sa.RowMapping) -> KeptToken:
    return KeptToken(
        key=row["key"],
        digest=row["digest"],
        person=Person(row["name"]),
        made=row["made"],
        ends=row["ends"],
        last_used=row["last_used"],
    )
