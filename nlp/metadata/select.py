"""Choose each field's value from everything that was offered for it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from corpus.metadata.agreement import words_of
from corpus.metadata.authors import authors_of, without_addresses
from corpus.metadata.dates import parse_date
from corpus.metadata.identifiers import plain_doi, valid_isbn, valid_issn
from corpus.metadata.licences import licence_of, open_licence_of, says_reserved
from corpus.metadata.organisations import is_office, is_organisation, is_state
from corpus.metadata.ranking import is_junk_author, rank, ranked
from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence, FieldEvidence
from corpus.vocabulary import load_vocabulary
from nlp.metadata.ordering import put_first, put_language_first
from nlp.metadata.titles import choose_title
from nlp.metadata.types import type_of
from nlp.spellings import Spellings

_ABSTRACT_CHARACTERS = (40, 5_000)
_AUTHORS_MAX = 50
_ADDRESS = re.compile(r"https?://\S*|localhost(:\d+)?|[\d.]+(:\d+)?|[\w.-]+:\d+")
"""Where a site answers, which readers of HTML take for its name."""
_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?![\d-])")
_TIME_OF_DAY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_FIRST_PAGES = Origin(OriginPlace.FILE, "text")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The values that a document gets; empty where nothing was offered."""

    title: str
    """Never empty: a file without a title is named after its file name."""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    """ISO 8601, as exact as it is known."""
    abstract: str = ""
    type: str = "document"
    identifiers: Mapping[str, str] = field(default_factory=dict)
    licence: str = ""
    keywords: tuple[str, ...] = ()
    evidence: FieldEvidence = field(default_factory=dict)
    """All that was offered, the chosen first."""


def choose_metadata(
    offers: FieldEvidence,
    *,
    url: str,
    content_type: str,
    lang: str,
    first_pages: Sequence[str],
    latest: str,
    spellings: Spellings | None = None,
) -> Chosen:
    """Return the best value of each field. Touches nothing.

    Args:
        offers: from all copies and from the file itself, in any order of places.
        url: of the file; its name is in for a title.
        lang: ISO 639-1 of the text, `und` when it cannot be told.
        first_pages: texts of the first pages: what a file says its title is must be there.
        spellings: of the document's words: names and abbreviations in a title in capitals; None: of its first pages.
        latest: ISO date; what was published later was not (a file that we have has been published).
    """
    lists = {name: ranked(values) for name, values in offers.items()}
    spellings = spellings or Spellings.of(first_pages)
    title = choose_title(lists, url=url, lang=lang, first_pages=first_pages, spellings=spellings)
    _offer_year_of_title(lists, title=title)
    published = _choose_date(lists, lang=lang, latest=latest)
    put_language_first(lists.get("abstract", []), lang=lang)
    abstract = _choose(lists, "abstract", lambda offer: _abstract(offer, title=title))
    series = _choose(lists, "series", lambda offer: _tidy_series(offer.value))
    authors, organisations = _choose_authors(lists, first_pages=first_pages)
    identifiers = {
        "doi": _choose(lists, "doi", lambda offer: plain_doi(offer.value)),
        "isbn": _choose(lists, "isbn", lambda offer: valid_isbn(offer.value)),
        "issn": _choose(lists, "issn", lambda offer: valid_issn(offer.value)),
        "series": series,
    }
    return Chosen(
        title=title,
        authors=authors,
        publisher=_choose_publisher(lists, organisations=organisations),
        published=published,
        abstract=abstract,
        type=type_of(
            [offer.value for offer in lists.get("type", ()) if not _is_noise_type(offer, content_type)],
            series=[offer.value for offer in lists.get("series", ())],
            title=title,
            content_type=content_type,
        ),
        identifiers={name: value for name, value in identifiers.items() if value},
        licence=_choose_licence(lists),
        keywords=tuple(dict.fromkeys(offer.value for offer in lists.get("keyword", ())))[:30],
        evidence={name: tuple(values) for name, values in lists.items() if values},
    )


def _choose(lists: dict[str, list[Evidence]], name: str, reading: Callable[[Evidence], str]) -> str:
    """Return the first value that can be read, and put its offer first in the list."""
    offers = lists.get(name, [])
    for offer in offers:
        if value := reading(offer):
            put_first(offers, offer)
            return value
    return ""


def _choose_licence(lists: dict[str, list[Evidence]]) -> str:
    """Return the licence that the surest place names or refuses: one that reserves all rights is not outdone by a lesser place.

    Of two values of one rank, the one that reserves them counts: what is shown to strangers follows from it.
    """
    offers = lists.get("licence", [])
    reserved = {rank(offer) for offer in offers if says_reserved(offer.value)}

    def definite(offer: Evidence) -> str:
        if rank(offer) in reserved:
            return licence_of(offer.value) if says_reserved(offer.value) else ""
        return open_licence_of(offer.value)

    return _choose(lists, "licence", definite) or _choose(lists, "licence", lambda offer: licence_of(offer.value))


def _offer_year_of_title(lists: dict[str, list[Evidence]], *, title: str) -> None:
    """Offer the year that a file's own title names (`Labour Force Survey 2013`), where only the file's clock tells another."""
    dates, titles = lists.setdefault("date", []), lists.get("title", [])
    years = set(_YEAR.findall(title))
    if (
        len(years) == 1
        and titles
        and titles[0].origin.place is OriginPlace.FILE
        and all(each.origin.is_file_property for each in dates)
    ):
        dates.append(Evidence(years.pop(), _FIRST_PAGES))


def _choose_date(lists: dict[str, list[Evidence]], *, lang: str, latest: str) -> str:
    offers = lists.get("date", [])
    offers.sort(key=_place_of_date)

    def read(offer: Evidence) -> str:
        date = parse_date(offer.value, lang=lang)
        return date if date and date <= latest[: len(date)] else ""

    return _choose(lists, "date", read)


def _place_of_date(offer: Evidence) -> tuple[bool, bool, bool, int]:
    """Return how far down an offered date stands.

    What is on the page is surer than when the file was made, which is often years after. What a catalogue dates to the
    second, or calls the day since when it is available, is when someone entered it: its day of publication comes first.
    """
    place, part = offer.origin.place, offer.origin.part
    is_entry = place is OriginPlace.SITEMAP or part.endswith(("available", "online_date"))
    is_moment = bool(_TIME_OF_DAY.search(offer.value)) or is_entry
    return offer.origin.is_file_property, place is OriginPlace.FILE, is_moment, rank(offer)


def _choose_publisher(lists: dict[str, list[Evidence]], *, organisations: Sequence[str]) -> str:
    """Return the publisher; where only a state or nothing is named, the organisation that is named among the authors."""
    publisher = _choose(lists, "publisher", _publisher)
    of_file = (
        offer.value for offer in lists.get("author", ()) if offer.origin.is_file_property and is_office(offer.value)
    )
    other = next(iter(organisations), "") or next((name for name in of_file if " " in name), "")
    is_vague = is_state(publisher) and lists["publisher"][0].origin == _FIRST_PAGES if publisher else True
    return other if other and is_vague else publisher


def _publisher(offer: Evidence) -> str:
    return "" if _ADDRESS.fullmatch(offer.value.strip()) else offer.value


def _tidy_series(value: str) -> str:
    """Return a series and its number as people write them: repositories part them with a semicolon."""
    return re.sub(r"(?:(?<!\s)\s++)?;\s*", ", ", " ".join(value.split())).strip(" ,.")


def _abstract(offer: Evidence, *, title: str) -> str:
    text = " ".join(offer.value.split())
    is_long_enough = len(text) >= _ABSTRACT_CHARACTERS[0] or offer.origin.place is OriginPlace.SIDECAR
    return text[: _ABSTRACT_CHARACTERS[1]] if is_long_enough and text.casefold() != title.casefold() else ""


def _choose_authors(
    lists: dict[str, list[Evidence]], *, first_pages: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the authors that the surest place names, in its order, and the organisations among them.

    Where it names people, the organisations beside them are their houses and no authors. Names of programs and machines are
    nobody's, and whoever saved the file is an author only when the first pages name them.
    """
    offers = lists.get("author", [])
    good = [
        offer
        for offer in offers
        if not is_junk_author(without_addresses(offer.value)) and not _is_somebody_else(offer, first_pages)
    ]
    if not good:
        return (), ()
    best = [offer for offer in good if offer.origin == good[0].origin]
    if good[0].origin.is_file_property:
        best = [offer for offer in good if offer.origin == _FIRST_PAGES] or best
    lists["author"] = best + [offer for offer in offers if offer not in best]
    each_once: dict[str, str] = {}
    names = (name for offer in best for name in authors_of(offer) if not is_junk_author(name))
    for name in names if best[0].origin != _FIRST_PAGES else itertools.filterfalse(_is_place, names):
        each_once.setdefault(name.casefold(), name)
    organisations = tuple(name for name in each_once.values() if is_organisation(name))
    people = tuple(name for name in each_once.values() if name not in organisations)
    if good[0].origin.is_file_property:
        return people[:_AUTHORS_MAX], organisations  # whose program or whose house it is, not who wrote
    return (people or organisations)[:_AUTHORS_MAX], organisations


def _is_somebody_else(offer: Evidence, first_pages: Sequence[str]) -> bool:
    """Say whether the file's properties name the person who typed or saved it: then no first page names them."""
    if not offer.origin.is_file_property or not any(page.strip() for page in first_pages):
        return False
    pages = {word for page in first_pages for word in words_of(page)}
    return not all(set(words_of(name)) <= pages for name in authors_of(offer))


def _is_place(name: str) -> bool:
    """Say whether what was taken for a person on a first page is a country (`Sierra Leone`)."""
    return bool(load_vocabulary().places(name))


def _is_noise_type(offer: Evidence, content_type: str) -> bool:
    """Say whether a type says something of the web page and nothing of the PDF that it offers."""
    is_page = content_type in ("text/html", "application/xhtml+xml")
    is_open_graph = offer.origin.place is OriginPlace.LANDING and offer.origin.part.startswith("og")
    return is_open_graph and (not is_page or offer.value.lower() in ("website", "object"))
