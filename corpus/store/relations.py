"""Relations between documents, and what people decided on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.store.regrouping import decision_from, decisions_on, regroup, relation_from
from corpus.store.relating import Judge, PackedFingerprint, WorkProfile, fingerprint_of, relate_one, unrelated
from corpus.store.tables import decisions, documents, relations, work_profiles
from corpus.store.transactions import Group
from corpus.work_groups import effective_relations
from corpus.works import Decision, Relation, RelationKind


class Relations(Group):
    """The tables `relations` and `decisions`, and those by which documents are compared.

    Each method that changes something brings the groups of documents (`work`, `fold`, `copies`) in line in the same transaction.
    """

    # ------------------------------------------------------------------ what is there

    def of(self, document_id: str) -> tuple[Relation, ...]:
        """Return the relations of a document as decisions leave them, the surest first; empty when there are none.

        Joined documents that are not there (any more) are left out.
        """
        here = sa.or_(relations.c.first == document_id, relations.c.second == document_id)
        with self._reads() as connection:
            found = [relation_from(row) for row in connection.execute(sa.select(relations).where(here)).mappings()]
            decided = decisions_on(connection, [document_id])
            effective = effective_relations(found, decided)
            ids = {each.other(document_id) for each in effective}
            held = set(connection.execute(sa.select(documents.c.id).where(documents.c.id.in_(ids))).scalars())
        kept = [each for each in effective if each.other(document_id) in held]
        return tuple(sorted(kept, key=lambda each: (-each.confidence, each.pair)))

    def found(self, *, kind: RelationKind | None = None, limit: int = 1000) -> tuple[Relation, ...]:
        """Return relations as they were found, whatever was decided on them, by the ids of their documents.

        Args:
            kind: only these; None: all.
            limit: at most so many.
        """
        asked = sa.select(relations).order_by(relations.c.first, relations.c.second).limit(limit)
        if kind is not None:
            asked = asked.where(relations.c.kind == kind.value)
        with self._reads() as connection:
            return tuple(relation_from(row) for row in connection.execute(asked).mappings())

    def counts(self) -> dict[RelationKind, int]:
        """Return how many relations of each kind were found; a kind without any is absent."""
        asked = sa.select(relations.c.kind, sa.func.count()).group_by(relations.c.kind).order_by(relations.c.kind)
        with self._reads() as connection:
            return {RelationKind(kind): int(count) for kind, count in connection.execute(asked)}

    def folded(self, fold: str) -> tuple[str, ...]:
        """Return the ids of the documents of a group of copies and translations, first seen first."""
        asked = sa.select(documents.c.id).where(documents.c.fold == fold).order_by(documents.c.first_sequence)
        with self._reads() as connection:
            return tuple(connection.execute(asked).scalars()) if fold else ()

    # ------------------------------------------------------------------ what people decide

    def decide(self, decision: Decision) -> Decision:
        """Keep a person's word, and return it with its id. It counts from now on and permanently, until it is undone.

        Raises NotFound: there is no such document.
        """
        with self._writes() as connection:
            for each in decision.pair:
                _require_document(connection, each)
            values = {name: getattr(decision, name) for name in ("first", "second", "person", "reason", "at")}
            values |= {"kind": decision.kind.value, "relation": decision.relation.value if decision.relation else ""}
            kept = sa.insert(decisions).values(values).returning(decisions.c.id)
            number = int(connection.execute(kept).scalar_one())
            regroup(connection, decision.pair)
        return replace(decision, id=number)

    def undo(self, decision_id: int) -> Decision:
        """Take a decision away and return it; what was found counts again. Raises NotFound."""
        with self._writes() as connection:
            row = connection.execute(sa.select(decisions).where(decisions.c.id == decision_id)).mappings().first()
            if row is None:
                raise NotFound(
                    sentence("There is no decision {decision_id}.", decision_id=decision_id),
                    try_next=sentence("`pushcart works decisions` lists them with their numbers."),
                )
            undone = decision_from(row)
            # Reached before it goes: afterwards nothing may connect the two.
            connection.execute(sa.delete(decisions).where(decisions.c.id == decision_id))
            regroup(connection, undone.pair)
        return undone

    def decisions(self, document_id: str | None = None) -> tuple[Decision, ...]:
        """Return what people decided, oldest first; of one document, or all (None)."""
        asked = sa.select(decisions).order_by(decisions.c.id)
        if document_id is not None:
            asked = asked.where(sa.or_(decisions.c.first == document_id, decisions.c.second == document_id))
        with self._reads() as connection:
            return tuple(decision_from(row) for row in connection.execute(asked).mappings())

    # ------------------------------------------------------------------ what nlp.works finds

    def unrelated(self, *, version: str, limit: int = 100) -> tuple[str, ...]:
        """Return ids of documents that this version of the rules has not related since they were saved last."""
        with self._reads() as connection:
            return unrelated(connection, version=version, limit=limit)

    def mark_all(self) -> int:
        """Let every document be related again; return how many there are. Nothing changes before that."""
        with self._writes() as connection:
            connection.execute(sa.update(work_profiles).values(version=""))
            return int(connection.execute(sa.select(sa.func.count()).select_from(documents)).scalar_one())

    def fingerprint(self, sha256: str, *, version: str) -> PackedFingerprint | None:
        """Return the fingerprint of bytes that a version made; None: there is none."""
        with self._reads() as connection:
            return fingerprint_of(connection, sha256, version=version)

    def relate(self, profiles: Iterable[tuple[WorkProfile, Collection[int]]], *, judge: Judge) -> None:
        """Compare documents with those that share a key, and keep what comes of it, in one transaction. May be repeated.

        Args:
            profiles: each with its keys, signed numbers of 64 bits: odd ones that tell much, and even ones of which some have to be
                shared.
            judge: says what two documents are to each other.
        """
        with self._writes() as connection:
            changed: set[str] = set()
            is_growing = True
            for profile, keys in profiles:
                # It may have been removed since it was read.
                if not _is_held(connection, profile.document_id):
                    continue
                others, only_came = relate_one(connection, profile, keys=keys, judge=judge)
                changed |= others | {profile.document_id}
                is_growing &= only_came
            regroup(connection, changed, is_growing=is_growing)


def _is_held(connection: Connection, document: str) -> bool:
    return connection.execute(sa.select(documents.c.id).where(documents.c.id == document)).first() is not None


def _require_document(connection: Connection, document: str) -> None:
    if not _is_held(connection, document):
        raise NotFound(
            sentence("There is no document {document}.", document=document),
            try_next=sentence("`pushcart search` shows the ids of documents."),
        )
