"""Entries of the audit log in words."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.audit import AuditAction, AuditChannel, AuditEntry
from corpus.corrections import CorrectionKind
from corpus.messages import Message, gettext, message
from corpus.works import RelationKind

CHANNELS: Mapping[AuditChannel, Message] = {
    AuditChannel.COMMAND: message("by command"),
    AuditChannel.API: message("by the API"),
    AuditChannel.PAGE: message("on the pages"),
}

CORRECTED: Mapping[CorrectionKind, Message] = {
    CorrectionKind.ACCEPT: message("confirmed a tag"),
    CorrectionKind.REJECT: message("rejected a tag"),
    CorrectionKind.ADD: message("added a tag"),
    CorrectionKind.TITLE: message("corrected the title"),
    CorrectionKind.AUTHORS: message("corrected the authors"),
    CorrectionKind.DATE: message("corrected the date"),
    CorrectionKind.COUNTRY: message("corrected the countries"),
}
"""What a correction did, to follow the name of who made it."""

_ACTIONS: Mapping[AuditAction, Message] = {
    AuditAction.PERSON_ADDED: message("added {name}"),
    AuditAction.PERSON_REMOVED: message("removed {name}"),
    AuditAction.TOKEN_ROTATED: message("gave {name} a new token"),
    AuditAction.WORKS_JOINED: message("joined two documents"),
    AuditAction.WORKS_SPLIT: message("separated two documents"),
    AuditAction.TAG_ACCEPTED: CORRECTED[CorrectionKind.ACCEPT],
    AuditAction.TAG_REJECTED: CORRECTED[CorrectionKind.REJECT],
    AuditAction.TAG_ADDED: CORRECTED[CorrectionKind.ADD],
    AuditAction.TITLE_CORRECTED: CORRECTED[CorrectionKind.TITLE],
    AuditAction.AUTHORS_CORRECTED: CORRECTED[CorrectionKind.AUTHORS],
    AuditAction.DATE_CORRECTED: CORRECTED[CorrectionKind.DATE],
    AuditAction.COUNTRY_CORRECTED: CORRECTED[CorrectionKind.COUNTRY],
    AuditAction.UNDONE: message("undid no. {number}"),
}

RELATIONS: Mapping[RelationKind, Message] = {
    RelationKind.COPY: message("copies of one text"),
    RelationKind.TRANSLATION: message("translations of one text"),
    RelationKind.EDITION: message("editions of one publication"),
    RelationKind.EXTRACT: message("the second is part of the first"),
    RelationKind.PART: message("two texts that were published together"),
}
"""What two documents are to each other."""

MENTION = message("a mention only")
NOTHING = message("nothing")


def action_in_words(entry: AuditEntry, *, lang: str = "en") -> str:
    """Return what was done, to follow the name of who did it: `joined two documents`."""
    words = _ACTIONS[entry.action]
    name, number = entry.details.get("name", ""), entry.undoes or 0
    return gettext(words, lang=lang, name=name, number=number)


def details_in_words(entry: AuditEntry, *, lang: str = "en") -> str:
    """Return what an entry tells beside that; empty: nothing."""
    relation = entry.details.get("relation", "")
    if relation in RELATIONS:
        return gettext(RELATIONS[RelationKind(relation)], lang=lang)
    if tag := entry.details.get("tag", ""):
        return f"{tag}, {gettext(MENTION, lang=lang)}" if entry.details.get("about") == "no" else tag
    if "to" in entry.details:
        before, now = (entry.details.get(name) or gettext(NOTHING, lang=lang) for name in ("from", "to"))
        return gettext("from {before} to {now}", lang=lang, before=before, now=now)
    hours = entry.details.get("overlap_hours", "")
    if hours and hours != "0":
        return gettext("the old one stays valid for {hours} hours", hours=hours, lang=lang)
    return ""
