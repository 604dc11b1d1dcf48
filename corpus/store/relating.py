"""What documents are compared by, and which they are compared with: keys, profiles and fingerprints on a connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store.regrouping import decisions_on, regroup, relation_from
from corpus.store.tables import BATCH, common_keys, documents, fingerprints, relations, work_keys, work_profiles
from corpus.works import Relation

HOLDERS_MAX = 200
"""Documents with one key above which it tells nothing: the cookie notice of a site, the words of a form. It bounds what a
new document is compared with, and is a function of the documents alone, not of when they came."""


@dataclass(frozen=True, slots=True)
class PackedFingerprint:
    """What the text of a file is compared by, as nlp.works packed it."""

    sha256: str
    version: str
    """Of reader and fingerprint."""
    words: int
    signature: bytes
    sketch: bytes
    numbers: bytes


@dataclass(frozen=True, slots=True)
class WorkProfile:
    """What a document is compared by."""

    document_id: str
    version: str
    """Of the rules that made it; a document with a profile of another version is still to be related."""
    data: dict[str, Any]
    """As nlp.works packed it; `marks` has language, year, edition, issue and places."""
    fingerprint: PackedFingerprint


WEAK_SHARED = 0.1
"""Share of the weak keys of the document with fewer of them that another must have too, to be compared with it."""

Judge = Callable[[WorkProfile, Sequence[WorkProfile]], Sequence[Relation]]
"""Returns the relations of a document with others; a function of each pair alone, and the same whichever comes first."""


def fingerprint_of(connection: Connection, sha256: str, *, version: str) -> PackedFingerprint | None:
    """Return the fingerprint of bytes that a version made; None: there is none."""
    asked = sa.select(fingerprints).where(fingerprints.c.sha256 == sha256, fingerprints.c.version == version)
    row = connection.execute(asked).mappings().first()
    return PackedFingerprint(**row) if row else None


def relate_one(
    connection: Connection, profile: WorkProfile, *, keys: Collection[int], judge: Judge
) -> tuple[set[str], bool]:
    """Keep what a document is compared by, and its relations; return the documents with other relations than before.

    The second value says whether relations only came, and none went.
    """
    weak = sum(not key & 1 for key in keys)
    number = _keep_profile(connection, profile, weak_keys=weak)
    common = _keep_keys(connection, number, keys)
    near = _near(connection, set(keys) - common, weak_keys=weak, without=number)
    return _keep_relations(connection, profile.document_id, judge(profile, near))


def _keep_profile(connection: Connection, profile: WorkProfile, *, weak_keys: int) -> int:
    printed = profile.fingerprint
    if fingerprint_of(connection, printed.sha256, version=printed.version) is None:
        connection.execute(sa.delete(fingerprints).where(fingerprints.c.sha256 == printed.sha256))
        names = ("sha256", "version", "words", "signature", "sketch", "numbers")
        connection.execute(sa.insert(fingerprints).values({name: getattr(printed, name) for name in names}))
    values = {"version": profile.version, "sha256": printed.sha256, "data": profile.data, "weak_keys": weak_keys}
    here = work_profiles.c.document_id == profile.document_id
    number = connection.execute(sa.select(work_profiles.c.number).where(here)).scalar()
    if number is None:
        inserted = sa.insert(work_profiles).values(document_id=profile.document_id, **values)
        return int(connection.execute(inserted.returning(work_profiles.c.number)).scalar_one())
    connection.execute(sa.update(work_profiles).where(here).values(values))
    return int(number)


def _keep_keys(connection: Connection, number: int, keys: Collection[int]) -> set[int]:
    """Keep the keys of a profile and return those of them that are common."""
    held = set(connection.execute(sa.select(work_keys.c.key).where(work_keys.c.profile == number)).scalars())
    _drop_keys(connection, number, held.difference(keys))
    if came := set(keys) - held:
        connection.execute(sa.insert(work_keys), [{"key": key, "profile": number} for key in sorted(came)])
    common = _common(connection, keys)
    for key in _overfull(connection, came - common):
        connection.execute(sa.insert(common_keys).values(key=key))
        _mark_holders(connection, key)
        common.add(key)
    return common


def _drop_keys(connection: Connection, number: int, keys: Collection[int]) -> None:
    """Take keys from a profile; what few documents hold then tells something again, and they are to be related again."""
    for batch in _batches(keys):
        gone = sa.delete(work_keys).where(work_keys.c.profile == number, work_keys.c.key.in_(batch))
        connection.execute(gone)
    common = _common(connection, keys)
    for key in common - _overfull(connection, common):
        connection.execute(sa.delete(common_keys).where(common_keys.c.key == key))
        _mark_holders(connection, key)


def _common(connection: Connection, keys: Collection[int]) -> set[int]:
    asked = sa.select(common_keys.c.key)
    return {
        key
        for batch in _batches(keys)
        for key in connection.execute(asked.where(common_keys.c.key.in_(batch))).scalars()
    }


def _overfull(connection: Connection, keys: Collection[int]) -> set[int]:
    """Return the keys that more documents hold than may."""
    counted = sa.select(work_keys.c.key).group_by(work_keys.c.key).having(sa.func.count() > HOLDERS_MAX)
    return {
        key
        for batch in _batches(keys)
        for key in connection.execute(counted.where(work_keys.c.key.in_(batch))).scalars()
    }


def _mark_holders(connection: Connection, key: int) -> None:
    holders = sa.select(work_keys.c.profile).where(work_keys.c.key == key)
    connection.execute(sa.update(work_profiles).where(work_profiles.c.number.in_(holders)).values(version=""))


def _near(connection: Connection, keys: Collection[int], *, weak_keys: int, without: int) -> list[WorkProfile]:
    """Return the profiles that share an odd key, or enough of the even ones, which are many."""
    strong: set[int] = set()
    weak: Counter[int] = Counter()
    for batch in _batches(keys):
        asked = sa.select(work_keys.c.key, work_keys.c.profile).where(work_keys.c.key.in_(batch))
        for key, profile in connection.execute(asked):
            if key & 1:
                strong.add(profile)
            else:
                weak[profile] += 1
    held = sa.select(work_profiles.c.number, work_profiles.c.weak_keys)
    for batch in _batches(weak.keys() - strong):
        for profile, its_weak in connection.execute(held.where(work_profiles.c.number.in_(batch))):
            if weak[profile] >= WEAK_SHARED * min(weak_keys, its_weak):
                strong.add(profile)
    strong.discard(without)
    columns = (work_profiles.c[name] for name in ("document_id", "version", "data"))
    whole = sa.select(*columns, *fingerprints.c).join(fingerprints, fingerprints.c.sha256 == work_profiles.c.sha256)
    return [
        WorkProfile(row[0], row[1], row[2], PackedFingerprint(*row[3:]))
        for batch in _batches(strong)
        for row in connection.execute(whole.where(work_profiles.c.number.in_(batch)))
    ]


def _keep_relations(connection: Connection, document: str, found: Sequence[Relation]) -> tuple[set[str], bool]:
    here = sa.or_(relations.c.first == document, relations.c.second == document)
    before = {
        (each.first, each.second): each
        for each in map(relation_from, connection.execute(sa.select(relations).where(here)).mappings())
    }
    now = {(each.first, each.second): each for each in found}
    changed = {ids for ids in before.keys() | now.keys() if before.get(ids) != now.get(ids)}
    for first, second in changed & before.keys():
        connection.execute(sa.delete(relations).where(relations.c.first == first, relations.c.second == second))
    if came := sorted(changed & now.keys()):
        connection.execute(sa.insert(relations), [_values(now[ids]) for ids in came])
    return {each for ids in changed for each in ids}, not any(ids in before for ids in changed)


def _values(relation: Relation) -> dict[str, Any]:
    return {
        "first": relation.first,
        "second": relation.second,
        "kind": relation.kind.value,
        "evidence": [each.to_json() for each in relation.evidence],
        "confidence": relation.confidence,
    }


def mark_unrelated(connection: Connection, ids: Collection[str]) -> None:
    """Note that documents are to be related again, because they were saved again. May be repeated."""
    for batch in _batches(ids):
        connection.execute(sa.update(work_profiles).where(work_profiles.c.document_id.in_(batch)).values(version=""))


def forget(connection: Connection, document: str) -> None:
    """Take away what a removed document was compared by, and its relations; its decisions stay for when it comes back."""
    number = connection.execute(
        sa.select(work_profiles.c.number).where(work_profiles.c.document_id == document)
    ).scalar()
    if number is not None:
        held = connection.execute(sa.select(work_keys.c.key).where(work_keys.c.profile == number)).scalars().all()
        _drop_keys(connection, number, held)
        connection.execute(sa.delete(work_profiles).where(work_profiles.c.number == number))
    changed, _ = _keep_relations(connection, document, ())
    changed |= {each for decision in decisions_on(connection, [document]) for each in decision.pair}
    regroup(connection, changed - {document})


def unrelated(connection: Connection, *, version: str, limit: int) -> tuple[str, ...]:
    """Return documents that this version of the rules has not related since they were saved last, by id."""
    asked = (
        sa.select(documents.c.id)
        .join(work_profiles, work_profiles.c.document_id == documents.c.id, isouter=True)
        .where(sa.or_(work_profiles.c.version.is_(None), work_profiles.c.version != version))
        .order_by(documents.c.id)
        .limit(limit)
    )
    return tuple(connection.execute(asked).scalars())


def _batches(values: Collection[Any]) -> Iterator[list[Any]]:
    ordered = sorted(values)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
