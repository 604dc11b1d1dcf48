"""What people decide on documents: that two belong together, as what, or never do. Each with a reason, in the audit log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from corpus.audit import Actor, AuditAction, AuditEntry, LoggedEntry
from corpus.errors import BadInput, NotFound
from corpus.messages import sentence
from corpus.store import Store
from corpus.text import clean
from corpus.works import Decision, DecisionKind, RelationKind
from curation.undoing import log_undone

REASON_CHARACTERS_MAX = 1000
NAMED_CHARACTERS_MAX = 500
"""Of an id or address that names a document."""
_ID = re.compile(r"[0-9A-Za-z_-]{1,32}")
_PAGE = re.compile(r"/documents/([^/.]+)")
_ACTIONS = {DecisionKind.JOIN: AuditAction.WORKS_JOINED, DecisionKind.SPLIT: AuditAction.WORKS_SPLIT}


@dataclass(frozen=True, slots=True)
class DecisionWanted:
    """What someone says of two documents, before it is decided."""

    kind: DecisionKind
    first: str
    """Id of a document, or the address of its page here. Of a joined extract the whole."""
    second: str
    """The same of the other; of a joined extract what is within the whole."""
    relation: RelationKind | None
    """Of a join as what; None of a split."""
    reason: str


def decide(wanted: DecisionWanted, *, store: Store, by: Actor) -> Decision:
    """Keep what a person says of two documents, and write it into the audit log, both or neither.

    It wins over what is found in the texts, now and later, until it is undone.

    Raises BadInput: it cannot be decided so, or is already. NotFound: there is no such document.
    """
    reason = checked_reason(wanted.reason)
    first, second = (document_named(each, store=store) for each in (wanted.first, wanted.second))
    if first == second:
        raise BadInput(
            sentence("Both are the same document, {document}.", document=first),
            try_next=sentence("Name two documents."),
        )
    _check_relation(wanted)
    decision = Decision(
        wanted.kind, first, second, wanted.relation, person=by.name, reason=reason, at=datetime.now(UTC)
    )
    with store.together():
        _refuse_repetition(decision, store=store)
        kept = store.relations.decide(decision)
        details = {"relation": kept.relation.value} if kept.relation else {}
        store.audit.append(
            AuditEntry(
                by,
                _ACTIONS[kept.kind],
                kept.at,
                document=kept.first,
                other=kept.second,
                reason=reason,
                subject=subject_of(kept.id),
                details=details,
            )
        )
    return kept


def undo(decision_id: int, *, reason: str, store: Store, by: Actor) -> LoggedEntry:
    """Take a decision back, and return the entry of the audit log that says so. What is found in the texts counts again.

    Raises NotFound: there is no such decision, or it was taken back before. BadInput: there is no reason.
    """
    reason = checked_reason(reason)
    with store.together():
        try:
            undone = store.relations.undo(decision_id)
        except NotFound as error:
            raise no_decision(decision_id) from error
        return log_undone(
            store, by, subject=subject_of(decision_id), reason=reason, document=undone.first, other=undone.second
        )


def no_decision(decision_id: int) -> NotFound:
    """Return the error that says that there is no such decision."""
    return NotFound(
        sentence("There is no decision {id}, or it was undone.", id=decision_id),
        try_next=sentence("`pushcart works decisions` lists them; the audit log also shows those that were undone."),
    )


def subject_of(decision_id: int) -> str:
    """Return under which name the audit log mentions a decision."""
    return f"decision:{decision_id}"


def document_named(text: str, *, store: Store) -> str:
    """Return the id of a document that someone names by its id or by the address of its page here.

    Raises NotFound: there is none.
    """
    text = text.strip()[:NAMED_CHARACTERS_MAX]
    try:
        page = _PAGE.search(urlsplit(text).path)
    except ValueError:
        page = None
    found = unquote(page[1]) if page else text
    if not _ID.fullmatch(found) or found not in store.documents.in_brief([found]):
        raise NotFound(
            sentence("There is no document {document}.", document=clean(text)[:80] or "“”"),
            try_next=sentence("Give its id or the address of its page here, such as /documents/d0123456789abcdef."),
        )
    return found


def checked_reason(reason: str) -> str:
    """Return a reason as it is kept. Raises BadInput: there is none, or it is too long."""
    kept = clean(reason).strip()
    if not 1 <= len(kept) <= REASON_CHARACTERS_MAX:
        raise BadInput(
            sentence(
                "A reason has 1 to {most:,} characters; this one has {count:,}.",
                most=REASON_CHARACTERS_MAX,
                count=len(kept),
            ),
            try_next=sentence("Say in a few words why, for those who read the audit log later."),
        )
    return kept


def _check_relation(wanted: DecisionWanted) -> None:
    if wanted.kind is DecisionKind.JOIN and wanted.relation is None:
        raise BadInput(
            sentence("The relation between the two documents is missing."),
            try_next=sentence("Choose one of: {relations}.", relations=", ".join(RelationKind)),
        )
    if wanted.kind is DecisionKind.SPLIT and wanted.relation is not None:
        raise BadInput(
            sentence("A split has no relation: the two are never copies or translations of each other."),
            try_next=sentence("Leave the relation out, or join them."),
        )


def _refuse_repetition(wanted: Decision, *, store: Store) -> None:
    on_both = [each for each in store.relations.decisions(wanted.first) if each.pair == wanted.pair]
    held = on_both[-1] if on_both else None
    if held is None or (held.kind, held.relation) != (wanted.kind, wanted.relation):
        return
    if wanted.relation is RelationKind.EXTRACT and held.first != wanted.first:
        return
    raise BadInput(
        sentence("This is already decided, by {person} (decision {id}).", person=held.person, id=held.id),
        try_next=sentence("Undo it first to decide it again."),
    )
