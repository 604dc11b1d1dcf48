"""What may be shown of someone else's document, decided here and nowhere else: docs/rights.md says it for people.

A server that answers on this machine alone shows everything. Any other follows the licence of the document, that of its
source, and what the source's file says: the whole, the text of the pages, or passages around the words that were found.

Passages come from the same half of each page whatever is requested: asking for each word in turn brings no more of it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urlsplit

from corpus.metadata.licences import LicenceKind, licence_kind, licence_kind_of_source
from corpus.settings import Settings
from corpus.types import LOCAL_SOURCE, Document, Evidence, Page, Tag, TagEvidence
from corpus.urls import is_web_address

STRETCH_CHARACTERS = 320
"""A page is cut into stretches of about this many characters, and passages come from every second one. A page of fewer than
four such stretches is cut into four."""
ABSTRACT_CHARACTERS = 1_000
"""Of an abstract, when only passages are shown."""
EVIDENCE_CHARACTERS = 120
"""Of a sentence that indicates a tag, around its words, when only passages are shown."""
EVIDENCE_OF_PAGE = 2
"""Such sentences of one page; of further ones their words are named."""
_WORD_CHARACTERS = 30
_LEFT_OUT = "\n…\n"


class Show(StrEnum):
    """How much of a document is shown."""

    FULL = "full"
    """The file, pictures of its pages, and their text."""
    TEXT = "text"
    """The text of its pages, whole."""
    SNIPPET = "snippet"
    """Passages around the words that were found, and what describes it."""


class Ground(StrEnum):
    """Why so much is shown."""

    THIS_MACHINE = "this_machine"
    """Nobody else is answered."""
    SETTING = "setting"
    """The settings say that licences are not followed."""
    OWN = "own"
    """A person added it here."""
    SAMPLE = "sample"
    """Written for Pushcart."""
    SOURCE_FILE = "source_file"
    """`show` in the file of its source."""
    LICENCE = "licence"
    """Its licence allows it, or does not allow more."""
    SOURCE_LICENCE = "source_licence"
    """The licence of its source does; of its own nothing is known."""
    COMMERCIAL = "commercial"
    """Its licence allows it without profit only, and the settings say that there is profit."""
    RESERVED = "reserved"
    """All rights are reserved."""
    UNKNOWN = "unknown"
    """Nobody says, in words that are understood, what is allowed."""
    UNDECLARED = "undeclared"
    """The source files cannot be read, so that their contents are unknown."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What may be shown of one document, and why."""

    show: Show
    ground: Ground
    licence: str = ""
    """The one that counts, in its short form where it has one; empty: none does."""
    publisher_link: str = ""
    """Where a person reads it at its publisher; an http(s) address, or empty."""

    @property
    def shows_text(self) -> bool:
        """Say whether the text of its pages is shown whole."""
        return self.show is not Show.SNIPPET

    @property
    def shows_file(self) -> bool:
        """Say whether its file and pictures of its pages may be returned."""
        return self.show is Show.FULL


@dataclass(frozen=True, slots=True)
class DeclaredRights:
    """What the file of a source says of its documents."""

    licence: str = ""
    show: Show | None = None


@dataclass(frozen=True, slots=True)
class DeclaredSources:
    """What source files say at a moment."""

    by_slug: Mapping[str, DeclaredRights] = field(default_factory=dict)
    is_readable: bool = True
    """False: a source file cannot be used, and its contents are unknown."""
    stamp: str = ""
    """Another one when any of them says something else."""


@dataclass(frozen=True, slots=True)
class RightsPolicy:
    """How this process decides. The same for every reader: what one is shown, any other is shown too."""

    follows: bool = False
    """False: everything is shown."""
    ground: Ground = Ground.THIS_MACHINE
    """Why everything is shown."""
    is_commercial: bool = False
    declared: Callable[[], DeclaredSources] = DeclaredSources
    """Gives what source files say now."""

    def now(self) -> RightsPolicy:
        """Return the policy with what source files say now: for many documents, they are looked at once."""
        if not self.follows:
            return self
        found = self.declared()
        return replace(self, declared=lambda: found)

    def of(self, document: Document) -> Rights:
        """Return what may be shown of a document; its pages are not looked at."""
        link = _publisher_link(document)
        if not self.follows:
            return Rights(Show.FULL, self.ground, document.licence, link)
        if document.source == LOCAL_SOURCE:
            return Rights(Show.FULL, Ground.OWN, document.licence, link)
        if document.is_sample:
            return Rights(Show.FULL, Ground.SAMPLE, document.licence, link)
        declared = self.declared()
        if not declared.is_readable:
            return Rights(Show.SNIPPET, Ground.UNDECLARED, document.licence, link)
        source = declared.by_slug.get(document.source, DeclaredRights())
        if source.show is not None:
            return Rights(source.show, Ground.SOURCE_FILE, document.licence or source.licence, link)
        show, ground, licence = self._by_licence(document.licence, source.licence)
        return Rights(show, ground, licence, link)

    @property
    def stamp(self) -> str:
        """Return what changes whenever another answer could be given: part of the ETags of all that depends on it."""
        if not self.follows:
            return ""
        declared = self.declared()
        return f"{self.is_commercial} {declared.is_readable} {declared.stamp}"

    def _by_licence(self, own: str, source: str) -> tuple[Show, Ground, str]:
        """Return what licences allow. A licence of the document itself, understood or not, counts alone."""
        kind, ground, licence = licence_kind(own), Ground.LICENCE, own
        if not own.strip():
            kind, ground, licence = licence_kind_of_source(source), Ground.SOURCE_LICENCE, source
        if kind is LicenceKind.OPEN:
            return Show.FULL, ground, licence
        if kind is LicenceKind.RESTRICTED:
            if self.is_commercial and "NC" in licence.upper().replace("-", " ").split():
                return Show.SNIPPET, Ground.COMMERCIAL, licence
            return Show.TEXT, ground, licence
        if kind is LicenceKind.CLOSED:
            return Show.SNIPPET, Ground.RESERVED, licence
        return Show.SNIPPET, Ground.UNKNOWN, own.strip() and own


WHOLE = Rights(Show.FULL, Ground.THIS_MACHINE)
"""Of any document on this machine."""
EVERYTHING = RightsPolicy()
"""For commands, which answer who owns this machine."""


def policy_of(settings: Settings, *, declared: Callable[[], DeclaredSources]) -> RightsPolicy:
    """Return how a server with these settings decides.

    Args:
        declared: gives what source files say now.
    """
    if settings.follow_licences == "never":
        return RightsPolicy(ground=Ground.SETTING)
    if settings.follow_licences == "auto" and not answers_others(settings.public_url):
        return EVERYTHING
    return RightsPolicy(follows=True, is_commercial=settings.commercial, declared=declared)


def policy_of_messages(settings: Settings, *, declared: Callable[[], DeclaredSources]) -> RightsPolicy:
    """Return how e-mails and webhooks are decided: they leave this machine, also where its pages are for itself alone.

    Args:
        declared: gives what source files say now.
    """
    chosen = "never" if settings.follow_licences == "never" else "always"
    return policy_of(replace(settings, follow_licences=chosen), declared=declared)


def is_this_machine(host: str) -> bool:
    """Say whether a name or address of a server is reached from this machine alone; a private network is not this machine."""
    plain = host.strip("[]").rstrip(".").casefold()
    try:
        return ipaddress.ip_address(plain).is_loopback
    except ValueError:
        return plain == "localhost" or plain.endswith(".localhost")


def answers_others(public_url: str) -> bool:
    """Say whether the address under which people reach the pages is more than this machine's own."""
    return not is_this_machine(urlsplit(public_url).hostname or "")


def shown(document: Document, rights: Rights) -> Document:
    """Return a document with as much of it as may be shown; the same one where everything may.

    Of a document of which only passages are shown, the abstract is cut at a length, sentences that indicate tags are cut
    around their words, a few of each page, and its pages, where it has them, are what `passages_of` leaves.
    """
    if rights.shows_text:
        return document
    evidence = document.evidence
    if any(len(each.value) > ABSTRACT_CHARACTERS for each in evidence.get("abstract", ())):
        cut = tuple(Evidence(_cut(each.value), each.origin) for each in evidence["abstract"])
        evidence = {**evidence, "abstract": cut}
    is_long = len(document.abstract) > ABSTRACT_CHARACTERS or evidence is not document.evidence
    if not (is_long or document.pages or any(tag.evidence for tag in document.tags)):
        return document
    return replace(
        document,
        abstract=_cut(document.abstract),
        evidence=evidence,
        tags=_with_short_evidence(document.tags),
        pages=tuple(passages_of(page) for page in document.pages),
    )


def shown_page(page: Page, rights: Rights) -> Page:
    """Return a page as passages may be cut from it: whole, or what `passages_of` leaves."""
    return page if rights.shows_text else passages_of(page)


def passages_of(page: Page) -> Page:
    """Return a page with what `passage_text` leaves of its text."""
    return replace(page, text=passage_text(page.text))


def passage_text(text: str) -> str:
    """Return the text of a page in which every second stretch is left out, white space in its place: zones keep their places.

    Which stretches these are follows from the text alone, never from what is requested. At most half of the page is left,
    and some words at an edge.
    """
    pieces: list[str] = []
    for number, (start, end) in enumerate(_stretches(text)):
        pieces.append(text[start:end] if number % 2 == 0 else _LEFT_OUT.ljust(end - start)[: end - start])
    return "".join(pieces)


def visible_stretches(page: Page) -> tuple[str, ...]:
    """Return the stretches that `passages_of` leaves of a page, in order."""
    return tuple(page.text[start:end] for number, (start, end) in enumerate(_stretches(page.text)) if number % 2 == 0)


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield beginning and end of the stretches of a text; they end between words where a word is not very long."""
    size = max(1, min(STRETCH_CHARACTERS, -(-len(text) // 4)))
    start = 0
    while start < len(text):
        end = min(start + size, len(text))
        if end < len(text):  # backwards, so that no stretch grows
            lowest = max(start, end - _WORD_CHARACTERS)
            end = max(text.rfind(" ", lowest, end), text.rfind("\n", lowest, end)) + 1 or end
        yield start, end
        start = end


def _cut(text: str) -> str:
    if len(text) <= ABSTRACT_CHARACTERS:
        return text
    return f"{text[:ABSTRACT_CHARACTERS].rsplit(maxsplit=1)[0]} …"


def _with_short_evidence(tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
    message: dict[int, set[str]] = {}
    return tuple(
        replace(tag, evidence=tuple(_short(each, message=message) for each in tag.evidence)) if tag.evidence else tag
        for tag in tags
    )


def _short(evidence: TagEvidence, *, message: dict[int, set[str]]) -> TagEvidence:
    """Return a place that indicates a tag with what may be shown of its sentence.

    Args:
        message: sentences that were shown, by page; the one that is shown is added.
    """
    if not evidence.page:  # title, abstract or keywords, which describe the document
        return replace(evidence, sentence=_cut(evidence.sentence))
    of_page = message.setdefault(evidence.page, set())
    window = _around(evidence.sentence, evidence.words)
    if window not in of_page and len(of_page) >= EVIDENCE_OF_PAGE:
        return replace(evidence, sentence=evidence.words)
    of_page.add(window)
    return replace(evidence, sentence=window)


def _around(sentence: str, words: str) -> str:
    """Return the part of a sentence around its words."""
    if len(sentence) <= EVIDENCE_CHARACTERS:
        return sentence
    at = max(0, sentence.casefold().find(words.casefold()))
    spare = max(0, EVIDENCE_CHARACTERS - len(words)) // 2
    start, end = max(0, at - spare), min(len(sentence), at + len(words) + spare)
    return f"{'… ' * (start > 0)}{sentence[start:end].strip()}{' …' * (end < len(sentence))}"


def _publisher_link(document: Document) -> str:
    """Return where a document is read at its publisher: the page that describes it, else its file."""
    if document.is_sample:
        return ""
    for address in (document.landing_url, document.url):
        if is_web_address(address) and not any(ord(each) <= 0x20 or each in '\\"<>' for each in address):
            return address
    return ""
