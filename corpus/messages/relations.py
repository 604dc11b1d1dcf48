"""What documents are to each other, why, and how sure that is, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel.numbers import format_percent

from corpus.languages import language_name
from corpus.messages.catalogue import Message, gettext, message
from corpus.works import Relation, RelationEvidence, RelationEvidenceKind, RelationKind

_KINDS: Mapping[RelationKind, Message] = {
    RelationKind.COPY: message("copy"),
    RelationKind.TRANSLATION: message("translation"),
    RelationKind.EDITION: message("other edition"),
    RelationKind.EXTRACT: message("extract"),
    RelationKind.PART: message("published together"),
}
_WHOLE: Message = message("the whole of which this is an extract")
_EVIDENCE: Mapping[RelationEvidenceKind, Message] = {
    RelationEvidenceKind.DECIDED: message("a person said so"),
    RelationEvidenceKind.SAME_BYTES: message("the files are the same, byte by byte"),
    RelationEvidenceKind.SAME_TEXT: message("{share} of the text is the same"),
    RelationEvidenceKind.CONTAINED: message("{share} of the extract is in the whole document"),
    RelationEvidenceKind.SAME_NUMBERS: message("{count:,} numbers are the same ({share})"),
    RelationEvidenceKind.OTHER_NUMBERS: message("the words agree, but not all numbers ({share})"),
    RelationEvidenceKind.OTHER_MARKERS: message("the same text with different dates, issues or versions"),
    RelationEvidenceKind.OTHER_WORDS: message("{share} of the words are in only one of them"),
    RelationEvidenceKind.SAME_IDENTIFIER: message("the same {name}: {value}"),
    RelationEvidenceKind.SAME_TITLE: message("the same title"),
    RelationEvidenceKind.SIMILAR_TITLE: message("nearly the same title"),
    RelationEvidenceKind.SAME_YEAR: message("the same year: {year}"),
    RelationEvidenceKind.SAME_PUBLISHER: message("the same publisher"),
    RelationEvidenceKind.SAME_LANDING_PAGE: message("one page of the publisher leads to both"),
    RelationEvidenceKind.SAME_LENGTH: message("a similar number of pages"),
    RelationEvidenceKind.OTHER_LANGUAGE: message("in two languages: {first} and {second}"),
    RelationEvidenceKind.OTHER_YEAR: message("another year: {first} and {second}"),
    RelationEvidenceKind.OTHER_EDITION: message("another edition: {first} and {second}"),
    RelationEvidenceKind.OTHER_ISSUE: message("another issue: {first} and {second}"),
}
_IDENTIFIERS = {"doi": "DOI", "isbn": "ISBN", "handle": "Handle"}
_NONE: Message = message("none is named")
_SERIES: Message = message("number in a series")
_DECIDED: Message = message("decided by a person")
_CONFIDENCE: tuple[tuple[float, Message], ...] = (
    (0.95, message("practically certain")),
    (0.8, message("very likely")),
    (0.65, message("likely")),
    (0.0, message("possible")),
)


def kind_in_words(relation: Relation, *, seen_from: str, lang: str = "en") -> str:
    """Return what the other document is to one: `copy`, `translation`; of an extract which of the two it is.

    Args:
        seen_from: id of the document that is looked at.
    """
    if relation.kind is RelationKind.EXTRACT and relation.second == seen_from:
        return gettext(_WHOLE, lang=lang)
    return gettext(_KINDS[relation.kind], lang=lang)


def evidence_in_words(evidence: RelationEvidence, *, lang: str = "en") -> str:
    """Return one piece of evidence in a few words, without a full stop."""
    if evidence.kind is RelationEvidenceKind.OTHER:
        return str(evidence.detail["text"])
    data: dict[str, Any] = dict(evidence.detail)
    if "share" in data:
        data["share"] = format_percent(data["share"], locale=lang)
    if evidence.kind is RelationEvidenceKind.SAME_IDENTIFIER:
        data["name"] = _IDENTIFIERS.get(data["name"]) or gettext(_SERIES, lang=lang)
    elif evidence.kind is RelationEvidenceKind.OTHER_LANGUAGE:
        data = {side: language_name(str(code), lang=lang) for side, code in data.items()}
    elif "first" in data:
        data = {side: value or gettext(_NONE, lang=lang) for side, value in data.items()}
    data.pop("person", None)
    return gettext(_EVIDENCE[evidence.kind], lang=lang, **data)


def confidence_in_words(relation: Relation, *, lang: str = "en") -> str:
    """Return how sure a relation is: `very likely`."""
    if any(each.kind is RelationEvidenceKind.DECIDED for each in relation.evidence):
        return gettext(_DECIDED, lang=lang)
    words = next(words for least, words in _CONFIDENCE if relation.confidence >= least)
    return gettext(words, lang=lang)
