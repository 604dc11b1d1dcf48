"""Choose a document's title from everything that was offered for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from corpus.languages import code_of
from corpus.metadata.agreement import words_of
from corpus.metadata.ranking import is_junk_title, is_said_on, rank, title_of_file_name
from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence
from nlp.language import UNDETERMINED
from nlp.metadata.capitals import in_usual_letters
from nlp.metadata.ordering import put_first, put_language_first
from nlp.reading.never_titles import without_series
from nlp.spellings import Spellings

_SITE = re.compile(r" (?:[|–—―·•⋅»«›‹←→>~/.-]|--|::?) | ?[|»›] |(?<=\w): ")
"""Between a title and the name of the site that it is on."""
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,10}", re.IGNORECASE)
_IN_BRACKETS = re.compile(r" \(([^()]+)\)$")
_BESIDE_NAME = re.compile(r"\s\([^()]{1,20}\)$|\.(?:org|com|net|info|int|edu)$", re.IGNORECASE)
_PARTS_OF_SITE = re.compile(
    r"(?:publications?|publicaciones|publica[cç][oõ]es|reports?|informes?|rapports?|documents?|documentos|resources?|recursos|ressources|library"
    r"|biblioteca|biblioth[eè]que|news|noticias|actualit[eé]s|not[ií]cias|home|inicio|accueil|in[ií]cio|research|blog)",
    re.IGNORECASE,
)
"""What is between title and site (`Waste pickers | Publications | A Lab`)."""
_CUT_OFF = re.compile(
    r"\b(?:of|the|and|for|on|in|to|a|de|del|la|el|los|las|y|en|para|por|du|des|le|les|et|dans|sur|do|da|dos|das|em|no|na)$",
    re.IGNORECASE,
)
_PARTS_OF_TITLE = re.compile(r":|(?<=\w) - | [-–—|(] ?|[()]")
_PARTS_BESIDE_TITLE_MAX = 3
_ALIKE = 90
_GLUED_SUBTITLE = re.compile(r"(?<=[^\W\d_]{3}):(?=[^\W\d_]{3})(?<!https:)(?<!http:)")
_OF_THE_FILE_ITSELF = ("xmp", "info", "text")
"""Parts of a file that indicate that file alone. What a page says in its HTML it may say of another one."""
_TITLE_CHARACTERS_MAX = 500
_FIRST_PAGES = Origin(OriginPlace.FILE, "text")


def choose_title(
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
    put_language_first(same_place, lang=lang)
    chosen = _in_small_letters(same_place[0], usable)
    put_first(offers, chosen)
    value = without_series(chosen.value) if chosen.origin.is_file_property else chosen.value
    title = _without_site(value, [offer.value for offer in offers], lists.get("publisher", []))
    return _GLUED_SUBTITLE.sub(": ", in_usual_letters(title, spellings=spellings))[:_TITLE_CHARACTERS_MAX]


def _whole_before_part(usable: list[Evidence], *, first_pages: Sequence[str]) -> list[Evidence]:
    """Put the title that is on the first pages before that of the file's properties where these have it only in part.

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
        return usable  # the letters of the page are read badly
    if (is_part and len(said) < 4) or is_cut_off or not _stands_on(best.value, first_pages):
        return [text, *(offer for offer in usable if offer is not text)]
    return usable


def _stands_on(title: str, first_pages: Sequence[str]) -> bool:
    """Say whether each part of a title is on the first pages, its words in their order."""
    pages = " " + " ".join(word for page in first_pages for word in words_of(page)) + " "
    parts = [" ".join(words_of(part)) for part in _PARTS_OF_TITLE.split(without_series(title))]
    return all(f" {part} " in pages for part in parts if part)


def _is_on_this_file(offer: Evidence) -> bool:
    """Say whether a place mentions this file alone, and not of all files of a publication."""
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
    sites = {plain for offer in publishers if (plain := _plain_site(offer.value))}
    titles = {_plain(other) for other in others}
    title = " ".join(title.split())
    has_site = False
    if (house := _IN_BRACKETS.search(title)) and _plain_site(house[1]) in sites:
        title = title[: house.start()]
    for _ in range(_PARTS_BESIDE_TITLE_MAX):
        found = list(_SITE.finditer(title))
        if not found:
            break
        head, tail = title[: found[-1].start()].strip(), title[found[-1].end() :].strip()
        first, rest = title[: found[0].start()].strip(), title[found[0].end() :].strip()
        beside = (tail, _between(title, found[-2:])) if _PARTS_OF_SITE.fullmatch(tail) else (tail,)
        if _plain_site(beside[-1]) in sites or _HOST.fullmatch(tail):
            kept, has_site = title[: found[-len(beside)].start()].strip(), True
        elif _plain(head) in titles or (has_site and _PARTS_OF_SITE.fullmatch(tail)):
            kept, has_site = head, True
        elif _plain_site(first) in sites or (has_site and _PARTS_OF_SITE.fullmatch(first)):
            kept, has_site = rest, True
        else:
            break
        if is_junk_title(kept):
            break
        title = kept
    return title


def _between(title: str, signs: Sequence[re.Match[str]]) -> str:
    """Return what is between two signs; empty when there are not two."""
    return title[signs[0].end() : signs[1].start()].strip() if len(signs) == 2 else ""


def _plain_site(name: str) -> str:
    """Return the words of a site's name without article, abbreviation in brackets and ending of its address."""
    return re.sub(r"^(?:the|el|la|le|les|los|las|o|a|os|as) ", "", _plain(_BESIDE_NAME.sub("", name)))


def _plain(text: str) -> str:
    return " ".join(words_of(text))
