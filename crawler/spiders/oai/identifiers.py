"""What an identifier of a record is: an address of a page, of a file, a DOI, a handle, a number, or a text to be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urldefrag, urlsplit

from corpus.metadata.identifiers import plain_doi, valid_isbn, valid_issn
from corpus.reasons import Skip, SkipKind
from crawler.pages.links import file_kind


class IdentifierKind(StrEnum):
    """What an identifier names."""

    FILE = "file"
    """A PDF, or what a repository sends for download."""
    OTHER_FILE = "other file"
    """A file that is no text: a picture, a spreadsheet."""
    PAGE = "page"
    HANDLE = "handle"
    DOI = "doi"
    ISBN = "isbn"
    ISSN = "issn"
    LICENCE = "licence"
    NOWHERE = "nowhere"
    """An address that leads to no publication: a person, a vocabulary, the front page of a site."""
    TEXT = "text"
    """A citation, a number of the house, the name of a series."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier, told what it is."""

    kind: IdentifierKind
    value: str
    """An absolute address, or the number in its plain form, or the text."""
    kinds: tuple[str, ...] = ()
    """Of a file: `("pdf",)` when its address promises one."""
    rule: Skip | None = None
    """Of another file: by which rule it is left out."""


_LICENCES = re.compile(
    r"https?://(?:[\w-]+\.)*(?:creativecommons\.org|opensource\.org|rightsstatements\.org|gnu\.org/licenses|opendatacommons\.org)"
    r"(?:[/?#]|$)",
    re.IGNORECASE,
)
_NOWHERE = re.compile(
    r"https?://(?:www\.)?(?:orcid\.org|isni\.org|viaf\.org|id\.loc\.gov|wikidata\.org|d-nb\.info/gnd|purl\.org/(?:coar|dc|eprint)|"
    r"vocabular(?:y|ies)\.|w3\.org|schema\.org|zenodo\.org/communities|ror\.org|dewey\.info)",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?:hdl:|info:hdl/|urn:hdl:|https?://hdl\.handle\.net/|info:eu-repo/semantics/altidentifier/hdl/)(\d[\w.]*/\S+)",
    re.I,
)
_DOI = re.compile(
    r"(?:doi:?\s*|info:doi/|info:eu-repo/semantics/altidentifier/doi/|https?://(?:www\.|dx\.)?doi\.org/(?:doi:)?)?(10\.\d{4,9}/\S+)",
    re.IGNORECASE,
)
_ISBN = re.compile(
    r"(?:urn:)?(?:e-?)?isbn(?:[- ]*1[03])?(?:\s*\([^)]*\))?[:\s]*([\dXx][\dXx\s-]{8,20})(?:\s*\([^)]*\))?",
    re.IGNORECASE,
)
_ISSN = re.compile(
    r"(?:urn:)?[ep]?-?issn(?:-l)?(?:\s*\([^)]*\))?[:\s]*(\d{4}-?\d{3}[\dXx])(?:\s*\([^)]*\))?", re.IGNORECASE
)
_URN = re.compile(r"info:eu-repo/semantics/altidentifier/(?:isbn|issn|eissn|pissn|urn)/", re.IGNORECASE)
_DOWNLOAD = re.compile(
    r"/(?:bitstreams?|getfile|attachments?|download)/|/download(?:[?/]|$)|viewcontent\.cgi|[?&](?:file|download)=|/article/download/",
    re.IGNORECASE,
)


def named(value: str) -> Iterator[Identifier]:
    """Yield what a value of an identifier names; several addresses in one value are told apart."""
    text = value.strip().replace("&amp;", "&")  # some escape twice
    if re.match(r"https?://|www\.", text, re.IGNORECASE):
        # An address cannot hold a blank: what follows one is a second address, or words on the first.
        parts = [part for part in text.split() if re.match(r"https?://|www\.", part, re.IGNORECASE)]
        for part in parts:
            yield _address(part if part[:4].casefold() == "http" else f"http://{part}")
    else:
        yield _number(" ".join(text.split()))


def name_of_file(url: str) -> str:
    """Return the name of a file, as its address has it."""
    return unquote(urlsplit(url).path).rstrip("/").rpartition("/")[2]


def _address(url: str) -> Identifier:
    if _LICENCES.match(url):
        return Identifier(IdentifierKind.LICENCE, url)
    if found := _DOI.fullmatch(url):
        return Identifier(IdentifierKind.DOI, plain_doi(unquote(found[1])))
    if found := _HANDLE.fullmatch(url):
        return Identifier(IdentifierKind.HANDLE, url)
    try:
        address = urldefrag(url.rstrip(".,;>\"'")).url
        parts = urlsplit(address)
        is_front_page = not parts.hostname or (parts.path in ("", "/") and not parts.query)
    except ValueError:
        return Identifier(IdentifierKind.TEXT, url)
    if is_front_page or _NOWHERE.match(address):
        return Identifier(IdentifierKind.NOWHERE, address)
    return _file(address) or Identifier(IdentifierKind.PAGE, address)


def _file(address: str) -> Identifier | None:
    """Return the file that an address promises; None when it promises a page."""
    kind = file_kind(address)
    if kind == "pdf":
        return Identifier(IdentifierKind.FILE, address, kinds=("pdf",))
    if kind:
        return Identifier(IdentifierKind.OTHER_FILE, address, rule=Skip(SkipKind.IGNORED_KIND, kind))
    return Identifier(IdentifierKind.FILE, address) if _DOWNLOAD.search(address) else None


def _number(text: str) -> Identifier:
    if found := _DOI.fullmatch(text):
        return Identifier(IdentifierKind.DOI, plain_doi(found[1]))
    if found := _HANDLE.fullmatch(text):
        return Identifier(IdentifierKind.HANDLE, f"https://hdl.handle.net/{found[1]}")
    plain = _URN.sub("", text)
    if (found := _ISSN.fullmatch(plain)) and (issn := valid_issn(found[1])):
        return Identifier(IdentifierKind.ISSN, issn)
    if re.fullmatch(r"\d{4}-\d{3}[\dXx]", plain) and (issn := valid_issn(plain)):
        return Identifier(IdentifierKind.ISSN, issn)
    if (found := _ISBN.fullmatch(plain)) and (isbn := valid_isbn(found[1])):
        return Identifier(IdentifierKind.ISBN, isbn)
    # Without its name, only a number that cannot be anything else: a house counts its reports with ten digits, too.
    if re.fullmatch(r"97[89][\d -]{10,14}", plain) and (isbn := valid_isbn(plain)):
        return Identifier(IdentifierKind.ISBN, isbn)
    if re.fullmatch(r"\d[\d-]{10,12}-[\dXx]", plain) and plain.count("-") == 3 and (isbn := valid_isbn(plain)):
        return Identifier(IdentifierKind.ISBN, isbn)
    return Identifier(IdentifierKind.TEXT, text)
