"""The audit log as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.audit import AuditAction, AuditEntry, LoggedEntry
from corpus.messages import gettext
from corpus.types import Document
from curation.messages import CHANNELS, action_in_words, details_in_words
from web.addresses import document_address, with_parameters
from web.contexts import TextLink
from web.curation_contexts import AuditLine, AuditPage
from web.format import without_controls

_UNDONE_AT = {"decision": "/works/decisions", "correction": "/corrections"}


def audit_page(
    logged: Sequence[LoggedEntry], *, documents: Mapping[str, Document], document: str, has_older: bool, lang: str
) -> AuditPage:
    """Return what the page shows.

    Args:
        logged: entries, newest first.
        documents: those that the entries are about, as far as they are still here, by id.
        document: the one whose entries these are; empty: the entries of all.
        has_older: whether there are entries before these.
        lang: of the page.
    """
    older = ""
    if has_older:
        parameters = [("document", document)] * bool(document) + [("before", str(logged[-1].number))]
        older = with_parameters("/audit", parameters)
    return AuditPage(
        entries=tuple(_line(each, documents, lang=lang) for each in logged),
        document=_link(document, documents) if document else None,
        older=older,
    )


def _line(logged: LoggedEntry, documents: Mapping[str, Document], *, lang: str) -> AuditLine:
    entry = logged.entry
    return AuditLine(
        number=logged.number,
        at=entry.at,
        person=entry.actor.name,
        done=action_in_words(entry, lang=lang),
        channel=gettext(CHANNELS[entry.actor.channel], lang=lang),
        documents=tuple(_link(each, documents) for each in (entry.document, entry.other) if each),
        details=details_in_words(entry, lang=lang),
        reason=entry.reason,
        undone_by=logged.undone_by,
        undo=undo_address(entry) if logged.undone_by is None else "",
    )


def undo_address(entry: AuditEntry) -> str:
    """Return the address of the form that undoes an entry; empty: it cannot be undone."""
    kind, _, number = entry.subject.partition(":")
    if entry.action is AuditAction.UNDONE or kind not in _UNDONE_AT:
        return ""
    return f"{_UNDONE_AT[kind]}/{number}/undo"


def _link(document_id: str, documents: Mapping[str, Document]) -> TextLink:
    """Return a document by its title; by its id, and leading nowhere, where it is here no longer."""
    found = documents.get(document_id)
    if found is None:
        return TextLink(without_controls(document_id), "")
    return TextLink(without_controls(found.title), document_address(document_id), found.lang)
