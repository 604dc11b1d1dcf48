"""What people correct on one document, and a document as their corrections leave it.

A correction is kept beside the document and never in it: whatever is read or tagged again is corrected again when it is saved,
so a correction outlasts every later version. Of two corrections of the same tag or field the later one counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from corpus.origins import Origin, OriginPlace
from corpus.tag_rules import Rule, RuleKind
from corpus.text import clean
from corpus.types import Document, Evidence, Facet, FieldEvidence, Tag, TagEvidence, is_date


class CorrectionKind(StrEnum):
    """What is corrected. Stored by value."""

    ACCEPT = "accept"
    """The tag is right: it stays, also where later taggers no longer find it."""
    REJECT = "reject"
    """The tag is wrong: it goes, whatever later taggers find."""
    ADD = "add"
    """The tag was missing."""
    TITLE = "title"
    AUTHORS = "authors"
    DATE = "date"
    COUNTRY = "country"
    """Which countries the document is about, the primary one first; all others are mentioned at most."""

    @property
    def is_of_tag(self) -> bool:
        """Say whether it corrects one tag; else it corrects a field."""
        return self in _OF_TAGS


_OF_TAGS = frozenset({CorrectionKind.ACCEPT, CorrectionKind.REJECT, CorrectionKind.ADD})
_FIELD_OF: Mapping[CorrectionKind, str] = {
    CorrectionKind.TITLE: "title",
    CorrectionKind.AUTHORS: "author",
    CorrectionKind.DATE: "date",
    CorrectionKind.COUNTRY: "country",
}
"""Name of the corrected field in the evidence of a document."""

BY_PERSON = Origin(OriginPlace.PERSON)
ABOUT_WEIGHT, MENTION_WEIGHT = 0.5, 0.05
"""Of tags that only a person gave: they did not say how much of the document is about it."""
_EVIDENCE_MAX = 5


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's word on one tag or field of one document. It wins over all evidence until it is undone."""

    kind: CorrectionKind
    document: str
    """Id; the document may be gone, and the correction counts when it comes back."""
    person: str
    reason: str
    """In the person's own words; never empty."""
    at: datetime
    """UTC, aware."""
    facet: Facet | None = None
    """Of a tag; None of a field."""
    concept: str = ""
    """Id of the concept of a tag; empty of a field."""
    about: bool = True
    """Of a tag that is accepted or added: whether the document is about it (True) or mentions it. Of others without meaning."""
    values: tuple[str, ...] = ()
    """Of a field: one title; all authors in order; one date as ISO 8601, as exact as it is known; countries as ISO 3166-1 alpha-3,
    the primary first. Empty: there is none. Of a tag empty."""
    id: int = 0
    """0 before it is kept; a later correction has a higher one."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "person", clean(self.person))
        object.__setattr__(self, "reason", clean(self.reason))
        object.__setattr__(self, "values", tuple(map(clean, self.values)))
        if self.kind.is_of_tag is (self.facet is None or not self.concept):
            raise ValueError(f"a correction of a tag names facet and concept, and one of a field does not: {self}")
        if self.kind is CorrectionKind.TITLE and not (len(self.values) == 1 and self.values[0].strip()):
            raise ValueError("a title is one text that is not empty")
        if self.kind is CorrectionKind.DATE and not (len(self.values) < 2 and all(map(is_date, self.values))):
            raise ValueError(f"not a date: {self.values}")
        if self.at.tzinfo is None:
            raise ValueError("at must be aware (UTC)")

    @property
    def subject(self) -> str:
        """Return what it corrects: `group:street_vendors`, `title`."""
        return f"{self.facet}:{self.concept}" if self.facet else self.kind.value


def counting(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Return the corrections that count, in order: of each tag and field the last one.

    Args:
        corrections: of one document, oldest first.
    """
    last = {each.subject: each for each in corrections}
    return tuple(sorted(last.values(), key=lambda each: each.id))


def corrected(document: Document, corrections: Sequence[Correction]) -> Document:
    """Return a document as corrections leave it. Touches nothing; the same document where there are none.

    Args:
        document: as it was made, before any correction.
        corrections: on it, oldest first.
    """
    if not corrections:
        return document
    counted = counting(corrections)
    tags = {(tag.facet, tag.concept): tag for tag in document.tags}
    for each in counted:
        _correct_tags(tags, each)
    fields = {each.kind: each.values for each in counted if not each.kind.is_of_tag}
    return replace(
        document,
        title=fields.get(CorrectionKind.TITLE, (document.title,))[0],
        authors=fields.get(CorrectionKind.AUTHORS, document.authors),
        published="".join(fields.get(CorrectionKind.DATE, (document.published,))),
        evidence=_evidence(document.evidence, fields),
        tags=_in_order(tags.values(), document.tags, chosen="".join(fields.get(CorrectionKind.COUNTRY, ())[:1])),
    )


def _evidence(found: FieldEvidence, fields: Mapping[CorrectionKind, tuple[str, ...]]) -> FieldEvidence:
    """Return the evidence of fields with what a person said first; an empty value where they said that there is none."""
    evidence = dict(found)
    for kind, values in fields.items():
        message = tuple(Evidence(value, BY_PERSON) for value in values or ("",))
        evidence[_FIELD_OF[kind]] = (*message, *found.get(_FIELD_OF[kind], ()))
    return evidence


def _correct_tags(tags: dict[tuple[Facet, str], Tag], correction: Correction) -> None:
    if correction.kind is CorrectionKind.COUNTRY:
        _put_countries(tags, correction.values)
    elif correction.facet is not None:
        key = (correction.facet, correction.concept)
        found = tags.pop(key, None)
        if correction.kind is not CorrectionKind.REJECT:
            tags[key] = _said(found, *key, about=correction.about, kind=correction.kind)


def _put_countries(tags: dict[tuple[Facet, str], Tag], countries: Sequence[str]) -> None:
    """Let a document be about these countries and no others; those that were found stay as mentions."""
    for (facet, concept), tag in tuple(tags.items()):
        if facet is Facet.COUNTRY and concept not in countries:
            tags[facet, concept] = replace(tag, about=False, primary=False)
    for concept in countries:
        found = tags.get((Facet.COUNTRY, concept))
        kind = CorrectionKind.ACCEPT if found is not None else CorrectionKind.ADD
        tags[Facet.COUNTRY, concept] = _said(found, Facet.COUNTRY, concept, about=True, kind=kind)


def _said(found: Tag | None, facet: Facet, concept: str, *, about: bool, kind: CorrectionKind) -> Tag:
    """Return the tag that a person gave or confirmed; what was found for it stays as evidence."""
    rule = Rule(RuleKind.ADDED if kind is CorrectionKind.ADD else RuleKind.ACCEPTED, "")
    message = TagEvidence(page=0, sentence="", words="", rule=rule)
    if found is None:
        weight = ABOUT_WEIGHT if about else MENTION_WEIGHT
        # As if a catalogue named it, so that searches for the concept find the document.
        return Tag(facet, concept, weight, about, count=0, evidence=(message,), places=((0, 1),))
    others = tuple(each for each in found.evidence if each.rule.kind not in (RuleKind.ADDED, RuleKind.ACCEPTED))
    primary = found.primary and about
    return replace(found, about=about, primary=primary, evidence=(message, *others)[:_EVIDENCE_MAX])


def _in_order(tags: Iterable[Tag], before: Sequence[Tag], *, chosen: str) -> tuple[Tag, ...]:
    """Return tags by facet, most weight first, with one primary tag for each facet that is about something.

    It is the country that a person chose, else the one that was primary, else that with most weight.
    """
    was_primary = {(tag.facet, tag.concept) for tag in before if tag.primary}
    ordered: list[Tag] = []
    for facet in Facet:
        of_facet = sorted((tag for tag in tags if tag.facet is facet), key=lambda tag: (-tag.weight, tag.concept))
        about = [tag.concept for tag in of_facet if tag.about]
        wanted = [chosen] if facet is Facet.COUNTRY else []
        wanted += [concept for concept in about if (facet, concept) in was_primary]
        primary = next((concept for concept in (*wanted, *about) if concept in about), None)
        marked = [replace(tag, primary=tag.concept == primary) for tag in of_facet]
        ordered += sorted(marked, key=lambda tag: not tag.primary)
    return tuple(ordered)
