"""Where the places that describe a document contradict each other, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from corpus.metadata.agreement import (
    are_one_abstract,
    are_one_date,
    are_one_isbn,
    are_one_licence,
    are_one_organisation,
    are_one_series,
    are_one_title,
    is_one_list_of_authors,
    without_last_part,
)
from corpus.metadata.authors import authors_of
from corpus.metadata.dates import parse_date
from corpus.metadata.identifiers import plain_doi, valid_isbn, valid_issn
from corpus.metadata.licences import licence_of
from corpus.metadata.ranking import is_junk_author, is_junk_title
from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence, FieldEvidence

_WINDOW_TITLE, _HTML = Origin(OriginPlace.LANDING, "title"), Origin(OriginPlace.FILE, "html")
_FIRST_PAGES = Origin(OriginPlace.FILE, "text")
_SITE_NAME = Origin(OriginPlace.LANDING, "site-name")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One field of which two places say what cannot both be right."""

    field: str
    """One of COMPARED_FIELDS."""
    chosen: Evidence
    """What the document shows. Of authors the value joins all names with semicolons."""
    others: tuple[Evidence, ...]
    """What other places say instead, each place once with the first of its values; never empty."""


@dataclass(frozen=True, slots=True)
class _Comparison:
    """How the values of one field are read and held against each other."""

    read: Callable[[Evidence], str]
    """Returns the value to compare; empty when the place says nothing of the field with it."""
    agree: Callable[[str, str], bool]
    alternatives: bool = False
    """Whether several values from one place may all be right (a title and its translation, ISBNs of print and PDF);
    then a place that has any of them agrees."""


def _says_title(offer: Evidence) -> str:
    # A link's words and a file's name lead to the document; they do not claim to be its title.
    is_claim = offer.origin.place not in (OriginPlace.LINK, OriginPlace.NAME, OriginPlace.LISTING)
    # The last part of a page's <title> is the name of the site more often than not.
    value = without_last_part(offer.value) if offer.origin == _WINDOW_TITLE else offer.value
    return value if is_claim and not is_junk_title(value) else ""


def _says_publisher(offer: Evidence) -> str:
    # What a reader of HTML takes for the name of the site is often its address, and a site need not be the publisher.
    # Offices and people on first pages are a guess.
    return "" if offer.origin in (_HTML, _SITE_NAME, _FIRST_PAGES) else offer.value


def _says_date(offer: Evidence) -> str:
    # A file's own date is when the file was made.
    return "" if offer.origin.is_file_property or offer.origin.place is OriginPlace.SITEMAP else parse_date(offer.value)


def _says_abstract(offer: Evidence) -> str:
    # A description for search engines or in the properties of a file is often that of the site, or of a template.
    place, part = offer.origin.place, offer.origin.part
    is_claim = place is not OriginPlace.FILE and not (place is OriginPlace.LANDING and part.startswith(("meta", "og")))
    return offer.value if is_claim else ""


_COMPARISONS: Mapping[str, _Comparison] = {
    "title": _Comparison(_says_title, are_one_title, alternatives=True),
    "publisher": _Comparison(_says_publisher, are_one_organisation, alternatives=True),
    "date": _Comparison(_says_date, are_one_date),
    "series": _Comparison(lambda offer: offer.value, are_one_series, alternatives=True),
    "doi": _Comparison(lambda offer: plain_doi(offer.value), str.__eq__, alternatives=True),
    "isbn": _Comparison(lambda offer: valid_isbn(offer.value), are_one_isbn, alternatives=True),
    "issn": _Comparison(lambda offer: valid_issn(offer.value), str.__eq__, alternatives=True),
    "abstract": _Comparison(_says_abstract, are_one_abstract, alternatives=True),
    "licence": _Comparison(lambda offer: licence_of(offer.value), are_one_licence, alternatives=True),
}
COMPARED_FIELDS = ("title", "author", *(name for name in _COMPARISONS if name != "title"))
"""In the order in which disagreements are returned."""


def disagreements(evidence: FieldEvidence) -> tuple[Disagreement, ...]:
    """Return the fields of which places really say different things; empty when all agree. Touches nothing.

    Spelling is no difference: case, accents, punctuation, the name of a site behind a title, a subtitle left out, a date
    that is less exact, a name with initials, an abbreviated organisation, a text in another language.

    Args:
        evidence: of a document (`Document.evidence`): of each field the chosen value first.
    """
    found = []
    for name in COMPARED_FIELDS:
        offers = evidence.get(name, ())
        if offers and offers[0].origin.place is not OriginPlace.PERSON:  # who corrected it has decided between them
            disagreement = _of_authors(offers) if name == "author" else _of_field(name, offers)
            found += [disagreement] if disagreement else []
    return tuple(found)


def _of_field(name: str, offers: Sequence[Evidence]) -> Disagreement | None:
    comparison = _COMPARISONS[name]
    chosen = offers[0]
    right = _values(comparison, [each for each in offers if each.origin == chosen.origin])
    # A value that was chosen for want of a better one (a file's name) is contradicted by nobody.
    if not (text := comparison.read(chosen)):
        return None
    if not comparison.alternatives:
        right = [text]
    others = []
    for origin in dict.fromkeys(each.origin for each in offers):
        of_place = [each for each in offers if each.origin == origin and comparison.read(each)]
        if origin == chosen.origin or not of_place:
            continue
        if not any(comparison.agree(mine, theirs) for mine in right for theirs in _values(comparison, of_place)):
            others.append(of_place[0])
    return Disagreement(name, chosen, tuple(others)) if others else None


def _values(comparison: _Comparison, offers: Sequence[Evidence]) -> list[str]:
    return [value for each in offers if (value := comparison.read(each))]


def _of_authors(offers: Sequence[Evidence]) -> Disagreement | None:
    by_place: dict[Origin, list[str]] = {}
    for offer in offers:
        if not is_junk_author(offer.value) and (offer.origin != _FIRST_PAGES or offer is offers[0]):
            by_place.setdefault(offer.origin, []).extend(authors_of(offer))
    chosen_at = offers[0].origin
    chosen = by_place.pop(chosen_at, [])
    others = tuple(
        Evidence("; ".join(names), origin)
        for origin, names in by_place.items()
        if chosen and not is_one_list_of_authors(chosen, names)
    )
    return Disagreement("author", Evidence("; ".join(chosen), chosen_at), others) if others else None
