"""What a document is compared by beside its text, and the keys by which documents that may be related find each other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from corpus.metadata.agreement import words_of
from corpus.metadata.identifiers import plain_doi, valid_isbn
from corpus.origins import OriginPlace
from corpus.store.regrouping import marks_from, marks_to_json
from corpus.store.relating import WorkProfile
from corpus.types import Document, Facet
from corpus.urls import canonical_url
from corpus.work_groups import Marks
from nlp.works.fingerprints import APART, BAND_ROWS, Fingerprint, pack, unpack
from nlp.works.numbers import weight
from nlp.works.text_differences import ComparedText, wording_of
from nlp.works.titles import marks_of_title
from nlp.zones import with_zones

PROFILE_VERSION = "5"
_KEY_TOP = 2**32 // 128
"""Of 128 shingles of a body one is a key."""
_NUMBER_KEYS = 16
_NUMBER_WEIGHT_MIN = 3
"""Of two numbers in a row: seven digits."""
_HANDLE = re.compile(r"(?:hdl\.handle\.net/|/handle/|\bhdl:)(\d+(?:\.\d+)*/[\w.-]+)")
_JOURNAL_DOI = re.compile(r"10\.\d+/\(?issn\)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Profile:
    """A document as it is compared."""

    document_id: str
    sha256: str
    title: tuple[str, ...]
    """Words without years, edition and issue."""
    is_stub: bool
    """Its title tells nothing: many are called so, or it is the name of the file."""
    publisher: str
    identifiers: tuple[tuple[str, str], ...]
    """(name, value): doi, isbn, handle, series."""
    landing: str
    """Source and key of its landing page; empty when it has none."""
    about: str
    """The country that it is about, by its tags; empty when none is primary."""
    marks: Marks
    printed: Fingerprint
    wording: Callable[[], ComparedText | None] = field(default=lambda: None, repr=False, compare=False)
    """Reads its whole text, which only what may be a copy needs; None: the text is not there (any more)."""


def profile_of(document: Document, printed: Fingerprint) -> Profile:
    """Return the profile of a document, with its text where it has its pages."""
    title = marks_of_title(document.title)
    named = document.evidence.get("title", ())
    is_file_name = bool(named) and named[0].origin.place is OriginPlace.NAME
    published = "" if document.is_dated_by_file else document.published[:4]
    about = next((tag.concept for tag in document.tags_of(Facet.COUNTRY) if tag.primary), "")
    return Profile(
        document_id=document.id,
        sha256=document.sha256,
        title=title.rest,
        is_stub=title.is_stub or is_file_name,
        publisher=document.publisher,
        identifiers=tuple(_identifiers(document)),
        landing=f"{document.source}\n{canonical_url(document.landing_url)}" if document.landing_url else "",
        about=about,
        marks=Marks(document.lang, title.years, published, title.edition, title.issue, title.places),
        printed=printed,
        wording=lambda: wording_of(with_zones(document.pages)) if document.pages else None,
    )


def _identifiers(document: Document) -> Iterator[tuple[str, str]]:
    """Yield what names the publication: not the DOI of a journal, nor what a series has without a number."""
    given = document.identifiers
    if (doi := plain_doi(given.get("doi", ""))) and not _JOURNAL_DOI.match(doi):
        yield "doi", doi
    if isbn := valid_isbn(given.get("isbn", "")):
        yield "isbn", isbn[-10:-1]
    for url in (document.landing_url, document.url, given.get("handle", "")):
        if found := _HANDLE.search(url):
            yield "handle", found[1].lower()
            break
    series = words_of(given.get("series", ""))
    if len(series) > 1 and any(word.isdigit() for word in series):
        yield "series", " ".join(word.lstrip("0") if word.isdigit() else word for word in series)


def stored_profile(profile: Profile, *, version: str, fingerprint_version: str) -> WorkProfile:
    """Return a profile as it is stored."""
    data = {
        "title": list(profile.title),
        "stub": profile.is_stub,
        "publisher": profile.publisher,
        "identifiers": [list(each) for each in profile.identifiers],
        "landing": profile.landing,
        "about": profile.about,
        "marks": marks_to_json(profile.marks),
    }
    printed = pack(profile.printed, sha256=profile.sha256, version=fingerprint_version)
    return WorkProfile(profile.document_id, version, data, printed)


def profile_from(stored: WorkProfile, *, wording: Callable[[str], ComparedText | None]) -> Profile:
    """Undo `stored_profile`.

    Args:
        wording: reads the text of bytes by their SHA-256.
    """
    data = stored.data
    return Profile(
        document_id=stored.document_id,
        sha256=stored.fingerprint.sha256,
        title=tuple(data["title"]),
        is_stub=data["stub"],
        publisher=data["publisher"],
        identifiers=tuple((name, value) for name, value in data["identifiers"]),
        landing=data["landing"],
        about=data["about"],
        marks=marks_from(data["marks"]),
        printed=unpack(stored.fingerprint),
        wording=lambda: wording(stored.fingerprint.sha256),
    )


def keys_of(profile: Profile) -> frozenset[int]:
    """Return the keys of a document; documents that share an odd one, or enough of the even ones, are compared.

    Even are those of single shingles: a sentence that many quote brings together what has nothing else in common.
    """
    printed = profile.printed
    named = [f"bytes {profile.sha256}", *(f"{name} {value}" for name, value in profile.identifiers)]
    if profile.landing:
        named.append(f"landing {profile.landing}")
    if not profile.is_stub:
        named.append("title " + " ".join(profile.title))
    named += [f"band {number} {rows}" for number, rows in enumerate(_bands(printed.signature))]
    named += [f"run {each}" for each in printed.runs]
    numbers = {_key(f"numbers {one} {other}") | 1 for one, other in _pairs(printed.numbers)}
    shingles = (each for each, segment in printed.sketch.items() if segment != APART and each < _KEY_TOP)
    return frozenset(
        (
            *(_key(each) | 1 for each in named),
            *sorted(numbers)[:_NUMBER_KEYS],
            *(_key(f"shingle {each}") & ~1 for each in shingles),
        )
    )


def _bands(signature: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    return (signature[at : at + BAND_ROWS] for at in range(0, len(signature), BAND_ROWS))


def _pairs(numbers: tuple[tuple[int, int], ...]) -> Iterator[tuple[int, int]]:
    """Yield numbers that follow each other on a page and tell enough together."""
    for (page, one), (same, other) in pairwise(numbers):
        if page == same and weight(one) + weight(other) >= _NUMBER_WEIGHT_MIN:
            yield one, other


def _key(text: str) -> int:
    """Return a signed number of 64 bits, as databases keep them."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), signed=True)
