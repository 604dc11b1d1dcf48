"""The groups of documents brought in line with their relations, in the transaction that changed these."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.store.change_log import log_change
from corpus.store.tables import BATCH, decisions, documents, relations, work_profiles
from corpus.types import ChangeKind
from corpus.work_groups import Marks, effective_relations, folded_groups, group_id, work_groups
from corpus.works import FOLDED, Decision, DecisionKind, Relation, RelationEvidence, RelationKind


def regroup(connection: Connection, seeds: Collection[str], *, is_growing: bool = False) -> None:
    """Bring `fold`, `copies` and `work` of documents, and of all that are related with them, in line with the relations.

    Documents whose groups change get a change in the log.

    Args:
        connection: in a transaction that writes.
        seeds: documents of which relations or decisions changed, both of each pair.
        is_growing: no relation was taken away: then works are only united, and not everything of a work is looked at.
    """
    together = _held(connection, _reached(connection, seeds, kinds=[each.value for each in FOLDED]))
    folds = folded_groups(
        together,
        relations_between(connection, together),
        decisions_on(connection, together),
        marks=_marks(connection, together),
    )
    # A document that comes back may be joined with others that no relation leads to.
    only_came = is_growing and not decisions_on(connection, seeds)
    works = _united_works(connection, seeds) if only_came else _works(connection, seeds)
    _write(connection, folds, works)


def _reached(connection: Connection, seeds: Collection[str], *, kinds: Sequence[str] | None) -> set[str]:
    """Return documents and all that relations of some kinds, or decisions, connect with them."""
    reached, frontier = set(seeds), set(seeds)
    while frontier:
        near: set[str] = set()
        for batch in _batches(frontier):
            for table in (relations, decisions):
                here = sa.or_(table.c.first.in_(batch), table.c.second.in_(batch))
                asked = sa.select(table.c.first, table.c.second).where(here)
                if table is relations and kinds is not None:
                    asked = asked.where(table.c.kind.in_(kinds))
                for first, second in connection.execute(asked):
                    near |= {first, second}
        frontier = near - reached
        reached |= near
    return reached


def _held(connection: Connection, ids: Collection[str]) -> set[str]:
    """Return those documents that are there: decisions are kept of others too."""
    held: set[str] = set()
    for batch in _batches(ids):
        held.update(connection.execute(sa.select(documents.c.id).where(documents.c.id.in_(batch))).scalars())
    return held


def relations_between(connection: Connection, ids: Collection[str]) -> tuple[Relation, ...]:
    """Return the relations of which both documents are among some, as they were found, without their evidence."""
    here = set(ids)
    asked = sa.select(relations.c.first, relations.c.second, relations.c.kind, relations.c.confidence)
    return tuple(
        Relation(first, second, RelationKind(kind), (), confidence)
        for batch in _batches(here)
        for first, second, kind, confidence in connection.execute(asked.where(relations.c.first.in_(batch)))
        if second in here
    )


def decisions_on(connection: Connection, ids: Collection[str]) -> tuple[Decision, ...]:
    """Return the decisions that mention one of some documents, oldest first."""
    found: dict[int, Decision] = {}
    for batch in _batches(ids):
        here = sa.or_(decisions.c.first.in_(batch), decisions.c.second.in_(batch))
        for row in connection.execute(sa.select(decisions).where(here)).mappings():
            found[row["id"]] = decision_from(row)
    return tuple(found[each] for each in sorted(found))


def decision_from(row: sa.RowMapping) -> Decision:
    """Return the decision of a row."""
    return Decision(
        kind=DecisionKind(row["kind"]),
        first=row["first"],
        second=row["second"],
        relation=RelationKind(row["relation"]) if row["relation"] else None,
        person=row["person"],
        reason=row["reason"],
        at=row["at"],
        id=row["id"],
    )


def relation_from(row: sa.RowMapping) -> Relation:
    """Return the relation of a row."""
    evidence = tuple(RelationEvidence.from_json(each) for each in row["evidence"])
    return Relation(row["first"], row["second"], RelationKind(row["kind"]), evidence, row["confidence"])


def _marks(connection: Connection, ids: Collection[str]) -> dict[str, Marks]:
    if len(ids) < 2:
        return {}
    asked = sa.select(work_profiles.c.document_id, work_profiles.c.data)
    return {
        document: marks_from(data["marks"])
        for batch in _batches(ids)
        for document, data in connection.execute(asked.where(work_profiles.c.document_id.in_(batch)))
    }


def marks_from(stored: Any) -> Marks:
    """Return marks from JSON: the fields in their order."""
    lang, years, published, edition, issue, places = stored
    return Marks(lang, tuple(years), published, edition, tuple(issue), tuple(places))


def marks_to_json(marks: Marks) -> list[Any]:
    """Undo `marks_from`."""
    return [marks.lang, list(marks.years), marks.published, marks.edition, list(marks.issue), list(marks.places)]


def _works(connection: Connection, seeds: Collection[str]) -> dict[str, str]:
    """Return the work of everything that is connected with some documents."""
    reached = _held(connection, _reached(connection, seeds, kinds=None))
    found = effective_relations(relations_between(connection, reached), decisions_on(connection, reached))
    return work_groups(reached, found)


def _united_works(connection: Connection, seeds: Collection[str]) -> dict[str, str]:
    """Return the work of documents when relations between some of them came and none went: works only grow together."""
    before = _groups(connection, seeds)
    found = effective_relations(relations_between(connection, before), decisions_on(connection, before))
    united: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for document, component in work_groups(before, found).items():
        members.setdefault(component, []).append(document)
    for connected in members.values():
        works = {before[document][0] for document in connected}
        held = _of_works(connection, works) | set(connected)
        work = group_id("w", held) if len(held) > 1 else next(iter(held))
        united |= dict.fromkeys(held, work)
    return united


def _of_works(connection: Connection, works: Collection[str]) -> set[str]:
    asked = sa.select(documents.c.id)
    return {
        document
        for batch in _batches(works)
        for document in connection.execute(asked.where(documents.c.work.in_(batch))).scalars()
    }


def _groups(connection: Connection, ids: Collection[str]) -> dict[str, tuple[str, str, str]]:
    """Return work, fold and copies of documents as they are stored."""
    asked = sa.select(documents.c.id, documents.c.work, documents.c.fold, documents.c.copies)
    return {
        document: (work, fold, copies)
        for batch in _batches(ids)
        for document, work, fold, copies in connection.execute(asked.where(documents.c.id.in_(batch)))
    }


def _write(connection: Connection, folds: dict[str, tuple[str, str]], works: dict[str, str]) -> None:
    before = _groups(connection, folds.keys() | works.keys())
    for document, (work, fold, copies) in sorted(before.items()):
        now = (works.get(document, work), *folds.get(document, (fold, copies)))
        if now != (work, fold, copies):
            values = dict(zip(("work", "fold", "copies"), now, strict=True))
            connection.execute(sa.update(documents).where(documents.c.id == document).values(values))
            log_change(connection, document, kind=ChangeKind.UPDATED)


def _batches(ids: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
