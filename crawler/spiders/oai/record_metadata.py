"""What a record says of a publication, whatever its format: values by field, and identifiers told apart by what they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urldefrag, urlsplit

from corpus.languages import two_letters
from corpus.metadata.identifiers import plain_doi, valid_isbn, valid_issn
from corpus.origins import Origin, OriginPlace
from corpus.reasons import Skip, SkipKind
from corpus.types import Evidence, FieldEvidence
from crawler.net.addresses import site_of
from crawler.pages.html_parts import plain_text
from crawler.pages.landing_metadata import VALUE_CHARACTERS_MAX
from crawler.pages.links import file_kind, name_of_file
from crawler.pages.publication_files import not_the_publication


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
    """A citation, a publisher's own number, the name of a series."""


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
_REMARK = r"(?:\s*\([^)]*\))?"
# Without its name, only a number that cannot be anything else: institutions count their reports with ten digits, too.
_ISBN = re.compile(
    rf"(?:urn:)?(?:e-?)?isbn(?:[- ]*1[03])?{_REMARK}[:\s]*(?P<named>[\dXx][\dXx\s-]{{8,20}}){_REMARK}"
    r"|(?P<bare>97[89][\d -]{10,14}|(?=(?:\d+-){3}[\dXx]$)\d[\d-]{10,12}-[\dXx])",
    re.IGNORECASE,
)
_ISSN = re.compile(
    rf"(?:urn:)?[ep]?-?issn(?:-l)?{_REMARK}[:\s]*(?P<named>\d{{4}}-?\d{{3}}[\dXx]){_REMARK}|(?P<bare>\d{{4}}-\d{{3}}[\dXx])",
    re.IGNORECASE,
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
    if (found := _ISSN.fullmatch(plain)) and (issn := valid_issn(found["named"] or found["bare"])):
        return Identifier(IdentifierKind.ISSN, issn)
    if (found := _ISBN.fullmatch(plain)) and (isbn := valid_isbn(found["named"] or found["bare"])):
        return Identifier(IdentifierKind.ISBN, isbn)
    return Identifier(IdentifierKind.TEXT, text)


VALUES_MAX = 100
"""Most values of one field of one record."""


@dataclass(frozen=True, slots=True)
class OaiFile:
    """A file that a record names."""

    url: str
    """Absolute."""
    kinds: tuple[str, ...] = ()
    """`("pdf",)` when the record promises a PDF; empty: it can be a PDF or a web page."""
    lang: str = ""
    """ISO 639-1; empty: the record does not say."""
    words: str = ""
    """What the record calls it."""


@dataclass(frozen=True, slots=True)
class RecordMetadata:
    """What a record says of its publication."""

    evidence: FieldEvidence = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    """What the record calls the kind of publication, small letters, without the words of vocabularies around it."""
    page: str = ""
    """Address of the page that describes it; empty: the record names none."""
    files: tuple[OaiFile, ...] = ()
    """Texts of the publication, each address once."""
    skipped: Mapping[Skip, int] = field(default_factory=dict)
    """Files that are not the publication, by rule."""


class MetadataCollector:
    """Gathers what a record says, in the order in which it says it. Mutable; `done` makes RecordMetadata of it."""

    def __init__(self, format_: str, *, base: str, languages: tuple[str, ...]) -> None:
        self._origin = Origin(OriginPlace.RECORD, format_)
        self._site = _site(base)
        self._languages = languages
        self._values: dict[str, list[tuple[str, str]]] = {}
        self._pages: list[tuple[int, str]] = []
        self._files: dict[str, OaiFile] = {}
        self._elsewhere: list[str] = []
        self._skipped: Counter[Skip] = Counter()

    def say(self, name: str, value: str | None, *, lang: str = "") -> None:
        """Take a value of a field. Empty ones say nothing; markup in them is none of the value."""
        given = self._values.setdefault(name, [])
        if value and len(given) < VALUES_MAX and (text := plain_text(value)[:VALUE_CHARACTERS_MAX]):
            given.append((text, lang))

    def offer_file(self, url: str, *, kinds: tuple[str, ...] = (), lang: str = "", words: str = "") -> None:
        """Take a file that the record names as a text; `words` are what it calls it."""
        self._files.setdefault(url, OaiFile(url=url, kinds=kinds, lang=lang, words=words))

    def leave(self, rule: Skip) -> None:
        """Count a file that is not the publication."""
        self._skipped[rule] += 1

    def identify(self, value: str | None, *, is_own: bool = True) -> Identifier | None:
        """Take an identifier, and return what it is: an address leads somewhere, a number becomes evidence.

        Args:
            is_own: whether it is the publication's own. Files and pages of what is only related count when they are on the
                repository's own site, for repositories that name them so (EPrints, OJS).
        """
        if not value or not value.strip():
            return None
        last = None
        for last in named(value):
            self._take(last, is_own=is_own)
        return last

    def _take(self, each: Identifier, *, is_own: bool) -> None:
        is_near = _site(each.value) == self._site
        match each.kind:
            case IdentifierKind.FILE if is_own or is_near:
                self.offer_file(each.value, kinds=each.kinds)
            case IdentifierKind.FILE:
                self._elsewhere.append(each.value)
            case IdentifierKind.PAGE if is_own:
                self._pages.append((0 if is_near else 1, each.value))
            case IdentifierKind.HANDLE if is_own:
                self._pages.append((2, each.value))
            case IdentifierKind.PAGE if is_near:
                self._pages.append((3, each.value))
            case IdentifierKind.DOI if is_own:
                self.say("doi", each.value)
                self._pages.append((4, f"https://doi.org/{each.value}"))
            case IdentifierKind.ISBN | IdentifierKind.ISSN if is_own:
                self.say(each.kind.value, each.value)
            case IdentifierKind.ISSN:
                self.say("issn", each.value)  # of the journal or series that it stands in
            case IdentifierKind.LICENCE:
                self.say("licence", each.value)
            case IdentifierKind.OTHER_FILE if each.rule is not None:
                self.leave(each.rule)

    def done(self) -> RecordMetadata:
        """Return what was gathered."""
        pages = [url for _, url in sorted(self._pages, key=lambda page: page[0])]
        sites = {_site(url) for url in pages}
        for url in self._elsewhere:
            if _site(url) in sites:
                self.offer_file(url, kinds=("pdf",))
            else:
                self.leave(Skip(SkipKind.FILE_OF_RELATED))
        title = " ".join(value for value, _ in self._values.get("title", ()))
        files = tuple(file for file in self._files.values() if self._is_text(file, title=title))
        own = next((two_letters(value) for value, _ in self._values.get("lang", ())), "")
        return RecordMetadata(
            evidence={
                name: tuple(Evidence(value=value, origin=self._origin) for value in self._ordered(given, own=own))
                for name, given in self._values.items()
                if given
            },
            kinds=tuple(dict.fromkeys(value.casefold() for value, _ in self._values.get("type", ()))),
            page=next((url for url in pages if url not in self._files), ""),
            files=files,
            skipped=dict(self._skipped),
        )

    def _is_text(self, file: OaiFile, *, title: str) -> bool:
        """Say whether a file is the publication, and count it when it is not."""
        rule = not_the_publication(f"{name_of_file(file.url)} {file.words}", title=title)
        if rule:
            self.leave(rule)
        return not rule

    def _ordered(self, given: Sequence[tuple[str, str]], *, own: str) -> tuple[str, ...]:
        """Return values, each once: in the language of the publication, of no said language, then as the source prefers."""
        if not any(lang for _, lang in given):
            return tuple(dict.fromkeys(value for value, _ in given))

        def place(value: tuple[str, str]) -> int:
            lang = two_letters(value[1])
            if lang and lang == own:
                return 0
            if not lang:
                return 1
            return 2 + self._languages.index(lang) if lang in self._languages else 2 + len(self._languages)

        return tuple(dict.fromkeys(value for value, _ in sorted(given, key=place)))


def _site(url: str) -> str:
    """Return the site of an address; empty when it has no host."""
    try:
        return site_of(url) if urlsplit(url).hostname else ""
    except ValueError:
        return ""
