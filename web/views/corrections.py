"""What a signed-in person may correct on a document: its tags, title, authors, date and countries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpus.corrections import Correction, CorrectionKind, counting
from corpus.messages import Message, gettext, message
from corpus.messages.values import facet_title
from corpus.store import Store
from corpus.types import Document, Facet
from corpus.vocabulary import Vocabulary
from curation.messages import CORRECTED, MENTION, NOTHING
from web.addresses import document_address
from web.curation_contexts import CorrectionForms, CorrectionLine, FieldForm
from web.format import without_controls

WRONG, RIGHT, ABOUT, MENTIONED = "reject", "accept", "about", "mention"
MISSING_ABOUT, MISSING_MENTION = "add", "add-mention"

_WORDS: Mapping[str, Message] = {
    WRONG: message("It is wrong"),
    RIGHT: message("It is right"),
    ABOUT: message("The document is about it"),
    MENTIONED: message("It is only mentioned"),
    MISSING_ABOUT: message("It is missing: the document is about it"),
    MISSING_MENTION: message("It is missing: the document mentions it"),
}
"""What can be said of a tag, as forms send it."""
_FIELDS: Mapping[CorrectionKind, tuple[Message, Message]] = {
    CorrectionKind.TITLE: (message("Title"), message("As printed on the publication.")),
    CorrectionKind.AUTHORS: (message("Authors"), message("One per line. Leave it empty if there are none.")),
    CorrectionKind.DATE: (
        message("Date"),
        message("As precisely as it is known: 2019, 2019-05 or 2019-05-03. Leave it empty if it is not known."),
    ),
    CorrectionKind.COUNTRY: (
        message("Countries"),
        message(
            "The countries that it is about, by name or code, one per line, the most important first. Leave it "
            "empty if there are none."
        ),
    ),
}
_LONG = frozenset({CorrectionKind.AUTHORS, CorrectionKind.COUNTRY})


def correction_forms(document: Document, *, store: Store, vocabulary: Vocabulary, lang: str) -> CorrectionForms:
    """Return what the page of a document offers to a person who is signed in."""
    address = document_address(document.id)
    made = store.corrections.of(document.id)
    counted = {each.id for each in counting(made)}
    return CorrectionForms(
        action=f"{address}/corrections",
        back=f"{address}#corrections",
        choices_about=_choices(WRONG, RIGHT, MENTIONED, lang=lang),
        choices_mentioned=_choices(WRONG, RIGHT, ABOUT, lang=lang),
        choices_other=_choices(MISSING_ABOUT, MISSING_MENTION, WRONG, RIGHT, lang=lang),
        names=_names(vocabulary, lang=lang),
        fields=tuple(_field(each, document, vocabulary=vocabulary, lang=lang) for each in _FIELDS),
        made=tuple(_line(each, counts=each.id in counted, vocabulary=vocabulary, lang=lang) for each in reversed(made)),
    )


def _choices(*values: str, lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((value, gettext(_WORDS[value], lang=lang)) for value in values)


def _names(vocabulary: Vocabulary, *, lang: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"{facet}:{concept.id}", f"{concept.label(lang)} ({facet_title(facet, lang=lang)})")
        for facet in (Facet.GROUP, Facet.SECTOR, Facet.TOPIC, Facet.COUNTRY, Facet.REGION)
        for concept in vocabulary.concepts(facet).values()
    )


def _field(kind: CorrectionKind, document: Document, *, vocabulary: Vocabulary, lang: str) -> FieldForm:
    name, help_ = _FIELDS[kind]
    return FieldForm(
        text=kind.value,
        name=gettext(name, lang=lang),
        value=without_controls("\n".join(_held(kind, document, vocabulary=vocabulary, lang=lang))),
        help=gettext(help_, lang=lang),
        is_long=kind in _LONG,
    )


def _held(kind: CorrectionKind, document: Document, *, vocabulary: Vocabulary, lang: str) -> Sequence[str]:
    match kind:
        case CorrectionKind.TITLE:
            return (document.title,)
        case CorrectionKind.AUTHORS:
            return document.authors
        case CorrectionKind.DATE:
            return (document.published,)
    return [vocabulary.label(each.facet, each.concept, lang) for each in document.tags_of(Facet.COUNTRY) if each.about]


def _line(correction: Correction, *, counts: bool, vocabulary: Vocabulary, lang: str) -> CorrectionLine:
    return CorrectionLine(
        words=gettext(CORRECTED[correction.kind], lang=lang),
        what=without_controls(_what(correction, vocabulary=vocabulary, lang=lang)),
        person=correction.person,
        at=correction.at,
        reason=correction.reason,
        counts=counts,
        undo=f"/corrections/{correction.id}/undo",
    )


def _what(correction: Correction, *, vocabulary: Vocabulary, lang: str) -> str:
    if correction.facet is None:
        values = correction.values
        if correction.kind is CorrectionKind.COUNTRY:
            values = tuple(vocabulary.label(Facet.COUNTRY, each, lang) for each in values)
        return "; ".join(values) or gettext(NOTHING, lang=lang)
    label = vocabulary.label(correction.facet, correction.concept, lang)
    name = f"{label} ({facet_title(correction.facet, lang=lang)})"
    is_mention = correction.kind is not CorrectionKind.REJECT and not correction.about
    return f"{name}, {gettext(MENTION, lang=lang)}" if is_mention else name
