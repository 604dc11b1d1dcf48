"""Choose each field's value from everything that was offered for it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from corpus.languages import code_of
from corpus.metadata.agreement import words_of
from corpus.metadata.authors import authors_of
from corpus.metadata.dates import parse_date
from corpus.metadata.identifiers import licence_of, open_licence_of, plain_doi, valid_isbn, valid_issn
from corpus.metadata.organisations import is_office, is_organisation, is_state
from corpus.metadata.ranking import is_junk_author, is_junk_title, is_said_on, rank, ranked, title_of_file_name
from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence, FieldEvidence
from corpus.vocabulary import load_vocabulary
from nlp.language import UNDETERMINED, language_of
from nlp.metadata.capitals import in_usual_letters
from nlp.metadata.types import type_of
from nlp.reading.never_titles import without_series
from nlp.spellings import Spellings

_TITLE_CHARACTERS_MAX = 500
_ABSTRACT_CHARACTERS = (40, 5_000)
_AUTHORS_MAX = 50
_ADDRESS = re.compile(r"https?://\S*|localhost(:\d+)?|[\d.]+(:\d+)?|[\w.-]+:\d+")
"""Where a site answers, which readers of HTML take for its name."""
_SITE = re.compile(r" (?:[|–—·•»«›‹>~/-]|::?) | ?[|»›] |(?<=\w): ")
"""Between a title and the name of the site that it stands on."""
_PARTS_OF_SITE = re.compile(
    r"(?:publications?|publicaciones|publica[cç][oõ]es|reports?|informes?|rapports?|documents?|documentos|resources?|recursos|ressources|library"
    r"|biblioteca|biblioth[eè]que|news|noticias|actualit[eé]s|not[ií]cias|home|inicio|accueil|in[ií]cio|research|blog)",
    re.IGNORECASE,
)
"""What stands between title and site (`Waste pickers | Publications | A Lab`)."""
_PARTS_OF_TITLE = re.compile(r": | [-–—|(] ?|[()]")
_YEAR = re.compile(r"(?<![\d-])(?:19|20)\d\d(?![\d-])")
_ALIKE = 90
_CUT_OFF = re.compile(
    r"\b(?:of|the|and|for|on|in|to|a|de|del|la|el|los|las|y|en|para|por|du|des|le|les|et|dans|sur|do|da|dos|das|em|no|na)$",
    re.IGNORECASE,
)
_PARTS_BESIDE_TITLE_MAX = 3
_TIME_OF_DAY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_FIRST_PAGES = Origin(OriginPlace.FILE, "text")
_OF_THE_FILE_ITSELF = ("xmp", "info", "text")
"""Parts of a file that speak for that file alone. What a page says in its HTML it may say of another one."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The values that a document gets; empty where nothing was offered."""

    title: str
    """Never empty: a file of which nobody says what it is called is called by its name."""
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
        url: of the file; its name stands in for a title.
        lang: ISO 639-1 of the text, `und` when it cannot be told.
        first_pages: texts of the first pages: what a file says its title is must stand there.
        spellings: of the document's words: names and abbreviations in a title in capitals; None: of its first pages.
        latest: ISO date; what was published later was not (a file that we have has been published).
    """
    lists = {name: ranked(values) for name, values in offers.items()}
    spellings = spellings or Spellings.of(first_pages)
    title = _choose_title(lists, url=url, lang=lang, first_pages=first_pages, spellings=spellings)
    _offer_year_of_title(lists, title=title)
    published = _choose_date(lists, lang=lang, latest=latest)
    _put_language_first(lists.get("abstract", []), lang=lang)
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
        licence=_choose(lists, "licence", lambda offer: open_licence_of(offer.value))
        or _choose(lists, "licence", lambda offer: licence_of(offer.value)),
        keywords=tuple(dict.fromkeys(offer.value for offer in lists.get("keyword", ())))[:30],
        evidence={name: tuple(values) for name, values in lists.items() if values},
    )


def _choose(lists: dict[str, list[Evidence]], name: str, reading: Callable[[Evidence], str]) -> str:
    """Return the first value that can be read, and put its offer first in the list."""
    offers = lists.get(name, [])
    for offer in offers:
        if value := reading(offer):
            _put_first(offers, offer)
            return value
    return ""


def _put_first(offers: list[Evidence], chosen: Evidence) -> None:
    offers.remove(chosen)
    offers.insert(0, chosen)


def _put_language_first(offers: list[Evidence], *, lang: str) -> None:
    """Move what is in the document's language before the rest, when the surest place speaks of it in another.

    A record often has the abstract in two or three languages, in any order. A text too short to tell stays where it is.
    """
    if lang != UNDETERMINED and offers and language_of([offers[0].value]) not in (lang, UNDETERMINED):
        offers.sort(key=lambda offer: language_of([offer.value]) != lang)


def _choose_title(
    lists: dict[str, list[Evidence]], *, url: str, lang: str, first_pages: Sequence[str], spellings: Spellings
) -> str:
    offers = lists.setdefault("title", [])
    good = [offer for offer in offers if not is_junk_title(offer.value)]
    usable = [offer for offer in good if _is_credible(offer, first_pages)] or [
        offer for offer in good if _is_of_document(offer.value, spellings)
    ]
    usable.sort(
        key=lambda offer: (rank(offer), offer.origin.is_file_property and not _stands_on(offer.value, first_pages))
    )
    if _is_page_of_another_language(lists, lang=lang):
        # The landing page describes the publication, this file is its translation: what the file says comes first.
        usable.sort(key=lambda offer: (not _is_on_this_file(offer), rank(offer)))
    usable = _whole_before_part(usable, first_pages=first_pages)
    if not usable:
        name = Evidence(title_of_file_name(url), Origin(OriginPlace.NAME))
        lists["title"] = [name, *(offer for offer in offers if offer.origin != name.origin)]
        return name.value
    same_place = [offer for offer in usable if offer.origin == usable[0].origin]
    _put_language_first(same_place, lang=lang)
    chosen = _in_small_letters(same_place[0], usable)
    _put_first(offers, chosen)
    value = without_series(chosen.value) if chosen.origin.is_file_property else chosen.value
    title = _without_site(value, [offer.value for offer in offers], lists.get("publisher", []))
    return in_usual_letters(title, spellings=spellings)[:_TITLE_CHARACTERS_MAX]


def _whole_before_part(usable: list[Evidence], *, first_pages: Sequence[str]) -> list[Evidence]:
    """Put the title that stands on the first pages before that of the file's properties where these have it only in part.

    Typists leave the first line of a title there, or another wording (`EU-LFS notes`).
    """
    best = next(iter(usable), None)
    if best is None or not best.origin.is_file_property:
        return usable
    text = next((offer for offer in usable if offer.origin == _FIRST_PAGES), None)
    if text is None:
        return usable
    said, seen = words_of(without_series(best.value)), words_of(text.value)
    is_part = len(said) < len(seen) and any(
        seen[at : at + len(said)] == said for at in range(len(seen) - len(said) + 1)
    )
    is_cut_off = bool(_CUT_OFF.search(best.value))
    if not is_cut_off and len(said) >= 4 and fuzz.partial_ratio(" ".join(said), " ".join(seen)) > _ALIKE:
        return usable  # the letters of the page are told badly
    if (is_part and len(said) < 4) or is_cut_off or not _stands_on(best.value, first_pages):
        return [text, *(offer for offer in usable if offer is not text)]
    return usable


def _stands_on(title: str, first_pages: Sequence[str]) -> bool:
    """Say whether each part of a title stands on the first pages, its words in their order."""
    pages = " " + " ".join(word for page in first_pages for word in words_of(page)) + " "
    parts = [" ".join(words_of(part)) for part in _PARTS_OF_TITLE.split(without_series(title))]
    return all(f" {part} " in pages for part in parts if part)


def _is_on_this_file(offer: Evidence) -> bool:
    """Say whether a place speaks of this file alone, and not of all files of a publication."""
    place = offer.origin.place
    is_own = place is OriginPlace.FILE and offer.origin.part in _OF_THE_FILE_ITSELF
    return is_own or place in (OriginPlace.LINK, OriginPlace.SIDECAR)


def _in_small_letters(chosen: Evidence, offers: Sequence[Evidence]) -> Evidence:
    """Return a title that is written in capitals as another place writes it with small letters, when one does."""
    if not chosen.value.isupper():
        return chosen
    words = words_of(chosen.value)
    others = (offer for offer in offers if not offer.value.isupper() and words_of(offer.value) == words)
    return next(others, chosen)


def _is_credible(offer: Evidence, first_pages: Sequence[str]) -> bool:
    """Say whether a file's own title is that of this publication, not of the file that was used as a model."""
    if not offer.origin.is_file_property or not any(page.strip() for page in first_pages):
        return True
    return len(offer.value.split()) > 1 and is_said_on(offer.value, first_pages)


def _is_of_document(title: str, spellings: Spellings) -> bool:
    """Say whether a title that no first page has (the cover is a picture) is made of the document's own words."""
    words = [word for word in words_of(title) if len(word) > 3 and word.isalpha()]
    return len(words) >= 4 and sum(spellings.has(word) for word in words) >= 0.9 * len(words)


def _is_page_of_another_language(lists: Mapping[str, list[Evidence]], *, lang: str) -> bool:
    """Say whether landing page and record say that they describe a text in other languages than this file's."""
    said = {
        code_of(each.value)
        for each in lists.get("lang", ())
        if each.origin.place in (OriginPlace.LANDING, OriginPlace.RECORD)
    }
    said.discard("")
    return lang != UNDETERMINED and bool(said) and lang not in said


def _without_site(title: str, others: Sequence[str], publishers: Sequence[Evidence]) -> str:
    """Return a title without the name of the site behind or before it (`Waste pickers in Accra | WIEGO`)."""
    sites = {plain for offer in publishers if (plain := _plain(offer.value))}
    titles = {_plain(other) for other in others}
    title = " ".join(title.split())
    has_site = False
    for _ in range(_PARTS_BESIDE_TITLE_MAX):
        found = list(_SITE.finditer(title))
        if not found:
            break
        head, tail = title[: found[-1].start()].strip(), title[found[-1].end() :].strip()
        first, rest = title[: found[0].start()].strip(), title[found[0].end() :].strip()
        if _plain(tail) in sites or _plain(head) in titles or (has_site and _PARTS_OF_SITE.fullmatch(tail)):
            kept, has_site = head, True
        elif _plain(first) in sites:
            kept, has_site = rest, True
        else:
            break
        if is_junk_title(kept):
            break
        title = kept
    return title


def _plain(text: str) -> str:
    return " ".join(words_of(text))


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

    What stands on the page is surer than when the file was made, which is often years after. What a catalogue dates to the
    second, or calls the day since when it is available, is when somebody entered it: its day of publication comes first.
    """
    place, part = offer.origin.place, offer.origin.part
    is_entry = place is OriginPlace.SITEMAP or part.endswith(("available", "online_date"))
    is_moment = bool(_TIME_OF_DAY.search(offer.value)) or is_entry
    return offer.origin.is_file_property, place is OriginPlace.FILE, is_moment, rank(offer)


def _choose_publisher(lists: dict[str, list[Evidence]], *, organisations: Sequence[str]) -> str:
    """Return the publisher; where only a state is named, or nobody, the organisation that is named among the authors."""
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
    good = [offer for offer in offers if not is_junk_author(offer.value) and not _is_somebody_else(offer, first_pages)]
    if not good:
        return (), ()
    best = [offer for offer in good if offer.origin == good[0].origin]
    if good[0].origin.is_file_property:
        best = [offer for offer in good if offer.origin == _FIRST_PAGES] or best
    lists["author"] = best + [offer for offer in offers if offer not in best]
    each_once: dict[str, str] = {}
    names = (name for offer in best for name in authors_of(offer) if not is_junk_author(name))
    for name in names if good[0].origin != _FIRST_PAGES else itertools.filterfalse(_is_place, names):
        each_once.setdefault(name.casefold(), name)
    organisations = tuple(name for name in each_once.values() if is_organisation(name))
    people = tuple(name for name in each_once.values() if name not in organisations)
    if good[0].origin.is_file_property:
        return people[:_AUTHORS_MAX], organisations  # whose program or whose house it is, not who wrote
    return (people or organisations)[:_AUTHORS_MAX], organisations


def _is_somebody_else(offer: Evidence, first_pages: Sequence[str]) -> bool:
    """Say whether the file's properties name whoever typed or saved it: then no first page names them."""
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
