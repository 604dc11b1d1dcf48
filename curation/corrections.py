"""What people correct on one document: its tags, title, authors, date and countries. Each with a reason, in the audit log."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from corpus.audit import Actor, AuditAction, AuditEntry, LoggedEntry
from corpus.corrections import Correction, CorrectionKind, counting
from corpus.errors import BadInput, NotFound
from corpus.messages import sentence
from corpus.store import Store
from corpus.text import clean_line
from corpus.types import Document, Facet
from corpus.vocabulary.spelling import plain
from curation.decisions import checked_reason, document_named
from curation.undoing import log_undone

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

TITLE_CHARACTERS_MAX = 500
AUTHORS_MAX = 200
AUTHOR_CHARACTERS_MAX = 200
COUNTRIES_MAX = 50
TAG_CHARACTERS_MAX = 200
_LOGGED_CHARACTERS = 300
"""Of a value in the audit log; the whole stands with the correction."""
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


@dataclass(frozen=True, slots=True)
class CorrectionWanted:
    """What someone wants to correct, as they gave it."""

    kind: CorrectionKind
    document: str
    """Id of a document, or the address of its page here."""
    reason: str
    tag: str = ""
    """Of a tag: FACET:ID (`group:street_vendors`), or a label or name of the concept in one of the four languages."""
    about: bool | None = None
    """Of an added tag: whether the document is about it; None of an accepted one: as the tag says now."""
    values: tuple[str, ...] = ()
    """Of a field: its values, as of corpus.corrections.Correction; countries by code or name."""


def correct(wanted: CorrectionWanted, *, store: Store, vocabulary: Vocabulary, by: Actor) -> Correction:
    """Keep a correction and write it into the audit log, both or neither. It wins over what is read and tagged, now and later.

    Raises BadInput: it cannot be made so, or stands already. NotFound: there is no such document, or no such tag.
    """
    reason = checked_reason(wanted.reason)
    document = document_named(wanted.document, store=store)
    with store.together():
        held = store.documents.get(document)
        correction = _checked(wanted, held, vocabulary=vocabulary, reason=reason, by=by)
        _refuse_repetition(correction, store=store)
        kept = store.corrections.add(correction)
        store.audit.append(
            AuditEntry(
                by,
                _ACTIONS[kept.kind],
                kept.at,
                document=kept.document,
                reason=reason,
                subject=subject_of(kept.id),
                details=_details(kept, held),
            )
        )
    return kept


_ACTIONS = {
    CorrectionKind.ACCEPT: AuditAction.TAG_ACCEPTED,
    CorrectionKind.REJECT: AuditAction.TAG_REJECTED,
    CorrectionKind.ADD: AuditAction.TAG_ADDED,
    CorrectionKind.TITLE: AuditAction.TITLE_CORRECTED,
    CorrectionKind.AUTHORS: AuditAction.AUTHORS_CORRECTED,
    CorrectionKind.DATE: AuditAction.DATE_CORRECTED,
    CorrectionKind.COUNTRY: AuditAction.COUNTRY_CORRECTED,
}


def undo_correction(correction_id: int, *, reason: str, store: Store, by: Actor) -> LoggedEntry:
    """Take a correction back, and return the entry of the audit log that says so. What was before counts again.

    Raises NotFound: there is no such correction, or it was taken back before. BadInput: there is no reason.
    """
    reason = checked_reason(reason)
    with store.together():
        try:
            undone = store.corrections.undo(correction_id)
        except NotFound as error:
            raise no_correction(correction_id) from error
        return log_undone(store, by, subject=subject_of(correction_id), reason=reason, document=undone.document)


def undo_last(document: str, *, reason: str, store: Store, by: Actor) -> LoggedEntry:
    """Take back the last correction of a document, whoever made it.

    Args:
        document: its id or the address of its page; of a document that is gone the id.

    Raises NotFound: nothing is corrected on it. BadInput: there is no reason.
    """
    with store.together():
        of_it = store.corrections.of(document.strip()) or store.corrections.of(document_named(document, store=store))
        if not of_it:
            raise NotFound(
                sentence("Document {document} has no corrections.", document=clean_line(document)[:80]),
                try_next=sentence("`pushcart corrections list` shows all corrections in force."),
            )
        return undo_correction(of_it[-1].id, reason=reason, store=store, by=by)


def no_correction(correction_id: int) -> NotFound:
    """Return the error that says that there is no such correction."""
    return NotFound(
        sentence("There is no correction {id}, or it was undone.", id=correction_id),
        try_next=sentence("`pushcart corrections list` shows them; the audit log also shows those that were undone."),
    )


def subject_of(correction_id: int) -> str:
    """Return under which name the audit log mentions a correction."""
    return f"correction:{correction_id}"


# ---------------------------------------------------------------------- what was given, checked


def _checked(
    wanted: CorrectionWanted, document: Document, *, vocabulary: Vocabulary, reason: str, by: Actor
) -> Correction:
    now = datetime.now(UTC)
    if not wanted.kind.is_of_tag:
        values = _values(wanted, vocabulary=vocabulary)
        return Correction(wanted.kind, document.id, by.name, reason, now, values=values)
    facet, concept = tag_named(wanted.tag, document, kind=wanted.kind, vocabulary=vocabulary)
    about = _about(wanted, document, facet=facet, concept=concept)
    return Correction(wanted.kind, document.id, by.name, reason, now, facet=facet, concept=concept, about=about)


def tag_named(text: str, document: Document, *, kind: CorrectionKind, vocabulary: Vocabulary) -> tuple[Facet, str]:
    """Return facet and concept that someone names by FACET:ID, or by a label or name.

    Raises NotFound: the vocabulary has none, or (to accept or reject) the document has no such tag. BadInput: several are
    called so.
    """
    text = clean_line(text)[:TAG_CHARACTERS_MAX]
    held = {(tag.facet, tag.concept) for tag in document.tags}
    found = _named(text, vocabulary=vocabulary)
    if kind is not CorrectionKind.ADD:
        # A tag whose concept the vocabulary has no longer can be rejected too.
        found = [each for each in (*found, *_by_id(text)) if each in held]
    found = list(dict.fromkeys(found))
    if not found and kind is CorrectionKind.ADD:
        raise NotFound(
            sentence("The vocabulary has no concept called {text}.", text=text or "“”"),
            try_next=sentence(
                "Give facet and id, such as group:street_vendors, or a label. `pushcart vocabulary find WORDS` looks for it."
            ),
        )
    if not found:
        raise NotFound(
            sentence("Document {document} has no tag {text}.", document=document.id, text=text or "“”"),
            try_next=sentence("`pushcart show {document}` lists its tags.", document=document.id),
        )
    if len(found) > 1:
        raise BadInput(
            sentence("Several concepts are called {text}.", text=text),
            try_next=sentence("Choose one: {choices}.", choices=", ".join(f"{facet}:{each}" for facet, each in found)),
        )
    return found[0]


def _by_id(text: str) -> list[tuple[Facet, str]]:
    facet, _, concept = text.partition(":")
    return [(Facet(facet), concept)] if facet in set(Facet) and concept else []


def _named(text: str, *, vocabulary: Vocabulary) -> list[tuple[Facet, str]]:
    """Return the concepts that a text names, by id first."""
    for facet, concept in _by_id(text):
        if concept in vocabulary.concepts(facet):
            return [(facet, concept)]
        place = vocabulary.places(concept, facet=facet) if facet in (Facet.COUNTRY, Facet.REGION) else ()
        return [(facet, each.id) for each in (*vocabulary.find(concept), *place) if each.facet is facet]
    found = vocabulary.find(text)
    # What a page shows a concept as names that one, though the words indicate another too: "Waste pickers" and their sector.
    labelled = [each for each in found if plain(text) in map(plain, each.labels.values())]
    return [(each.facet, each.id) for each in (*(labelled or found), *vocabulary.places(text))]


def _about(wanted: CorrectionWanted, document: Document, *, facet: Facet, concept: str) -> bool:
    if wanted.kind is CorrectionKind.REJECT:
        return True
    if wanted.about is not None:
        return wanted.about
    held = next((tag for tag in document.tags_of(facet) if tag.concept == concept), None)
    return held.about if held is not None else True


def _values(wanted: CorrectionWanted, *, vocabulary: Vocabulary) -> tuple[str, ...]:
    given = tuple(each for text in wanted.values if (each := clean_line(text)))
    match wanted.kind:
        case CorrectionKind.TITLE:
            if len(given) != 1 or len(given[0]) > TITLE_CHARACTERS_MAX:
                raise BadInput(
                    sentence("A title has 1 to {most:,} characters.", most=TITLE_CHARACTERS_MAX),
                    try_next=sentence("Give the title as printed on the publication."),
                )
        case CorrectionKind.AUTHORS:
            if len(given) > AUTHORS_MAX or any(len(each) > AUTHOR_CHARACTERS_MAX for each in given):
                raise BadInput(
                    sentence(
                        "At most {most} authors can be kept, each with at most {characters} characters.",
                        most=AUTHORS_MAX,
                        characters=AUTHOR_CHARACTERS_MAX,
                    ),
                    try_next=sentence("Give the authors as a citation would name them."),
                )
        case CorrectionKind.DATE:
            return _date(given)
        case CorrectionKind.COUNTRY:
            return _countries(given, vocabulary=vocabulary)
    return given


def _date(given: tuple[str, ...]) -> tuple[str, ...]:
    if not given:
        return ()
    found = _DATE.fullmatch(given[0]) if len(given) == 1 else None
    try:
        if found is not None:
            date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
            return given
    except ValueError:
        pass
    raise BadInput(
        sentence("{text} is not a date.", text=", ".join(given)[:80]),
        try_next=sentence(
            "Write it as precisely as it is known: 2019, 2019-05 or 2019-05-03; leave it empty if it is not known."
        ),
    )


def _countries(given: tuple[str, ...], *, vocabulary: Vocabulary) -> tuple[str, ...]:
    if len(given) > COUNTRIES_MAX:
        raise BadInput(
            sentence("At most {most} countries can be given.", most=COUNTRIES_MAX),
            try_next=sentence("Give the countries that the document is about."),
        )
    countries: dict[str, None] = {}
    for text in given:
        found = vocabulary.places(text, facet=Facet.COUNTRY)
        if len(found) != 1:
            choices = ", ".join(f"{each.label('en')} ({each.id})" for each in found)
            raise BadInput(
                sentence("{text} is not the name or code of one country.", text=text[:80]),
                try_next=sentence("Choose one: {choices}.", choices=choices)
                if found
                else sentence("Give an ISO 3166 code or a name, such as PER or Peru."),
            )
        countries[found[0].id] = None
    return tuple(countries)


def _refuse_repetition(wanted: Correction, *, store: Store) -> None:
    counted = {each.subject: each for each in counting(store.corrections.of(wanted.document))}
    held = counted.get(wanted.subject)
    if held is None or (held.about, held.values) != (wanted.about, wanted.values):
        return
    if (held.kind is CorrectionKind.REJECT) is (wanted.kind is CorrectionKind.REJECT):
        raise BadInput(
            sentence("This is already corrected, by {person} (correction {id}).", person=held.person, id=held.id),
            try_next=sentence("Undo it first to correct it again."),
        )


def _details(kept: Correction, before: Document) -> dict[str, str]:
    """Return what the audit log says of a correction: the tag, or what the field was and is."""
    if kept.facet is not None:
        details = {"tag": kept.subject}
        return details if kept.kind is CorrectionKind.REJECT else details | {"about": "yes" if kept.about else "no"}
    was = {
        CorrectionKind.TITLE: (before.title,),
        CorrectionKind.AUTHORS: before.authors,
        CorrectionKind.DATE: (before.published,),
        CorrectionKind.COUNTRY: tuple(tag.concept for tag in before.tags_of(Facet.COUNTRY) if tag.about),
    }[kept.kind]
    return {"from": _logged(was), "to": _logged(kept.values)}


def _logged(values: tuple[str, ...]) -> str:
    text = "; ".join(values)
    return text if len(text) <= _LOGGED_CHARACTERS else f"{text[: _LOGGED_CHARACTERS - 1]}…"
