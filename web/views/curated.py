"""What a signed-in person may change about what a document belongs together with."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.messages import Message, gettext, message
from corpus.messages.relations import kind_in_words
from corpus.store import Store
from corpus.types import Document
from corpus.work_groups import joined_relation
from corpus.works import Decision, DecisionKind, Relation, RelationKind
from web.addresses import document_address, with_parameters
from web.contexts import TextLink
from web.curation_contexts import CuratedWork, DecidedLine, JoinedLine
from web.format import without_controls

RELATED_MAX = 50
"""Documents of a group that are listed; copies of one leaflet may be in many places."""
SPLIT = "split"
WHOLE = "whole"

CHOICES: Mapping[str, Message] = {
    RelationKind.COPY: message("A copy of this text"),
    RelationKind.TRANSLATION: message("A translation, in either direction"),
    RelationKind.EDITION: message("Another edition, year or issue"),
    RelationKind.EXTRACT: message("A part of this one: chapter, summary"),
    WHOLE: message("The whole of which this is a part"),
    RelationKind.PART: message("Published together, as an annex"),
    SPLIT: message("Never a copy or translation"),
}
"""What can be said of the other document, as the form sends it."""


def curated_work(document: Document, *, store: Store, lang: str) -> CuratedWork:
    """Return what the page of a document offers to a person who is signed in."""
    relations = {each.other(document.id): each for each in store.relations.of(document.id)}
    related = list(dict.fromkeys([*relations, *store.relations.folded(document.fold)]))[: RELATED_MAX + 1]
    decisions = store.relations.decisions(document.id)
    ids = {*related, *(each for decision in decisions for each in decision.pair)} - {document.id}
    held = store.documents.in_brief(sorted(ids))
    address = document_address(document.id)
    return CuratedWork(
        action=f"{address}/decisions",
        back=f"{address}#curated",
        related=tuple(_related(held[each], relations.get(each), lang=lang) for each in related if each in held),
        decided=tuple(_decided(each, document.id, held=held, lang=lang) for each in decisions),
        choices=tuple((str(value), gettext(words, lang=lang)) for value, words in CHOICES.items()),
        log=with_parameters("/audit", [("document", document.id)]),
    )


def _related(other: Document, relation: Relation | None, *, lang: str) -> JoinedLine:
    return JoinedLine(
        id=other.id,
        title=without_controls(other.title),
        href=document_address(other.id),
        lang=other.lang,
        relation=kind_in_words(relation, seen_from=relation.other(other.id), lang=lang) if relation else "",
    )


def _decided(decision: Decision, document_id: str, *, held: Mapping[str, Document], lang: str) -> DecidedLine:
    is_first = decision.first == document_id
    other = decision.second if is_first else decision.first
    found = held.get(other)
    if decision.kind is DecisionKind.SPLIT or decision.relation is None:
        words = gettext("never a copy or translation", lang=lang)
    else:
        words = kind_in_words(joined_relation(decision), seen_from=document_id, lang=lang)
    return DecidedLine(
        words=words,
        other=TextLink(without_controls(found.title), document_address(other), found.lang)
        if found
        else TextLink(other, ""),
        person=decision.person,
        at=decision.at,
        reason=decision.reason,
        undo=f"/works/decisions/{decision.id}/undo",
    )
